# ctest: release truth
"""What the ranks of a fleet do at the same moment, whatever their clocks say: start, begin phases, end."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from programs import wait_until
from run_folder import RunFolder, check_whole
from truth import IS_FULL

GATES = """\
target: {url}
streams:
  - name: users
    request: /
    users: 6
    phases: [{{ requests: 60 }}, {{ requests: 25 }}, {{ pause: 100ms }}, {{ duration: 200ms }}, {{ requests: 30 }}, {{ requests: 4 }}]
  - name: one
    request: /
    phases: [{{ requests: 20 }}, {{ pause: 50ms }}, {{ requests: 20 }}]
  - name: arrivals
    request: /
    connections: 4
    phases: [{{ rate: 100/s, duration: 1s }}]
"""
STEADY = """\
target: {url}
streams:
  - name: arrivals
    request: /
    connections: 8
    phases: [{{ rate: 800/s, duration: 60s }}]
  - name: users
    request: /
    users: 3
    think: 10ms
    phases: [{{ requests: 20 }}, {{ duration: 60s }}]
"""
# Other tests keep this machine busy in the short version.
STOPPED_S = 1.1 if IS_FULL else 10    # after a signal
GATE_S = 0.5 if IS_FULL else 5        # from the end of a phase to the next one
APART_S = 0.1 if IS_FULL else 1       # the ends of the ranks
CLOCK_US = 50 if IS_FULL else 500_000  # what a clock's offset may be wrong by


def scenario(tmp_path, text, server):
    path = tmp_path / "scenario.yaml"
    path.write_text(text.format(url=server.url))
    return path


def requests_by_phase(folder, stream):
    rows = [row for row in folder.rows("requests.csv") if row["stream"] == stream]
    return {phase["phase"]: [row for row in rows if row["phase"] == phase["phase"]] for phase in folder.phases(stream)}


def check_gates(folder):
    """No request of a phase is sent before the last of the phase before is answered, on any rank."""
    clock_error_s = sum(share["clock_error_us"] for share in folder.run["merged_from"]) / 1e6  # the phases' times are on each rank's clock
    for stream in ("users", "one"):
        sent = [rows for rows in requests_by_phase(folder, stream).values() if rows]
        for before, after in itertools.pairwise(sent):
            assert max(int(row["done_ns"]) for row in before) <= min(int(row["sent_ns"]) for row in after)
        rows = [row for row in folder.rows("requests.csv") if row["stream"] == stream]
        assert len({row["seq"] for row in rows}) == len(rows)
        for before, after in itertools.pairwise(folder.phases(stream)):
            assert before["end_s"] <= after["start_s"] + clock_error_s <= before["end_s"] + GATE_S + clock_error_s
    assert [len(rows) for rows in requests_by_phase(folder, "users").values()][:2] == [60, 25]
    assert [len(rows) for rows in requests_by_phase(folder, "users").values()][4:] == [30, 4]
    assert [len(rows) for rows in requests_by_phase(folder, "one").values()] == [20, 0, 20]


def test_a_phase_begins_after_the_last_answer_of_the_one_before(fleet, nginx, tmp_path):
    server = nginx()
    fleet.run(4, scenario(tmp_path, GATES, server), "-o", tmp_path / "run", "--log-requests=csv", "-q")
    folder = RunFolder(tmp_path / "run")
    check_gates(folder)
    check_whole(folder)
    assert folder.totals["sent_n"] == len(server.stop_and_read_log())
    assert [share["end"] for share in folder.run["merged_from"]] == ["done"] * 4


def check_ended_together(shares):
    ends = [share["duration_s"] for share in shares]
    assert max(ends) - min(ends) < APART_S


@pytest.mark.parametrize("where", ["launcher", "last"])
def test_one_signal_ends_all_ranks_together(fleet, nginx, tmp_path, where):
    """And no threshold does that all ranks hold together, though none alone."""
    server = nginx()
    path = scenario(tmp_path, STEADY + "thresholds: [{{ that: rate > 300/s, abort: true }}]\n", server)
    running = fleet.start(4, path, "-o", tmp_path / "run", "-q")
    pids = fleet.pids(4)
    wait_until(lambda: (server.folder / "access.log").stat().st_size > 0, "a thousand requests")
    end_s = time.time()
    if where == "launcher":
        running.send_signal(signal.SIGUSR1)  # mpirun passes it on and goes on itself
    else:
        os.kill(pids[3], signal.SIGTERM)
    assert running.wait() == 130, running.stderr
    folder = RunFolder(tmp_path / "run")
    log = server.stop_and_read_log()
    assert max(float(line.time_s) for line in log) < end_s + STOPPED_S
    assert folder.run["end"] == "interrupted" and folder.totals["sent_n"] == len(log)
    shares = folder.run["merged_from"]
    assert [share["end"] for share in shares] == ["interrupted"] * 4
    check_ended_together(shares)
    check_whole(folder)


def test_a_threshold_of_all_ends_all_ranks_together(fleet, nginx, tmp_path):
    server = nginx(server="location = /bad { return 500; }")
    path = scenario(tmp_path, STEADY + "thresholds: [{{ that: errors < 20%, abort: true }}]\n", server)
    text = path.read_text().replace("request: /\n    users", "request: /bad\n    users")
    path.write_text(text.replace("800/s", "20/s"))  # so that on any machine most requests fail
    fleet.run(4, path, "-o", tmp_path / "run", "-q", expect=(3, 4))  # 4: the machine was busy
    folder = RunFolder(tmp_path / "run")
    shares = folder.run["merged_from"]
    assert folder.run["end"] == "aborted" and [share["end"] for share in shares] == ["aborted"] * 4
    check_ended_together(shares)
    assert folder.totals["sent_n"] == len(server.stop_and_read_log())
    assert max(share["duration_s"] for share in shares) < 20


def other_clocks():
    """Words before a program that give it another clock, and how far its wall clock is then ahead, in microseconds."""
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed")
    if subprocess.run(["unshare", "--time", "true"], capture_output=True, check=False).returncode:
        pytest.skip("time namespaces need root and Linux 5.6")
    booted = ["unshare", "--time", "--monotonic", "1000", "--fork"]
    return [([], 0), (booted, 0), (["faketime", "-f", "+0.25s"], 250_000), ([*booted, "faketime", "-f", "-2s"], -2_000_000)]


def test_ranks_with_other_clocks_start_and_pass_gates_together(fleet, nginx, tmp_path):
    server = nginx()
    clocks = other_clocks()
    done = fleet.run(4, scenario(tmp_path, GATES, server), "-o", tmp_path / "run", "--log-requests=csv", "-q",
                     prefixes=[words for words, _ in clocks])
    said = re.findall(r"clock is (\d+\.\d) ms(?: \(give or take (\d+\.\d)\))? (ahead|behind)$", done.stderr, re.M)
    assert done.stderr.count("clock is") == len(said) == 2
    for ms, error_ms, where in said:
        assert abs(float(ms) - {"ahead": 250, "behind": 2000}[where]) <= float(error_ms or 0.1) + 0.1, done.stderr
    folder = RunFolder(tmp_path / "run")
    check_gates(folder)
    assert folder.totals["sent_n"] == len(server.stop_and_read_log())
    for share, (_, ahead_us) in zip(folder.run["merged_from"], clocks):
        assert abs(share["clock_offset_us"] - ahead_us) <= share["clock_error_us"] <= CLOCK_US or share["shard"] == 1, share
        assert share["shift_s"] == 0


def test_a_clock_that_drifts_is_named(fleet, nginx, tmp_path):
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed")
    twice_as_fast = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+0s x2"]
    done = fleet.run(2, nginx().url, "-n", 20, "--rate", "20/s", "-o", tmp_path / "run", "-q", prefixes=[[], twice_as_fast])
    assert re.search(r"clock .*drifted by \d+\.\d ms( \(give or take \d+\.\d\))? during the run\n", done.stderr)
    drift = [check for check in RunFolder(tmp_path / "run").run["checks"] if check["rule"] == "R27" and check["what"].startswith("drift")]
    assert [check["level"] for check in drift] == ["WARN"] and drift[0]["value"] > 500
