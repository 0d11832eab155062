"""Shared by the ground-truth tests: runs against the emulator, and percentiles from the run folder.

A truth is known beforehand, from a formula or from a witness, and each has a negative control: the same check on a generator or a server
that was altered must fail. `make test` runs short versions; with LOADGEN_TRUTH=full, as `make bench-truth` sets it, they run as long as
their tolerances need."""

import contextlib
import csv
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest


IS_FULL = os.environ.get("LOADGEN_TRUTH") == "full"
FIGURES = pathlib.Path(__file__).resolve().parents[3] / "results/truth/figures.csv"


def long_or_short(full, short):
    return full if IS_FULL else short


def note(what, value, limit, unit):
    """In the long version: adds a row to the figures that `make bench-truth` prints at its end."""
    add_figure(what, f"{value:.4g}", limit, unit)


def note_skipped(what, reason):
    add_figure(what, "skipped", "", reason)


def add_figure(*row):
    if not IS_FULL:
        return
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    is_new = not FIGURES.exists()
    with open(FIGURES, "a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(["what", "measured", "limit", "unit"])
        writer.writerow(row)


def print_figures():
    if not FIGURES.exists():
        return
    with open(FIGURES, encoding="utf-8", newline="") as file:
        for what, measured, limit, unit in csv.reader(file):
            print(f"{what:76} {measured:>10} {limit:>10}  {unit}")


def fresh(folder):
    """A new folder in it, for a test that repeats something."""
    return pathlib.Path(tempfile.mkdtemp(dir=folder))


def make_run(run, folder, *options, expect=0, **more):
    """`loadgen run` into a folder; returns (run.json, the finished process)."""
    done = run("loadgen", "run", "--out", folder, "--progress", "none", *options, expect=expect, **more)
    return read_run(folder), done


def read_run(folder):
    return json.loads((folder / "run.json").read_text())


def rows(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def quantile(values, percent):
    """By nearest rank, in integers: `percent` may have three decimals."""
    return sorted(values)[max(1, -(-len(values) * round(percent * 1000) // 100_000)) - 1]


def logged(folder):
    """The requests of a run with --log-requests by their number; times are ns since t0; unknown ones are left out."""
    log = [{key: int(value) if key.endswith("_ns") or key == "seq" else value for key, value in row.items() if value or not key.endswith("_ns")}
           for row in rows(folder, "requests.csv")]
    return sorted(log, key=lambda row: row["seq"])


def percentile_s(folder, metric, percent, cls="ok"):
    """Of the stream `quick` over all measured phases, in seconds."""
    for row in rows(folder, "percentiles.csv"):
        if (row["stream"], row["phase"], row["class"], row["metric"]) == ("quick", "all", cls, metric) \
                and int(row["p_ppm"]) == round(percent * 10000):
            return float(row["value_us"]) / 1e6
    raise AssertionError(f"percentiles.csv has no p{percent} of {metric}, {cls}")


def exact(run_json, metric, cls="ok"):
    """Sums of the exact counts over the phases of a metric: n, sum in seconds, max in seconds."""
    found = [e for e in run_json["exact"] if e["tag"].startswith(f"{metric}.") and e["tag"].split(".")[4] == cls and e["tag"].endswith(".all")]
    return (sum(e["n"] for e in found), sum(e["sum_ns"] for e in found) / 1e9, max(e["max_ns"] for e in found) / 1e9)


def failed_rules(run_json, level):
    return {c["rule"] for c in run_json["checks"] if c["level"] == level}


LATE_S = 0.0005  # an idle machine wakes sleepers well within this at p99


class Untimely(AssertionError):
    """A time is wrong. The machine is to blame if it wakes sleepers later than this at p99."""

    def __init__(self, text, late_s):
        super().__init__(text)
        self.late_s = late_s


@contextlib.contextmanager
def times(within_s=LATE_S):
    """Around assertions about times, within a test that is decorated by `on_a_quiet_machine`. Those with a tolerance that is finer than the
    usual noise of a machine give it as `within_s`; in the short version they are excused by as little."""
    try:
        yield
    except (AssertionError, pytest.fail.Exception) as failure:  # the latter from `pytest.raises`
        raise Untimely(str(failure), LATE_S if IS_FULL else min(within_s, LATE_S)) from failure


class Witnesses:
    """Programs beside a test, one on each of a few processors, that measure how late this machine wakes sleepers, and steal time."""

    MOST = 4
    LONGEST_MOST_S, STOLEN_MOST = 0.005, 0.01  # an idle machine stays well below

    def __enter__(self):
        cpus = sorted(os.sched_getaffinity(0))[:self.MOST]
        self.started = [subprocess.Popen([sys.executable, "-ISB", pathlib.Path(__file__).with_name("witness.py"), str(cpu)],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for cpu in cpus]
        for one in self.started:
            one.stdout.readline()
        self.before = self.stolen_and_all()
        return self

    def __exit__(self, *_):
        self.saw = [tuple(map(float, one.communicate()[0].split())) for one in self.started]
        stolen, all_ticks = (after - before for after, before in zip(self.stolen_and_all(), self.before))
        self.stolen = stolen / all_ticks if all_ticks else 0

    @staticmethod
    def stolen_and_all():
        """Clock ticks of all processors since the machine started; none if the kernel does not report them."""
        try:
            with open("/proc/stat", encoding="ascii") as stat:
                ticks = [int(word) for word in stat.readline().split()[1:9]]
        except (OSError, ValueError):
            return 0, 0
        return ticks[7], sum(ticks)

    def disturbance(self, late_s):
        """Why the machine was too busy; empty if it woke sleepers within this at p99."""
        p99_s, longest_s = (max(values) for values in zip(*self.saw))
        if p99_s > late_s:
            return f"it woke sleepers {1e3 * p99_s:.2f} ms late at p99, more than {1e3 * late_s:.2f} ms"
        if longest_s > self.LONGEST_MOST_S:
            return f"it woke a sleeper {1e3 * longest_s:.1f} ms late, more than {1e3 * self.LONGEST_MOST_S:.1f} ms"
        if self.stolen > self.STOLEN_MOST:
            return f"its host took {100 * self.stolen:.1f} % of its processors' time, more than {100 * self.STOLEN_MOST:.1f} %"
        return ""


QUIET_TRIES, BUSY_TRIES = 3, 2


def on_a_quiet_machine():
    """Decorates a test of times. What it asserts within `times()` may fail while the machine is so busy that no program could keep time
    on it, and now and then by a disturbance that nobody saw: then the test is tried again, in a folder of its own. It fails when it has
    failed in `QUIET_TRIES` on a quiet machine, and is skipped, with the reason, after `BUSY_TRIES` on a busy one. Any other failure
    counts at once, on any machine: assert outside `times()` whatever does not depend on time."""
    def decorate(test):
        @functools.wraps(test)
        def timed(**fixtures):
            n_quiet = n_busy = 0
            while n_quiet < QUIET_TRIES and n_busy < BUSY_TRIES:
                own = {"tmp_path": fixtures["tmp_path"] / f"try-{n_quiet + n_busy + 1}"} if "tmp_path" in fixtures else {}
                for folder in own.values():
                    folder.mkdir()
                with Witnesses() as machine:
                    try:
                        return test(**{**fixtures, **own})
                    except Untimely as failure:
                        failed = failure
                disturbance = machine.disturbance(failed.late_s)
                n_busy += disturbance != ""
                n_quiet += disturbance == ""
            if n_quiet == QUIET_TRIES:
                raise failed
            pytest.skip(f"the machine was busy: {disturbance}; what failed: {(str(failed) or 'a time').splitlines()[0]}")
        return timed
    return decorate


if __name__ == "__main__":
    print_figures()
