"""Both topologies against moto_server, inspected with boto3: exact to the last rule, and after `down` the account is as it was before,
decoys included."""
# ctest: early truth

import collections
import json
import urllib.request

import pytest

import moto_lab
from aws_account import TOPOLOGIES
from programs import ROOT
from servers import issued
from truth import IS_FULL

pytestmark = moto_lab.needs_moto


@pytest.fixture(name="moto")
def fixture_moto(programs, tmp_path):
    with moto_lab.started(programs, tmp_path) as moto:
        yield moto


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_a_topology_comes_up_as_described_and_leaves_what_was_there(moto, topology):
    before = moto.boto3("decoys")
    moto.run("up", topology, "--provider", "aws", "--my-address", "203.0.113.9", "--any-number")
    after = moto.boto3()
    ours = {kind: {key: value for key, value in after[kind].items() if key not in before[kind]} for kind in after}
    assert {kind: {key: after[kind].get(key) for key in before[kind]} for kind in before} == before
    run = json.loads(moto.path.read_text())["run_id"]
    check_instances(ours, run, topology)
    check_network(ours, run)
    check_balancing(ours, run, topology)
    moto.run("status")
    moto.run("down")
    assert moto.boto3() == before


@pytest.mark.skipif(not IS_FULL, reason="the scripted AWS has the same in a second (test_aws_topologies.py)")
def test_an_internal_https_balancer_has_the_certificate_that_acm_issued(moto, tmp_path):
    cert, key = issued(tmp_path, "bench.example.org")
    arn = moto.boto3("certificate", cert, key)
    text = (ROOT / "provision/topologies/m4x4-t2x5.yaml").read_text()
    for before, after in (("  port: 80\n", f"  protocol: HTTPS\n  http2: false\n  certificate: {arn}\n  server_name: bench.example.org\n"),
                          ("- { port: 80,", "- { port: 443,"), ("algorithm:", "scheme: internal\nalgorithm:")):
        text = text.replace(before, after)
    (tmp_path / "mine.yaml").write_text(text)
    moto.env |= {"LOADGEN_AWS_CONNECT_TO": f"127.0.0.1:{moto.app.serve_tls(cert, key)}", "AWS_CA_BUNDLE": str(cert)}
    done = moto.run("up", tmp_path / "mine.yaml", "--provider", "aws", "--my-address", "203.0.113.9", "--key", "")
    assert "is up: https://" in done.stdout and "note:" not in done.stderr
    account = moto.boto3()
    (listener,) = account["listeners"].values()
    assert (listener["port"], listener["protocol"], listener["certificates"]) == (443, "HTTPS", [arn])
    (balancer,) = account["balancers"].values()
    assert (balancer["scheme"], balancer["http2"]) == ("internal", "false")
    moto.run("down")


def check_instances(ours, run, topology):
    found = collections.defaultdict(collections.Counter)
    for instance in ours["instances"].values():
        cluster = instance["tags"]["loadgen-role"].partition("/")[0]
        found[cluster, instance["type"]][instance["zone"]] += 1
        assert instance["state"] == "running" and instance["image"] == moto_lab.IMAGE["ami_id"] and instance["key"] == "vockey"
        assert instance["tags"]["loadgen-run"] == run and instance["tags"]["Name"].startswith(f"loadgen-{run}-{cluster}-")
        assert instance["monitoring"] == "enabled"
        assert instance["user_data"].startswith("#cloud-config\n") and f"--path /{cluster} " in instance["user_data"]
    assert found == {(cluster, kind): zones for cluster, (kind, zones) in TOPOLOGIES[topology].items()}


def check_network(ours, run):
    groups = {g["name"]: (key, g["rules"], g["tags"]["loadgen-run"]) for key, g in ours["security groups"].items()}
    balancer = groups[f"loadgen-{run}-balancer"]
    assert balancer[1:] == ([[80, "0.0.0.0/0"]], run)
    assert groups[f"loadgen-{run}-instances"][1:] == ([[22, "203.0.113.9/32"], [80, balancer[0]]], run)
    assert len(groups) == 2
    (one,) = ours["balancers"].values()
    assert one["groups"] == [balancer[0]]


