"""`up` again in the local lab with another topology file: refused while it is up, and made when what was left is removed first."""

import re

from local_lab import N_PROCESSES, SHIPPED


def test_an_edited_topology_is_refused_while_the_lab_is_up(deployment, tmp_path):
    topology = tmp_path / "mine.yaml"
    topology.write_text(SHIPPED.read_text())
    deployment.up(topology)
    before = deployment.path.read_bytes()
    topology.write_text(SHIPPED.read_text().replace("count: 5", "count: 2").replace("service_time: 2ms", "service_time: 9ms"))
    refused = deployment.up(topology, expect=2).stderr
    assert "clusters.cluster2.count: recorded 5, asked 2" in refused
    assert "instance_types.m4.large.emulation.service_time: recorded 2ms, asked 9ms" in refused and "`loadgen provision down --deployment " in refused
    assert deployment.path.read_bytes() == before and len(deployment.processes()) == N_PROCESSES
    topology.write_text("# mine\n" + SHIPPED.read_text())
    assert "already up" in deployment.up(topology).stdout


def test_what_was_left_is_removed_and_the_edited_topology_made(deployment, tmp_path):
    topology = tmp_path / "mine.yaml"
    topology.write_text(SHIPPED.read_text())
    deployment.up(topology)
    deployment.path.write_text(re.sub('"state": "up"', '"state": "failed"', deployment.path.read_text()))
    topology.write_text(SHIPPED.read_text().replace("count: 5", "count: 2"))
    assert "already up" not in deployment.up(topology).stdout
    assert len(deployment.json["instances"]) == 6 and deployment.json["asked"]["clusters.cluster2.count"] == "2"
    assert "already up" in deployment.up(topology, "--app", "emulator").stdout


def test_a_topology_of_a_file_is_named_again(deployment, tmp_path):
    topology = tmp_path / "mine.yaml"
    topology.write_text(SHIPPED.read_text().replace("name: m4x4-t2x5", "name: mine"))
    deployment.up(topology)
    refused = deployment.up(expect=2).stderr
    assert "there is no topology 'mine'" in refused and f"It is the one that {deployment.path} was brought up from: name its file." in refused
    assert "already up" in deployment.up(topology).stdout
