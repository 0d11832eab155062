"""Ranks of loadgen-fleet on this machine, by a launcher that is installed; a test whose launcher or program is missing is skipped and says so.

    fleet.run(4, "scenario.yaml", "-q")        four ranks to their end, as Programs.run
    fleet.start(4, ...); fleet.pids(4)         in the background; {rank: pid} of the ranks
"""

import os
import pathlib
import shutil
import subprocess

import pytest

from programs import BIN, MARK, wait_until

# Two cores for all ranks: a rank that waits gives its core away, and none is bound to one. Without ptrace, shared memory is copied twice.
OPEN_MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
            "OMPI_MCA_hwloc_base_binding_policy": "none", "OMPI_MCA_mpi_yield_when_idle": "1",
            "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}
# Looking for leaks takes seconds more for each run, as it needs the whole stacks that are MPI's.
NO_LEAKS = {"ASAN_OPTIONS": ":detect_leaks=0:verify_asan_link_order=0"}  # faketime comes first
LEAKS = {"ASAN_OPTIONS": ":fast_unwind_on_malloc=0",
         "LSAN_OPTIONS": f":print_suppressions=0:suppressions={pathlib.Path(__file__).with_name('lsan.supp')}"}
RANK_NAMES = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID")


def is_open_mpi(program):
    return "Open MPI" in subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout


class OpenMpi:
    """mpirun of Open MPI, which Debian has under two names."""

    name, program = "Open MPI's mpirun", "loadgen-fleet"
    names, env, options = ("mpirun.openmpi", "mpirun"), OPEN_MPI, []


class Mpich:
    """mpiexec of MPICH, and the program that is linked with it."""

    name, program = "MPICH's mpiexec.hydra", "loadgen-fleet-mpich"
    names, env, options = ("mpiexec.hydra",), {}, ["-bind-to", "none"]


def find(launcher):
    """The launcher's path; skips the test if it or the program is missing."""
    if not (BIN / launcher.program).exists():
        pytest.skip(f"{launcher.program} is not built here: no MPI was found")
    for name in launcher.names:
        path = shutil.which(name)
        if path and is_open_mpi(path) == (launcher is OpenMpi):
            return path
    pytest.skip(f"{launcher.name} is not installed")


def sanitizers(programs, leaks=False):
    """Their options for ranks."""
    return {name: programs.env[name] + more for name, more in (LEAKS if leaks else NO_LEAKS).items()}


def ranks_running(mark):
    """{rank: pid} of the test with that mark."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if not os.path.basename(os.readlink(folder / "exe")).startswith("loadgen-fleet"):
                continue
            words = (folder / "environ").read_text(errors="replace").split("\0")
        except OSError:
            continue  # it has ended
        ranks = [word.partition("=")[2] for word in words if word.partition("=")[0] in RANK_NAMES]
        if f"{MARK}={mark}" in words and ranks:
            found[int(ranks[0])] = int(folder.name)
    return found


class Fleet:
    """Ranks under one launcher; `leaks` looks for memory leaks. `prefixes`, where given, are words before the program, a list for each rank:
    another host (hosts.py) or clock."""

    def __init__(self, programs, launcher=OpenMpi, leaks=False):
        self.programs = programs
        self.launcher = launcher
        self.path = find(launcher)
        self.env = {**launcher.env, **sanitizers(programs, leaks), "PATH": f"{BIN}:{programs.env['PATH']}"}

    def argv(self, n, arguments, prefixes=None, options=(), program=None):
        program = BIN / (program or self.launcher.program)
        parts = [["-n", n, program, *arguments]] if prefixes is None else [["-n", 1, *words, program, *arguments] for words in prefixes]
        assert prefixes is None or len(prefixes) == n
        words = [*self.launcher.options, *options]
        for i, part in enumerate(parts):
            words += [":", *part] if i else part
        return [self.path, *words]

    def run(self, n, *arguments, prefixes=None, options=(), program=None, env=None, **settings):
        return self.programs.run(*self.argv(n, arguments, prefixes, options, program), env={**self.env, **(env or {})}, **settings)

    def start(self, n, *arguments, prefixes=None, options=(), env=None, **settings):
        return self.programs.start(*self.argv(n, arguments, prefixes, options), env={**self.env, **(env or {})}, **settings)

    def pids(self, n):
        """{rank: pid} once all n ranks of this test's only fleet run."""
        def all_of_them():
            found = ranks_running(self.programs.mark)
            return found if len(found) == n else None
        return wait_until(all_of_them, f"{n} ranks")


def own_disk(folder, size="64m"):
    """Words before a rank's program that give it a disk of its own in the folder."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("a disk of its own for each rank needs root and unshare")
    return ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size={size} disk "{folder}" && exec "$@"', "sh"]
