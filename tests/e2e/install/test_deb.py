"""The Debian packages: what they say of themselves, and the main one's life in a bare Debian 12: installed, used, removed, nothing left."""
# ctest: release early

import os
import re
import shutil
import subprocess

import pytest

from programs import BIN, ROOT, RUN_S

# Runs within mmdebstrap, whose tree is $1. The tree has what apt needs and nothing else: no gnuplot, dot, HAProxy or make.
LIFE = r"""#!/bin/sh
set -eu
tree=$1
files() { (cd "$tree" && find . -xdev ! -type d ! -path './proc/*' ! -path './sys/*' ! -path './dev/*' ! -path './tmp/*' ! -path './var/*' ! -path './run/*' | sort); }
user() { chroot --userspec=1000:1000 "$tree" env HOME=/tmp/user sh -c 'cd /tmp/user && "$@"' sh "$@"; }
note() { name=$1; shift; code=0; "$@" >"$OUT/$name.out" 2>"$OUT/$name.err" || code=$?; echo "$code" >"$OUT/$name.code"; }

touch "$OUT/reached"
cp "$PACKAGE" "$tree/tmp/loadgen.deb"
mkdir -m 777 "$tree/tmp/user"
note recommended chroot "$tree" apt-get install -s -o APT::Install-Recommends=true /tmp/loadgen.deb
note install chroot "$tree" apt-get install -y --no-install-recommends /tmp/loadgen.deb
files >"$OUT/installed"
note paths chroot "$tree" dpkg -L loadgen
note conffiles chroot "$tree" dpkg-query -W -f '${Conffiles}' loadgen
note version user loadgen --version
note help user loadgen run --help
note run user loadgen run --target "$URL" -n 50 -c 2 --out run
note report user loadgen analysis report run
note up user loadgen provision up m4x4-t2x5
mkdir "$tree/tmp/user/bin"
cp "$tree/bin/true" "$tree/tmp/user/bin/haproxy"
note flask user env PATH=/tmp/user/bin:/usr/bin:/bin loadgen provision up m4x4-t2x5 --app flask
cp -R "$tree/tmp/user" "$OUT/user"
note purge chroot "$tree" apt-get purge -y loadgen
files >"$OUT/purged"
touch "$OUT/finished"
"""


