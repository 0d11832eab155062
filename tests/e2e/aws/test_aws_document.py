"""Every command of docs/aws.md runs, against an imitated AWS, a local ssh server in place of the generator, and the lab."""
# ctest: release

import re
import shlex

import pytest

from aws_account import Account
from programs import BIN, ROOT
from ssh_machine import SshMachine

TEXT = (ROOT / "docs/aws.md").read_text(encoding="utf-8")
BLOCKS = [(where, [line for line in text.splitlines() if line]) for where, text in re.findall(r"^```sh ?([\w-]*)\n(.*?)^```$", TEXT, re.M | re.S)]
SHORT_TP1 = """
name: tp1
target: deployment
streams:
  - { name: m4, cluster: cluster1, users: 1, request: { path: /cluster1 }, phases: [ { requests: 30 } ] }
  - { name: t2, cluster: cluster2, users: 1, request: { path: /cluster2 }, phases: [ { requests: 30 } ] }
"""
EXPECTED = {"loadgen provision metrics": (0, 1),  # the imitation counts nothing by itself
            "loadgen provision down --lost": 2}   # without a terminal it lists and removes nothing


@pytest.fixture(name="machine")
def fixture_machine(programs, tmp_path):
    with SshMachine(tmp_path / "machine", programs.env) as machine:
        programs.env["PATH"] = f"{machine.client_path}:{BIN}:{programs.env['PATH']}"
        (tmp_path / "loadgen.deb").write_bytes(machine.package.read_bytes())
        (tmp_path / "labsuser.pem").write_bytes(machine.key.read_bytes())
        (tmp_path / "labsuser.pem").chmod(0o600)
        yield machine


@pytest.mark.parametrize("number", range(len(BLOCKS)), ids=[f"{lines[0].split()[2]}-{i}" for i, (_, lines) in enumerate(BLOCKS)])
def test_every_command_runs(number, programs, machine, nginx, tmp_path):
    where, lines = BLOCKS[number]
    (tmp_path / "tp1").write_text(SHORT_TP1)  # a file takes precedence over a shipped scenario
    server = nginx()
    with Account(programs, tmp_path, region=where if where.startswith("us-") else "us-east-1") as account:
        for line in lines:
            words = shlex.split(line)
            verb = " ".join(words[:3] if words[1] == "provision" else words[:2])
            if verb == "loadgen run" and where != "lab":
                host = account.fake.elb.balancers[0]["dns"]
                words += ["--connect-to", f"{host}:80:127.0.0.1:{server.port}"]
            lost = verb + " --lost" if "--lost" in words else verb
            programs.run(*words, env={} if where == "lab" else account.env, expect=EXPECTED.get(lost, 0))
        assert set(account.counts().values()) == {0}
    assert machine.left() == []


def test_the_options_in_the_prose_exist(run):
    commands = (["run"], ["provision", "up"], ["provision", "down"])
    texts = "".join(run("loadgen", *words, "--help").stdout for words in commands)
    for option in re.findall(r"`(?:[^`]* )?(--[a-z-]+)", TEXT):
        assert option in texts, option
