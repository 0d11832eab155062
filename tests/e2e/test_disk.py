# ctest: release
"""A disk that is slow, full or taken away: what is lost is said at once and by name, and what is left can be read."""

from run_folder import RunFolder
from truth import on_a_quiet_machine, times

QUIET = ("--progress", "none", "--allow-invalid")


@on_a_quiet_machine()
def test_a_slow_disk_does_not_make_the_run_longer(emulator, run, altered, tmp_path):
    """0.1 s for each of the five files that are flushed once a second: the collector comes half a second late."""
    server = emulator("--service-time", "5ms")
    run("loadgen", "run", "--target", f"{server.url}/cluster1", "-c", 2, "-d", "1s", "--out", tmp_path / "run", *QUIET, env=altered(flush_ms=100))
    folder = RunFolder(tmp_path / "run")
    assert folder.run["duration_s"] >= 1 and folder.totals["ok_n"] > 0
    with times():
        assert folder.run["duration_s"] < 1.3
