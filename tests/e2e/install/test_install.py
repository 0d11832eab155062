"""`make install`: complete, free of the build tree's path, movable, and removable."""
# ctest: release

import os
import re
import shutil
import subprocess

import pytest

from programs import BIN, ROOT

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
PROGRAMS = ("loadgen", "loadgen-analysis", "loadgen-emulator", "loadgen-provision", *["loadgen-fleet"] * (BIN / "loadgen-fleet").exists())


@pytest.fixture(name="make_install", autouse=True)
def fixture_make_install(run):
    """install.sh, without the rebuild that `make` begins with. What a developer installed before stays removable."""
    if BIN != ROOT / "build/release/bin":
        pytest.skip("only the release tree is installed")
    manifest = ROOT / "build/installed.txt"
    before = manifest.read_bytes() if manifest.exists() else None

    def install(action, prefix, env=None, expect=0, cwd=None):
        return run(ROOT / "cmake/install.sh", action, prefix, env=env, expect=expect, cwd=cwd)

    yield install
    if before is not None:
        manifest.write_bytes(before)


def files_below(folder):
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def test_everything_that_is_used_is_installed(make_install, run, tmp_path):
    make_install("install", tmp_path / "usr")
    for program in PROGRAMS:
        assert program.split("-")[0] in run(tmp_path / "usr/bin" / program, "--help").stdout.splitlines()[0], program
    share = tmp_path / "usr/share"
    for page in ("man1/loadgen.1", "man1/loadgen-run.1", "man1/loadgen-analysis-compare.1", "man5/loadgen-scenario.5"):
        assert (share / "man" / page).exists()
    for script in ("bash-completion/completions/loadgen", "bash-completion/completions/loadgen-analysis", "zsh/site-functions/_loadgen",
                   "fish/vendor_completions.d/loadgen-provision.fish"):
        assert (share / script).exists()
    assert "MIT License" in (tmp_path / "usr/share/doc/loadgen/LICENSE").read_text()
    for folder in ("analysis/figures", "loadgen/scenarios", "provision/topologies", "provision/app"):
        for path in (ROOT / folder).iterdir():
            if path.name not in ("example.svg", "__pycache__"):
                assert (tmp_path / "usr/share/loadgen" / folder / path.name).read_bytes() == path.read_bytes()


def test_links_of_installed_documents_lead_to_installed_files(make_install, tmp_path):
    make_install("install", tmp_path / "usr")
    for document in (tmp_path / "usr/share/doc/loadgen").rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_targets_that_the_document_names_exist(run):
    for words in re.findall(r"^(?:sudo )?make( .*?)?(?:  .*)?$", (ROOT / "docs/install.md").read_text(), re.M):
        run("make", "-n", "-C", ROOT, *words.split())


def test_no_installed_file_knows_where_it_was_built(make_install, tmp_path):
    make_install("install", tmp_path / "usr")
    for path in files_below(tmp_path / "usr"):
        assert str(ROOT).encode() not in path.read_bytes(), path


@pytest.mark.parametrize("app", ["emulator", "flask"])
def test_a_moved_installation_works_through_a_link(make_install, programs, deployment, tmp_path, app):
    if app == "flask" and programs.run("/usr/bin/python3", "-c", "import flask, waitress", expect=None).returncode:
        pytest.skip("python3-flask or python3-waitress is not installed")
    make_install("install", tmp_path / "first")
    (tmp_path / "first").rename(tmp_path / "second place")
    (tmp_path / "link").mkdir()
    loadgen = tmp_path / "link/loadgen"
    loadgen.symlink_to(tmp_path / "second place/bin/loadgen")
    programs.env["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    assert "demo" in programs.run(loadgen, "run", "no-such-scenario", expect=2).stderr
    lab = ("--deployment", deployment.path)
    programs.env["TMPDIR"] = str(deployment.temporary)
    programs.run(loadgen, "provision", "up", "m4x4-t2x5", "--app", app, *lab)
    assert "cluster2" in programs.run(loadgen, "plan", "demo", *lab).stdout
    programs.run(loadgen, "run", "--target", deployment.json["url"] + "/cluster1", "-n", "20", "--out", "run")
    done = programs.run(loadgen, "analysis", "report", "run")
    programs.run(loadgen, "provision", "down", *lab)
    deployment.nothing_is_left()
    assert "<style>" in (tmp_path / "run/report.html").read_text()
    assert shutil.which("gnuplot") is None or "svg" in "".join(os.listdir(tmp_path / "run/figures")), done.stderr


def test_it_is_staged_and_removed_whole(make_install, tmp_path):
    stage = {"DESTDIR": str(tmp_path / "stage")}
    done = make_install("install", "/opt/loadgen", env=stage)
    installed = files_below(tmp_path / "stage/opt/loadgen")
    assert f"installed {len(installed)} files below {tmp_path}/stage/opt/loadgen\n" == done.stdout
    done = make_install("uninstall", "/opt/other", env=stage, expect=1)
    assert "it was installed elsewhere: /opt/loadgen/bin/loadgen" in done.stderr
    (tmp_path / "stage/opt/loadgen/share/loadgen/mine").write_text("a stranger's file")
    make_install("uninstall", "/opt/loadgen", env=stage)
    assert [path.name for path in files_below(tmp_path)] == ["mine"]
    assert not (tmp_path / "stage/opt/loadgen/share/doc/loadgen").exists()


def test_a_tilde_that_the_shell_left_is_the_home_folder(make_install, tmp_path):
    done = make_install("install", "~/.local", env={"HOME": str(tmp_path)})
    assert f'export PATH="{tmp_path}/.local/bin:$PATH"' in done.stdout
    assert (tmp_path / ".local/bin/loadgen").exists()
    make_install("install", "here", cwd=tmp_path)
    assert (tmp_path / "here/bin/loadgen").exists()


def one_sentence(done):
    assert done.stdout == "" and done.stderr.count("\n") == 1 and "Call Stack" not in done.stderr, done.stderr
    return done.stderr


def test_a_prefix_that_is_not_ours_is_one_sentence(make_install, tmp_path):
    (tmp_path / "file").write_text("")
    assert "you may not write to" in one_sentence(make_install("install", tmp_path / "file/usr", expect=1))
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr/bin").write_text("")
    assert "usr/bin is not a directory" in one_sentence(make_install("install", tmp_path / "usr", expect=1))


def test_without_the_right_to_write_it_says_what_to_do(run, tmp_path):
    as_nobody = NOBODY if os.geteuid() == 0 else []
    if as_nobody and subprocess.run([*as_nobody, "test", "-x", ROOT / "cmake/install.sh"], check=False).returncode:
        pytest.skip("the tree may not be read by another user")
    done = run(*as_nobody, ROOT / "cmake/install.sh", "install", "/usr/local", expect=1)
    assert "make install PREFIX=~/.local" in one_sentence(done)
