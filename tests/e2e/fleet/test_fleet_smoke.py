"""loadgen-fleet starts under the launchers that are installed, and `loadgen` itself knows no MPI."""

import subprocess

import pytest

from fleet import Fleet, Mpich, OpenMpi
from programs import BIN, dead_port
from run_folder import RunFolder, check_whole

LAUNCHERS = pytest.mark.parametrize("launcher", [OpenMpi, Mpich], ids=["openmpi", "mpich"])


@LAUNCHERS
def test_all_ranks_together_send_what_was_asked_for(programs, launcher, nginx, tmp_path):
    server = nginx()
    done = Fleet(programs, launcher, leaks=True).run(2, server.url, "-n", 200, "-o", tmp_path / "run", "-q")
    assert done.stdout == f"{tmp_path / 'run'}\n" and len(server.stop_and_read_log()) == 200
    folder = RunFolder(tmp_path / "run")
    assert folder.totals["ok_n"] == folder.totals["sent_n"] == 200
    check_whole(folder)


def test_a_target_that_does_not_answer_is_named_once_and_nothing_is_left(programs, tmp_path):
    with dead_port() as port:
        done = Fleet(programs, leaks=True).run(2, f"http://127.0.0.1:{port}/", "-o", tmp_path / "run", "--local", tmp_path / "local", expect=2)
    assert done.stderr.splitlines().count(f"loadgen-fleet: 127.0.0.1:{port} does not answer (Connection refused)") == 1
    assert not (tmp_path / "run").exists() and not list((tmp_path / "local").iterdir()) and done.stdout == ""


@LAUNCHERS
def test_a_question_is_answered_once(programs, launcher):
    done = Fleet(programs, launcher).run(2, "--version")
    assert done.stdout.startswith("loadgen-fleet ") and done.stdout.count("loadgen-fleet ") == 1


@pytest.mark.parametrize("launcher, other", [(OpenMpi, Mpich), (Mpich, OpenMpi)], ids=["openmpi", "mpich"])
def test_the_launcher_of_another_mpi_is_refused(programs, launcher, other):
    """Each rank would be a fleet of its own and send the whole load."""
    fleet, _ = Fleet(programs, launcher), Fleet(programs, other)
    done = fleet.run(2, "http://127.0.0.1:1", program=other.program, expect=None)
    assert done.returncode != 0 and done.stderr.count("the launcher started 2 processes, but for MPI each is alone") == 1


@pytest.mark.parametrize("program", ["loadgen", "loadgen-analysis", "loadgen-provision"])
def test_no_other_program_needs_mpi(program):
    libraries = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True).stdout
    assert "libc.so" in libraries and "mpi" not in libraries.lower()
