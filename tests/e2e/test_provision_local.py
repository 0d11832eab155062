"""The local lab: what `up`, `status`, `metrics` and `down` promise, seen from outside."""

import concurrent.futures
import csv
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest

from programs import PATIENCE_S, accepts, free_port, processes_marked, wait_until
from truth import on_a_quiet_machine, times

TOPOLOGIES = {
    "m4x4-t2x5": {"cluster1": ("m4.large", "us-east-1b", 4), "cluster2": ("t2.large", "us-east-1a", 5)},
    "m4x5-t2x4": {"cluster1": ("m4.large", "us-east-1", 5), "cluster2": ("t2.large", "us-east-1", 4)},
}
SHIPPED = pathlib.Path(__file__).parents[2] / "provision/topologies/m4x4-t2x5.yaml"
RESPONDING = re.compile(r"Instance (i-[0-9a-f]{17}) is responding now!")


class Deployment:
    """`loadgen provision` with a deployment file of the test's own, and temporary files in a folder of its own."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.path = folder / "deployment.json"
        self.temporary = pathlib.Path(f"/tmp/t-{programs.mark[:12]}")
        self.temporary.mkdir()

    def provision(self, command, *arguments, **options):
        env = {"TMPDIR": str(self.temporary), **options.pop("env", {})}
        return self.programs.run("loadgen-provision", command, *arguments, "--deployment", self.path, env=env, **options)

    def up(self, *arguments, **options):
        return self.provision("up", *arguments, **options)

    def down(self, *arguments, **options):
        return self.provision("down", *arguments, **options)

    @property
    def json(self):
        return json.loads(self.path.read_text())

    def resources(self, kind, role=None):
        return [r for r in self.json["resources"] if r["kind"] == kind and role in (None, r["role"])]

    def processes(self):
        return processes_marked(self.programs.mark)

    def access_log(self):
        with open(self.resources("log")[0]["id"], encoding="ascii", newline="") as log:
            return list(csv.DictReader(log))

    def nothing_is_left(self, ports=()):
        assert not self.processes()
        assert not list(self.temporary.iterdir())
        assert not self.path.exists() and not self.path.with_name("deployment.json.lock").exists()
        assert not any(accepts(port) for port in ports)


@pytest.fixture(name="deployment")
def fixture_deployment(programs, tmp_path):
    made = Deployment(programs, tmp_path)
    yield made
    if made.path.exists():
        made.down()
    left = list(made.temporary.iterdir())
    subprocess.run(["rm", "-rf", made.temporary], check=True)
    assert not left


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def instances_of(deployment, cluster):
    return {i["id"] for i in deployment.json["instances"] if i["cluster"] == cluster}


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_both_topologies_come_up_as_described(deployment, topology):
    done = deployment.up(topology)
    d = deployment.json
    assert done.stdout.splitlines()[-1] == f"to take it down: loadgen provision down --deployment {deployment.path}"
    assert (d["state"], d["topology"], d["provider"], d["emulated"], d["region"]) == ("up", topology, "local", True, "us-east-1")
    assert os.stat(deployment.path).st_mode & 0o777 == 0o600
    for cluster, (kind, zone, count) in TOPOLOGIES[topology].items():
        mine = [i for i in d["instances"] if i["cluster"] == cluster]
        assert len(mine) == count
        assert {(i["instance_type"], i["zone"]) for i in mine} == {(kind, zone)}
    assert len({i["id"] for i in d["instances"]}) == 9 and all(re.fullmatch(r"i-[0-9a-f]{17}", i["id"]) for i in d["instances"])
    defaults = {f["cluster"]: f["weight"] for f in d["load_balancer"]["listener"]["default"]}
    assert defaults == ({"cluster1": 1} if topology == "m4x4-t2x5" else {"cluster1": 1, "cluster2": 1})
    ports = [i["port"] for i in d["instances"]] + [d["load_balancer"]["port"]]
    assert all(accepts(port) for port in ports)
    assert deployment.down().stdout == "nothing is left\n"
    deployment.nothing_is_left(ports)


def test_requests_go_by_path_round_robin_and_every_one_is_logged(deployment):
    deployment.up("m4x4-t2x5")
    url = deployment.json["url"]
    for cluster in ("cluster1", "cluster2"):
        ids = instances_of(deployment, cluster)
        for path in (f"/{cluster}", f"/{cluster}/below?x=1"):
            bodies = [get(url + path)[1] for _ in range(4 * len(ids))]
            answered = Counter(RESPONDING.fullmatch(body).group(1) for body in bodies)
            assert answered == {i: 4 for i in ids}
    assert get(url + "/")[:2] == (200, "Healthy!")
    assert get(url + "/cluster12")[0] == 404
    wait_until(lambda: len(deployment.access_log()) == 2 * (16 + 20) + 2, "the access log")
    log = deployment.access_log()
    assert Counter((r["cluster"], r["path"]) for r in log) == {
        ("cluster1", "/cluster1"): 16, ("cluster1", "/cluster1/below"): 16, ("cluster2", "/cluster2"): 20,
        ("cluster2", "/cluster2/below"): 20, ("cluster1", "/"): 1, ("cluster1", "/cluster12"): 1}
    assert all(r["end"] == "--" and r["method"] == "GET" for r in log)
    assert {r["instance"] for r in log if r["cluster"] == "cluster2"} == instances_of(deployment, "cluster2")


def test_default_with_equal_weight_reaches_both_clusters(deployment):
    deployment.up("m4x5-t2x4", "--service-time", "0")
    url = deployment.json["url"]
    for _ in range(200):
        get(url + "/")
    wait_until(lambda: len(deployment.access_log()) == 200, "the access log")
    shares = Counter(r["cluster"] for r in deployment.access_log())
    assert 60 <= shares["cluster1"] <= 140 and shares.total() == 200  # 5.7 standard deviations


def test_nothing_of_5000_requests_is_missing_from_the_log(deployment):
    deployment.up("m4x4-t2x5", "--service-time", "0")
    url = deployment.json["url"]

    def client(number):
        path = f"{url}/cluster{number % 2 + 1}/{number}"
        return Counter(RESPONDING.fullmatch(get(path)[1]).group(1) for _ in range(625))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        seen = sum(pool.map(client, range(8)), Counter())
    wait_until(lambda: len(deployment.access_log()) >= 5000, "the access log")
    assert Counter(r["instance"] for r in deployment.access_log()) == seen and seen.total() == 5000


def test_a_second_up_says_what_runs_and_changes_nothing(deployment):
    deployment.up()
    before = deployment.path.read_bytes(), deployment.processes()
    again = deployment.up()
    assert "already up" in again.stdout and deployment.json["url"] in again.stdout
    assert (deployment.path.read_bytes(), deployment.processes()) == before
    other = deployment.up("m4x5-t2x4", expect=2)
    assert "already holds m4x4-t2x5 (local, up): take that down first" in other.stderr
    assert (deployment.path.read_bytes(), deployment.processes()) == before


def test_down_without_anything_up_is_fine(deployment):
    assert "nothing to take down" in deployment.down().stdout
    assert "nothing is up" in deployment.provision("status").stdout
    deployment.up()
    deployment.down()
    assert "nothing to take down" in deployment.down().stdout
    deployment.nothing_is_left()


def test_a_killed_instance_is_shown_and_cleaned_up(deployment):
    deployment.up()
    victim = deployment.resources("process", "instance")[2]
    assert deployment.provision("status").stdout.count("running  healthy\n") == 9
    os.kill(int(victim["id"]), signal.SIGKILL)

    def line():
        return next(l for l in deployment.provision("status").stdout.splitlines() if victim["name"] in l)

    assert " dead " in line()
    wait_until(lambda: line().endswith("unhealthy: connection refused or closed"), "the health check to notice")
    assert get(deployment.json["url"] + "/cluster1")[0] == 200  # by the three that are left
    again = deployment.up(expect=1)
    assert "is up, but 1 of its 10 processes have ended" in again.stderr
    deployment.down()
    deployment.nothing_is_left()


def test_replies_of_the_balancer_itself_can_be_told_apart(deployment):
    deployment.up()
    for process in deployment.resources("process", "instance"):
        if process["name"] in instances_of(deployment, "cluster2"):
            os.kill(int(process["id"]), signal.SIGKILL)
    status, _, headers = get(deployment.json["url"] + "/cluster2")
    assert status in (502, 503) and headers["server"].startswith("awselb/")  # a connection that broke, or none to be had
    status, _, headers = get(deployment.json["url"] + "/cluster1?status=503")
    assert status == 503 and headers["server"] == "loadgen-emulator"
    wait_until(lambda: len(deployment.access_log()) == 2, "the access log")
    assert [(r["cluster"], r["end"][0], r["response_ms"] == "-1") for r in deployment.access_log()] == [
        ("cluster2", "S", True), ("cluster1", "-", False)]


def test_a_stale_file_harms_nobody(deployment, programs):
    deployment.up()
    bystander = programs.start("sleep", "60")
    content = deployment.json
    folder = content["resources"][0]["id"]
    for r in content["resources"]:
        if r["kind"] == "process":
            os.kill(int(r["id"]), signal.SIGKILL)
            r["id"] = str(bystander.pid)  # as if the system had given the id to somebody else
    deployment.path.write_text(json.dumps(content))
    assert deployment.provision("status").stdout.count(" dead ") == 9
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


def test_two_labs_live_side_by_side(deployment, programs, tmp_path):
    other = tmp_path / "other.json"
    deployment.up()
    programs.run("loadgen-provision", "up", "m4x5-t2x4", "--deployment", other)
    assert len(deployment.processes()) == 20
    assert get(json.loads(other.read_text())["url"] + "/cluster1")[0] == 200
    programs.run("loadgen-provision", "down", "--deployment", other)
    assert len(deployment.processes()) == 10
    assert get(deployment.json["url"] + "/cluster2")[0] == 200


def test_two_at_once_are_kept_apart(deployment, programs):
    started = [programs.start("loadgen-provision", "up", "--deployment", deployment.path, env={"TMPDIR": str(deployment.temporary)})
               for _ in range(3)]
    codes = sorted(one.wait() for one in started)
    texts = "".join(one.stdout + one.stderr for one in started)
    assert codes[0] == 0 and set(codes) <= {0, 1}
    assert texts.count(" is up ") == 1
    assert texts.count("is working on") == codes.count(1)
    assert len(deployment.processes()) == 10


@pytest.mark.parametrize("wait_s", [0.02, 0.1, 0.25, 0.5])
def test_interrupted_it_takes_everything_back(deployment, programs, wait_s):
    running = programs.start("loadgen-provision", "up", "--app", "flask", "--deployment", deployment.path,
                             env={"TMPDIR": str(deployment.temporary)})
    time.sleep(wait_s)
    running.send_signal(signal.SIGINT)
    code = running.wait()
    if code == 0:  # it was faster
        deployment.down()
    else:
        assert code in (130, -signal.SIGINT)
    deployment.nothing_is_left()


@pytest.mark.parametrize("wait_s", [0.01, 0.03, 0.06, 0.1, 0.2, 0.4])
def test_killed_in_the_middle_nothing_is_lost(deployment, programs, wait_s):
    """SIGKILL at any point: what runs is recorded, `down` removes it, and `up` starts over."""
    running = programs.start("loadgen-provision", "up", "--app", "flask", "--deployment", deployment.path,
                             env={"TMPDIR": str(deployment.temporary)})
    time.sleep(wait_s)
    running.stop(signal.SIGKILL)
    recorded = {int(r["id"]) for r in deployment.resources("process")} if deployment.path.exists() else set()
    wait_until(lambda: set(deployment.processes()) <= recorded, "who was not recorded to notice that nobody is there, and to end")
    if wait_s in (0.06, 0.2):
        deployment.up()
        assert len(deployment.processes()) == 10 and deployment.json["state"] == "up"
    deployment.down()
    for lock in deployment.path.parent.glob("deployment.json.*"):
        lock.unlink()  # of the killed program: a lock without holder, or a file not yet renamed
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
    assert "HAProxy ended at once; its last words: this is no load balancer" in done.stderr
    deployment.nothing_is_left()


def test_the_flask_app_answers_like_the_emulator(deployment):
    deployment.up("--app", "flask")
    assert deployment.json["app"] == "flask" and deployment.json["emulated"] is False
    url = deployment.json["url"]
    pages = ["/", "/cluster1", "/cluster1/below", "/cluster2/", "/nothing"]
    by_flask = [get(url + page) for page in pages]
    deployment.down()
    deployment.up()
    url = deployment.json["url"]
    by_emulator = [get(url + page) for page in pages]

    def essence(answers):
        return [(status, RESPONDING.sub("Instance ID", body), headers["content-type"]) for status, body, headers in answers]

    assert essence(by_flask) == essence(by_emulator)
    assert [status for status, _, _ in by_flask] == [200, 200, 200, 200, 404]


def test_progress_is_a_few_plain_lines_or_none(deployment):
    lines = deployment.up().stderr.splitlines()
    assert [line.split()[0] for line in lines] == ["instances", "instances", "load", "targets"]
    assert "9/9  healthy" in lines[-1]
    deployment.down()
    assert deployment.up("--progress", "none").stderr == ""


def test_a_dry_run_prints_the_plan_and_creates_nothing(deployment):
    done = deployment.up("m4x5-t2x4", "--dry-run")
    assert "5 x m4.large" in done.stdout and "4 x t2.large" in done.stdout
    deployment.nothing_is_left()


def test_down_keeps_the_log_if_asked(deployment, tmp_path):
    deployment.up()
    for _ in range(20):
        get(deployment.json["url"] + "/cluster1")
    deployment.down("--keep-log", tmp_path / "access.csv")
    with open(tmp_path / "access.csv", encoding="ascii", newline="") as log:
        assert Counter(r["path"] for r in csv.DictReader(log)) == {"/cluster1": 20}
    deployment.nothing_is_left()


BAD = [
    (["up", "nosuch"], "there is no topology 'nosuch': neither a file of that name nor a shipped one; shipped are m4x4-t2x5, m4x5-t2x4"),
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


@pytest.mark.parametrize("arguments, sentence", BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_usage_is_one_sentence_and_exit_2(deployment, arguments, sentence):
    done = deployment.provision(*arguments, expect=2)
    assert sentence in done.stderr and done.stderr.count("\n") == 1
    deployment.nothing_is_left()


def test_a_bad_topology_is_pointed_at(deployment, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(SHIPPED.read_text().replace("count: 4", "count: -4"))
    done = deployment.up(bad, expect=2)
    first, line, caret = done.stderr.rstrip("\n").split("\n")
    assert re.fullmatch(r".*bad\.yaml:\d+:\d+: error: 'count' must be a whole number from 1 to 64, not -4", first)
    assert line[caret.index("^"):][:2] == "-4" and caret.strip() == "^~"
    deployment.nothing_is_left()


@pytest.mark.parametrize("content, sentence", [("", "this is not JSON"), ("{}", "is no deployment file of this version"),
                                               ("[1]", "is no deployment file of this version")])
def test_a_broken_deployment_file_is_refused_and_kept(deployment, content, sentence):
    deployment.path.write_text(content)
    for command in ("up", "status", "down", "metrics"):
        assert sentence in deployment.provision(command, expect=2).stderr
    assert deployment.path.read_text() == content
    deployment.path.unlink()
    deployment.nothing_is_left()


def test_a_file_that_cannot_be_written_is_named(deployment, tmp_path):
    (tmp_path / "file").write_text("")
    done = deployment.programs.run("loadgen-provision", "up", "--deployment", tmp_path / "file" / "d.json", expect=1)
    assert "cannot make the folder" in done.stderr and done.stderr.count("\n") == 1
    deployment.nothing_is_left()


def write_run(folder, start_s, end_s, sent_n):
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({
        "t0_realtime_ns": int(start_s * 1e9), "duration_s": end_s - start_s, "totals": {"sent_n": sent_n}}))


def points(folder, metric, statistic, cluster=""):
    with open(folder / "cloudwatch.csv", encoding="ascii", newline="") as file:
        return [float(row["value"]) for row in csv.DictReader(file)
                if (row["metric"], row["statistic"], row["cluster"]) == (metric, statistic, cluster)]


@on_a_quiet_machine()
def test_metrics_hold_what_was_done(deployment, tmp_path):
    deployment.up("m4x4-t2x5", "--service-time", "10ms")
    url = deployment.json["url"]
    for _ in range(7):
        get(url + "/cluster1")  # before the run
    time.sleep(0.2)
    start_s = time.time()
    for _ in range(40):
        get(url + "/cluster1")
    for _ in range(50):
        get(url + "/cluster2")
    get(url + "/cluster2?status=500")
    get(url + "/cluster2/x?status=404")
    end_s = time.time()
    time.sleep(1.2)
    run = tmp_path / "run"
    write_run(run, start_s, end_s, 92)
    done = deployment.provision("metrics", "--run", run)
    assert "load balancer 92, client 92, difference 0" in done.stdout
    assert sum(points(run, "RequestCount", "Sum", "cluster1")) == 40
    assert sum(points(run, "RequestCount", "Sum", "cluster2")) == 52
    assert sum(points(run, "RequestCount", "Sum")) == 92
    assert sum(points(run, "HTTPCode_Target_5XX_Count", "Sum", "cluster2")) == 1
    assert sum(points(run, "HTTPCode_Target_4XX_Count", "Sum", "cluster2")) == 1
    assert all(t >= 0.010 for t in points(run, "TargetResponseTime", "p50", "cluster1"))
    with times():
        assert all(t < 0.200 for t in points(run, "TargetResponseTime", "p50", "cluster1"))
    assert set(points(run, "HealthyHostCount", "Minimum", "cluster1")) == {4}
    assert set(points(run, "HealthyHostCount", "Average", "cluster2")) == {5}
    with open(run / "cloudwatch.csv", encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"local"}
    busy = [float(r["value"]) for r in rows if r["metric"] == "CPUUtilization" and r["cluster"] == "cluster2"]
    # 52 requests of 10 ms on 2 vCPUs: 26 % of a second, whatever the seconds are.
    assert sum(busy) == pytest.approx(26, abs=0.5)
    balances = [float(r["value"]) for r in rows if r["metric"] == "CPUCreditBalance"]
    assert len({r["instance"] for r in rows if r["metric"] == "CPUCreditBalance"}) == 5
    assert all(59.9 < balance < 60.5 for balance in balances)


def test_metrics_show_targets_that_were_lost(deployment, tmp_path):
    deployment.up()
    start_s = time.time()
    victim = next(r for r in deployment.resources("process", "instance") if r["name"] in instances_of(deployment, "cluster2"))
    os.kill(int(victim["id"]), signal.SIGKILL)
    wait_until(lambda: "unhealthy: " in deployment.provision("status").stdout, "the health check to notice")
    time.sleep(1.5)
    run = tmp_path / "run"
    write_run(run, start_s, time.time(), 0)
    deployment.provision("metrics", "--run", run)
    assert points(run, "HealthyHostCount", "Minimum", "cluster2")[-1] == 4
    assert points(run, "UnHealthyHostCount", "Maximum", "cluster2")[-1] == 1
    assert set(points(run, "HealthyHostCount", "Minimum", "cluster1")) == {4}


@pytest.mark.parametrize("content, sentence", [(None, "cannot open"), ("{}", "does not say when the run was")])
def test_metrics_of_no_run_are_refused(deployment, tmp_path, content, sentence):
    deployment.up()
    (tmp_path / "run").mkdir()
    if content:
        (tmp_path / "run" / "run.json").write_text(content)
    assert sentence in deployment.provision("metrics", "--run", tmp_path / "run", expect=2).stderr


@on_a_quiet_machine()
def test_drained_instances_serve_at_their_baseline(deployment):
    """20 requests at a time keep all vCPUs busy; what was earned since the start is soon spent, then t2 runs at 30 %."""
    deployment.up("m4x4-t2x5", "--drained", "--service-time", "50ms")
    url = deployment.json["url"]

    def delay_s(path):
        return int(get(url + path)[2]["x-delay-us"]) / 1e6

    def late_median_s(path):
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            return statistics.median(list(pool.map(delay_s, [path] * 200))[-60:])

    m4_s = late_median_s("/cluster1")  # 20 / 8 vCPUs x 50 ms = 125 ms
    t2_s = late_median_s("/cluster2")  # 20 / 10 vCPUs x 50 ms / 0.3 = 333 ms
    assert m4_s >= 0.05 and t2_s >= 0.25
    with times():
        assert t2_s > 1.5 * m4_s
