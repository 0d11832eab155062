"""loadgen-fleet starts under the launchers that are installed, and `loadgen` itself knows no MPI."""

import subprocess

import pytest

from fleet import Fleet, Mpich, OpenMpi
from programs import BIN

LAUNCHERS = pytest.mark.parametrize("launcher", [OpenMpi, Mpich], ids=["openmpi", "mpich"])


@LAUNCHERS
def test_every_rank_starts(programs, launcher):
    done = Fleet(programs, launcher, leaks=True).run(2)
    assert sorted(line.split(" on ")[0] for line in done.stdout.splitlines()) == [f"rank {rank} of 2" for rank in range(2)]


@pytest.mark.parametrize("program", ["loadgen", "loadgen-analysis", "loadgen-provision"])
def test_no_other_program_needs_mpi(program):
    libraries = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True).stdout
    assert "libc.so" in libraries and "mpi" not in libraries.lower()
