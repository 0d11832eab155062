"""Slurm of three nodes, which the test brings up and down: ranks by srun and sbatch, shares by srun."""

import time

import pytest

import servers
from programs import BIN, wait_until
from run_folder import RunFolder

HOSTS = {f"rank {i} of 3 on fn{i + 1}" for i in range(3)}
EVERYWHERE = ("-N3", "--ntasks-per-node=1")


@pytest.fixture(name="server")
def fixture_server(slurm, programs, tmp_path):
    """nginx on fn0, which the nodes reach."""
    return servers.start_nginx(programs, tmp_path / "nginx", addresses=("10.77.0.1",), on=slurm.hosts.on(0))


def soon():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))


def as_share(folder, *words):
    """A shell's words: the folder has the number of the task."""
    return "sh", "-c", f'exec "{BIN}/loadgen" "$@" --shard auto --out "{folder}/$SLURM_PROCID"', "sh", *words


def batch(slurm, folder, command):
    """What a batch job of three nodes prints, and its exit code. `sbatch --wait` would look only every ten seconds."""
    job = folder / "job"
    job.write_text(f"#!/bin/sh\n#SBATCH --nodes=3 --ntasks-per-node=1 --output={job}.out\n{command}\necho \"exit code $?\"\n")
    slurm.run("sbatch", job)
    out = job.with_suffix(".out")
    wait_until(lambda: out.exists() and "\nexit code " in "\n" + out.read_text(), "the end of the job")
    *lines, end = out.read_text().splitlines()
    out.unlink()
    return lines, int(end.rpartition(" ")[2])


def test_each_node_runs_a_rank(slurm, tmp_path):
    ranks = slurm.run("srun", "--mpi=pmix", *EVERYWHERE, BIN / "loadgen-fleet").stdout
    assert set(ranks.splitlines()) == HOSTS
    for launcher in ("mpirun --map-by ppr:1:node --bind-to none", "srun --mpi=pmix"):
        lines, code = batch(slurm, tmp_path, f"{launcher} {BIN}/loadgen-fleet")
        assert set(lines) == HOSTS and code == 0, launcher


def test_each_node_runs_a_rank_of_mpich(slurm):
    program = BIN / "loadgen-fleet-mpich"
    if not program.exists():
        pytest.skip("loadgen-fleet-mpich is not built here")
    assert set(slurm.run("srun", "--mpi=pmi2", *EVERYWHERE, program).stdout.splitlines()) == HOSTS


def test_each_node_sends_its_share(slurm, server, run, tmp_path):
    shares = tmp_path / "shares"
    shares.mkdir()
    slurm.run("srun", *EVERYWHERE, *as_share(shares, "run", server.url, "-R", "90/s", "-d", "1s", "--seed", "7", "--start-at", soon(), "-q"))
    run("loadgen", "analysis", "merge", "--out", "whole", *shares.iterdir(), expect=(0, 4))
    assert RunFolder(tmp_path / "whole").totals["sent_n"] == len(server.stop_and_read_log()) == 90


def test_outside_of_a_step_no_share_is_guessed(slurm, server, tmp_path):
    lines, code = batch(slurm, tmp_path, f"{BIN}/loadgen run {server.url} -n 3 --seed 7 --shard auto")
    assert "no launcher" in lines[-1] and code == 2
    assert not server.stop_and_read_log()
