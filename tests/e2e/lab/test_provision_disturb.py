"""Fault injection in the lab: an instance is killed, stalled and revived, HAProxy is reloaded."""

import json
import re
import threading

import pytest

from local_lab import SHIPPED, get, instances_of
from programs import wait_until


def up(deployment):
    """Two clusters of two, which start sooner than nine."""
    topology = deployment.path.with_name("small.yaml")
    topology.write_text(re.sub("count: [45]", "count: 2", SHIPPED.read_text()))
    deployment.up(topology, "--service-time", "1ms")


def states(deployment):
    """{id: (state of the process, health as HAProxy sees it)} from `status`."""
    lines = [line.split() for line in deployment.provision("status", expect=(0, 1)).stdout.splitlines() if line.startswith("    i-")]
    return {words[0]: (words[2], words[3].rstrip(":")) for words in lines}


def pid_of(deployment, instance):
    return next(int(r["id"]) for r in deployment.resources("process", "instance") if r["name"] == instance)


def instance_that_answers(deployment, port):
    return get(f"http://127.0.0.1:{port}/cluster1")[1].split()[1]


def test_an_instance_that_was_killed_is_started_again_as_it_was(deployment):
    up(deployment)
    victim, other = sorted(instances_of(deployment, "cluster1"))[:2]
    port = next(i["port"] for i in deployment.json["instances"] if i["id"] == victim)
    first = pid_of(deployment, victim)
    arguments = deployment.processes()[first]
    assert deployment.provision("kill", victim).stdout == f"{victim} of cluster1 was killed\n"
    assert first not in deployment.processes()
    assert deployment.provision("kill", victim[:12]).stdout == f"{victim} of cluster1 has ended already\n"
    assert f"`loadgen provision revive {victim}` starts it again" in deployment.provision("stall", victim, expect=2).stderr
    wait_until(lambda: states(deployment)[victim] == ("dead", "unhealthy"), "the health check to notice")

    assert deployment.provision("revive", victim).stdout == f"{victim} of cluster1 was started again\n"
    second = pid_of(deployment, victim)
    assert second != first and deployment.processes()[second] == f"{arguments}--port {port} "
    assert instance_that_answers(deployment, port) == victim
    wait_until(lambda: states(deployment)[victim] == ("running", "healthy"), "the health check to notice")
    deployment.provision("kill", victim)  # again; the first message is not repeated
    deployment.provision("revive", victim)
    assert deployment.processes()[pid_of(deployment, victim)] == f"{arguments}--port {port} "
    assert deployment.provision("revive", other).stdout == f"{other} of cluster1 runs already\n"
    assert len(deployment.resources("process")) == 5
    check_slips(deployment, victim)
    deployment.down()
    deployment.nothing_is_left()


def check_slips(deployment, first):
    expected = {
        ("kill",): "loadgen provision kill needs an instance",
        ("kill", "i-"): "give more of the id",
        ("stall", "i-zz"): "there is no instance 'i-zz': `loadgen provision status` lists them",
        ("revive", first, first): "takes one instance",
        ("reload", first): "takes options only",
    }
    for arguments, words in expected.items():
        assert words in deployment.provision(*arguments, expect=2).stderr, arguments
    content = deployment.json
    content["provider"] = "aws"
    aws = deployment.path.with_name("aws.json")
    aws.write_text(json.dumps(content))
    done = deployment.programs.run("loadgen-provision", "kill", first, "--deployment", aws, expect=2)
    assert "loadgen provision kill is for the local lab" in done.stderr


def test_an_instance_that_was_stalled_goes_on_where_it_was(deployment):
    up(deployment)
    victim = sorted(instances_of(deployment, "cluster2"))[0]
    port = next(i["port"] for i in deployment.json["instances"] if i["id"] == victim)
    before = deployment.path.read_bytes()
    assert deployment.provision("stall", victim).stdout == f"{victim} of cluster2 stands still\n"
    assert deployment.provision("stall", victim).stdout == f"{victim} of cluster2 stands still already\n"
    assert states(deployment)[victim][0] == "stopped"
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(get(f"http://127.0.0.1:{port}/cluster2")[0]))
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive() and not answers
    assert deployment.provision("revive", victim).stdout == f"{victim} of cluster2 goes on\n"
    waiting.join()
    assert answers == [200] and deployment.path.read_bytes() == before
    deployment.provision("stall", victim)
    deployment.down()  # also ends a stopped one
    deployment.nothing_is_left()


def test_a_reload_loses_no_request_and_keeps_what_is_known_of_the_targets(deployment):
    up(deployment)
    url = deployment.json["url"]
    dead = sorted(instances_of(deployment, "cluster1"))[0]
    deployment.provision("kill", dead)
    wait_until(lambda: all(get(url + "/cluster1")[0] == 200 for _ in range(8)), "enough health checks to leave it out")
    n_before = len(deployment.access_log())
    statuses, going_on = [], threading.Event()

    def client():
        while not going_on.is_set():
            statuses.append(get(url + "/cluster1")[0])

    clients = [threading.Thread(target=client) for _ in range(4)]
    for one in clients:
        one.start()
    workers = set()
    for _ in range(3):
        assert deployment.provision("reload").stdout.startswith("HAProxy was reloaded")
        assert states(deployment)[dead] == ("dead", "unhealthy"), "a new worker would try it if it did not know"
        workers |= {pid for pid, line in deployment.processes().items() if "haproxy" in line}
    going_on.set()
    for one in clients:
        one.join()
    assert len(statuses) > 20 and set(statuses) == {200}
    assert len(workers) >= 4  # the master and its successive workers
    wait_until(lambda: len(deployment.access_log()) == n_before + len(statuses), "the access log")
    assert all(row["done_unix_ms"].isdigit() and row["path"] == "/cluster1" for row in deployment.access_log()), "rows and nothing else"


@pytest.mark.parametrize("command", ["kill", "stall", "revive", "reload"])
def test_unknown_instances_are_refused(deployment, command):
    arguments = [] if command == "reload" else ["i-0"]
    assert f"nothing is up: there is no {deployment.path}" in deployment.provision(command, *arguments, expect=2).stderr
    deployment.path.write_text(json.dumps({"schema_version": 1}))
    assert str(deployment.path) in deployment.provision(command, *arguments, expect=2).stderr
    deployment.path.unlink()
    assert f"loadgen provision {command} " in deployment.provision(command, "--help").stdout
