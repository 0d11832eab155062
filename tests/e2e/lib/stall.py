"""A pause of one second and its closed form: a stalled FIFO server (fluid limit, rate R, capacity C, rho = R/C, measured time T, stall S)
makes a share f = S / ((1 - rho) T) of the requests wait, uniformly up to S (GT2 and GT3 of the method)."""

import os
import signal
import threading
import time

import pytest

from truth import exact, long_or_short, note, percentile_s, read_run

RATE, MEASURED_S, STALL_S = long_or_short(1000, 500), long_or_short(60, 10), 1.0
SERVERS = {.1: ("--service-time", f"{100_000 // RATE}us"), 0: ()}  # by rho
PERCENTS = (95, 99, 99.9, *long_or_short((99.99,), ()))


class Freeze(threading.Thread):
    """Stops a process for about STALL_S, that long after now; `stalled_s` is for how long it really was."""

    def __init__(self, pid, after_s):
        super().__init__()
        self.pid, self.after_s, self.stalled_s = pid, after_s, None
        self.start()

    def run(self):
        time.sleep(self.after_s)
        began_s = time.monotonic()
        os.kill(self.pid, signal.SIGSTOP)
        time.sleep(STALL_S)
        os.kill(self.pid, signal.SIGCONT)
        self.stalled_s = time.monotonic() - began_s


def quantile_s(percent, rho, stall_s, base_s):
    share = stall_s / ((1 - rho) * MEASURED_S)
    beyond = 1 - percent / 100
    return base_s + stall_s * (1 - beyond / share) if beyond < share else base_s


TOLERANCE_S = 2 / RATE + 0.005 + 0.01 * STALL_S


def assert_stall_shows(folder, metric, rho, stall_s):
    base_s = percentile_s(folder, metric, 50)
    assert base_s < 0.005
    for percent in PERCENTS:
        known_s = quantile_s(percent, rho, stall_s, base_s)
        assert percentile_s(folder, metric, percent) == pytest.approx(known_s, abs=TOLERANCE_S), f"p{percent} of {metric}"
    n, sum_s, max_s = exact(read_run(folder), metric)
    assert max_s == pytest.approx(stall_s + base_s, abs=TOLERANCE_S)
    assert sum_s / n == pytest.approx(base_s + stall_s / ((1 - rho) * MEASURED_S) * stall_s / 2, rel=.05, abs=.001)


def note_stall(what, folder, metric, rho, stall_s):
    base_s = percentile_s(folder, metric, 50)
    for percent in PERCENTS[1:]:
        beyond_s = percentile_s(folder, metric, percent) - quantile_s(percent, rho, stall_s, base_s)
        note(f"{what}, p{percent} against the closed form", 1e3 * beyond_s, 1e3 * TOLERANCE_S, "ms")
