"""Shared by the tests against moto_server: the server, the programs' environment before it, and the account as boto3 sees it."""

import contextlib
import json
import re
import shutil
import subprocess
import sys

import pytest

from aws_account import plain_environment
from fake_aws import FakeAws
from programs import ROOT, wait_until

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
needs_moto = pytest.mark.skipif(not (MOTO and PYTHON), reason="moto_server or boto3 is missing: pip install 'moto[server]' boto3")


class Moto:
    def __init__(self, programs, folder, url, app):
        self.programs, self.url, self.app = programs, url, app
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


@contextlib.contextmanager
def started(programs, folder):
    """A server with one image, and the programs' environment for it."""
    plain_environment(programs, folder)
    (folder / "amis.json").write_text(json.dumps([IMAGE]))
    server = programs.start(MOTO, "-H", "127.0.0.1", "-p", "0", env={"MOTO_AMIS_PATH": str(folder / "amis.json")})
    found = wait_until(lambda: re.search(r"Running on (http://\S+)", server.stderr), "moto_server")
    with App() as app:
        yield Moto(programs, folder, found[1], app)
    server.stop()
