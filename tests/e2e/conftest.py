"""Fixtures of the end-to-end tests. `LOADGEN_BIN` names the folder of the programs under test, build/release/bin if it is not set."""

import itertools
import json
import platform
import subprocess
import sys
import uuid

import pytest

import servers
from programs import BIN, PATIENCE_S, Programs


def version_of(*argv):
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except OSError:
        return "missing"
    return (done.stdout + done.stderr).split("\n", 1)[0]


def pytest_report_header():
    return [
        f"programs: {BIN}: {version_of(BIN / 'loadgen', '--version')}",
        f"nginx: {version_of('/usr/sbin/nginx', '-v')}; haproxy: {version_of('/usr/sbin/haproxy', '-v')}",
        f"system: {platform.platform()}, Python {sys.version.split()[0]}",
    ]


@pytest.fixture(name="programs")
def fixture_programs(tmp_path):
    """Runs and starts programs in the test's folder; fails the test that leaves a process or a sanitizer report."""
    programs = Programs(tmp_path, uuid.uuid4().hex)
    yield programs
    left = programs.end_all()
    assert not left, "\n".join(left)


@pytest.fixture(name="run")
def fixture_run(programs):
    return programs.run


@pytest.fixture(name="start")
def fixture_start(programs):
    return programs.start


@pytest.fixture(name="nginx")
def fixture_nginx(programs, tmp_path):
    """nginx(...) starts one; see servers.start_nginx."""
    numbers = itertools.count()
    return lambda **settings: servers.start_nginx(programs, tmp_path / f"nginx-{next(numbers)}", **settings)


@pytest.fixture(name="haproxy")
def fixture_haproxy(programs, tmp_path):
    """haproxy(ports, ...) starts one in front of them; see servers.start_haproxy."""
    numbers = itertools.count()
    return lambda ports, **settings: servers.start_haproxy(programs, tmp_path / f"haproxy-{next(numbers)}", ports, **settings)


@pytest.fixture(name="emulator")
def fixture_emulator(programs):
    """emulator(OPTION...) starts an instance process; it prints its port as the first line."""
    def start(*options):
        running = programs.start("loadgen-emulator", *options)
        return servers.Server(running, int(running.first_line()))
    return start


class Lab:
    """A local deployment that is up."""

    def __init__(self, programs, deployment_path):
        self.programs = programs
        self.path = deployment_path

    @property
    def deployment(self):
        return json.loads(self.path.read_text())

    def down(self, *options, **settings):
        return self.programs.run("loadgen", "provision", "down", "--deployment", self.path, *options, **settings)


@pytest.fixture(name="lab")
def fixture_lab(programs, tmp_path):
    """lab(TOPOLOGY, OPTION...) brings one up; it comes down after the test."""
    labs = []

    def up(topology="m4x4-t2x5", *options):
        path = tmp_path / f"deployment-{len(labs)}.json"
        programs.run("loadgen", "provision", "up", topology, "--provider", "local", "--deployment", path, *options)
        labs.append(Lab(programs, path))
        return labs[-1]

    yield up
    for lab in labs:
        if lab.path.exists():
            lab.down()
