# ctest: serial release
"""A pause of one second, of the server or of the generator: the closed form of a stalled FIFO server (fluid limit, rate R, capacity C,
rho = R/C, measured time T, stall S): a share f = S / ((1 - rho) T) of the requests waits, uniformly up to S."""

import os
import signal
import threading
import time

import pytest

from truth import failed_rules, make_run, on_a_quiet_machine, percentile_s, read_run, rows, times

RATE, MEASURED_S, STALL_S = 500, 10, 1.0


def freeze(pid, after_s):
    """Stops a process for STALL_S, that long after now."""
    def act():
        time.sleep(after_s)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(STALL_S)
        os.kill(pid, signal.SIGCONT)
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def expected_s(percent, base_s):
    share = STALL_S / MEASURED_S  # rho is below 1 % here
    beyond = 1 - percent / 100
    return base_s + STALL_S * (1 - beyond / share) if beyond < share else base_s


def assert_stall_shows(folder, metric):
    tolerance_s = 2 / RATE + 0.005 + 0.03 * STALL_S
    for percent in (95, 99, 99.9):
        assert percentile_s(folder, metric, percent) == pytest.approx(expected_s(percent, 0.002), abs=tolerance_s), percent
    assert percentile_s(folder, metric, 75) < 0.05


@on_a_quiet_machine()
def test_a_stalled_server_shows_in_full_and_the_generator_is_not_blamed(run, emulator, tmp_path):
    server = emulator("--service-time", "2ms", "--vcpus", 64)
    stall = freeze(server.pid, 4)
    got, _ = make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1", "--rate", RATE, "-d", f"{MEASURED_S}s", "-c", 64,
                      "--allow-invalid")
    stall.join()
    assert got["totals"]["intended_n"] == RATE * MEASURED_S
    assert got["totals"]["done_n"] == got["totals"]["ok_n"] == RATE * MEASURED_S
    with times():
        assert_stall_shows(tmp_path / "run", "response")
        assert percentile_s(tmp_path / "run", "lag", 99) < 0.02
        assert not failed_rules(got, "INVALID") & {"R1", "R2", "R3", "R5"}, got["checks"]


@on_a_quiet_machine()
def test_a_stalled_generator_is_told_from_a_stalled_server(programs, emulator, tmp_path):
    server = emulator("--service-time", "2ms", "--vcpus", 64)
    running = programs.start("loadgen", "run", "--target", f"{server.url}/cluster1", "--rate", RATE, "-d", f"{MEASURED_S}s", "-c", 64,
                             "--out", tmp_path / "run", "--progress", "none")
    freeze(running.pid, 4).join()
    assert running.wait() == 4, running.stderr
    got = read_run(tmp_path / "run")
    assert got["verdict"] == "INVALID"
    assert {"R2", "R3", "R6"} <= failed_rules(got, "INVALID")
    assert "INVALID" in running.stdout
    with times():
        assert_stall_shows(tmp_path / "run", "response")
        # All of the requests that were due in that second were picked up late: the lag itself has the closed form with rho = 0.
        assert percentile_s(tmp_path / "run", "lag", 95) == pytest.approx(STALL_S * (1 - .05 * MEASURED_S / STALL_S), abs=0.05)
        assert percentile_s(tmp_path / "run", "lag", 99) == pytest.approx(STALL_S * (1 - .01 * MEASURED_S / STALL_S), abs=0.05)


@on_a_quiet_machine()
def test_a_closed_loop_omits_the_stall(run, emulator, tmp_path):
    """The negative control: what the open model is for."""
    server = emulator("--service-time", "1ms", "--vcpus", "64")
    stall = freeze(server.pid, 2)
    make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1", "-c", 4, "-d", "6s", "--allow-invalid")
    stall.join()
    slowest = max(float(row["max_us"]) for row in rows(tmp_path / "run", "intervals.csv") if row["max_us"])
    assert slowest > 0.9e6 * STALL_S
    with times():
        assert percentile_s(tmp_path / "run", "service", 99) < 0.1