def check_balancing(ours, run, topology):
    names = {arn: g["name"].rpartition("-")[2] for arn, g in ours["groups"].items()}
    for arn, group in ours["groups"].items():
        assert {k: group[k] for k in ("port", "protocol", "path", "interval", "timeout", "healthy", "codes", "algorithm")} == {
            "port": 80, "protocol": "HTTP", "path": "/", "interval": 10, "timeout": 5, "healthy": 2, "codes": "200",
            "algorithm": "round_robin"}
        assert group["tags"]["loadgen-run"] == run
        members = [key for key, i in ours["instances"].items() if i["tags"]["loadgen-role"].startswith(names[arn] + "/")]
        assert group["targets"] == {key: 80 for key in members}
    (balancer,) = ours["balancers"].values()
    assert (balancer["name"], balancer["scheme"], balancer["type"]) == (f"loadgen-{run}", "internet-facing", "application")
    assert balancer["zones"] == ["us-east-1a", "us-east-1b"] and balancer["tags"]["loadgen-run"] == run
    (listener,) = ours["listeners"].values()
    assert (listener["port"], listener["protocol"], listener["tags"]["loadgen-run"]) == (80, "HTTP", run)
    both = {"cluster1": 1, "cluster2": 1}
    assert {names[arn]: n for arn, n in listener["default"].items()} == (both if topology == "m4x5-t2x4" else {"cluster1": 1})
    rules = sorted((r["priority"], r["paths"], [names[arn] for arn in r["to"]]) for r in ours["rules"].values())
    assert rules == [("1", ["/cluster1", "/cluster1/*"], ["cluster1"]), ("2", ["/cluster2", "/cluster2/*"], ["cluster2"])]


def test_lost_leaves_decoys_alone(moto):
    before = moto.boto3("decoys")
    moto.run("up", "m4x4-t2x5", "--provider", "aws", "--my-address", "203.0.113.9", "--any-number", "--tag", "team=web")
    run = json.loads(moto.path.read_text())["run_id"]
    after = moto.boto3()
    ours = [thing["tags"] for kind in ("instances", "security groups", "balancers", "groups", "listeners") for key, thing in after[kind].items()
            if key not in before[kind]]
    assert len(ours) == 9 + 2 + 1 + 2 + 1 and {tags["team"] for tags in ours} == {"web"}
    moto.path.unlink()
    done = moto.programs.run("loadgen-provision", "down", "--lost", "--provider", "aws", env=moto.env, expect=2)
    assert run in done.stdout and "deadbeef" in done.stdout
    moto.programs.run("loadgen-provision", "down", "--lost", "--provider", "aws", "--run-id", run, env=moto.env)
    assert moto.boto3() == before


def test_moto_checks_the_signature_and_finds_it_good(moto):
    """moto checks it, with an identity and a session token of its own."""
    credentials = moto.boto3("role")
    urllib.request.urlopen(urllib.request.Request(f"{moto.url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}))
    moto.env |= credentials
    moto.run("up", "--provider", "aws", "--my-address", "203.0.113.9", "--key", "", "--dry-run")
    moto.env["AWS_SECRET_ACCESS_KEY"] = "wrong"
    done = moto.run("up", "--provider", "aws", "--my-address", "203.0.113.9", "--key", "", expect=1)
    assert "does not accept these credentials" in done.stderr


@pytest.mark.skipif(not IS_FULL, reason="the scripted AWS has the same in a second (test_aws_guard.py)")
def test_of_three_at_once_one_comes_up(moto):
    up = ("up", "m4x4-t2x5", "--provider", "aws", "--my-address", "203.0.113.9", "--key", "")
    paths = [moto.path.with_name(f"{number}.json") for number in range(3)]
    ups = [moto.programs.start("loadgen-provision", *up, "--deployment", path, env=moto.env) for path in paths]
    codes = [one.wait() for one in ups]
    assert sorted(codes) == [0, 1, 1]
    states = collections.Counter(i["state"] for i in moto.boto3()["instances"].values())
    assert states == {"running": 9}
    assert [path.exists() for path in paths] == [code == 0 for code in codes]
    moto.path = paths[codes.index(0)]
    moto.run("down")


@pytest.mark.skipif(not IS_FULL, reason="the scripted AWS has the same in a second (test_aws_asked.py)")
def test_a_topology_that_is_edited_after_up_is_refused(moto, tmp_path):
    topology = tmp_path / "mine.yaml"
    text = (ROOT / "provision/topologies/m4x4-t2x5.yaml").read_text()
    topology.write_text(text)
    up = ("up", topology, "--provider", "aws", "--my-address", "203.0.113.9", "--key", "")
    moto.run(*up)
    before = moto.boto3()
    topology.write_text(text.replace("us-east-1b", "us-east-1c"))
    done = moto.run(*up, "--key", "other", "--ami", "ami-08c40ec9ead489470", expect=2)
    for words in ("clusters.cluster1.zone: recorded us-east-1b, asked us-east-1c", "--key: recorded none, asked other",
                  f"--ami: recorded {moto_lab.IMAGE['ami_id']}, asked ami-08c40ec9ead489470"):
        assert words in done.stderr
    assert moto.boto3() == before
    moto.run("down")
    moto.run(*up)
    assert {i["zone"] for i in moto.boto3()["instances"].values() if i["state"] == "running"} == {"us-east-1a", "us-east-1c"}
    moto.run("down")
