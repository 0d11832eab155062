"""Slurm of three nodes, which the test brings up and down: a fleet by srun, sbatch and mpirun, shares by srun, and how each ends early."""
# ctest: truth

import os
import signal
import time

import pytest

import servers
from fleet import ranks_running
from programs import BIN, PATIENCE_S, wait_until
from run_folder import RunFolder, check_whole, seconds_written
from truth import IS_FULL

EVERYWHERE = ("-N3", "--ntasks-per-node=1")
LOAD = ("-R", "90/s", "-d", "1s", "-q")
LONG = pytest.mark.skipif(not IS_FULL, reason="in the long version")


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
    """What a batch job of three nodes prints, and the command's exit code. `sbatch --wait` would look only every ten seconds."""
    job = folder / "job"
    job.write_text(f"#!/bin/sh\n#SBATCH --nodes=3 --ntasks-per-node=1 --output={job}.out\n{command}\necho \"exit code $?\"\n")
    slurm.run("sbatch", job)
    out = job.with_suffix(".out")
    wait_until(lambda: out.exists() and "\nexit code " in "\n" + out.read_text(), "the end of the job")
    *lines, end = out.read_text().splitlines()
    return lines, int(end.rpartition(" ")[2])


def check_fleet(path, server, n):
    folder = RunFolder(path)
    check_whole(folder)
    assert folder.totals["sent_n"] == n == len(server.stop_and_read_log())
    assert [part["host"] for part in folder.run["merged_from"]] == ["fn1", "fn2", "fn3"]


def test_srun_starts_a_fleet(slurm, server, tmp_path):
    slurm.run("srun", "--mpi=pmix", *EVERYWHERE, BIN / "loadgen-fleet", server.url, *LOAD, "--out", tmp_path / "run", expect=(0, 4))
    check_fleet(tmp_path / "run", server, 90)


@LONG
def test_srun_starts_a_fleet_of_mpich(slurm, server, tmp_path):
    program = BIN / "loadgen-fleet-mpich"
    if not program.exists():
        pytest.skip("loadgen-fleet-mpich is not built here")
    slurm.run("srun", "--mpi=pmi2", *EVERYWHERE, program, server.url, *LOAD, "--out", tmp_path / "run", expect=(0, 4))
    check_fleet(tmp_path / "run", server, 90)


@LONG
def test_a_batch_job_starts_a_fleet_by_mpirun(slurm, server, tmp_path):
    lines, code = batch(slurm, tmp_path, "mpirun --map-by ppr:1:node --bind-to none "
                        f"{BIN}/loadgen-fleet {server.url} {' '.join(LOAD)} --out {tmp_path}/run")
    assert code in (0, 4), lines
    check_fleet(tmp_path / "run", server, 90)


@pytest.fixture(name="long_run")
def fixture_long_run(slurm, server, tmp_path):
    """A fleet that has sent for more than a second of a minute; returns it and the job's number."""
    running = slurm.start("srun", "--mpi=pmix", *EVERYWHERE, BIN / "loadgen-fleet", server.url, "-R", "90/s", "-d", "60s", "-q", "--out",
                          tmp_path / "run", "--local", tmp_path / "local")
    wait_until(lambda: [path for path in tmp_path.glob("local/**/share-3") if seconds_written(path) > 1], "requests")
    return running, slurm.run("squeue", "-h", "-o", "%A").stdout.strip()


def test_scancel_with_a_signal_ends_a_fleet_in_order(slurm, server, long_run, tmp_path):
    running, job = long_run
    slurm.run("scancel", "-s", "USR1", job)
    assert running.wait(PATIENCE_S) == 130
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    assert folder.totals["sent_n"] == len(server.stop_and_read_log()) > 90


@LONG
def test_without_a_node_the_others_end_and_write(slurm, server, long_run, tmp_path):
    running, _ = long_run
    os.kill(ranks_running(slurm.programs.mark)[2], signal.SIGKILL)
    assert running.wait(PATIENCE_S) == 137
    assert "host fn3 is lost" in running.stderr
    folder = RunFolder(tmp_path / "run")
    assert folder.run["shards"] == {"count": 3, "missing": [], "incomplete": [3]}
    sent, served = folder.totals["sent_n"], len(server.stop_and_read_log())
    assert served - 2 * 30 <= sent <= served


def test_each_node_sends_its_share(slurm, server, run, tmp_path):
    shares = tmp_path / "shares"
    slurm.run("srun", *EVERYWHERE, *as_share(shares, "run", server.url, *LOAD, "--seed", "7", "--start-at", soon()))
    run("loadgen", "analysis", "merge", "--out", "whole", *shares.iterdir(), expect=(0, 4))
    check_fleet(tmp_path / "whole", server, 90)


def test_outside_of_a_step_no_share_is_guessed(slurm, server, tmp_path):
    lines, code = batch(slurm, tmp_path, f"{BIN}/loadgen run {server.url} -n 3 --seed 7 --shard auto")
    assert "no launcher" in lines[-1] and code == 2
    assert not server.stop_and_read_log()
