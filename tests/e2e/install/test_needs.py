"""What a command needs and does not find is named in one sentence, with the package to install, before anything is started. gnuplot and
dot: e2e.hostile_names; a system without HAProxy and Python: e2e.deb."""

import os
import shutil

import pytest

from programs import BIN


def one_sentence(done):
    assert done.stdout == "" and done.stderr.count("\n") == 1, done.stdout + done.stderr
    return done.stderr


@pytest.mark.parametrize("command, sibling", [("analysis", "loadgen-analysis"), ("provision", "loadgen-provision")])
def test_loadgen_alone_misses_its_siblings(run, tmp_path, command, sibling):
    (tmp_path / "bin").mkdir()
    shutil.copy(BIN / "loadgen", tmp_path / "bin")
    said = one_sentence(run(tmp_path / "bin/loadgen", command, "status", env={"PATH": str(tmp_path)}, expect=1))
    assert said.startswith(f"loadgen: cannot run {sibling}: it is neither beside loadgen nor on PATH; install all of loadgen's programs")


def test_the_flask_app_misses_flask(deployment, tmp_path):
    (tmp_path / "flask.py").write_text("raise ImportError('no flask here')")
    said = one_sentence(deployment.up("--app", "flask", expect=1, env={"PYTHONPATH": str(tmp_path)}))
    assert "install python3-flask and python3-waitress" in said and "no flask here" in said
    deployment.nothing_is_left()


def test_a_balancer_that_does_not_run_is_named(deployment, tmp_path):
    (tmp_path / "haproxy").write_text("#!/bin/sh\necho 'haproxy: error while loading shared libraries' >&2\nexit 127\n")
    (tmp_path / "haproxy").chmod(0o755)
    said = one_sentence(deployment.up(expect=1, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}))
    assert "HAProxy, the lab's load balancer, does not run: haproxy: error while loading shared libraries" in said
    deployment.nothing_is_left()
