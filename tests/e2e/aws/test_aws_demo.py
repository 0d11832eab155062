"""The script of `make aws-demo`: whatever fails, interrupts it or goes away, `down` runs last and to its end, and the failure is reported."""

import os
import shutil
import signal
import subprocess

import pytest

from programs import PATIENCE_S, ROOT, wait_until

STUB = """#!/bin/sh
echo "$*" >>calls
[ "$1" != run ] || { mkdir -p results/a-run; ln -sfn a-run results/latest; }
case "$*" in *"$HANG_AT"*) [ -z "$HANG_AT" ] || { : >hanging; exec sleep 30; } ;; esac
case "$*" in "provision down"*) [ -z "$SLOW_DOWN" ] || { : >hanging; echo going; sleep 1; echo gone; : >down; } ;; esac
case "$*" in *"$FAIL_AT"*) [ -z "$FAIL_AT" ] || exit 7 ;; esac
"""
QUIET = {"FAIL_AT": "", "HANG_AT": "", "SLOW_DOWN": ""}
ORDER = ["provision up m4x4-t2x5 --provider aws", "run tp1", "provision metrics", "analysis figures results/a-run",
         "analysis report results/a-run", "provision down"]


@pytest.fixture(name="tree")
def fixture_tree(tmp_path):
    """The script in a tree of its own, with a stub for the program that records its calls."""
    (tmp_path / "cmake").mkdir()
    shutil.copy(ROOT / "cmake/demo.sh", tmp_path / "cmake/demo.sh")
    program = tmp_path / "build/release/bin/loadgen"
    program.parent.mkdir(parents=True)
    program.write_text(STUB)
    program.chmod(0o755)
    return tmp_path


@pytest.fixture(name="demo")
def fixture_demo(programs, tree):
    """demo(where="aws", FAIL_AT=..., ...) starts the script."""
    return lambda where="aws", **how: programs.start("sh", tree / "cmake/demo.sh", where, env=QUIET | how)


def calls(tree):
    return (tree / "calls").read_text().splitlines()


@pytest.mark.parametrize("where", ["aws", "local"])
def test_all_steps_come_in_order(tree, demo, where):
    assert demo(where).wait() == 0
    assert len(calls(tree)) == len(ORDER)
    for call, begins in zip(calls(tree), ORDER):
        assert call.startswith(begins if where == "aws" else begins.replace("aws", "local").replace("tp1", "demo"))
    files = {word for call in calls(tree) for word in call.split() if word.endswith(".json")}
    assert files == {"results/deployment-demo.json"}
    assert calls(tree)[0].endswith(" --expire 4h") == (where == "aws")


def test_another_expiry_is_passed_on(tree, demo):
    assert demo(EXPIRE="90m").wait() == 0
    assert calls(tree)[0].endswith(" --expire 90m")


@pytest.mark.parametrize("step", ["provision up", "run tp1", "analysis figures", "analysis report", "provision down"])
def test_a_failure_anywhere_ends_with_down(tree, demo, step):
    assert demo(FAIL_AT=step).wait() != 0
    assert calls(tree)[-1].startswith("provision down")


def test_metrics_that_fail_do_not_cost_the_report(tree, demo):
    assert demo(FAIL_AT="provision metrics").wait() == 0
    assert len(calls(tree)) == len(ORDER)


@pytest.mark.parametrize("where", ["aws", "local"])
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE])
@pytest.mark.parametrize("whole_group", [True, False])
def test_a_signal_ends_the_step_and_then_comes_down(tree, demo, where, number, whole_group):
    """As from a terminal, to all of its processes, or from a supervisor, to the script alone."""
    running = demo(where, HANG_AT="run ")
    wait_until((tree / "hanging").exists, "the run")
    (os.killpg if whole_group else os.kill)(running.pid, number)
    assert running.wait() == 128 + number
    assert calls(tree)[-1].startswith("provision down")


def test_nothing_interrupts_the_way_down(tree, demo):
    running = demo(FAIL_AT="run tp1", SLOW_DOWN="1")
    wait_until((tree / "hanging").exists, "the way down")
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGINT):
        os.killpg(running.pid, number)
    assert running.wait() == 7
    assert (tree / "down").exists()


@pytest.mark.parametrize("step", ["run tp1", ""])
def test_a_reader_that_leaves_does_not_keep_it_from_going_down(programs, tree, step):
    """As `make aws-demo 2>&1 | tee log`, when Ctrl-C ends tee as well."""
    reading, writing = os.pipe()
    os.close(reading)
    running = subprocess.Popen(["sh", tree / "cmake/demo.sh", "aws"], env=programs.env | QUIET | {"SLOW_DOWN": "1", "FAIL_AT": step},
                               stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, start_new_session=True)
    os.close(writing)
    assert running.wait(PATIENCE_S) != 0
    assert (tree / "down").exists()
