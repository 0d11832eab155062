"""Fixtures of the end-to-end tests. `LOADGEN_BIN` names the folder of the programs under test, build/release/bin if it is not set."""

import itertools
import json
import pathlib
import platform
import subprocess
import sys
import uuid

import pytest

LIB = pathlib.Path(__file__).parent / "lib"
sys.path[:0] = [str(LIB), str(LIB.parents[1] / "data")]  # for every test file

import servers  # noqa: E402
import truth  # noqa: E402
from fleet import Fleet  # noqa: E402
from hosts import Hosts  # noqa: E402
from local_lab import Deployment  # noqa: E402
from programs import BIN, PATIENCE_S, Programs, SanitizerError  # noqa: E402
from shop_log import Shop  # noqa: E402
from slurm_lab import SlurmLab  # noqa: E402


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


def pytest_runtest_logreport(report):
    if report.skipped:
        truth.note_skipped(report.nodeid.rpartition("::")[2], report.longrepr[2])


@pytest.fixture(name="programs")
def fixture_programs(tmp_path):
    """Runs and starts programs in the test's folder; fails a test that leaves a process or a sanitizer report behind."""
    programs = Programs(tmp_path, uuid.uuid4().hex)
    yield programs
    left = programs.end_all()
    if programs.sanitizer_reports():
        raise SanitizerError("\n".join(left))
    assert not left, "\n".join(left)


@pytest.fixture(name="run")
def fixture_run(programs):
    return programs.run


@pytest.fixture(name="start")
def fixture_start(programs):
    return programs.start


@pytest.fixture(name="urgent")
def fixture_urgent(programs):
    """Programs of the test run at real-time priority, where the system allows it."""
    programs.urgent = True


@pytest.fixture(name="altered", scope="session")
def fixture_altered(tmp_path_factory):
    """altered(send_us=300, ...) is the environment that makes a generator worse in a known way; see altered.c."""
    library = tmp_path_factory.mktemp("altered") / "altered.so"
    source = LIB / "altered.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-std=c11", "-D_GNU_SOURCE", source, "-o", library], check=True)
    return lambda **how: {"LD_PRELOAD": str(library), **{f"ALTERED_{name.upper()}": str(value) for name, value in how.items()}}


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


@pytest.fixture(name="fleet")
def fixture_fleet(programs):
    """Ranks under Open MPI; see fleet.py."""
    return Fleet(programs)


@pytest.fixture(name="hosts")
def fixture_hosts():
    """hosts(N, ...) makes them; see hosts.py."""
    made = []

    def make(n, **clocks):
        made.append(Hosts(n, **clocks))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(name="slurm")
def fixture_slurm(hosts, programs):
    """Three nodes of Slurm; see slurm_lab.py."""
    return SlurmLab(programs, hosts(3))


@pytest.fixture(name="emulator")
def fixture_emulator(programs):
    """emulator(OPTION...) starts an instance process; it prints its port as the first line."""
    def start(*options):
        running = programs.start("loadgen-emulator", *options)
        return servers.Server(running, int(running.first_line()))
    return start


@pytest.fixture(name="telling_server")
def fixture_telling_server(programs):
    """telling_server(OPTION...) starts one; see telling_server.py."""
    def start(*options):
        running = programs.start(sys.executable, LIB / "telling_server.py", *options)
        return servers.Server(running, int(running.first_line()))
    return start


@pytest.fixture(name="shop")
def fixture_shop(programs, tmp_path):
    """shop(OPTION...) starts one; see shop.py and shop_log.py."""
    numbers = itertools.count()

    def start(*options):
        log = tmp_path / f"shop-{next(numbers)}.log"
        running = programs.start(sys.executable, LIB / "shop.py", "--log", log, *options)
        return Shop(running, int(running.first_line()), log)
    return start


class Lab:
    """A running local deployment."""

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
    """lab(TOPOLOGY, OPTION...) brings one up, and takes it down after the test."""
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


@pytest.fixture(name="deployment")
def fixture_deployment(programs, tmp_path):
    """`loadgen provision` for a lab that the test may break; it is taken down after the test."""
    made = Deployment(programs, tmp_path)
    yield made
    if made.path.exists():
        made.down()
    left = list(made.temporary.iterdir())
    subprocess.run(["rm", "-rf", made.temporary], check=True)
    assert not left
