# ctest: release truth
"""Times beyond the range of the histogram are counted and flagged (GT16 of the method)."""

from truth import exact, failed_rules, make_run

USERS = 5


def overflows(run, emulator, folder, altered, jump_s):
    """All users wait for an answer when the clock jumps ahead, once: so many requests take that long."""
    server = emulator()
    got, _ = make_run(run, folder, "--target", f"{server.url}/cluster1?delay_ms=500", "-c", USERS, "-n", 7 * USERS, "--timeout", "1h",
                      env=altered(jump_s=jump_s, jump_at_ms=1750))
    return got


def test_times_beyond_the_range_are_counted_and_flagged(run, emulator, altered, tmp_path):
    """GT16: the histogram ends at an hour. The clock that jumps is noticed as well."""
    got = overflows(run, emulator, tmp_path / "run", altered, 3601)
    beyond = [e for e in got["exact"] if e["overflow_n"]]
    assert {e["tag"].split(".")[0]: e["overflow_n"] for e in beyond} == {"service": USERS}
    assert got["totals"]["errors"]["timeout"] == USERS and got["totals"]["ok_n"] == 6 * USERS
    assert 3600 < exact(got, "service", "timeout")[2] < 3602, "the exact maximum is kept"
    assert "R7" in failed_rules(got, "INVALID")
    assert "R15" in failed_rules(got, "WARN")


def test_times_within_the_range_are_not_flagged(run, emulator, altered, tmp_path):
    """The negative control: half a minute less."""
    got = overflows(run, emulator, tmp_path / "run", altered, 3570)
    assert sum(e["overflow_n"] for e in got["exact"]) == 0 and got["totals"]["ok_n"] == 7 * USERS
    assert 3570 <= exact(got, "service")[2] < 3572
    assert "R7" not in failed_rules(got, "INVALID") | failed_rules(got, "WARN")
