"""The local lab: `up`, `status` and `down`, seen from outside."""

import concurrent.futures
import csv
import json
import os
import re
import signal
import statistics
from collections import Counter

import pytest

from local_lab import N_PROCESSES, get, instances_of
from programs import accepts, wait_until
from truth import on_a_quiet_machine, times

TOPOLOGIES = {
    "m4x4-t2x5": {"cluster1": ("m4.large", "us-east-1b", 4), "cluster2": ("t2.large", "us-east-1a", 5)},
    "m4x5-t2x4": {"cluster1": ("m4.large", "us-east-1", 5), "cluster2": ("t2.large", "us-east-1", 4)},
}
RESPONDING = re.compile(r"Instance (i-[0-9a-f]{17}) is responding now!")


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
    for command, said in (("down", "nothing to take down"), ("status", "no deployment is recorded")):
        text = deployment.provision(command).stdout
        assert text.startswith(f"{said}: there is no {deployment.path}\n") and "`loadgen provision down --lost --provider aws`" in text
    deployment.up()
    deployment.down()
    assert "nothing to take down" in deployment.down().stdout
    deployment.nothing_is_left()


def test_replies_of_the_balancer_itself_are_distinguishable(deployment):
    deployment.up()
    for process in deployment.resources("process", "instance"):
        if process["name"] in instances_of(deployment, "cluster2"):
            os.kill(int(process["id"]), signal.SIGKILL)
    status, _, headers = get(deployment.json["url"] + "/cluster2")
    assert status in (502, 503) and headers["server"].startswith("awselb/")  # a broken connection, or none available
    status, _, headers = get(deployment.json["url"] + "/cluster1?status=503")
    assert status == 503 and headers["server"] == "loadgen-emulator"
    wait_until(lambda: len(deployment.access_log()) == 2, "the access log")
    assert [(r["cluster"], r["end"][0], r["response_ms"] == "-1") for r in deployment.access_log()] == [
        ("cluster2", "S", True), ("cluster1", "-", False)]


def test_two_labs_live_side_by_side(deployment, programs, tmp_path):
    other = tmp_path / "other.json"
    deployment.up()
    programs.run("loadgen-provision", "up", "m4x5-t2x4", "--deployment", other)
    assert len(deployment.processes()) == 2 * N_PROCESSES
    assert get(json.loads(other.read_text())["url"] + "/cluster1")[0] == 200
    programs.run("loadgen-provision", "down", "--deployment", other)
    assert len(deployment.processes()) == N_PROCESSES
    assert get(deployment.json["url"] + "/cluster2")[0] == 200


def test_two_at_once_are_kept_apart(deployment, programs):
    started = [programs.start("loadgen-provision", "up", "--deployment", deployment.path, env={"TMPDIR": str(deployment.temporary)})
               for _ in range(3)]
    codes = sorted(one.wait() for one in started)
    texts = "".join(one.stdout + one.stderr for one in started)
    assert codes[0] == 0 and set(codes) <= {0, 1}
    assert texts.count(" is up ") == 1
    assert texts.count("is working on") == codes.count(1)
    assert len(deployment.processes()) == N_PROCESSES


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


@on_a_quiet_machine()
def test_drained_instances_serve_at_their_baseline(deployment):
    """20 requests at a time keep all vCPUs busy; the credits earned since the start are soon spent, then t2 runs at 30 %."""
    deployment.up("m4x4-t2x5", "--drained", "--service-time", "50ms")
    url = deployment.json["url"]

    def delay_s(path):
        return int(get(url + path)[2]["x-delay-us"]) / 1e6

    def late_median_s(path):
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            return statistics.median(list(pool.map(delay_s, [path] * 200))[-60:])

    m4_s = late_median_s("/cluster1")  # 20 / 8 vCPUs x 50 ms = 125 ms
    t2_s = late_median_s("/cluster2")  # 20 / 10 vCPUs x 50 ms / 0.3 = 333 ms
    with times():
        assert m4_s >= 0.05 and t2_s >= 0.25
        assert t2_s > 1.5 * m4_s
