"""`run --on-generator`: the scenario's files go to the generator (a local ssh server stands for it), the run goes on there, its progress,
exit code and folder come back, and nothing stays there."""

import contextlib
import datetime
import html
import json
import os
import pty
import re
import shutil

import pytest

from programs import processes_marked, wait_until
from run_folder import RunFolder, check_whole, latest
from ssh_machine import SshMachine

SCENARIO = """\
target: deployment
streams:
  - name: mine
    cluster: cluster1
    users: 2
    feed: ../feeds/names.csv
    requests:
      - {{ path: "/cluster1?{{csv:name}}", weight: 1 }}
      - {{ path: /cluster1, method: POST, body_file: {body}, weight: 1 }}
    phases: [ {{ name: steady, {length} }} ]
thresholds: [ {threshold} ]
"""


@pytest.fixture(name="machine")
def fixture_machine(programs, tmp_path):
    with SshMachine(tmp_path / "machine", programs.env) as machine:
        programs.env["PATH"] = f"{machine.client_path}:{programs.env['PATH']}"
        machine.equip()
        yield machine


@pytest.fixture(name="server")
def fixture_server(nginx):
    return nginx(workers=1)


@pytest.fixture(name="project")
def fixture_project(machine, server, tmp_path):
    """A folder as a user has it, with a deployment that is up; write(...) writes its scenario."""
    project = tmp_path / "my project"
    for name in ("results", "scenarios", "feeds"):
        (project / name).mkdir(parents=True)
    (project / "feeds/names.csv").write_text("name\na\nb\n")
    (tmp_path / "it's a body").write_text("body " * 10)
    (project / "results/deployment.json").write_text(json.dumps({
        "schema_version": 1, "provider": "aws", "emulated": False, "run_id": "7f3a19c2", "state": "up", "topology": "m4x4-t2x4",
        "app": "flask", "url": server.url, "generator": machine.recorded(), "instances": [],
        "region": "us-east-1", "created_utc": "2026-11-21T22:10:04Z", "price_usd_per_hour": 0.9, "prices_as_of": "2024-02-01",
        "load_balancer": {"kind": "alb", "version": None, "name": "loadgen-7f3a19c2", "algorithm": "round_robin", "address": "127.0.0.1", "port": 80,
                          "listener": {"protocol": "HTTP", "port": 80, "default": [{"cluster": "cluster1", "weight": 1}], "rules": []},
                          "health_check": {"path": "/", "expect_status": 200}},
        "clusters": [{"name": "cluster1", "label": "m4", "path": "/cluster1", "instance_type": "m4.large", "zone": "us-east-1b", "count": 4,
                      "vcpus": 2, "memory_gib": 8, "specification": "2 vCPU", "price_usd_per_hour": 0.1}]}))

    def write(length="requests: 40", threshold="errors < 50%"):
        (project / "scenarios/mine.yaml").write_text(SCENARIO.format(length=length, threshold=f'"{threshold}"', body=tmp_path / "it's a body"))
        return "scenarios/mine.yaml"
    project_write.update(write=write)
    return project


project_write = {}


def write(**how):
    return project_write["write"](**how)


def go(run, project, *options, **how):
    return run("loadgen", "run", *options, "--on-generator", cwd=project, **how)


def assert_nothing_left(machine):
    wait_until(lambda: machine.left() == [], f"nothing to be left, not {machine.left()}")


def test_a_run_goes_there_with_its_files_and_its_folder_comes_back(run, project, machine, server):
    done = go(run, project, write())
    folder = latest(project)
    assert folder.path.resolve().parent == (project / "results").resolve()
    assert f"results/{folder.path.resolve().name}" in done.stdout
    assert folder.run["load_from"] == "generator i-0fedcba9876543210, m4.large in us-east-1b"
    assert folder.run["scenario"]["file"] == "scenarios/mine.yaml"
    assert folder.totals["ok_n"] == 40
    check_whole(folder)
    modes = [path.resolve().stat().st_mode & 0o777 for path in (folder.path, folder.path / "run.json")]
    assert modes == [0o755, 0o644], "as after a run here"
    log = server.stop_and_read_log()
    assert len(log) == 40 and {line.target for line in log} == {"/cluster1?a", "/cluster1?b", "/cluster1"}
    assert_nothing_left(machine)
    assert (machine.folder / "host keys").read_text().startswith("i-0fedcba9876543210 ")
    assert {path.name for path in (project / "results").iterdir()} == {"deployment.json", "latest", folder.path.resolve().name}


