#!/usr/bin/env python3
"""Measures loadgen beside wrk, h2load, ab and hey against nginx on another core: `make bench`.

  closed        every round runs each generator once, in an order that rotates, so that a pair of neighbours shares the machine's
                mood; the table holds medians and the medians of the ratios of pairs
  open          how well loadgen keeps a constant rate: rate, schedule lag, sends per wakeup
  instructions  instructions per request by callgrind, which hardly vary from run to run: the regression figure

Writes CSV and a figure into results/bench/ and the tables to stdout.
"""

import argparse
import csv
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e/lib"))

from generators import LOADGEN, found_peers  # noqa: E402
from measure import run_pinned  # noqa: E402
from programs import BIN, Programs  # noqa: E402
from servers import start_nginx  # noqa: E402

GENERATOR_CORE, SERVER_CORE = 0, 1
CONNECTIONS = [64, 256, 1000, 10_000]
RATES_PER_S = [1000, 10_000, 20_000, 50_000]


class Bench:
    """The server under load, and a folder for the generators to work in."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.loadgen = str(BIN / "loadgen")
        self.certificate = folder / "certificate.pem", folder / "key.pem"
        programs.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                     "-addext", "subjectAltName=IP:127.0.0.1", "-out", self.certificate[0], "-keyout", self.certificate[1])

    def server(self, tls):
        pin = f"worker_cpu_affinity {1 << SERVER_CORE:b};"
        return start_nginx(self.programs, self.folder / f"nginx-{uuid.uuid4().hex[:8]}", body="Instance i is responding now!", main=pin,
                           server="location = /served { stub_status; }", log=False, certificate=self.certificate if tls else None)

    def run(self, argv, limit_s=300):
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        return run_pinned(argv, GENERATOR_CORE, self.folder, limit_s, self.programs.env)

    def totals(self):
        return json.loads((self.folder / "results/latest/run.json").read_text())["totals"]

    def rows(self, name):
        with open(self.folder / "results/latest" / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def run_generator(bench, generator, server, connections, seconds):
    """One run as a row of closed.csv."""
    program = bench.loadgen if generator is LOADGEN else generator.program
    cost = bench.run([program, *generator.argv(server.url + "/", connections, seconds)], limit_s=5 * seconds + 15)
    done = bench.totals()["done_n"] if generator is LOADGEN else generator.completed(cost.stdout)
    if cost.exit_code or not done:
        print(f"bench: {generator.name} with {connections} connections ended with {cost.exit_code}: {cost.stderr[-300:]}", file=sys.stderr)
        done = 0
    return {"generator": generator.name, "done_n": done or None, "wall_s": round(cost.wall_s, 3), "user_s": cost.user_s, "sys_s": cost.sys_s,
            "cpu_per_request_us": round((cost.user_s + cost.sys_s) * 1e6 / done, 3) if done else None,
            "rate_per_s": round(done / seconds) if done else None, "rss_peak_bytes": cost.rss_peak_bytes}


def closed_rows(bench, settings):
    generators = [LOADGEN, *found_peers()]
    for tls, counts in ((False, settings.connections), (True, settings.connections if settings.tls_connections is None else settings.tls_connections)):
        for connections in counts:
            server = bench.server(tls)
            seconds = settings.seconds * (4 if tls and connections >= 5000 else 1)  # so many handshakes take their time
            run_generator(bench, LOADGEN, server, connections, 1)  # warms the server
            for round_number in range(settings.rounds):
                turn = round_number % len(generators)
                for generator in generators[turn:] + generators[:turn]:
                    row = run_generator(bench, generator, server, connections, seconds)
                    yield {"tls": int(tls), "connections": connections, "round": round_number, **row}
            server.stop()


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def ratio(ours, theirs):
    return ours / theirs if ours is not None and theirs else None


def closed_summary(rows):
    """Per setting and generator: medians, and loadgen's figure over the generator's, pair by pair."""
    for tls, connections in dict.fromkeys((row["tls"], row["connections"]) for row in rows):
        here = [row for row in rows if (row["tls"], row["connections"]) == (tls, connections)]
        ours = {row["round"]: row for row in here if row["generator"] == "loadgen"}
        for name in dict.fromkeys(row["generator"] for row in here):
            theirs = [row for row in here if row["generator"] == name]
            summary = {"tls": tls, "connections": connections, "generator": name, "rounds_n": len(theirs)}
            for column, what in (("cpu_per_request_us", "cpu"), ("rate_per_s", "rate"), ("rss_peak_bytes", "rss")):
                middle = median([row[column] for row in theirs])
                of_pairs = median([ratio(ours[row["round"]][column], row[column]) for row in theirs])
                summary[column] = round(middle, 3) if middle else None
                summary[f"loadgen_to_it_{what}"] = round(of_pairs, 3) if of_pairs else None
            yield summary


def open_rows(bench, settings):
    server = bench.server(False)
    for rate in settings.rates:
        for round_number in range(settings.rounds):
            cost = bench.run([bench.loadgen, "run", "--target", server.url + "/", "--rate", rate, "-c", 256, "-d", f"{settings.seconds}s",
                              "-t", 1, "--progress", "none"])
            totals = bench.totals()
            lag = {int(row["p_ppm"]): float(row["value_us"]) for row in bench.rows("percentiles.csv")
                   if (row["metric"], row["phase"], row["class"]) == ("lag", "p1", "ok") and row["value_us"]}
            health = bench.rows("health.csv")
            wakeups = sum(int(row["wakeups_n"]) for row in health)
            yield {"rate_per_s": rate, "round": round_number, "intended_n": totals["intended_n"], "sent_n": totals["sent_n"],
                   "rate_error_ppm": round(1e6 * (totals["sent_n"] / settings.seconds / rate - 1)),
                   "lag_p50_us": lag.get(500_000), "lag_p99_us": lag.get(990_000), "lag_p999_us": lag.get(999_000),
                   "sends_per_wakeup": round(totals["sent_n"] / wakeups, 3) if wakeups else None,
                   "sends_per_wakeup_p99": max((float(row["sends_per_wakeup_p99"]) for row in health if row["sends_per_wakeup_p99"]), default=None),
                   "cpu_per_request_us": round((cost.user_s + cost.sys_s) * 1e6 / max(1, totals["done_n"]), 3),
                   "rss_peak_bytes": cost.rss_peak_bytes}
    server.stop()


def open_summary(rows):
    for rate in dict.fromkeys(row["rate_per_s"] for row in rows):
        here = [row for row in rows if row["rate_per_s"] == rate]
        columns = [column for column in here[0] if column not in ("rate_per_s", "round", "intended_n", "sent_n")]
        yield {"rate_per_s": rate, "rounds_n": len(here), **{column: median([row[column] for row in here]) for column in columns}}


def instructions_rows(bench, settings):
    """Two lengths of the same run; their difference leaves out what start and end cost."""
    server = bench.server(False)
    for connections in (1, 64):
        counts = {}
        for requests in (2000, 12_000):
            cost = bench.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", bench.loadgen, "run", "--target",
                              server.url + "/", "-c", connections, "-n", requests, "-t", 1, "--progress", "none"])
            counts[requests] = int(re.search(r"Collected : (\d+)", cost.stderr).group(1))
        yield {"connections": connections, "instructions_per_request": round((counts[12_000] - counts[2000]) / 10_000)}
    server.stop()


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def print_table(title, rows):
    print(f"\n{title}")
    texts = [list(rows[0])] + [["-" if value is None else str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts)]
    for line in texts:
        print("  " + "  ".join(text.rjust(width) for text, width in zip(line, widths)))


def machine(bench):
    def first_line(*argv):
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip().split("\n")[0]

    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return {"cpu": cpu.group(1) if cpu else platform.machine(), "cpus": os.cpu_count(), "kernel": platform.release(),
            "nginx": first_line("nginx", "-v"), "loadgen": first_line(bench.loadgen, "--version"),
            **{peer.name: first_line(peer.program, *peer.version) if peer.version else None for peer in found_peers()}}


def draw(out):
    subprocess.run(["gnuplot", "-e", f"folder='{out}'", str(ROOT / "tests/bench/bench.gp")], check=True)
    print(f"figure    {out}/bench.svg")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", help="closed, open, instructions; all if none is named")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3, help="length of one run")
    parser.add_argument("--connections", type=int, nargs="+", default=CONNECTIONS)
    parser.add_argument("--tls-connections", type=int, nargs="*", help="over TLS; as many as without if not given")
    parser.add_argument("--rates", type=int, nargs="+", default=RATES_PER_S)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "results/bench")
    settings = parser.parse_args()
    if os.cpu_count() < 2:
        sys.exit("bench: two cores are needed, one for the generator and one for the server")

    parts = {"closed": (closed_rows, closed_summary), "open": (open_rows, open_summary), "instructions": (instructions_rows, list)}
    unknown = set(settings.parts) - set(parts)
    if unknown:
        parser.error(f"there is no part {sorted(unknown)[0]!r}; there are {', '.join(parts)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended by a signal; what was measured is written"))
    settings.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="loadgen-bench-") as name:
        programs = Programs(pathlib.Path(name), uuid.uuid4().hex)
        try:
            bench = Bench(programs.folder, programs)
            (settings.out / "machine.json").write_text(json.dumps(machine(bench), indent=2) + "\n")
            for part in settings.parts or parts:
                measure, summarise = parts[part]
                rows = []
                for row in measure(bench, settings):
                    rows.append(row)
                    write_csv(settings.out / f"{part}.csv", rows)  # now, so that an interruption loses nothing
                summary = list(summarise(rows))
                write_csv(settings.out / f"{part}-summary.csv", summary)
                print_table(part, summary)
                if part == "closed":
                    draw(settings.out)
        finally:
            programs.end_all()


if __name__ == "__main__":
    main()
