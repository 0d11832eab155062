"""The commands of docs/fleet.md run as they stand: shares by ssh, the launchers on three hosts, Slurm. What needs a cluster is only looked at."""
# ctest: truth

import os
import re

import pytest

import servers
from fleet import Fleet, Mpich, OpenMpi, sanitizers
from hosts import BETWEEN_HOSTS
from programs import BIN, ROOT
from run_folder import RunFolder
from truth import IS_FULL

LONG = pytest.mark.skipif(not IS_FULL, reason="in the long version")
GUIDE = (ROOT / "docs/fleet.md").read_text(encoding="utf-8")
SECTIONS = dict(zip(re.findall("^## (.*)$", GUIDE, re.M), re.split("^## .*$", GUIDE, flags=re.M)[1:]))
SCENARIO = """\
name: whole
target: http://10.77.0.1:{port}
streams:
  - { name: s, request: { path: / }, phases: [ { rate: 90/s, duration: 1s } ] }
"""
SCP = """#!/bin/sh
[ -e "${2#*:}" ]
"""  # the hosts have one disk


def blocks(section, language="sh"):
    return re.findall(rf"^```{language}\n(.*?)^```$", SECTIONS[section], re.M | re.S)


@pytest.fixture(name="machines")
def fixture_machines(hosts, programs, tmp_path):
    """Three hosts, their server's log, and the environment in which the launchers and `ssh` reach them."""
    made = hosts(3)
    server = servers.start_nginx(programs, tmp_path / "nginx", addresses=("10.77.0.1",), on=made.on(0))
    (tmp_path / "scenario.yaml").write_text(SCENARIO.replace("{port}", str(server.port)))
    (tmp_path / "hosts").write_text("fn1\nfn2\nfn3\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    os.symlink(made.ssh, tools / "ssh")
    (tools / "scp").write_text(SCP)
    (tools / "scp").chmod(0o755)
    env = {**BETWEEN_HOSTS, **sanitizers(programs), "PATH": f"{tools}:{BIN}:{programs.env['PATH']}", "HYDRA_LAUNCHER": "ssh",
           "HYDRA_LAUNCHER_EXEC": str(made.ssh)}

    def run(script, expect=(0, 4), start=made.on(0)):
        return programs.run(*start, "sh", "-euc", script, env=env, expect=expect)
    return run, server


def check(folder, server):
    assert RunFolder(folder).totals["sent_n"] == 90 == len(server.stop_and_read_log())


def test_shares_by_ssh(machines, tmp_path):
    run, server = machines
    run(blocks("Shares without MPI")[0].replace("host$i", "fn$i").replace("10 seconds", "2 seconds"))
    check(tmp_path / "whole", server)


@LONG
@pytest.mark.parametrize("section, launcher", [("Open MPI", OpenMpi), ("MPICH", Mpich)])
def test_launchers(machines, programs, tmp_path, section, launcher):
    run, server = machines
    Fleet(programs, launcher)  # or skips
    run(blocks(section)[0].replace("loadgen-fleet", launcher.program))
    check(tmp_path / "results/latest", server)


@pytest.mark.parametrize("block, folder", [pytest.param(0, "results/latest", marks=LONG, id="fleet"), pytest.param(1, "whole", id="shares")])
def test_slurm(slurm, programs, tmp_path, block, folder):
    server = servers.start_nginx(programs, tmp_path / "nginx", addresses=("10.77.0.1",), on=slurm.hosts.on(0))
    (tmp_path / "scenario.yaml").write_text(SCENARIO.replace("{port}", str(server.port)))
    script = blocks("Slurm")[block].replace("10 seconds", "2 seconds")
    slurm.run("sh", "-euc", script, env={"PATH": f"{BIN}:{programs.env['PATH']}"}, expect=(0, 4))
    check(tmp_path / folder, server)


def test_files_that_are_named_exist():
    for name in re.findall(r"\bfleet-[a-z]+\.yaml\b", GUIDE):
        assert (ROOT / "docs" / name).exists(), name


def test_options_that_are_named_exist(run):
    texts = "".join(run(*words, "--help").stdout for words in (("loadgen", "run"), ("loadgen", "plan"), ("loadgen", "analysis", "merge")))
    if (BIN / "loadgen-fleet").exists():
        texts += run("loadgen-fleet", "run", "--help").stdout
    for command in re.findall(r"\bloadgen (?:run|plan|analysis merge) [^`\n]*", GUIDE):
        for option in (word for word in command.replace("'", "").split() if word.startswith("--")):
            assert option in texts, command
    for option in re.findall(r"`(--(?:local|allow-missing|shard|start-at|junit|seed))\b", GUIDE):
        assert option in texts or not (BIN / "loadgen-fleet").exists(), option
