"""Faults of the local lab: taken ports, killed and stuck processes, broken files, mistakes on the command line."""

import json
import os
import re
import signal
import socket
import time

import pytest

from local_lab import N_PROCESSES, SHIPPED, get
from programs import free_port, wait_until
from truth import on_a_quiet_machine, times


def test_a_killed_instance_is_shown_and_cleaned_up(deployment):
    deployment.up()
    victim = deployment.resources("process", "instance")[2]
    assert deployment.provision("status").stdout.count("running  healthy\n") == 9
    os.kill(int(victim["id"]), signal.SIGKILL)

    def line():
        return next(l for l in deployment.provision("status", expect=1).stdout.splitlines() if victim["name"] in l)

    assert " dead " in line()
    assert "healthy instances of m4x4-t2x5: 8 of 9" in deployment.provision("status", expect=1).stderr
    wait_until(lambda: line().endswith("unhealthy: connection refused or closed"), "the health check to notice")
    assert get(deployment.json["url"] + "/cluster1")[0] == 200  # by the remaining three
    again = deployment.up(expect=1)
    assert "is up, but 1 of its 10 processes have ended" in again.stderr
    deployment.down()
    deployment.nothing_is_left()


def test_a_stale_file_harms_no_other(deployment, programs):
    deployment.up()
    bystander = programs.start("sleep", "60")
    content = deployment.json
    folder = content["resources"][0]["id"]
    for r in content["resources"]:
        if r["kind"] == "process":
            os.kill(int(r["id"]), signal.SIGKILL)
            r["id"] = str(bystander.pid)  # as if the system had reused the id
    deployment.path.write_text(json.dumps(content))
    status = deployment.provision("status", expect=1)
    assert status.stdout.count(" dead ") == 9 and "the load balancer of m4x4-t2x5 is not running" in status.stderr
    deployment.down()
    assert bystander.process.poll() is None and not os.path.exists(folder)
    bystander.stop()
    deployment.nothing_is_left()


@pytest.mark.parametrize("folder", ["keep", "loadgen-other"])
def test_a_wrong_folder_in_the_file_is_not_removed(deployment, folder):
    deployment.up()
    precious = deployment.temporary / folder
    precious.mkdir()
    content = deployment.json
    work = content["resources"][0]
    right, work["id"] = work["id"], str(precious)
    deployment.path.write_text(json.dumps(content))
    assert f"{precious} is not removed: its name should be loadgen-" in deployment.down(expect=1).stderr
    assert precious.is_dir() and not deployment.processes()
    precious.rmdir()
    work["id"] = right
    content["resources"] = [work]
    deployment.path.write_text(json.dumps(content))
    deployment.down()
    deployment.nothing_is_left()


