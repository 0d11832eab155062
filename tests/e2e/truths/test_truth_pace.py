# ctest: serial release truth long
"""How well the schedule is kept, what a second's edge costs, and how much memory a long run takes."""

import collections
import os
import statistics

import pytest

from programs import BIN
from truth import fresh, logged, make_run, note, on_a_quiet_machine, percentile_s, read_run, rows, times

pytestmark = pytest.mark.usefixtures("urgent")

GENERATOR_CORE, SERVER_CORE = 0, 1
FLAT_S = int(os.environ.get("LOADGEN_TRUTH_FLAT_S", "600"))  # what the engine promises; set less for a quick look
MB = 1_000_000


@pytest.fixture(name="open_run")
def fixture_open_run(run, nginx, tmp_path):
    """open_run(rate, duration_s, OPTION...): one thread on one core, nginx on another; returns (run.json, the folder). With `http2`: few
    connections of many streams."""
    if os.cpu_count() < 2:
        pytest.skip("two cores are needed, one for the generator and one for the server")

    def measure(rate, duration_s, *options, http2=False, **more):
        server = nginx(log=False, main=f"worker_cpu_affinity {1 << SERVER_CORE:b};", http2=http2)
        options += ("--http2-prior-knowledge", "-c", 8, "--streams", 32) if http2 else ("-c", 256)
        folder = fresh(tmp_path) / "run"
        run("taskset", "-c", GENERATOR_CORE, BIN / "loadgen", "run", "--target", server.url, "--rate", rate, "-d", f"{duration_s}s", "-t", 1,
            "--out", folder, "--progress", "none", *options, timeout_s=duration_s + 60, **more)
        server.stop()
        return read_run(folder), folder
    return measure


def sends_per_wakeup_p99(folder):
    """Of the median second."""
    return statistics.median(float(row["sends_per_wakeup_p99"]) for row in rows(folder, "health.csv") if row["sends_per_wakeup_p99"])


def assert_keeps_pace(folder):
    assert percentile_s(folder, "lag", 50) < 20e-6
    assert percentile_s(folder, "lag", 99) < 150e-6


@pytest.mark.parametrize("rate", [1000, 10_000, 19_000, 20_000])
@pytest.mark.parametrize("http2", [False, True])
@on_a_quiet_machine()
def test_a_constant_rate_is_kept(open_run, rate, http2):
    seconds, what = 10, f"open {rate}/s{', HTTP/2' if http2 else ''}"
    got, folder = open_run(rate, seconds, http2=http2)
    intervals = [row for row in rows(folder, "intervals.csv") if row["partial"] == "0"]
    error_pct = 100 * (sum(int(row["sent_n"]) for row in intervals) / len(intervals) / rate - 1)
    note(f"{what}: rate, off by", error_pct, .1, "%")
    note(f"{what}: schedule lag, p50", 1e6 * percentile_s(folder, "lag", 50), 20, "us")
    note(f"{what}: schedule lag, p99", 1e6 * percentile_s(folder, "lag", 99), 150, "us")
    note(f"{what}: connection wait, p99", 1e6 * percentile_s(folder, "conn_wait", 99), "", "us")
    note(f"{what}: sends per wakeup, p99", sends_per_wakeup_p99(folder), 2 if rate < 20_000 else "", "")
    assert got["totals"]["sent_n"] == rate * seconds
    with times(within_s=20e-6):
        assert abs(error_pct) <= .1
        assert_keeps_pace(folder)
        assert rate >= 20_000 or sends_per_wakeup_p99(folder) <= 2


@on_a_quiet_machine()
def test_an_old_kernel_keeps_pace_by_its_timer(open_run, altered):
    got, folder = open_run(10_000, 2, env=altered(old_kernel=1))
    assert got["pacing"] == "timerfd" and got["totals"]["sent_n"] == 20_000
    with times():
        assert_keeps_pace(folder)


def test_coarse_timers_are_caught(open_run, altered):
    """The negative control: timers of a millisecond."""
    _, folder = open_run(10_000, 3, env=altered(tick_us=1000))
    with pytest.raises(AssertionError):
        assert_keeps_pace(folder)
    assert sends_per_wakeup_p99(folder) > 2


WINDOW_NS = 2_000_000  # after an edge; what else there is, is cut into such windows as well
WINDOWS_PER_S = 10**9 // WINDOW_NS


def edge_cost_us(log):
    """The longest lag in the window after a second's edge, against that of other windows: medians over the seconds."""
    longest_us = collections.Counter()
    for row in log:
        window = row["due_ns"] // WINDOW_NS
        longest_us[window] = max(longest_us[window], row["lag_ns"] / 1e3)
    after_edge = [us for window, us in longest_us.items() if window % WINDOWS_PER_S == 0 and window]
    return statistics.median(after_edge) - statistics.median(longest_us.values())


@on_a_quiet_machine()
def test_turning_the_page_does_not_hold_up_the_schedule(open_run):
    _, folder = open_run(10_000, 20, "--log-requests", "csv")
    log = logged(folder)
    cost_us = edge_cost_us(log)
    note("second's edge: lag that it costs", cost_us, 100, "us")
    with times(within_s=100e-6):
        assert cost_us < 100
    for row in log:  # the negative control: what an edge of 300 us would look like
        row["lag_ns"] += max(0, 300_000 - row["due_ns"] % 10**9)
    assert edge_cost_us(log) > 100


def growth_bytes(rss_bytes):
    """From ten seconds in, when everything was used once, until the end. A backlog in between takes memory while it lasts."""
    return statistics.median(rss_bytes[-5:]) - statistics.median(rss_bytes[10:15])


@on_a_quiet_machine()
def test_memory_stays_flat(open_run):
    """50 000 requests a second, for LOADGEN_TRUTH_FLAT_S seconds."""
    got, folder = open_run(50_000, FLAT_S)
    rss_bytes = [int(row["rss_bytes"]) for row in rows(folder, "health.csv")]
    assert len(rss_bytes) >= FLAT_S - 3 > 15 and got["totals"]["done_n"] > 40_000 * FLAT_S
    note(f"{FLAT_S} s at 50 k/s: memory grows by", growth_bytes(rss_bytes) / MB, 1, "MB")
    note(f"{FLAT_S} s at 50 k/s: most memory", max(rss_bytes) / MB, "", "MB")
    with times():
        assert growth_bytes(rss_bytes) <= MB
    assert growth_bytes([n + i * 3 * MB // FLAT_S for i, n in enumerate(rss_bytes)]) > MB, "the negative control: a leak of 3 MB in all"
