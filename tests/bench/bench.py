#!/usr/bin/env python3
"""Measures loadgen beside wrk, h2load, ab and hey against a server on another core: `make bench`.

  closed        every round runs each generator once, in an order that rotates, so that a pair of neighbours shares the machine's
                mood; the table holds medians and the medians of the ratios of pairs
  http2         the same over HTTP/2, plain and TLS, against HAProxy and nginx, with few and many streams of each connection
  open          how well loadgen keeps a constant rate: rate, schedule lag, connection wait, sends per wakeup
  instructions  instructions per request by callgrind, which hardly vary from run to run: the regression figure
  memory        of a connection and of a stream of HTTP/2

Writes CSV and a figure into results/bench/ and the tables to stdout.
"""

import argparse
import csv
import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys
import tempfile
import uuid

from alone import instructions_rows, memory_rows, open_rows, open_summary
from compared import closed_rows, http2_rows
from generators import PEERS, found
from pairs import summary_of_pairs
from testbed import ROOT, Bench

from programs import Programs  # on the path that testbed sets

CONNECTIONS = [64, 256, 1000, 10_000]
RATES_PER_S = [1000, 10_000, 20_000, 50_000]
HTTP2_LOADS = [(1, 100), (64, 10), (64, 1)]  # connections, streams of each


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
    parser.add_argument("parts", nargs="*", help="closed, http2, open, instructions, memory; all if none is named")
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
    settings.tls_connections = settings.connections if settings.tls_connections is None else settings.tls_connections
    if os.cpu_count() < 2:
        sys.exit("bench: two cores are needed, one for the generator and one for the server")

    parts = {"closed": (closed_rows, lambda rows: summary_of_pairs(rows, ["tls", "connections"])),
             "http2": (http2_rows, lambda rows: summary_of_pairs(rows, ["server", "tls", "connections", "streams"])),
             "open": (open_rows, open_summary),
             "instructions": (instructions_rows, list),
             "memory": (memory_rows, list)}
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