@pytest.fixture(name="packages", scope="module")
def fixture_packages(tmp_path_factory):
    """{name: path} of those that were built."""
    if BIN != ROOT / "build/release/bin":
        pytest.skip("only the release tree is packaged")
    if not shutil.which("dpkg-shlibdeps"):
        pytest.skip("dpkg-shlibdeps (package dpkg-dev) is not installed")
    folder = tmp_path_factory.mktemp("package")
    env = {**os.environ, "DEBFULLNAME": "A Builder", "DEBEMAIL": "builder@debian.org"}
    done = subprocess.run([ROOT / "cmake/deb.sh", folder], env=env, capture_output=True, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stderr
    return {name: folder / file for file, name in re.findall(r"^package   .*/((loadgen[a-z-]*)_[0-9.]+_[a-z0-9]+\.deb)$", done.stdout, re.M)}


@pytest.fixture(name="package", scope="module")
def fixture_package(packages):
    return packages["loadgen"]


def fields_of(package):
    shown = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^([A-Z][A-Za-z-]*): (.*)$", shown, re.M))


def test_the_package_says_what_it_needs(package):
    fields = fields_of(package)
    depends = {re.sub(r"[ (].*", "", one) for one in fields["Depends"].split(", ")}
    assert {"libbrotli1", "libc6", "libcurl4", "libjansson4", "libnghttp2-14", "libpcre2-8-0", "libssl3", "libuv1", "libxml2", "libyaml-0-2", "libzstd1", "zlib1g"} <= \
        {re.sub("t64$", "", name) for name in depends}
    assert {"gnuplot-nox", "graphviz", "haproxy", "ca-certificates"} == set(fields["Recommends"].split(", "))
    assert {"python3-flask", "python3-waitress"} == set(fields["Suggests"].split(", "))
    (table,) = re.findall(r"^\| --- .*\n((?:\|.*\n)+)", (ROOT / "docs/install.md").read_text(), re.M)
    documented = {name for row in table.splitlines() for name in row.split("|")[3].strip().split(", ")}
    assert documented == set(f"{fields['Recommends']}, {fields['Suggests']}".split(", "))
    assert fields["Maintainer"] == "A Builder <builder@debian.org>"
    assert fields["Section"] == "web" and fields["Description"]


def test_only_the_package_of_the_fleet_needs_mpi(packages):
    assert "mpi" not in fields_of(packages["loadgen"])["Depends"]
    assert set(packages) == {"loadgen"} | ({"loadgen-fleet"} if (BIN / "loadgen-fleet").exists() else set())
    if "loadgen-fleet" not in packages:
        pytest.skip("loadgen-fleet is not built here: no MPI was found")
    fields = fields_of(packages["loadgen-fleet"])
    assert f"loadgen (= {fields['Version']})" in fields["Depends"].split(", ") and "mpi" in fields["Depends"]
    assert fields["Recommends"] == "openmpi-bin" and fields["Maintainer"] == "A Builder <builder@debian.org>"
    listed = subprocess.run(["dpkg-deb", "-c", packages["loadgen-fleet"]], capture_output=True, text=True, check=True).stdout
    for path in ("bin/loadgen-fleet", "share/doc/loadgen-fleet/copyright", "share/man/man1/loadgen-fleet-run.1.gz",
                 "share/bash-completion/completions/loadgen-fleet"):
        assert f"./usr/{path}\n" in listed, path
    assert "loadgen-fleet" not in subprocess.run(["dpkg-deb", "-c", packages["loadgen"]], capture_output=True, text=True, check=True).stdout


def test_lintian_finds_no_error(packages, run):
    if not shutil.which("lintian"):
        pytest.skip("lintian is not installed")
    found = run("lintian", "--allow-root", *packages.values(), expect=None).stdout
    assert not re.search("^E: ", found, re.M), found


class Life:
    """What LIFE noted."""

    def __init__(self, folder):
        self.folder = folder

    def text(self, name):
        return (self.folder / name).read_text()

    def done(self, name, code=0):
        """The output of a step that ended with this code."""
        assert self.text(f"{name}.code") == f"{code}\n", f"{name}\n{self.text(f'{name}.out')}\n{self.text(f'{name}.err')}"
        return self.text(f"{name}.out")


@pytest.fixture(name="life")
def fixture_life(package, nginx, tmp_path):
    if not shutil.which("mmdebstrap"):
        pytest.skip("mmdebstrap is not installed")
    out = tmp_path / "life"
    out.mkdir(mode=0o777)
    hook = tmp_path / "life.sh"
    hook.write_text(LIFE)
    hook.chmod(0o755)
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": str(tmp_path), "OUT": str(out), "PACKAGE": str(package), "URL": nginx().url}
    done = subprocess.run(["mmdebstrap", "--quiet", "--variant=apt", "--format=null", "--dpkgopt=force-unsafe-io",
                           '--aptopt=Acquire::Languages "none"', f"--customize-hook={hook} \"$1\"", "bookworm", "/dev/null"],
                          env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=600, check=False)
    if not (out / "reached").exists():
        pytest.skip(f"mmdebstrap can make no tree here: {' '.join(done.stderr.split())[-200:]}")
    assert (out / "finished").exists(), done.stderr
    return Life(out)


def test_in_a_bare_debian_it_installs_runs_reports_and_leaves_nothing(life):
    life.done("install")
    for name in ("gnuplot-nox", "graphviz", "haproxy", "ca-certificates"):
        assert f"Inst {name} " in life.done("recommended"), name
    assert life.done("conffiles") == ""
    assert life.done("version").startswith("loadgen ")
    life.done("help")

    life.done("run")
    life.done("report")
    for form in ("html", "tex", "txt"):
        assert (life.folder / "user/run" / f"report.{form}").stat().st_size > 1000, form
    assert "install gnuplot-nox" in life.text("report.err") and life.text("report.err").count("\n") == 1
    life.done("up", 1)
    assert "install haproxy" in life.text("up.err") and life.text("up.err").count("\n") == 1
    life.done("flask", 1)
    assert "python3-flask" in life.text("flask.err") and life.text("flask.err").count("\n") == 1
    assert not list((life.folder / "user").glob("**/deployment.json"))

    life.done("purge")
    paths = set(life.done("paths").split())
    installed, purged = ({line[1:] for line in life.text(name).splitlines()} for name in ("installed", "purged"))
    assert paths & installed and not paths & purged
    assert not [path for path in purged if "loadgen" in path]
    assert "/usr/share/zsh/vendor-completions/_loadgen" in paths
    pages = [path for path in paths if "/man/man" in path and path.endswith((".1", ".5", ".gz"))]
    assert len(pages) > 2 and all(path.endswith(".gz") for path in pages)
