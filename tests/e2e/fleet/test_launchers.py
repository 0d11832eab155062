"""What each launcher does with a signal and with a lost rank, as docs/fleet.md has it."""
# ctest: truth

import os
import signal

import pytest

from fleet import Fleet, Mpich, OpenMpi
from programs import PATIENCE_S, wait_until
from run_folder import RunFolder, check_whole, seconds_written
from truth import IS_FULL

N = 2
LONG = pytest.mark.skipif(not IS_FULL, reason="in the long version")


@pytest.fixture(name="sending")
def fixture_sending(programs, nginx, tmp_path):
    """sending(launcher, option...): ranks that have sent for two seconds, and what they write."""
    server = nginx()

    def start(launcher, *options):
        fleet = Fleet(programs, launcher)
        running = fleet.start(N, server.url, "-R", "100/s", "-d", "60s", "-q", "--out", "run", "--local", "local", options=options)
        wait_until(lambda: [path for path in tmp_path.glob(f"local/**/share-{N}") if seconds_written(path) > 1], "requests")
        return fleet, running, server
    return start


# mpiexec.hydra at times loses the ranks' exit code and ends with 0: MPICH issue 7057.
@pytest.mark.parametrize("launcher, number, codes", [
    (OpenMpi, signal.SIGUSR1, {130}), (Mpich, signal.SIGINT, {130, 0}),
    pytest.param(Mpich, signal.SIGTERM, {130, 0}, marks=LONG), pytest.param(Mpich, signal.SIGUSR1, {130, 0}, marks=LONG)])
def test_a_signal_to_the_launcher_ends_all_in_order(sending, tmp_path, launcher, number, codes):
    _, running, server = sending(launcher)
    running.send_signal(number)
    assert running.wait(PATIENCE_S) in codes, running.stderr
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    assert folder.run["end"] == "interrupted" and folder.totals["sent_n"] == len(server.stop_and_read_log())


@LONG
@pytest.mark.parametrize("launcher, code", [(OpenMpi, 137), (Mpich, 9)], ids=["openmpi", "mpich"])
def test_a_launcher_that_kills_the_others_leaves_the_shares_to_be_merged(sending, run, tmp_path, launcher, code):
    fleet, running, server = sending(launcher)
    os.kill(fleet.pids(N)[1], signal.SIGKILL)
    assert running.wait(PATIENCE_S) == code
    assert not (tmp_path / "run/run.json").exists()
    done = run("loadgen", "analysis", "merge", *tmp_path.glob("local/**/share-*"), "--out", "left", expect=4)
    served = len(server.stop_and_read_log())
    assert "share" in done.stdout + done.stderr
    assert served - N * 100 <= RunFolder(tmp_path / "left").totals["sent_n"] <= served


@LONG
def test_a_launcher_that_lets_the_others_live_gets_their_result(sending, tmp_path):
    fleet, running, server = sending(OpenMpi, "--enable-recovery")
    os.kill(fleet.pids(N)[1], signal.SIGKILL)
    assert running.wait(PATIENCE_S) == 0, running.stderr  # though the ranks end with 4
    folder = RunFolder(tmp_path / "run")
    assert folder.run["shards"] == {"count": N, "missing": [], "incomplete": [2]}
    served = len(server.stop_and_read_log())
    assert served - 100 <= folder.totals["sent_n"] <= served
