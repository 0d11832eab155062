# ctest: release
"""Runs against a deployment that costs money and whose instances end by themselves: none is cut off, and the cost stays in sight."""

import datetime
import json
import os
import signal
import subprocess

import pytest

from programs import PATIENCE_S, wait_until
from run_folder import RunFolder, seconds_written

SCENARIO = """
name: tiny
target: deployment
streams:
  - { name: one, cluster: cluster1, arrivals: constant, request: { path: /cluster1 }, phases: [ { rate: 50/s, duration: 300ms } ] }
  - { name: two, cluster: cluster2, arrivals: constant, request: { path: /cluster2 }, phases: [ { rate: 50/s, duration: 300ms } ] }
"""
LONG = SCENARIO.replace("300ms", "1h")
OPEN_ENDED = SCENARIO.replace("arrivals: constant", "users: 1").replace("rate: 50/s, duration: 300ms", "requests: 20")
DONE = (0, 4)  # on a busy machine times may be loadgen's own doing


@pytest.fixture(name="paid")
def fixture_paid(tmp_path, lab):
    """paid(TIME) is a deployment as on AWS whose instances end in that many minutes, or never."""
    up = lab("m4x4-t2x5")

    def as_on_aws(minutes=None):
        record = up.deployment | {"price_usd_per_hour": 0.98}
        if minutes is not None:
            ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
            record["expires_utc"] = ends.strftime("%Y-%m-%dT%H:%M:%SZ")
        path = tmp_path / "paid.json"
        path.write_text(json.dumps(record))
        return path
    return as_on_aws


@pytest.fixture(name="scenario")
def fixture_scenario(tmp_path):
    def write(text):
        path = tmp_path / "tiny.yaml"
        path.write_text(text)
        return path
    return write


def runs_of(folder):
    pairs = json.loads((folder / "campaign.json").read_text())["pairs"]
    return [name for pair in pairs for name in pair["runs"].values()]


def refused(run, command, scenario, path, *options):
    done = run("loadgen", command, scenario, "--deployment", path, "--out", path.parent / "results", *options, expect=2)
    assert not (path.parent / "results").exists()
    down = f"`loadgen provision down --deployment {path}` ends that"
    if "ended by themselves" in done.stderr:
        assert f"the load balancer of m4x4-t2x5 did not end and costs money until {down}\n" in done.stderr
    else:
        assert f"m4x4-t2x5 is still up and costs about 0.98 USD an hour: {down}; without it the instances end by themselves at" in done.stderr
    return done.stderr


def test_a_run_that_would_be_cut_off_is_refused(run, paid, scenario):
    text = refused(run, "run", scenario(LONG), paid(42))
    assert "the run takes 60 min 0 s" in text or "the run takes 1 h 0 min" in text
    assert ", but the instances of m4x4-t2x5 end by themselves in 4" in text and "a longer --expire" in text
    assert "more than 0 s, but" in refused(run, "run", scenario(OPEN_ENDED), paid(5)), "it has no known end"
    text = refused(run, "run", scenario(SCENARIO), paid(-1))
    assert "ended by themselves at" in text and "still up" not in text


def test_a_campaign_and_a_sweep_that_would_be_cut_off_are_refused(run, paid, scenario):
    assert "the campaign takes 4 min" in refused(run, "campaign", scenario(SCENARIO.replace("300ms", "10s")), paid(4), "--gap", "0s") \
        .replace("more than ", "")
    assert "the sweep takes more than" in refused(run, "sweep", scenario(SCENARIO), paid(8), "-d", "10s")


def test_what_ends_in_time_is_made(run, paid, scenario, tmp_path):
    done = run("loadgen", "run", scenario(SCENARIO), "--deployment", paid(42), "--out", tmp_path / "run", expect=DONE)
    assert "still up" not in done.stderr, "the run is done, and its summary is all there is to say"
    done = run("loadgen", "run", scenario(OPEN_ENDED), "--deployment", paid(42), "--out", tmp_path / "open", expect=DONE)
    done = run("loadgen", "campaign", scenario(SCENARIO), "--deployment", paid(), "--out", tmp_path / "campaign", "--pairs", 1, "--aa", 0,
               "--gap", "0s", expect=DONE)
    assert f"m4x4-t2x5 is still up and costs about 0.98 USD an hour until `loadgen provision down --deployment {paid()}` ends that\n" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
@pytest.mark.parametrize("command", ["run", "campaign"])
def test_an_interruption_names_what_goes_on_and_keeps_the_results(start, paid, scenario, tmp_path, command, number):
    options = ["--gap", "0s"] if command == "campaign" else []
    running = start("loadgen", command, scenario(SCENARIO.replace("300ms", "10m")), "--deployment", paid(), "--out", tmp_path / "out", *options)
    folder = tmp_path / "out" if command == "run" else wait_until(
        lambda: next((p for p in (tmp_path / "out").glob("*/") if p.is_dir() and not p.is_symlink()), None), "the first run")
    wait_until(lambda: seconds_written(folder), "the first second")
    running.send_signal(number)
    assert running.wait() == 130
    assert "m4x4-t2x5 is still up and costs about 0.98 USD an hour until `loadgen provision down" in running.stderr
    made = RunFolder(folder)
    assert made.run["end"] == "interrupted" and made.totals["ok_n"] > 0


def test_a_full_disk_is_reported_with_what_goes_on(run, paid, scenario, tmp_path):
    done = run("loadgen", "campaign", scenario(SCENARIO.replace("300ms", "30s")), "--deployment", paid(), "--out", tmp_path / "out", "--gap", "0s",
               limits={"FSIZE": 24576}, expect=1)
    assert "File too large" in done.stderr and "m4x4-t2x5 is still up and costs about 0.98 USD an hour" in done.stderr


def test_a_reader_that_leaves_does_not_end_a_campaign(programs, paid, scenario, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    argv = programs.argv("loadgen", "campaign", scenario(SCENARIO), "--deployment", paid(), "--out", tmp_path / "out", "--pairs", 1, "--aa", 0,
                         "--gap", "0s")
    done = subprocess.run(argv, env=programs.env, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, timeout=PATIENCE_S,
                          check=False)
    os.close(writing)
    assert done.returncode in DONE
    assert all(RunFolder(tmp_path / "out" / name).run["end"] == "done" for name in runs_of(tmp_path / "out"))
