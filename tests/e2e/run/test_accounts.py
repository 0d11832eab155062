# ctest: release timeout=120
"""Nothing is lost: however a run ends, every request of every stream is counted exactly once."""

import os
import re
import signal

import pytest

from programs import wait_until
from run_folder import RunFolder, check_whole

THREADS = 2
SCENARIO = """
name: accounts
target: {url}
timeout: 500ms
streams:
  - name: open
    cluster: due
    arrivals: poisson
    connections: 8
    request: {{ path: / }}
    phases: [ {{ warmup: true, rate: 300/s, duration: 200ms }}, {{ rate: 500/s, duration: {seconds}s }} ]
  - {{ name: flood, cluster: due, arrivals: constant, connections: 2, pipeline: 4, queue: 50, request: {{ path: / }}, phases: [ {{ rate: 5k/s, duration: {seconds}s }} ] }}
  - {{ name: users, cluster: users, users: 4, think: 2ms, request: {{ path: / }}, phases: [ {{ duration: {seconds}s }} ] }}
  - {{ name: writers, cluster: users, users: 2, think: 2ms, pipeline: 4, request: {{ method: POST, path: /, body: x }}, phases: [ {{ duration: {seconds}s }} ] }}
{more}
"""
UNORDERED = {"open": 63, "flood": 0}  # numbers of Poisson arrivals follow time to within a block (loadgen/plan/poisson.h)


def started(start, tmp_path, url, seconds=120, more=""):
    scenario = tmp_path / "accounts.yaml"
    scenario.write_text(SCENARIO.format(url=url, seconds=seconds, more=more))
    return start("loadgen", "run", scenario, "-t", THREADS, "--log-requests", "csv", "--out", tmp_path / "run", "--progress", "none")


def wait_for_some(tmp_path):
    rows = tmp_path / "run/requests.csv"
    wait_until(lambda: rows.exists() and rows.stat().st_size > 0, "the first requests")


def check_accounts(path):
    folder = RunFolder(path)
    check_whole(folder)
    logged = folder.rows("requests.csv")
    dropped_n = folder.run["request_log"]["dropped_n"]  # because the disk could not keep up
    assert len(logged) + dropped_n == folder.totals["done_n"] + folder.totals["censored_n"], "each has its row"
    for stream in folder.run["stream_totals"]:
        name = stream["stream"]
        attempts_n = stream["done_n"] + stream["censored_n"]
        assert attempts_n == stream["ok_n"] + sum(n for cls, n in stream["errors"].items() if cls != "reset_idle"), name
        assert stream["intended_n"] in (attempts_n, None), name
        times = [e["n"] for e in folder.run["exact"] if re.fullmatch(rf"service\.{name}\..*\.all", e["tag"])]
        assert stream["sent_n"] == sum(times), f"{name}: each that was sent has a service time, whatever became of it"
        numbers = sorted(int(row["seq"]) for row in logged if row["stream"] == name)
        assert len(set(numbers)) == len(numbers), f"{name}: none twice"
        for thread in range(THREADS if stream["intended_n"] is not None and not dropped_n else 0):
            own = [number for number in numbers if number % THREADS == thread]
            missing = set(range(thread, max(own, default=0), THREADS)) - set(own)
            assert all(number > own[-1] - UNORDERED[name] for number in missing), f"{name}: each arrival of the schedule, up to the end"
    assert {c["level"] for c in folder.run["checks"] if c["rule"] == "R17"} == {"OK"}
    return folder


def test_a_run_that_ends_by_itself(nginx, start, tmp_path):
    running = started(start, tmp_path, nginx(keepalive_requests=50).url, seconds=1)
    assert running.wait() == 0, running.stderr
    folder = check_accounts(tmp_path / "run")
    assert folder.run["end"] == "done" and folder.totals["ok_n"] > 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run(nginx, start, tmp_path, number):
    running = started(start, tmp_path, nginx(keepalive_requests=50).url)
    wait_for_some(tmp_path)
    running.send_signal(number)
    assert running.wait() == 130
    folder = check_accounts(tmp_path / "run")
    assert folder.run["end"] == "interrupted"


def test_a_run_that_a_threshold_aborts(nginx, start, tmp_path):
    running = started(start, tmp_path, nginx(keepalive_requests=50).url, more='thresholds: [ { that: "users.p50 < 1us", abort: true } ]')
    assert running.wait() == 3
    assert check_accounts(tmp_path / "run").run["end"] == "aborted"


def end_after(running, tmp_path, cls):
    """Ends the run once it has seen errors of the class, and returns their number."""
    wait_until(lambda: f",{cls}," in (tmp_path / "run/errors.csv").read_text(), cls)
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130
    return check_accounts(tmp_path / "run").totals["errors"][cls]


def test_a_server_that_dies(nginx, start, tmp_path):
    server = nginx(keepalive_requests=50)
    running = started(start, tmp_path, server.url)
    wait_for_some(tmp_path)
    server.kill()
    assert end_after(running, tmp_path, "connect") > 0


def test_a_server_that_falls_silent(nginx, start, tmp_path):
    """Everything in flight times out, pipelined or not; what must not be repeated is not."""
    server = nginx(keepalive_requests=50)
    running = started(start, tmp_path, server.url)
    wait_for_some(tmp_path)
    workers = server.workers()
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert end_after(running, tmp_path, "timeout") > 0
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def test_bytes_and_statuses_of_a_stream_leave_out_its_warm_up(emulator, run, tmp_path):
    server = emulator()
    (tmp_path / "warm.yaml").write_text(f"""\
name: warm
target: {server.url}
streams:
  - name: mixed
    users: 2
    requests: [ {{ path: /cluster1 }}, {{ path: "/cluster1?status=503" }}, {{ path: "/cluster1?status=404" }} ]
    phases: [ {{ requests: 60, warmup: true }}, {{ requests: 600 }} ]
""")
    run("loadgen", "run", "--out", "run", "warm.yaml", cwd=tmp_path)
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    stream = folder.run["stream_totals"][0]
    assert stream["done_n"] == 660 and stream["statuses"] == {"200": 200, "404": 200, "503": 200}
    assert 0.85 < stream["bytes_rx"] / folder.totals["bytes_rx"] < 0.95
