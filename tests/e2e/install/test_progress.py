"""What `make` shows while it builds and installs packages: how far it is, and never silence."""

import os
import pty
import signal
import subprocess

import pytest

from programs import ROOT, wait_until

# Works until the file `go` appears, one step done of three.
SCRIPT = f"""
. {ROOT}/cmake/progress.sh
progress_every_s=1
steps() {{ echo "$(grep -c step "$1")/3"; }}
work() {{ echo step 1; while [ ! -e go ]; do sleep 0.1; done; return "${{1:-0}}"; }}
"""


@pytest.fixture(name="on_terminal")
def fixture_on_terminal(tmp_path, programs):
    """Starts a shell script on a terminal: a Popen, and a function that returns what it has written so far."""
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    seen = bytearray()

    def screen():
        try:
            seen.extend(os.read(master, 65536))
        except OSError:
            pass  # nothing new
        return seen.decode()

    def start(script):
        return subprocess.Popen(["/bin/sh", "-euc", script], stdout=slave, cwd=tmp_path, env={**programs.env, "TERM": "xterm"},
                                start_new_session=True), screen

    yield start
    os.close(master)
    os.close(slave)


def test_on_a_terminal_one_line_is_rewritten(on_terminal, tmp_path):
    process, screen = on_terminal(SCRIPT + "progress 'build     x' log steps work\nprogress_end '5 s'")
    wait_until(lambda: "\rbuild     x  1/3\x1b[K" in screen(), "the counter")
    (tmp_path / "go").touch()
    assert process.wait() == 0
    wait_until(lambda: screen().endswith("\rbuild     x  5 s\x1b[K\r\n"), "the end of the line")
    assert screen().count("\n") == 1
    assert (tmp_path / "log").read_text() == "step 1\n"


def test_in_a_log_a_line_appears_now_and_then(start, tmp_path):
    process = start("/bin/sh", "-euc", SCRIPT + "progress 'build     x' log steps work\nprogress_end '5 s'")
    wait_until(lambda: "build     x  1/3\n" in process.stdout, "a line")
    (tmp_path / "go").touch()
    assert process.wait() == 0
    assert process.stdout.endswith("build     x  5 s\n") and "\r" not in process.stdout and "\x1b" not in process.stdout


def test_the_exit_code_is_the_commands(run, tmp_path):
    (tmp_path / "go").touch()
    done = run("/bin/sh", "-euc", SCRIPT + "progress x log steps work 7 || { code=$?; progress_end failed; exit $code; }", expect=7)
    assert done.stdout == "x  failed\n"


def test_an_interrupted_build_leaves_nothing_running(on_terminal):  # the fixture `programs` looks
    process, screen = on_terminal(SCRIPT + "progress 'build     x' log steps work")
    wait_until(lambda: "1/3" in screen(), "the counter")
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 130


APT = """#!/bin/sh
case $* in
*update*) echo "Get:1 lists" ;;
*install*) echo "0 upgraded, 1 newly installed, 0 to remove"; echo "Setting up frobnicate"; printf '#!/bin/sh\\n' >"$BIN/frobnicate"; chmod +x "$BIN/frobnicate" ;;
esac
"""


@pytest.fixture(name="install_packages")
def fixture_install_packages(run, tmp_path):
    """install-packages.sh for a list of one package, with an imitation of apt-get."""
    def install(apt=APT):
        for name in ("cmake", "bin"):
            (tmp_path / name).mkdir()
        for name in ("install-packages.sh", "progress.sh"):
            (tmp_path / "cmake" / name).write_bytes((ROOT / "cmake" / name).read_bytes())
        (tmp_path / "cmake/packages.txt").write_text("build  frobnicate  command:frobnicate  frobnicates\n")
        for name, text in (("apt-get", apt), ("apt-cache", "#!/bin/sh\n"), ("sudo", '#!/bin/sh\nexec "$@"\n')):
            (tmp_path / "bin" / name).write_text(text)
            (tmp_path / "bin" / name).chmod(0o755)
        env = {"BIN": str(tmp_path / "bin"), "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
        return run("/bin/sh", tmp_path / "cmake/install-packages.sh", "build", env=env, expect=None), env
    return install


def test_packages_are_named_before_they_are_installed(install_packages, run, tmp_path):
    done, env = install_packages()
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["install"] * 3
    assert "lists of packages" in lines[0] and lines[1] == "install   frobnicate" and "packages" in lines[2]
    again = run("/bin/sh", tmp_path / "cmake/install-packages.sh", "build", env=env)
    assert again.stdout + again.stderr == ""


def test_what_apt_get_says_when_it_fails_is_shown(install_packages):
    done, _ = install_packages("#!/bin/sh\necho 'E: Unable to locate package frobnicate' >&2\nexit 100\n")
    assert done.returncode == 1
    assert "apt-get update failed; trying with the lists that are there" in done.stdout
    assert "E: Unable to locate package frobnicate" in done.stderr and "could not install the packages above" in done.stderr
