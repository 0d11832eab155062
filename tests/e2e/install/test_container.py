"""The Containerfile: what can be checked without building it, and, in the long version, an image that is built and used."""
# ctest: release truth

import os
import re
import shutil
import subprocess
import tempfile

import pytest

from programs import ROOT
from truth import IS_FULL, note

TEXT = (ROOT / "Containerfile").read_text()
STEPS = re.findall(r"^([A-Z]+) (.*)$", re.sub(r"\\\n", " ", re.sub("^#.*\n", "", TEXT, flags=re.M)), re.M)
BASE = "docker.io/library/debian:12-slim"


def steps(name):
    return [rest for step, rest in STEPS if step == name]


def installed_packages():
    """Those of the fleet's image and those of the other, without ours."""
    lines = re.findall(r"apt-get install -y --no-install-recommends (.*?) &&", " ".join(steps("RUN")))
    return [[word for word in line.split() if not word.startswith("/")] for line in lines]


def test_it_starts_from_debian_and_ends_as_an_ordinary_user():
    assert [re.sub(" AS .*", "", rest) for rest in steps("FROM")] == ["debian:12-slim"] * 3
    assert len(steps("USER")) == 2 and all(re.fullmatch("[1-9][0-9]*:[1-9][0-9]*", user) for user in steps("USER"))
    assert steps("ENTRYPOINT") == ['["loadgen"]']


def test_what_it_copies_exists_and_what_is_private_stays_out():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {"/.git", "/build", "/results/*", "/.venv"} <= set(ignored)
    assert not steps("ARG") and not steps("ENV") and not steps("ADD")
    for line in steps("COPY"):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists() and f"/{source.split('/')[0]}" not in ignored, source


def test_what_it_installs_exists_and_is_what_the_package_recommends():
    groups = {line.split()[0] for line in (ROOT / "cmake/packages.txt").read_text().splitlines() if line and line[0] != "#"}
    (wanted,) = re.findall(r"^cmake/install-packages\.sh ([a-z ]+)$", "\n".join(steps("RUN")), re.M)
    assert set(wanted.split()) <= groups
    fleet, main = installed_packages()
    recommends = dict(re.findall(r'CPACK_DEBIAN_(\w+)_PACKAGE_RECOMMENDS "(.*)"', (ROOT / "cmake/deb.cmake").read_text()))
    assert set(main) == set(recommends["LOADGEN"].split(", "))
    assert set(fleet) == {recommends["FLEET"], "ca-certificates", "openssh-client", "openssh-server"}


def test_each_package_is_known():
    if not shutil.which("apt-cache"):
        pytest.skip("apt-cache is not there")
    packages = {name for names in installed_packages() for name in names}
    done = subprocess.run(["apt-cache", "show", "libc6", *packages], capture_output=True, text=True, check=False)
    known = set(re.findall("^Package: (.*)$", done.stdout, re.M))
    if "libc6" not in known:
        pytest.skip("apt has no list of packages")
    assert packages <= known


@pytest.fixture(name="podman")
def fixture_podman(tmp_path):
    """podman with images of its own, and Debian's as its only one."""
    if not IS_FULL:
        pytest.skip("the long version builds an image")
    for program in ("podman", "mmdebstrap"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    env = {**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": str(tmp_path)}
    folder = tempfile.mkdtemp()  # podman wants a short path

    def podman(*words, check=True):
        done = subprocess.run(["podman", "--root", f"{folder}/images", "--runroot", f"{folder}/run", *words], env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800, check=False)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    base = tmp_path / "debian.tar"
    made = subprocess.run(["mmdebstrap", "--quiet", "--variant=apt", "bookworm", base], env=env, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"mmdebstrap can make no tree here: {' '.join(made.stderr.split())[-200:]}")
    podman("import", base, BASE)
    yield podman
    podman("rmi", "--all", "--force", check=False)
    shutil.rmtree(folder)


def test_the_image_is_built_loads_a_server_and_writes_the_whole_report(podman, nginx, tmp_path):
    # Steps of a build need less from the system than containers do: no control groups, no network of their own.
    said = podman("build", "--isolation", "chroot", "-t", "loadgen", ROOT)
    (build_s,) = re.findall(r"^build     release +([0-9]+) s$", said, re.M)
    note("build from a clone, packages in place", int(build_s), 120, "s")
    (tmp_path / "use").write_text(
        f"FROM loadgen\nRUN id -u && loadgen {nginx().url} -n 50 -c 2 -o run && loadgen analysis report run && ls run/figures\n"
        "RUN loadgen provision up && loadgen provision down\n")
    said = podman("build", "--isolation", "chroot", "-f", tmp_path / "use", tmp_path)
    assert "\n1000\n" in said and "run/report.html" in said and "summary.svg" in said and "is up" in said
    assert podman("inspect", "--format", "{{.Config.User}} {{.Config.Entrypoint}}", "loadgen").split() == ["1000:1000", "[loadgen]"]


HOSTS = r"""FROM loadgen-fleet
RUN mkdir ~/.ssh && ssh-keygen -q -t rsa -N '' -f ~/.ssh/id_rsa && cp ~/.ssh/id_rsa.pub ~/.ssh/authorized_keys \
    && printf '127.0.0.%s slots=1\n' 1 2 >/tmp/hosts && (/usr/sbin/sshd -De & sleep 2; \
    mpirun --hostfile /tmp/hosts -n 2 --map-by ppr:1:node --bind-to none loadgen-fleet URL -n 50 -q --out run; kill $!) \
    && cat run/run.json
"""


def test_ranks_of_the_fleets_image_reach_each_other_by_ssh(podman, nginx, tmp_path):
    """As under the MPI operator: an ordinary user's ssh server, and keys in its home."""
    podman("build", "--isolation", "chroot", "--target", "fleet", "-t", "loadgen-fleet", ROOT)
    server = nginx()
    (tmp_path / "hosts").write_text(HOSTS.replace("URL", server.url))
    said = podman("build", "--isolation", "chroot", "-f", tmp_path / "hosts", tmp_path)
    assert '"count": 2' in said and len(server.stop_and_read_log()) == 50