def test_a_taken_port_is_named_and_a_free_one_is_used(deployment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = deployment.up("--port", port, expect=1)
        assert f"port {port} of 127.0.0.1 is taken" in done.stderr
        deployment.nothing_is_left()
    port = free_port()
    deployment.up("--port", port)
    assert deployment.json["url"] == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("wait_s", [0.02, 0.1, 0.25, 0.5])
def test_interrupted_it_takes_everything_back(deployment, programs, wait_s):
    running = programs.start("loadgen-provision", "up", "--app", "flask", "--deployment", deployment.path,
                             env={"TMPDIR": str(deployment.temporary)})
    time.sleep(wait_s)
    running.send_signal(signal.SIGINT)
    code = running.wait()
    if code == 0:  # it ended first
        deployment.down()
    else:
        assert code in (130, -signal.SIGINT)
    deployment.nothing_is_left()


@pytest.mark.parametrize("wait_s", [0.01, 0.03, 0.06, 0.1, 0.2, 0.4])
def test_killed_in_the_middle_nothing_is_lost(deployment, programs, wait_s):
    """SIGKILL at any point: what runs is recorded, `down` removes it, and `up` starts anew."""
    running = programs.start("loadgen-provision", "up", "--app", "flask", "--deployment", deployment.path,
                             env={"TMPDIR": str(deployment.temporary)})
    time.sleep(wait_s)
    running.stop(signal.SIGKILL)
    recorded = {int(r["id"]) for r in deployment.resources("process")} if deployment.path.exists() else set()
    wait_until(lambda: not deployment.unrecorded(recorded), "unrecorded processes to notice the death of their starter and end")
    if wait_s in (0.06, 0.2):
        deployment.up()
        assert len(deployment.processes()) == N_PROCESSES and deployment.json["state"] == "up"
    deployment.down()
    for lock in deployment.path.parent.glob("deployment.json.*"):
        lock.unlink()  # of the killed program: a lock without a holder, or a file not yet renamed
    deployment.nothing_is_left()


def test_an_instance_that_cannot_start_is_the_reason_given(deployment, programs, tmp_path):
    data = tmp_path / "data" / "provision"
    (data / "app").mkdir(parents=True)
    (data / "app" / "app.py").write_text("import sys\nsys.exit('no such luck')\n")
    done = deployment.up("--app", "flask", expect=1, env={"LOADGEN_DATA_DIR": str(tmp_path / "data")})
    assert "ended at once; its last words: no such luck; everything was taken back" in done.stderr
    deployment.nothing_is_left()


@on_a_quiet_machine()
def test_an_instance_that_is_never_healthy_is_the_reason_given(deployment, tmp_path):
    data = tmp_path / "data" / "provision"
    (data / "app").mkdir(parents=True)
    (data / "app" / "app.py").write_text(
        "import http.server\n"
        "class Ill(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_error(500)\n"
        "    def log_message(self, *words):\n"
        "        pass\n"
        "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Ill)\n"
        "print(server.server_port, flush=True)\n"
        "server.serve_forever()\n")
    topology = tmp_path / "one.yaml"  # of two instances, which start sooner than nine
    topology.write_text(re.sub("count: [45]", "count: 1", SHIPPED.read_text()))
    done = deployment.up(topology, "--app", "flask", "--timeout", "6s", expect=1, env={"LOADGEN_DATA_DIR": str(tmp_path / "data")})
    assert "not everything was ready within 6.00 s" in done.stderr
    with times():
        assert "the check was answered with another status: 500" in done.stderr
    deployment.nothing_is_left()


def test_a_missing_haproxy_is_named(deployment, tmp_path):
    program = tmp_path / "haproxy"
    program.write_text("#!/bin/sh\necho this is no load balancer >&2\nexit 1\n")
    program.chmod(0o755)
    done = deployment.up(expect=1, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert "HAProxy, the lab's load balancer, does not run: this is no load balancer" in done.stderr
    deployment.nothing_is_left()


BAD = [
    (["up", "nosuch"], "there is no topology 'nosuch': neither a file of that name nor a shipped one; shipped are m4x4-t2x4, m4x4-t2x5, m4x5-t2x4"),
    (["up", "m4x4-t2x5", "m4x5-t2x4"], "takes one topology, not 'm4x5-t2x4'"),
    (["up", "--provider", "azure"], "--provider must be local or aws, not 'azure'"),
    (["up", "--port", "0"], "--port must be from 1 to 65535, not 0"),
    (["up", "--prot", "80"], "has no option --prot; did you mean --port?"),
    (["up", "--credit-speed", "fast"], "--credit-speed must be a number, not 'fast'"),
    (["up", "--app", "django"], "--app must be emulator or flask, not 'django'"),
    (["up", "--ami", "ami-1"], "--ami is for --provider aws"),
    (["up", "--provider", "aws", "--drained"], "--drained is for --provider local"),
    (["up", "/"], "cannot read /: it is a folder"),
    (["status", "more"], "takes options only, not 'more'"),
    (["down", "--lost"], "--lost is for --provider aws"),
    (["metrics"], "metrics are those of a deployment"),
    (["upp"], "there is no command 'upp'; did you mean 'up'?"),
]


@pytest.mark.parametrize("arguments, message", BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_usage_is_one_line_and_exit_2(deployment, arguments, message):
    done = deployment.provision(*arguments, expect=2)
    assert message in done.stderr and done.stderr.count("\n") == 1
    deployment.nothing_is_left()


def test_a_bad_topology_is_pointed_at(deployment, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(SHIPPED.read_text().replace("count: 4", "count: -4"))
    done = deployment.up(bad, expect=2)
    first, line, caret = done.stderr.rstrip("\n").split("\n")
    assert re.fullmatch(r".*bad\.yaml:\d+:\d+: error: 'count' must be a whole number from 1 to 64, not -4", first)
    assert line[caret.index("^"):][:2] == "-4" and caret.strip() == "^~"
    deployment.nothing_is_left()


@pytest.mark.parametrize("content, message", [("", "this is not JSON"), ("{}", "is no deployment file of this version"),
                                               ("[1]", "is no deployment file of this version")])
def test_a_broken_deployment_file_is_refused_and_kept(deployment, content, message):
    deployment.path.write_text(content)
    for command in ("up", "status", "down", "metrics"):
        assert message in deployment.provision(command, expect=2).stderr
    assert deployment.path.read_text() == content
    deployment.path.unlink()
    deployment.nothing_is_left()


def test_a_file_that_cannot_be_written_is_named(deployment, tmp_path):
    (tmp_path / "file").write_text("")
    done = deployment.programs.run("loadgen-provision", "up", "--deployment", tmp_path / "file" / "d.json", expect=1)
    assert "cannot make the folder" in done.stderr and done.stderr.count("\n") == 1
    deployment.nothing_is_left()
