"""`up` again with something else than is recorded: every difference is named, nothing is changed, and following the advice works."""

import re

import pytest

from programs import ROOT

SHIPPED = (ROOT / "provision/topologies/m4x4-t2x5.yaml").read_text()

# Each value of the topology, with another that is right too.
OTHERS = [
    ("[us-east-1a, us-east-1b] ", "[us-east-1a, us-east-1b, us-east-1c] ", "zones: recorded us-east-1a, us-east-1b, asked us-east-1a, us-east-1b, us-east-1c"),
    ("# image: ami-08c40ec9ead489470 ", "image: ami-08c40ec9ead489470 ", "image: recorded none, asked ami-08c40ec9ead489470"),
    ("key_pair: vockey", "key_pair: other", "key_pair: recorded vockey, asked other"),
    ("monitoring: detailed", "monitoring: basic", "monitoring: recorded detailed, asked basic"),
    ("credit_mode: standard", "credit_mode: unlimited", "credit_mode: recorded standard, asked unlimited"),
    ("algorithm: round_robin", "algorithm: weighted_random", "algorithm: recorded round_robin, asked weighted_random"),
    ("zone: us-east-1b, count: 4", "zone: us-east-1a, count: 4", "clusters.cluster1.zone: recorded us-east-1b, asked us-east-1a"),
    ("zone: us-east-1b, count: 4", "zone: us-east-1b, count: 3", "clusters.cluster1.count: recorded 4, asked 3"),
    ("path: /cluster2, instance_type: t2.large", "path: /two, instance_type: t2.large", "clusters.cluster2.path: recorded /cluster2, asked /two"),
    ("path: /cluster2, instance_type: t2.large", "path: /cluster2, instance_type: m4.large",
     "clusters.cluster2.instance_type: recorded t2.large, asked m4.large"),
    ("name: cluster1,", "name: cluster1, label: old,", "clusters.cluster1.label: recorded m4, asked old"),
    ("[ { cluster: cluster1 } ]", "[ { cluster: cluster2 } ]", "listener.default.1.cluster: recorded cluster1, asked cluster2"),
    ("[ { cluster: cluster1 } ]", "[ { cluster: cluster1, weight: 3 } ]", "listener.default.1.weight: recorded 1, asked 3"),
    ("interval: 10s", "interval: 20s", "health_check.interval: recorded 10s, asked 20s"),
    ("timeout: 5s", "timeout: 4s", "health_check.timeout: recorded 5s, asked 4s"),
    (", healthy_after: 2", ", healthy_after: 3", "health_check.healthy_after: recorded 2, asked 3"),
    ("unhealthy_after: 2", "unhealthy_after: 3", "health_check.unhealthy_after: recorded 2, asked 3"),
    ("port: 22, from: caller", "port: 22, from: anywhere", "ingress.1.from: recorded caller, asked anywhere"),
    ("    vcpus: 2\n    memory_gib: 8\n    specification: 2 vCPU (2.4", "    vcpus: 4\n    memory_gib: 8\n    specification: 2 vCPU (2.4",
     "instance_types.m4.large.vcpus: recorded 2, asked 4"),
    ("price_usd_per_hour: 0.10", "price_usd_per_hour: 0.11", "instance_types.m4.large.price_usd_per_hour: recorded 0.1, asked 0.11"),
    ("credits: { launch: 60", "credits: { launch: 61", "instance_types.t2.large.credits.launch: recorded 60, asked 61"),
    ("service_time: 2ms", "service_time: 3ms", "instance_types.m4.large.emulation.service_time: recorded 2ms, asked 3ms"),
    ("as_of: 2024-02-01", "as_of: 2025-02-01", "prices.as_of: recorded 2024-02-01, asked 2025-02-01"),
]


@pytest.fixture(name="half_made")
def fixture_half_made(account):
    """The zone of the first cluster is out of capacity."""
    account.topology = account.folder / "mine.yaml"
    account.topology.write_text(SHIPPED)
    account.fake.fault("RunInstances", code="InsufficientInstanceCapacity", times=99)
    account.failed = account.up(account.topology, expect=1)
    account.fake.faults.clear()
    return account


def refused(account, *options):
    before, n = account.path.read_bytes(), len(account.fake.requests)
    done = account.up(*options, expect=2)
    assert "records another m4x4-t2x5 than is asked for, and nothing was changed" in done.stderr
    assert f"Take it down first (`loadgen provision down --deployment {account.path}`)" in done.stderr
    assert account.path.read_bytes() == before and len(account.fake.requests) == n
    return done.stderr


def test_each_value_of_a_topology_that_is_edited_is_named(half_made):
    for old, new, difference in OTHERS:
        assert SHIPPED.count(old) == 1, old
        half_made.topology.write_text(SHIPPED.replace(old, new))
        text = refused(half_made, half_made.topology)
        named = [line.strip() for line in text.splitlines()[1:-2] if "label: recorded t2, asked m4" not in line]
        assert named == [difference], text


def test_another_region_is_named_with_all_that_follows_from_it(half_made):
    half_made.topology.write_text(SHIPPED.replace("us-east-1", "us-east-2"))
    text = refused(half_made, half_made.topology)
    assert "region: recorded us-east-1, asked us-east-2" in text and "zones: recorded us-east-1a, us-east-1b, asked us-east-2a" in text


