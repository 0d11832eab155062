# ctest: calm release truth
"""A pause of one second, of the server or of the generator, against its closed form (stall.py)."""

import pytest

from stall import MEASURED_S, RATE, SERVERS, STALL_S, Freeze, assert_stall_shows, note_stall
from truth import failed_rules, long_or_short, make_run, on_a_quiet_machine, percentile_s, read_run, rows, times

pytestmark = pytest.mark.usefixtures("urgent")


@pytest.mark.parametrize("rho", long_or_short(SERVERS, [.1]))
@on_a_quiet_machine()
def test_a_stalled_server_shows_in_full_and_the_generator_is_not_blamed(run, emulator, tmp_path, rho):
    server = emulator(*SERVERS[rho])
    stall = Freeze(server.pid, 4)
    got, _ = make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1", "--rate", RATE, "-d", f"{MEASURED_S}s", "-c", 64)
    stall.join()
    note_stall(f"GT2 stalled server, rho {rho}", tmp_path / "run", "response", rho, stall.stalled_s)
    assert got["totals"]["intended_n"] == RATE * MEASURED_S
    assert got["totals"]["done_n"] == got["totals"]["ok_n"] == RATE * MEASURED_S
    with times():
        assert_stall_shows(tmp_path / "run", "response", rho, stall.stalled_s)
        assert percentile_s(tmp_path / "run", "lag", 99) < 0.005
        assert not failed_rules(got, "INVALID") & {"R1", "R3", "R5", "R6"}, got["checks"]
        assert "invalid" not in {claim["level"] for claim in got["claims"]}, got["claims"]


@on_a_quiet_machine()
def test_a_stalled_generator_is_told_from_a_stalled_server(programs, emulator, tmp_path):
    server = emulator(*SERVERS[.1])
    running = programs.start("loadgen", "run", "--target", f"{server.url}/cluster1", "--rate", RATE, "-d", f"{MEASURED_S}s", "-c", 64,
                             "--out", tmp_path / "run", "--progress", "none")
    stall = Freeze(running.pid, 4)
    assert running.wait() == 0, running.stderr
    stall.join()
    got = read_run(tmp_path / "run")
    claims = {claim["what"]: claim for claim in got["claims"] if claim["stream"]}
    assert claims["p99"]["level"] == "invalid" and claims["p99"]["generator_share"] > .5, claims
    assert "R6" in failed_rules(got, "INVALID")
    assert "R3" in failed_rules(got, "INVALID") | failed_rules(got, "WARN"), "one second in sixty is less than the 5 % of INVALID"
    assert "s!" in running.stdout, "the mark in the table"
    note_stall("GT3 stalled generator", tmp_path / "run", "response", .1, stall.stalled_s)
    note_stall("GT3 its schedule lag", tmp_path / "run", "lag", 0, stall.stalled_s)
    with times():
        assert_stall_shows(tmp_path / "run", "response", .1, stall.stalled_s)
        # All requests due in that second were picked up late: the lag itself has the closed form with rho = 0.
        assert_stall_shows(tmp_path / "run", "lag", 0, stall.stalled_s)


@on_a_quiet_machine()
def test_a_closed_loop_omits_the_stall(run, emulator, tmp_path):
    """The negative control: what the open model is for."""
    server = emulator("--service-time", "1ms", "--vcpus", "64")
    stall = Freeze(server.pid, 2)
    make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1", "-c", 10, "-d", f"{long_or_short(20, 6)}s")
    stall.join()
    slowest = max(float(row["max_us"]) for row in rows(tmp_path / "run", "intervals.csv") if row["max_us"])
    assert slowest > 0.9e6 * STALL_S
    with pytest.raises(AssertionError):
        assert_stall_shows(tmp_path / "run", "service", 0, stall.stalled_s)
    with times():
        for percent in (99, 99.9):
            assert percentile_s(tmp_path / "run", "service", percent) < 0.1
