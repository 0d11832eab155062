# ctest: release
"""A disk that is slow, full or removed: losses are reported at once and by name, and what is left can be read."""

import signal

from programs import wait_until
from run_folder import RunFolder, seconds_written
from truth import on_a_quiet_machine, times

QUIET = ("--progress", "none")


@on_a_quiet_machine()
def test_a_slow_disk_does_not_make_the_run_longer(emulator, run, altered, tmp_path):
    """0.1 s for each of the five files that are flushed once a second: the collector comes half a second late."""
    server = emulator("--service-time", "5ms")
    run("loadgen", "run", "--target", f"{server.url}/cluster1", "-c", 2, "-d", "1s", "--out", tmp_path / "run", *QUIET, env=altered(flush_ms=100))
    folder = RunFolder(tmp_path / "run")
    assert folder.run["duration_s"] >= 1 and folder.totals["ok_n"] > 0
    with times():
        assert folder.run["duration_s"] < 1.3


def test_results_that_cannot_be_written_are_said_at_once_and_end_the_run(emulator, run, tmp_path):
    """No file may grow beyond a few KiB; hist.hlog is the first to hit the limit."""
    server = emulator("--service-time", "5ms")
    command = ["loadgen", "run", "--target", f"{server.url}/cluster1", "-c", 2, "-q"]
    done = run(*command, "-d", "1h", "--out", tmp_path / "run", limits={"FSIZE": 24576}, expect=1)
    first, last = done.stderr.splitlines()
    assert first.startswith("loadgen: cannot write ") and first.endswith(": File too large; the run ends")
    assert last.startswith(f"loadgen: a part of the results in {tmp_path}/run is lost: cannot write ")
    folder = RunFolder(tmp_path / "run")
    assert folder.run["end"] == "failed" and {claim["level"] for claim in folder.run["claims"]} == {"invalid"} and 0 < folder.run["duration_s"] < 3000
    done = run(*command, "-d", "4s", "--keep-going", "--out", tmp_path / "on", limits={"FSIZE": 24576}, expect=1)
    assert "; the run goes on (--keep-going)\n" in done.stderr
    folder = RunFolder(tmp_path / "on")
    assert folder.run["end"] == "failed" and folder.run["duration_s"] >= 2


def test_a_run_that_was_killed_can_be_read(emulator, start, run, tmp_path):
    server = emulator("--service-time", "5ms")
    running = start("loadgen", "run", "--target", f"{server.url}/cluster1", "-c", 2, "-d", "1h", "--out", tmp_path / "run", *QUIET)
    wait_until(lambda: seconds_written(tmp_path / "run") >= 2, "two seconds")
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert RunFolder(tmp_path / "run").run["end"] == "running"