def test_a_description_and_a_comment_may_change(half_made):
    half_made.topology.write_text("# mine\n" + re.sub("description: .*", "description: my own", SHIPPED))
    half_made.up(half_made.topology)
    half_made.assert_complete()


def test_what_is_given_otherwise_than_recorded_is_named(half_made):
    text = refused(half_made, half_made.topology, "--key", "other", "--ami", "ami-08c40ec9ead489470", "--subnets", "subnet-x,subnet-y",
                   "--my-address", "9.9.9.9", "--vpc", "vpc-other", "--tag", "Course=1")
    for difference in ("--key: recorded vockey, asked other", "--ami: recorded ami-noble, asked ami-08c40ec9ead489470",
                       "--subnets: recorded subnet-a,subnet-b, asked subnet-x,subnet-y", "--my-address: recorded 203.0.113.9, asked 9.9.9.9",
                       "--vpc: recorded vpc-default, asked vpc-other", "--tag: recorded none, asked Course=1"):
        assert difference in text
    refused(half_made, half_made.topology, "--dry-run", "--key", "")


def test_a_cluster_more_or_less_is_named(half_made):
    more = "  - { name: cluster3, path: /cluster3, instance_type: t2.large, zone: us-east-1a, count: 1 }\n\nlistener"
    half_made.topology.write_text(SHIPPED.replace("\nlistener", more))
    assert "clusters: recorded cluster1, cluster2, asked cluster1, cluster2, cluster3" in refused(half_made, half_made.topology)
    half_made.topology.write_text("".join(line for line in SHIPPED.splitlines(True) if "name: cluster2" not in line))
    assert "clusters.cluster2.count: recorded 5, asked none" in refused(half_made, half_made.topology)


def test_the_same_command_and_what_it_stands_for_go_on(half_made):
    half_made.up(half_made.topology, "--key", "vockey", "--ami", "ami-noble", "--subnets", "subnet-a,subnet-b", "--my-address", "203.0.113.9")
    half_made.assert_complete()
    half_made.up()
    half_made.down()
    half_made.assert_empty()


def test_options_of_the_first_up_may_be_repeated_or_left_out(account):
    options = ("--key", "", "--subnets", "subnet-b,subnet-a,", "--my-address", "9.9.9.9", "--tag", "Course=1", "--tag", "Team=a b")
    account.up(*options)
    account.up(*options)
    account.up()
    text = refused(account, "--tag", "Course=1", "--key", "vockey")
    assert "--tag: recorded Course=1, Team=a b, asked Course=1" in text and "--key: recorded none, asked vockey" in text
    account.down()
    account.assert_empty()


def test_the_advice_of_a_zone_without_capacity_works(half_made):
    assert "run `loadgen provision down` and name another zone in the topology file (its `zones` and the cluster's `zone`), then `up`" \
        in half_made.failed.stderr
    half_made.topology.write_text(SHIPPED.replace("us-east-1b", "us-east-1c"))
    refused(half_made, half_made.topology)
    half_made.down()
    half_made.up(half_made.topology)
    assert sorted(i["zone"] for i in half_made.fake.ec2.alive()) == ["us-east-1a"] * 5 + ["us-east-1c"] * 4
    half_made.down()
    half_made.assert_empty()


def test_what_is_recorded_and_gone_is_not_tried_for_ever(half_made):
    half_made.fake.ec2.images["ami-newer"] = {**half_made.fake.ec2.images.pop("ami-noble"), "imageId": "ami-newer"}
    half_made.fake.parameters = {name: "ami-newer" for name in half_made.fake.parameters}
    done = half_made.up(half_made.topology, expect=1)
    assert "InvalidAMIID.NotFound" in done.stderr and "is gone or was changed: `loadgen provision down`, then `up`" in done.stderr
    half_made.down()
    half_made.up(half_made.topology)
    half_made.assert_complete()


def test_subnets_in_other_zones_than_the_topology_names_say_what_to_do(account):
    done = account.up("--subnets", "subnet-c,subnet-d", expect=2)
    assert "cluster1 is to be in us-east-1b" in done.stderr
    assert "name a subnet there with --subnets, or another zone in the topology file (its `zones` and the `zone` of cluster1)" in done.stderr
    account.up("--subnets", "subnet-b,subnet-a")
    account.down()
    topology = account.folder / "mine.yaml"
    topology.write_text(SHIPPED.replace("us-east-1b", "us-east-1c").replace("us-east-1a", "us-east-1d"))
    account.up(topology, "--subnets", "subnet-c,subnet-d")
    account.down()
    account.assert_empty()


def test_a_file_with_a_shipped_name_is_not_taken_for_the_shipped_one(account):
    topology = account.folder / "mine.yaml"
    topology.write_text(SHIPPED.replace("count: 5", "count: 4"))
    account.up(topology)
    text = refused(account)
    assert "clusters.cluster2.count: recorded 4, asked 5" in text and "No topology was named, so the shipped m4x4-t2x5 was compared." in text


@pytest.mark.parametrize("command, option", [("up", "ami"), ("up", "vpc"), ("up", "subnets"), ("up", "deployment"), ("down", "deployment"),
                                             ("down", "run-id"), ("status", "profile")])
def test_the_value_of_a_variable_that_is_not_set_is_refused(account, command, option):
    failed = account.run(command, f"--{option}=", expect=2)
    assert failed.stderr == f"loadgen provision: the value of --{option} is empty\n"
