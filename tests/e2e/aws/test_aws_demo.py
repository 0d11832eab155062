"""The script of `make aws-demo`: whatever fails or interrupts it, `down` runs last, and the failure is reported."""

import os
import shutil
import signal

import pytest

from programs import ROOT, wait_until

STUB = """#!/bin/sh
echo "$*" >>calls
[ "$1" != run ] || { mkdir -p results/a-run; ln -sfn a-run results/latest; }
case "$*" in *"$HANG_AT"*) [ -z "$HANG_AT" ] || { : >hanging; exec sleep 30; } ;; esac
case "$*" in *"$FAIL_AT"*) [ -z "$FAIL_AT" ] || exit 7 ;; esac
"""
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


def calls(tree):
    return (tree / "calls").read_text().splitlines()


def test_all_steps_come_in_order(programs, tree):
    programs.run("sh", tree / "cmake/demo.sh", "aws", env={"FAIL_AT": "", "HANG_AT": ""})
    assert len(calls(tree)) == len(ORDER)
    for call, begins in zip(calls(tree), ORDER):
        assert call.startswith(begins)
    files = {word for call in calls(tree) for word in call.split() if word.endswith(".json")}
    assert files == {"results/deployment-demo.json"}


@pytest.mark.parametrize("step", ["provision up", "run tp1", "analysis figures", "analysis report", "provision down"])
def test_a_failure_anywhere_ends_with_down(programs, tree, step):
    done = programs.run("sh", tree / "cmake/demo.sh", "aws", env={"FAIL_AT": step, "HANG_AT": ""}, expect=None)
    assert done.returncode != 0
    assert calls(tree)[-1].startswith("provision down")


def test_metrics_that_fail_do_not_cost_the_report(programs, tree):
    programs.run("sh", tree / "cmake/demo.sh", "aws", env={"FAIL_AT": "provision metrics", "HANG_AT": ""})
    assert len(calls(tree)) == len(ORDER)


def test_an_interruption_ends_with_down(programs, tree):
    running = programs.start("sh", tree / "cmake/demo.sh", "aws", env={"FAIL_AT": "", "HANG_AT": "run tp1"})
    wait_until((tree / "hanging").exists, "the run")
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait() == 130
    assert calls(tree)[-1].startswith("provision down")
