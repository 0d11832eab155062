"""Both topologies against moto_server, inspected with boto3: exact to the last rule, and after `down` the account is as it was before,
decoys included."""
# ctest: early truth

import collections
import json
import re
import shutil
import subprocess
import sys
import urllib.request

import pytest

from aws_account import TOPOLOGIES, plain_environment
from fake_aws import FakeAws
from programs import ROOT, wait_until
from servers import issued
from truth import IS_FULL

IMAGE = {"ami_id": "ami-0123456789abcdef0", "name": "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260901",
         "description": "noble", "owner_id": "099720109477", "public": True, "virtualization_type": "hvm", "architecture": "x86_64",
         "state": "available", "platform": None, "image_type": "machine", "hypervisor": "xen", "root_device_name": "/dev/sda1",
         "root_device_type": "ebs", "sriov": "simple", "creation_date": "2026-09-01T00:00:00.000Z"}


def find_moto():
    """The server, and an interpreter that has boto3, such as a venv in the tree."""
    server = shutil.which("moto_server") or shutil.which("moto_server", path=str(ROOT / ".venv/bin"))
    interpreters = [str(ROOT / ".venv/bin/python"), shutil.which("python3"), sys.executable]
    for interpreter in filter(None, interpreters):
        try:
            if subprocess.run([interpreter, "-c", "import boto3"], capture_output=True, check=False).returncode == 0:
                return server, interpreter
        except OSError:
            continue
    return server, None


MOTO, PYTHON = find_moto()
pytestmark = pytest.mark.skipif(not (MOTO and PYTHON), reason="moto_server or boto3 is missing: pip install 'moto[server]' boto3")


class Moto:
    def __init__(self, programs, folder, url, app):
        self.programs, self.url = programs, url
        self.path = folder / "deployment.json"
        self.env = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AKIAMOTO", "AWS_SECRET_ACCESS_KEY": "any", "LOADGEN_AWS_TIME_SCALE": "0.001",
                    "AWS_SESSION_TOKEN": "token+/=", "LOADGEN_AWS_CONNECT_TO": f"127.0.0.1:{app.port}"}

    def boto3(self, what="picture", *files):
        done = subprocess.run([PYTHON, ROOT / "tests/e2e/lib/moto_account.py", self.url, what, *files], capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def run(self, command, *options, **more):
        return self.programs.run("loadgen-provision", command, "--deployment", self.path, *options, env=self.env, **more)


class App(FakeAws):
    """Only its app is used, in place of the load balancer's targets, which moto does not run."""

    def __init__(self):
        super().__init__()
        self.elb.listeners = ["any"]
        self.elb.rules = [{"paths": ["/cluster1", "/cluster2"]}]


@pytest.fixture(name="moto")
def fixture_moto(programs, tmp_path):
    plain_environment(programs, tmp_path)
    (tmp_path / "amis.json").write_text(json.dumps([IMAGE]))
    server = programs.start(MOTO, "-H", "127.0.0.1", "-p", "0", env={"MOTO_AMIS_PATH": str(tmp_path / "amis.json")})
    found = wait_until(lambda: re.search(r"Running on (http://\S+)", server.stderr), "moto_server")
    with App() as app:
        moto = Moto(programs, tmp_path, found[1], app)
        moto.app = app
        yield moto
    server.stop()


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
    for before, after in (("  port: 80\n", f"  protocol: HTTPS\n  certificate: {arn}\n  server_name: bench.example.org\n"),
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
    assert balancer["scheme"] == "internal"
    moto.run("down")


def check_instances(ours, run, topology):
    found = collections.defaultdict(collections.Counter)
    for instance in ours["instances"].values():
        cluster = instance["tags"]["loadgen-role"].partition("/")[0]
        found[cluster, instance["type"]][instance["zone"]] += 1
        assert instance["state"] == "running" and instance["image"] == IMAGE["ami_id"] and instance["key"] == "vockey"
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
    moto.run("up", "m4x4-t2x5", "--provider", "aws", "--my-address", "203.0.113.9", "--any-number")
    run = json.loads(moto.path.read_text())["run_id"]
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