def test_the_report_says_where_the_load_came_from(run, project):
    go(run, project, write())
    run("loadgen-analysis", "report", "results/latest", cwd=project)
    page = html.unescape((project / "results/latest/report.html").read_text())
    assert "the deployment's generator i-0fedcba9876543210, m4.large in us-east-1b" in page


def test_progress_is_shown_in_place_while_the_run_goes_on_and_ctrl_c_ends_it_in_order(programs, project, machine):
    argv = programs.argv("loadgen", "run", write(length="duration: 60s"), "--on-generator")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(project)
        os.execve(argv[0], argv, {**programs.env, "TERM": "xterm"})
    shown = b""
    while shown.count(b"generator: ") < 2:  # a line of the display
        shown += os.read(terminal, 65536)
    assert b"\033[" in shown and b"mine" in shown
    os.write(terminal, b"\x03")
    with contextlib.suppress(OSError):  # the terminal's end
        while os.read(terminal, 65536):
            pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    folder = latest(project)
    assert folder.run["end"] == "interrupted" and folder.totals["ok_n"] > 0
    assert_nothing_left(machine)


@pytest.mark.parametrize("threshold, code", [("errors < 100%", 0), ("p50 < 1ns", (3, 4))])  # 4 where the machine is busy
def test_the_exit_code_is_that_of_the_run(run, project, threshold, code):
    go(run, project, write(threshold=threshold), expect=code)
    assert latest(project).totals["ok_n"] == 40


def test_a_run_that_fails_there_says_why_once(run, project, machine, server):
    server.stop()
    deployment = project / "results/deployment.json"
    failed = go(run, project, write(), "--deployment", deployment, expect=1)
    assert failed.stderr.count("loadgen: ") == 1, failed.stderr
    assert failed.stderr.count("is still up and costs") == 1
    assert f"`loadgen provision down --deployment '{deployment}'`" in failed.stderr
    assert latest(project).totals["ok_n"] == 0
    assert_nothing_left(machine)


def test_options_reach_the_run_as_they_are(run, project, machine, server):
    go(run, project, server.url + "/x", "-n", 10, "-c", 2, "--header", "Authorization: it's $(secret)", "--out", "out/here",
       "--junit", "out/j.xml", "--markdown", project / "m.md", "--threshold", "errors < 1%", "--seed", "7")
    folder = RunFolder(project / "out/here")
    assert folder.totals["ok_n"] == 10 and folder.run["seed"] == 7
    assert "secret" not in (project / "out/here/run.json").read_text()
    assert "<testsuite" in (project / "out/j.xml").read_text()
    assert "errors < 1%" in (project / "m.md").read_text()
    assert not any("secret" in command for command in machine.commands)
    assert_nothing_left(machine)


@pytest.mark.parametrize("out", ["here/", "out/here//", "./here", "a/../b"])
def test_out_may_be_spelled_as_for_a_run_here(run, project, machine, server, out):
    go(run, project, server.url + "/x", "-n", 10, "--out", out)
    assert RunFolder(project / out).totals["ok_n"] == 10
    assert_nothing_left(machine)


def test_a_shipped_scenario_is_found_and_one_json_object_is_printed(run, project, server):
    done = go(run, project, "demo", "--json", "--deployment", project / "results/deployment.json", "--only", "cluster1", expect=None)
    assert done.returncode in (0, 2), done.stderr  # demo may ask for clusters that this deployment lacks
    if done.returncode == 0:
        assert json.loads(done.stdout)["schema"] == "loadgen-run/1"


