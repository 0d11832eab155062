#!/usr/bin/env python3
"""Measures loadgen beside wrk, h2load, ab and hey against a server on another core: `make bench`.

  closed        every round runs each generator once, in an order that rotates, so that a pair of neighbours shares the machine's
                mood; the table holds medians and the medians of the ratios of pairs
  http2         the same over HTTP/2, plain and TLS, against HAProxy and nginx, with few and many streams of each connection
  open          how well loadgen keeps a constant rate: rate, schedule lag, connection wait, sends per wakeup
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

from generators import HTTP2_LOADGEN, HTTP2_PEERS, LOADGEN, PEERS, found  # noqa: E402
from measure import run_pinned  # noqa: E402
from pairs import median, summary_of_pairs  # noqa: E402
from programs import BIN, Programs  # noqa: E402
from servers import start_haproxy, start_nginx  # noqa: E402

GENERATOR_CORE, SERVER_CORE = 0, 1
CONNECTIONS = [64, 256, 1000, 10_000]
RATES_PER_S = [1000, 10_000, 20_000, 50_000]
HTTP2_LOADS = [(1, 100), (64, 10), (64, 1)]  # connections, streams of each
BODY = "Instance i is responding now!"


class Bench:
    """The server under load, and a folder for the generators to work in."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.loadgen = str(BIN / "loadgen")
        self.certificate = folder / "certificate.pem", folder / "key.pem"
        programs.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                     "-addext", "subjectAltName=IP:127.0.0.1", "-out", self.certificate[0], "-keyout", self.certificate[1])

    def nginx(self, tls, **how):
        return start_nginx(self.programs, self.folder / f"nginx-{uuid.uuid4().hex[:8]}", body=BODY, log=False,
                           main=f"worker_cpu_affinity {1 << SERVER_CORE:b};", certificate=self.certificate if tls else None, **how)

    def http2_server(self, kind, tls):
        if kind == "nginx":
            return self.nginx(tls, http2=True, keepalive_requests=100_000_000)
        return start_haproxy(self.programs, self.folder / f"haproxy-{uuid.uuid4().hex[:8]}", (), certificate=self.certificate if tls else None,
                             main=f"nbthread 1\n  cpu-map 1/1 {SERVER_CORE}",
                             front=f'http-request return status 200 content-type text/plain string "{BODY}"')

    def run(self, argv, limit_s=300):
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        return run_pinned(argv, GENERATOR_CORE, self.folder, limit_s, self.programs.env, self.programs.urgent)

    def totals(self):
        return json.loads((self.folder / "results/latest/run.json").read_text())["totals"]

    def rows(self, name):
        with open(self.folder / "results/latest" / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def chosen(generators, settings):
    return [one for one in found(generators) if not settings.only or one.name in settings.only]


def run_generator(bench, generator, server, load, seconds):
    """One run as columns of closed.csv and http2.csv; `load` is what the generator's argv takes."""
    is_ours = generator.program == "loadgen"
    cost = bench.run([bench.loadgen if is_ours else generator.program, *generator.argv(server.url + "/", load, seconds)], limit_s=5 * seconds + 15)
    done = bench.totals()["ok_n"] if is_ours and not cost.exit_code else generator.completed(cost.stdout) if not is_ours else 0
    if cost.exit_code or not done:
        print(f"bench: {generator.name} with load {load} ended with {cost.exit_code}: {cost.stderr[-300:]}", file=sys.stderr)
        done = 0
    return {"generator": generator.name, "done_n": done or None, "wall_s": round(cost.wall_s, 3), "user_s": cost.user_s, "sys_s": cost.sys_s,
            "cpu_per_request_us": round((cost.user_s + cost.sys_s) * 1e6 / done, 3) if done else None,
            "rate_per_s": round(done / seconds) if done else None, "rss_peak_bytes": cost.rss_peak_bytes}


def rotated(generators, round_number):
    turn = round_number % len(generators)
    return generators[turn:] + generators[:turn]


def closed_rows(bench, settings):
    generators = chosen([LOADGEN, *PEERS], settings)
    for tls, counts in ((False, settings.connections), (True, settings.connections if settings.tls_connections is None else settings.tls_connections)):
        for connections in counts:
            server = bench.nginx(tls)
            seconds = settings.seconds * (4 if tls and connections >= 5000 else 1)  # so many handshakes take their time
            run_generator(bench, LOADGEN, server, connections, 1)  # warms the server
            for round_number in range(settings.rounds):
                for generator in rotated(generators, round_number):
                    row = run_generator(bench, generator, server, connections, seconds)
                    yield {"tls": int(tls), "connections": connections, "round": round_number, **row}
            server.stop()


def http2_rows(bench, settings):
    """Connections times streams of each, against HAProxy, which batches its answers, and nginx, whose batching swings."""
    generators = chosen([HTTP2_LOADGEN, *HTTP2_PEERS], settings)
    for kind in settings.servers:
        for tls in settings.tls:
            server = bench.http2_server(kind, tls)
            for load in settings.loads:
                for generator in generators:
                    run_generator(bench, generator, server, load, 1)  # warms the server
                for round_number in range(settings.rounds):
                    for generator in rotated(generators, round_number):
                        row = run_generator(bench, generator, server, load, settings.seconds)
                        yield {"server": kind, "tls": tls, "connections": load[0], "streams": load[1], "round": round_number, **row}
            server.stop()


def open_rows(bench, settings):
    for http, options in (("1.1", ["-c", 256]), ("2", ["--http2-prior-knowledge", "-c", 16, "--streams", 16])):
        server = bench.nginx(False) if http == "1.1" else bench.http2_server("nginx", False)
        for rate in settings.rates:
            for round_number in range(settings.rounds):
                yield {"http": http, "rate_per_s": rate, "round": round_number, **open_row(bench, server, rate, settings.seconds, options)}
        server.stop()


def open_row(bench, server, rate, seconds, options):
    cost = bench.run([bench.loadgen, "run", "--target", server.url + "/", "--rate", rate, "-d", f"{seconds}s", "-t", 1,
                      "--progress", "none", *options])
    totals = bench.totals()
    late = {(row["metric"], int(row["p_ppm"])): float(row["value_us"]) for row in bench.rows("percentiles.csv")
            if (row["phase"], row["class"]) == ("p1", "ok") and row["value_us"]}
    health = bench.rows("health.csv")
    wakeups = sum(int(row["wakeups_n"]) for row in health)
    return {"intended_n": totals["intended_n"], "sent_n": totals["sent_n"], "rate_error_ppm": round(1e6 * (totals["sent_n"] / seconds / rate - 1)),
            "lag_p50_us": late.get(("lag", 500_000)), "lag_p99_us": late.get(("lag", 990_000)), "lag_p999_us": late.get(("lag", 999_000)),
            "conn_wait_p99_us": late.get(("conn_wait", 990_000)),
            "sends_per_wakeup": round(totals["sent_n"] / wakeups, 3) if wakeups else None,
            "sends_per_wakeup_p99": max((float(row["sends_per_wakeup_p99"]) for row in health if row["sends_per_wakeup_p99"]), default=None),
            "cpu_per_request_us": round((cost.user_s + cost.sys_s) * 1e6 / max(1, totals["done_n"]), 3), "rss_peak_bytes": cost.rss_peak_bytes}


def open_summary(rows):
    for http, rate in dict.fromkeys((row["http"], row["rate_per_s"]) for row in rows):
        here = [row for row in rows if (row["http"], row["rate_per_s"]) == (http, rate)]
        columns = [column for column in here[0] if column not in ("http", "rate_per_s", "round", "intended_n", "sent_n")]
        yield {"http": http, "rate_per_s": rate, "rounds_n": len(here), **{column: median([row[column] for row in here]) for column in columns}}


def instructions_rows(bench, settings):
    """Two lengths of the same run; their difference leaves out what start and end cost."""
    for http, server, loads, programs in (
            ("1.1", bench.nginx(False), [(1, 1), (64, 1)], ["loadgen"]),
            ("2", bench.http2_server("haproxy", False), [(64, 1), (8, 10)], ["loadgen", "h2load"]),
            ("2 TLS", bench.http2_server("haproxy", True), [(64, 1), (8, 10)], ["loadgen", "h2load"])):
        for connections, streams in loads:
            for name in programs:
                if settings.only and name not in settings.only:
                    continue
                short, long = (counted_instructions(bench, name, server, http, connections, streams, requests) for requests in (5000, 25_000))
                yield {"http": http, "connections": connections, "streams": streams, "generator": name,
                       "instructions_per_request": round((long - short) / 20_000)}
        server.stop()


def counted_instructions(bench, name, server, http, connections, streams, requests):
    ours = ["run", "--target", server.url + "/", "-c", connections, "-n", requests, "-t", 1, "-k", "--progress", "none",
            *([] if http == "1.1" else ["--http2-prior-knowledge" if http == "2" else "--http2", "--streams", streams])]
    theirs = ["-t1", f"-c{connections}", f"-m{streams}", f"-n{requests}", server.url + "/"]
    cost = bench.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                      *([bench.loadgen, *ours] if name == "loadgen" else ["h2load", *theirs])])
    return int(re.search(r"Collected : (\d+)", cost.stderr).group(1))


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
            "haproxy": first_line("haproxy", "-v"),
            **{peer.name: first_line(peer.program, *peer.version) if peer.version else None for peer in found(PEERS)}}


