"""What the ground-truth tests share: runs against the emulator, and percentiles as the run folder tells them."""

import contextlib
import csv
import json
import threading
import time

import pytest


def make_run(run, folder, *options, expect=0, timeout_s=60, **more):
    """`loadgen run` into a folder; returns (run.json, the finished process)."""
    done = run("loadgen", "run", "--out", folder, "--progress", "none", *options, expect=expect, timeout_s=timeout_s, **more)
    return read_run(folder), done


def read_run(folder):
    return json.loads((folder / "run.json").read_text())


def rows(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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


class Sleeper:
    """Sleeps for 2 ms again and again beside a test, to see how late this machine wakes anybody."""

    def __init__(self):
        self.late_s = []
        self.stops = threading.Event()
        self.thread = threading.Thread(target=self.sleep, daemon=True)
        self.thread.start()

    def sleep(self):
        while not self.stops.is_set():
            due_s = time.monotonic() + 0.002
            time.sleep(0.002)
            self.late_s.append(time.monotonic() - due_s)

    def p99_s(self):
        self.stops.set()
        self.thread.join()
        return sorted(self.late_s)[int(.99 * len(self.late_s))]


@contextlib.contextmanager
def on_a_quiet_machine(limit_s=0.0005):
    """Around a test of times, also as its decorator: a failure stands, unless the machine was so busy meanwhile that no program could
    keep time on it. Then the test is skipped and says why."""
    sleeper = Sleeper()
    try:
        yield
    except AssertionError as failure:
        late_s = sleeper.p99_s()
        if late_s <= limit_s:
            raise
        pytest.skip(f"the machine was busy: it woke sleepers {1e3 * late_s:.1f} ms late at p99, more than {1e3 * limit_s:.1f} ms; "
                    f"what failed: {(str(failure) or 'a time').splitlines()[0]}")
    finally:
        sleeper.stops.set()
