# ctest: serial release truth long
"""What being a fleet costs the threads that send: the same shares, with and without clocks, pulses and the sum of every second."""

import datetime
import statistics
import time

from fleet import Fleet
from truth import fresh, note, on_a_quiet_machine, percentile_s, rows, times

ROUNDS, RANKS = 8, 2
LOAD = ("--rate", "4k/s", "-d", "8s", "-c", 32, "--seed", 7)
LIMIT = 0.02


def with_fleet(programs, url, folder):
    Fleet(programs).run(RANKS, "run", url, *LOAD, "-q", "-o", folder / "run")


def without(programs, url, folder):
    start = datetime.datetime.fromtimestamp(int(time.time()) + 3, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    shares = [programs.start("loadgen", "run", url, *LOAD, "-q", "--shard", f"{i + 1}/{RANKS}", "--start-at", start, "-o", folder / f"share-{i}")
              for i in range(RANKS)]
    assert [share.wait() for share in shares] == [0] * RANKS
    programs.run("loadgen", "analysis", "merge", *(folder / f"share-{i}" for i in range(RANKS)), "--out", folder / "run")


def costs(folder):
    """CPU time of the load threads per request, and their lag at p99, in microseconds."""
    health = rows(folder / "run", "health.csv")
    cpu_s = sum(float(row["cpu_user_s"]) + float(row["cpu_sys_s"]) for row in health)
    return 1e6 * cpu_s / sum(int(row["sends_n"]) for row in health), 1e6 * percentile_s(folder / "run", "lag", 99)


def middle_ratio(pairs, which):
    """Median over the rounds of with / without, and its standard error."""
    ratios = [with_fleet_[which] / without_[which] for with_fleet_, without_ in pairs]
    error = 1.25 * statistics.stdev(ratios) / len(ratios) ** 0.5
    return statistics.median(ratios), error


@on_a_quiet_machine()
def test_threads_of_a_fleet_cost_and_wait_as_those_of_single_shares(programs, nginx, tmp_path):
    server = nginx(log=False)
    pairs = []
    for i in range(ROUNDS):
        found = {}
        for make in (with_fleet, without) if i % 2 else (without, with_fleet):
            folder = fresh(tmp_path)
            make(programs, server.url, folder)
            found[make] = costs(folder)
        pairs.append((found[with_fleet], found[without]))
        print(f"CPU per request {found[with_fleet][0]:.2f} and {found[without][0]:.2f} us, lag p99 {found[with_fleet][1]:.1f} and {found[without][1]:.1f} us")
    for which, what in enumerate(("CPU time of a request", "lag p99")):
        ratio, error = middle_ratio(pairs, which)
        print(f"{what}: {100 * (ratio - 1):+.2f} % +- {100 * error:.2f} %")
        note(f"fleet: {what} with the fleet / without", ratio, 1 + LIMIT, "ratio")
        with times():
            assert ratio - 1 <= LIMIT + 2 * error
