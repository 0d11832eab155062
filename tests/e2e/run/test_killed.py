"""A generator that was killed at any moment leaves a folder that every command reads to its last whole second, and says so."""

import collections
import datetime
import json
import random
import shutil
import signal
import subprocess
import time

from programs import wait_until
from run_folder import RunFolder, seconds_written, sum_of
from truth import long_or_short

QUIET = ("--progress", "none", "-q")
MOMENTS = long_or_short(30, 2)
AT_ONCE = 3
LONGEST_S = 4.5
SCENARIO = """
name: killed
seed: 5
target: {url}
thresholds: [ rate > 1/s ]
streams:
  - name: open
    cluster: cluster1
    arrivals: poisson
    connections: 20
    request: "/o{{counter}}"
    phases:
      - {{ rate: 300/s, ramp_to: 600/s, duration: 1200ms }}
      - {{ pause: 300ms }}
      - {{ rate: 400/s, duration: 1h }}
  - {{ name: users, cluster: cluster2, users: 3, think: 4ms, request: "/u{{counter}}", phases: [ {{ requests: 200 }}, {{ duration: 1h }} ] }}
"""
COMMANDS = {
    ("summary",): "still, or killed; these are its results after",
    ("compare",): "it was killed, or still goes on",
    ("export",): '"end": "running"',
    ("figures", "--data"): "",
    ("report",): "",
    ("recompute",): "",
}


def write_scenario(tmp_path, url):
    path = tmp_path / "killed.yaml"
    path.write_text(SCENARIO.format(url=url))
    return path


def whole_seconds(folder):
    """The rows of the seconds for which every stream has a whole one."""
    lines = (folder.path / "intervals.csv").read_text().split("\n")
    rows = [dict(zip(lines[0].split(","), line.split(","))) for line in lines[1:-1]]
    per_second = collections.Counter(row["t_s"] for row in rows)
    return [row for row in rows if per_second[row["t_s"]] == 2]


def name_requests(scenario, name):
    """The scenario with that name in each request, for the server's log."""
    path = scenario.with_name(name + ".yaml")
    path.write_text(scenario.read_text().replace('request: "/', f'request: {{ headers: {{ x-request-id: {name} }}, path: "/')
                    .replace('{counter}"', '{counter}" }'))
    return path


def kill_each(start, runs):
    """Starts the runs, {folder: (command, moment)}, and kills each that long after it has begun to write its folder."""
    running = {folder: start(*command, "--out", folder, *QUIET) for folder, (command, _) in runs.items()}
    for folder in runs:
        wait_until(lambda path=folder: (path / "run.json").exists(), "a run.json")
    begun_s = time.monotonic()
    for folder in sorted(runs, key=lambda folder: runs[folder][1]):
        time.sleep(max(0, begun_s + runs[folder][1] - time.monotonic()))
        running[folder].send_signal(signal.SIGKILL)
        running[folder].wait()


def check_read(run, path):
    """Every command takes the run as one that was stopped at its last whole second."""
    folder = RunFolder(path)
    rows = whole_seconds(folder)
    copy = path.with_name("copy-" + path.name)
    for (command, *options), words in COMMANDS.items():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(path, copy)
        done = run("loadgen-analysis", command, copy, *options, env={"PATH": "/nonexistent"} if command == "report" else None)
        assert words in done.stdout, f"{path.name}: {command}: {done.stdout}"
        if command == "export":
            read = json.loads(done.stdout)
            assert read["duration_s"] == len(rows) // 2
            assert sum(stream["attempts_n"] for stream in read["streams"]) == sum_of(rows, "done_n")
    return rows


def check_log(nginx, folders):
    """What the folders have up to their last second is in the server's log, up to what was under way then."""
    log = nginx.stop_and_read_log()
    for folder, rows in folders:
        until_s = folder.run["t0_realtime_ns"] / 1e9 + len(rows) // 2
        mine = [line for line in log if line.request_id == folder.path.name]
        assert len([line for line in mine if float(line.time_s) < until_s - 0.5]) <= sum_of(rows, "done_n") <= len(mine), folder.path


def test_a_run_that_was_killed_at_any_moment_is_read_to_its_last_whole_second(nginx, start, run, tmp_path):
    server = nginx()
    scenario = write_scenario(tmp_path, server.url)
    pick = random.Random(1)
    runs = {}
    for i in range(MOMENTS):
        form = ("csv", "csv.zst")[i % 2]
        command = ["loadgen", "run", name_requests(scenario, f"run-{i}"), "-t", 2, "--log-requests", form]
        runs[tmp_path / f"run-{i}"] = (command, LONGEST_S * pick.random())
    paths = list(runs)
    for i in range(0, MOMENTS, AT_ONCE):
        kill_each(start, {path: runs[path] for path in paths[i:i + AT_ONCE]})
    check_log(server, [(RunFolder(path), check_read(run, path)) for path in paths])
    for path in paths[1::2]:
        rows = subprocess.run(["zstd", "-dcq", path / "requests.csv.zst"], capture_output=True, check=False).stdout
        assert not rows or rows.startswith(b"why,stream,")


def test_the_shares_of_a_run_of_which_one_was_killed_are_merged(nginx, start, run, tmp_path):
    server = nginx()
    scenario = write_scenario(tmp_path, server.url)
    at = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    running = [start("loadgen", "run", scenario, "--shard", f"{i}/3", "--start-at", at, "--out", tmp_path / f"share-{i}", *QUIET)
               for i in (1, 2, 3)]
    killed = RunFolder
    wait_until(lambda: seconds_written(tmp_path / "share-2") >= 4, "two seconds of two streams")
    running[1].send_signal(signal.SIGKILL)
    time.sleep(1)
    for share in (running[0], running[2]):
        assert share.stop(signal.SIGINT) == 130
    running[1].wait()
    merged = run("loadgen-analysis", "merge", *(tmp_path / f"share-{i}" for i in (1, 2, 3)), "--out", tmp_path / "all", expect=4)
    assert "share 2 of 3 " in merged.stdout
    folder, shares = RunFolder(tmp_path / "all"), [RunFolder(tmp_path / f"share-{i}") for i in (1, 2, 3)]
    assert folder.run["shards"]["count"] == 3 and 2 in folder.run["shards"]["incomplete"]
    parts = [sum_of(shares[i].rows("intervals.csv") if i != 1 else whole_seconds(shares[1]), "done_n") for i in range(3)]
    assert folder.totals["done_n"] == sum_of(folder.rows("intervals.csv"), "done_n") == sum(parts)
    assert sum(parts) <= len(server.stop_and_read_log())
    assert "killed" in run("loadgen-analysis", "summary", tmp_path / "all").stdout
