"""What shells, vanishing terminals and supervisors do to a program: signals, ignored signals, closed descriptors, readers that leave."""

import os
import signal
import socket
import subprocess

import pytest

from programs import PATIENCE_S, wait_until
from run_folder import RunFolder, check_whole, seconds_written

QUIET = ("--progress", "none")


@pytest.fixture(name="deployment")
def fixture_path(tmp_path, run):
    path = tmp_path / "deployment.json"
    yield path
    run("loadgen-provision", "down", "--deployment", path)


def test_ignored_signals_stay_ignored(programs, nginx, start, tmp_path):
    """nohup ignores SIGHUP, and a script without job control SIGINT for what it starts in the background."""
    server = nginx()
    running = start("sh", "-c", 'trap "" HUP INT; exec "$@"', "sh", *programs.argv(
        "loadgen", "run", "--target", server.url, "--rate", 50, "-d", "1500ms", "-o", tmp_path / "run", *QUIET))
    wait_until(lambda: seconds_written(tmp_path / "run"), "the first second")
    running.send_signal(signal.SIGHUP)
    running.send_signal(signal.SIGINT)
    assert running.wait() == 0, running.stderr
    folder = RunFolder(tmp_path / "run")
    assert folder.run["end"] == "done" and folder.totals["ok_n"] == 75
    check_whole(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_a_signal_ends_a_look_up_that_hangs(start, tmp_path, number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(PATIENCE_S)
        running = start("loadgen", "run", "--target", "http://balancer.test/", "--name-server", f"127.0.0.1:{silent.getsockname()[1]}",
                        "-n", 1, "-o", tmp_path / "run", *QUIET)
        silent.recv(512)  # the query
        running.send_signal(number)
        assert running.wait() == 130
    assert running.stderr == "loadgen: interrupted while the name 'balancer.test' was looked up; nothing was sent\n"
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("closed", ["<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_descriptors_are_no_matter(programs, nginx, tmp_path, closed):
    server = nginx()
    programs.run("sh", "-c", f'exec "$@" {closed}', "sh", *programs.argv(
        "loadgen", "run", "--target", server.url, "-n", 20, "-o", tmp_path / "run", *QUIET))
    assert RunFolder(tmp_path / "run").totals["ok_n"] == len(server.stop_and_read_log()) == 20


def test_a_reader_that_leaves_ends_neither_up_nor_down(programs, deployment):
    for command in ("up", "down"):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(programs.argv("loadgen-provision", command, "--deployment", deployment), env=programs.env, stdout=writing,
                              stderr=writing, stdin=subprocess.DEVNULL, cwd=programs.folder, timeout=PATIENCE_S, check=False)
        os.close(writing)
        assert done.returncode == 0
        assert deployment.exists() == (command == "up")


def test_a_terminal_that_goes_away_during_up_leaves_nothing(programs, deployment):
    running = programs.start("loadgen-provision", "up", "--app", "flask", "--deployment", deployment)
    wait_until(lambda: deployment.exists() or running.process.poll() is not None, "the first record")
    running.send_signal(signal.SIGHUP)
    assert running.wait() == 130
    assert "interrupted; everything was taken back" in running.stderr
    assert not deployment.exists()