def test_a_run_longer_than_the_generator_is_refused_whatever_its_target(run, project, machine):
    deployment = project / "results/deployment.json"
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=30)
    deployment.write_text(json.dumps(json.loads(deployment.read_text()) | {"expires_utc": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}))
    for target in (write(length="duration: 1h"), "http://127.0.0.1:9/"):
        refused = go(run, project, target, *(["--duration", "1h"] if target.startswith("http") else []), expect=2)
        assert "the run takes 1 h 0 min, but the instances of m4x4-t2x4 end by themselves in" in refused.stderr
    assert machine.commands == []


def test_mistakes_are_found_here(run, project, machine):
    wrong = write()
    (project / wrong).write_text("nonsense: 1\n")
    assert "mine.yaml:1:1: error" in go(run, project, wrong, expect=2).stderr
    (project / "feeds/names.csv").unlink()
    assert "names.csv" in go(run, project, write(), expect=2).stderr
    assert "--serve cannot be used with --on-generator" in go(run, project, "http://127.0.0.1:9/", "--serve", "0", expect=2).stderr
    (project / "results/deployment.json").write_text(
        (project / "results/deployment.json").read_text().replace('"generator": {', '"other": {'))
    assert "has no generator: a topology with one, such as m4x4-t2x4" in go(run, project, "http://127.0.0.1:9/", expect=2).stderr
    assert machine.commands == []


def test_a_lost_connection_ends_the_run_and_brings_back_what_it_has(start, project, machine, server):
    running = start("loadgen", "run", write(length="duration: 60s"), "--on-generator", cwd=project)
    wait_until(lambda: (server.folder / "access.log").stat().st_size > 0, "answers")  # hundreds, as nginx writes 64 KiB at once
    machine.refuse()
    wait_until(lambda: "the connection to the generator is lost" in running.stderr, "the loss to be noticed")
    machine.listen()
    assert running.wait() == 1
    assert "the connection to the generator was lost, which ended the run" in running.stderr
    assert f"what was measured until then is in results/{(project / 'results/latest').resolve().name}" in running.stderr
    assert latest(project).run["end"] == "interrupted" and latest(project).totals["ok_n"] > 0
    assert_nothing_left(machine)


def test_absolute_paths_are_shown_as_they_are_here(run, project, machine, server, tmp_path):
    done = go(run, project, server.url + "/x", "-n", 10, "--out", tmp_path / "its place", "--junit", tmp_path / "j.xml")
    assert RunFolder(tmp_path / "its place").totals["ok_n"] == 10 and "<testsuite" in (tmp_path / "j.xml").read_text()
    shown = re.search(r"loadgen analysis report '(.*)'", done.stdout)[1]
    assert (project / shown).resolve() == (tmp_path / "its place").resolve()
    assert_nothing_left(machine)


def test_results_that_cannot_be_kept_here_stay_there_for_a_while(run, project, machine):
    (project / "taken").write_text("")
    failed = go(run, project, write(), "--junit", "junit.xml", "--out", "taken/run", expect=(1, 2))
    assert "taken" in failed.stderr
    for there in machine.home.glob("loadgen-run-*"):
        assert there.name in failed.stderr
        shutil.rmtree(there)


def test_a_program_that_is_killed_ends_the_run_there(programs, start, project, machine):
    running = start("loadgen", "run", write(length="duration: 60s"), "--on-generator", cwd=project)
    wait_until(lambda: any("intervals.csv" in name for name in machine.left()), "the run to begin")
    running.process.kill()
    (there,) = machine.home.glob("loadgen-run-*")
    wait_until(lambda: any(json.loads(path.read_text())["end"] == "interrupted" for path in there.rglob("run.json")), "the run to end")
    shutil.rmtree(there)  # as its own guard does after ten minutes
    wait_until(lambda: not any("ssh " in command for command in processes_marked(programs.mark).values()), "its ssh to end")


def test_without_loadgen_there_it_says_what_to_do(run, project, machine):
    (machine.folder / "bin/loadgen").unlink()
    failed = go(run, project, write(), expect=1)
    assert "loadgen cannot be run on the generator: `up --package` installs it" in failed.stderr
    assert_nothing_left(machine)


def test_a_generator_that_is_gone_is_named(run, project, machine):
    machine.refuse()
    failed = go(run, project, write(), expect=1)
    assert "cannot send the files to the generator 203.0.113.7" in failed.stderr
