"""Failures during a run: counted by class, in time, with complete results."""

import csv
import os
import re
import signal
import subprocess

import pytest

from programs import PATIENCE_S, dead_port, wait_until
from run_folder import RunFolder, check_whole, latest, seconds_written
from truth import on_a_quiet_machine, times

QUIET = ("--progress", "none")


@on_a_quiet_machine()
def test_a_server_that_dies_is_counted_and_the_run_ends_on_time(nginx, start, tmp_path):
    server = nginx()
    running = start("loadgen", "run", "--target", server.url, "-c", 16, "-d", "5s", "--out", tmp_path / "run", *QUIET)
    wait_until(lambda: seconds_written(tmp_path / "run"), "the first second")
    server.kill()
    assert running.wait() == 0, running.stderr
    folder = RunFolder(tmp_path / "run")
    assert folder.run["end"] == "done" and folder.run["duration_s"] >= 5
    assert folder.totals["ok_n"] > 0
    assert folder.totals["errors"]["reset"] + folder.totals["errors"]["connect"] == folder.totals["err_n"] > 0
    check_whole(folder)
    with times():
        assert folder.run["duration_s"] < 5.5 and folder.totals["ok_n"] > 100


def test_nobody_listening_is_connect_errors_and_exit_code_1(run, tmp_path):
    with dead_port() as port:
        done = run("loadgen", "run", "--target", f"http://127.0.0.1:{port}", "-c", 2, "-d", "1s", *QUIET, expect=1)
    assert "connect: Connection refused" in done.stdout
    assert re.fullmatch(r"loadgen: no request succeeded; results/\S+/errors.csv says why\n", done.stderr)
    folder = latest(tmp_path)
    assert folder.totals["ok_n"] == 0
    assert folder.totals["errors"]["connect"] == folder.totals["err_n"] > 0
    check_whole(folder)


def test_a_run_that_sends_nothing_is_no_success(run, tmp_path):
    """The first of 0.1 requests per second is due after 5 s."""
    with dead_port() as port:
        done = run("loadgen", "run", "--target", f"http://127.0.0.1:{port}", "--rate", "6/m", "-d", "1s", *QUIET, expect=1)
    assert done.stderr == "loadgen: no request was due outside of warm-up; nothing was measured\n"
    assert latest(tmp_path).totals["done_n"] == 0


def test_errors_of_the_balancer_are_told_from_those_of_the_server(nginx, haproxy, run, tmp_path):
    broken = nginx(server="location /broken { return 500; }")
    run("loadgen", "run", "--target", haproxy([broken.port]).url + "/broken", "-c", 1, "-n", 10, *QUIET, expect=1)
    assert latest(tmp_path).totals["errors"]["status_5xx"] == 10
    with dead_port() as port:
        run("loadgen", "run", "--target", haproxy([port]).url, "-c", 1, "-n", 10, *QUIET, expect=1)
    assert latest(tmp_path).totals["errors"]["balancer_5xx"] == 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_exits_130_and_keeps_whole_results(nginx, start, tmp_path, number):
    server = nginx()
    running = start("loadgen", "run", "--target", server.url, "-c", 16, "-d", "1h", "--out", tmp_path / "run", *QUIET)
    wait_until(lambda: seconds_written(tmp_path / "run"), "the first second")
    running.send_signal(number)
    assert running.wait(PATIENCE_S) == 130, running.stderr
    folder = RunFolder(tmp_path / "run")
    assert folder.run["end"] == "interrupted"
    assert folder.totals["ok_n"] > 0
    check_whole(folder)


def test_a_full_disk_fails_the_run_in_words_and_keeps_what_is_there(nginx, programs, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=300k tmpfs "$1" && cd "$1" && shift && "$@"; code=$?; cp -r results "$OLDPWD/kept"; exit $code'
    unshare = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    if subprocess.run([*unshare, "sh", "-c", f"mount -t tmpfs tmpfs {disk}"], capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    server = nginx(log=False)
    command = programs.argv("loadgen", "run", "--target", server.url, "-c", 64, "-d", "6s", *QUIET)
    done = programs.run(*unshare, "sh", "-c", script, "sh", disk, *command, expect=1)
    assert "No space left on device" in done.stderr
    with open(next((tmp_path / "kept").glob("*-quick")) / "intervals.csv", newline="", encoding="utf-8") as file:
        assert int(next(csv.DictReader(file))["ok_n"]) > 100


def test_results_that_cannot_be_written_are_refused_before_anything_is_sent(nginx, run, tmp_path):
    server = nginx()
    (tmp_path / "results").write_text("a file where a folder should be")
    done = run("loadgen", "run", "--target", server.url, "-c", 1, "-n", 10, *QUIET, expect=(1, 2))
    assert "results" in done.stderr
    assert server.stop_and_read_log() == []


def test_too_few_descriptors_are_said_before_anything_is_sent(nginx, run):
    server = nginx()
    done = run("loadgen", "run", "--target", server.url, "-c", 4000, "-n", 8000, *QUIET, limits={"NOFILE": 256}, expect=(1, 2))
    assert "256" in done.stderr and "4 000" in done.stderr
    assert server.stop_and_read_log() == []