def draw(out):
    subprocess.run(["gnuplot", "-e", f"folder='{out}'", str(ROOT / "tests/bench/bench.gp")], check=True)
    print(f"figure    {out}/bench.svg")


def load(text):
    connections, streams = text.split("x")
    return int(connections), int(streams)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", help="closed, http2, open, instructions; all if none is named")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3, help="length of one run")
    parser.add_argument("--connections", type=int, nargs="+", default=CONNECTIONS)
    parser.add_argument("--tls-connections", type=int, nargs="*", help="over TLS; as many as without if not given")
    parser.add_argument("--rates", type=int, nargs="+", default=RATES_PER_S)
    parser.add_argument("--servers", nargs="+", choices=("haproxy", "nginx"), default=["haproxy", "nginx"], help="of the part http2")
    parser.add_argument("--tls", type=int, nargs="+", choices=(0, 1), default=[0, 1], help="of the part http2: without, with TLS")
    parser.add_argument("--loads", type=load, nargs="+", default=HTTP2_LOADS, metavar="CxM", help="of the part http2: connections x streams of each")
    parser.add_argument("--urgent", action="store_true", help="generators and servers at real-time priority, on a machine that has other work")
    parser.add_argument("--only", nargs="+", default=[], metavar="GENERATOR", help="these generators alone")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "results/bench")
    settings = parser.parse_args()
    if os.cpu_count() < 2:
        sys.exit("bench: two cores are needed, one for the generator and one for the server")

    parts = {"closed": (closed_rows, lambda rows: summary_of_pairs(rows, ["tls", "connections"])),
             "http2": (http2_rows, lambda rows: summary_of_pairs(rows, ["server", "tls", "connections", "streams"])),
             "open": (open_rows, open_summary),
             "instructions": (instructions_rows, list)}
    unknown = set(settings.parts) - set(parts)
    if unknown:
        parser.error(f"there is no part {sorted(unknown)[0]!r}; there are {', '.join(parts)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended by a signal; what was measured is written"))
    settings.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="loadgen-bench-") as name:
        programs = Programs(pathlib.Path(name), uuid.uuid4().hex)
        programs.urgent = settings.urgent
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
