# ctest: release
"""Generators that die, stop answering or cannot write: the fleet ends, names them, and its result holds what was counted."""

import contextlib
import json
import os
import pathlib
import signal
import time

import pytest

from fleet import own_disk
from programs import wait_until
from run_folder import RunFolder, check_whole

RECOVERY = ("--enable-recovery",)  # else Open MPI ends all ranks when one dies
LOST_S = 3                         # of silence


def shares_of(tmp_path):
    return sorted(tmp_path.glob("local/loadgen-*/share-*"))


def has_second(share):
    return (share / "intervals.csv").exists() and (share / "intervals.csv").read_text().count("\n") > 1


def sending(fleet, tmp_path, server, n, *options, seconds=60):
    """A fleet that sends 90 requests a second, once all ranks have written a second."""
    running = fleet.start(n, server.url, "--rate", "90/s", "-c", 9, "-d", seconds, "-o", tmp_path / "run", "--progress", "plain",
                          "--local", tmp_path / "local", *options, options=RECOVERY)
    wait_until(lambda: len(shares_of(tmp_path)) == n and all(map(has_second, shares_of(tmp_path))), "a second of all shares")
    return running


def shares_rule(folder):
    return next(check for check in folder.run["checks"] if check["rule"] == "SHARES")


def test_a_killed_generator_ends_all_and_is_named(fleet, nginx, run, tmp_path):
    server = nginx()
    running = sending(fleet, tmp_path, server, 3)
    os.kill(fleet.pids(3)[2], signal.SIGKILL)
    begin_s = time.monotonic()
    running.wait()
    took_s = time.monotonic() - begin_s
    folder = RunFolder(tmp_path / "run")
    assert folder.run["shards"] == {"count": 3, "missing": [], "incomplete": [3]} and folder.run["duration_s"] < LOST_S + 30
    assert shares_rule(folder)["level"] == "INVALID"
    assert "host " in running.stderr and "lost" in running.stderr, running.stderr
    assert took_s < LOST_S + 20, took_s
    # Every share is kept, and the merge can be made again.
    assert "loadgen analysis merge" in running.stderr and len(shares_of(tmp_path)) == 3
    run("loadgen", "analysis", "merge", *shares_of(tmp_path), "--out", tmp_path / "again", expect=4)
    assert RunFolder(tmp_path / "again").totals == folder.totals
    lost_n = len(server.stop_and_read_log()) - folder.totals["sent_n"]
    assert 0 <= lost_n <= 90, lost_n  # of the killed one's last seconds


def test_with_keep_going_the_others_send_to_the_end(fleet, nginx, tmp_path):
    running = sending(fleet, tmp_path, nginx(), 3, "--keep-going", "--allow-missing", 1, seconds=5)
    os.kill(fleet.pids(3)[1], signal.SIGKILL)
    running.wait()
    folder = RunFolder(tmp_path / "run")
    assert folder.run["shards"]["incomplete"] == [2] and folder.run["duration_s"] == pytest.approx(5, abs=0.5)
    assert shares_rule(folder)["level"] != "INVALID"
    assert folder.totals["sent_n"] >= 2 * 5 * 30


def test_without_rank_0_the_others_end_and_keep_their_shares(fleet, nginx, run, tmp_path):
    running = sending(fleet, tmp_path, nginx(), 3)
    os.kill(fleet.pids(3)[0], signal.SIGKILL)
    running.wait()
    assert running.stderr.count("rank 0 is lost; share") == 2, running.stderr
    assert {json.loads((share / "run.json").read_text())["end"] for share in shares_of(tmp_path)[1:]} == {"interrupted"}
    run("loadgen", "analysis", "merge", *shares_of(tmp_path), "--out", tmp_path / "merged", expect=4)
    assert RunFolder(tmp_path / "merged").run["shards"]["count"] == 3


# --- machines of their own: each rank has its own disk ---


def test_shares_come_from_disks_that_rank_0_does_not_see(fleet, nginx, tmp_path):
    server = nginx()
    (tmp_path / "local").mkdir()
    done = fleet.run(3, server.url, "-n", 600, "-c", 6, "-o", tmp_path / "run", "--local", tmp_path / "local", "--log-requests", "csv",
                     "-q", prefixes=[own_disk(tmp_path / "local")] * 3)
    folder = RunFolder(tmp_path / "run")
    assert done.stdout == f"{tmp_path / 'run'}\n"
    assert folder.totals["ok_n"] == len(server.stop_and_read_log()) == len(folder.rows("requests.csv")) == 600
    check_whole(folder)


def fill(pid, folder):
    """Fills the disk that this process has at the folder."""
    with open(f"/proc/{pid}/root/{folder}/zeros", "wb", buffering=0) as zeros, contextlib.suppress(OSError):
        while zeros.write(bytes(65536)):
            pass


def test_a_full_disk_stops_no_generator_and_is_named(fleet, nginx, tmp_path):
    server = nginx()
    local = tmp_path / "local"
    local.mkdir()
    running = fleet.start(2, server.url, "--rate", "1k/s", "-c", 8, "-d", 3, "-o", tmp_path / "run", "--local", local,
                          "--log-requests", "csv", "-q", prefixes=[own_disk(tmp_path / "local"), own_disk(local, "4m")])
    pids = fleet.pids(2)
    wait_until(lambda: any(map(has_second, pathlib.Path(f"/proc/{pids[1]}/root/{local}").glob("*/share-2"))), "a second")
    fill(pids[1], local)
    assert running.wait() == 4, running.stderr
    folder = RunFolder(tmp_path / "run")
    assert "host " in running.stderr and "No space left on device" in running.stderr, running.stderr
    assert shares_rule(folder)["level"] == "INVALID"
    assert folder.totals["sent_n"] == len(server.stop_and_read_log()) == 3000
