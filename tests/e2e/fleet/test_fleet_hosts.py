"""Four machines with clocks of their own, made of namespaces: mpirun and mpiexec reach them by ssh, and the result is the server's log."""

import pytest

import servers
from fleet import Fleet, Mpich, OpenMpi, sanitizers
from hosts import BETWEEN_HOSTS
from programs import BIN
from run_folder import RunFolder, check_whole

AHEAD_S = {2: 1000, 4: -3000}  # CLOCK_MONOTONIC
WRONG_S = {3: 0.25}            # CLOCK_REALTIME
COMMANDS = {OpenMpi: "mpirun --hostfile hosts --map-by ppr:1:node --bind-to none loadgen-fleet",
            Mpich: "mpiexec.hydra -f hosts -ppn 1 -bind-to none loadgen-fleet-mpich"}


@pytest.fixture(name="machines")
def fixture_machines(hosts, tmp_path):
    (tmp_path / "hosts").write_text("fn1\nfn2\nfn3\nfn4\n")
    return hosts(4, monotonic_s=AHEAD_S, realtime_s=WRONG_S)


@pytest.mark.parametrize("launcher", COMMANDS, ids=["openmpi", "mpich"])
def test_the_result_of_four_machines_with_other_clocks_is_the_servers_log(machines, programs, launcher, tmp_path):
    Fleet(programs, launcher)  # or skips
    server = servers.start_nginx(programs, tmp_path / "nginx", addresses=("10.77.0.1",), on=machines.on(0))
    env = {**BETWEEN_HOSTS, **sanitizers(programs), "PATH": f"{BIN}:{programs.env['PATH']}", "OMPI_MCA_plm_rsh_agent": str(machines.ssh),
           "HYDRA_LAUNCHER": "ssh", "HYDRA_LAUNCHER_EXEC": str(machines.ssh)}
    done = programs.run(*machines.on(0), *COMMANDS[launcher].split(), server.url, "-R", "200/s", "-d", "1s", "-o", "run", "-q", env=env,
                        expect=(0, 4))
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    assert folder.totals["sent_n"] == folder.totals["ok_n"] == len(server.stop_and_read_log()) == 200
    assert "host fn3's clock is 250.0 ms ahead" in done.stderr
    parts = folder.run["merged_from"]
    assert [(part["host"], part["sent_n"]) for part in parts] == [(f"fn{i}", 50) for i in range(1, 5)]
    for i, part in enumerate(parts, 1):
        # `clock_offset_us` is between wall clocks, so the thousands of seconds of the others are gone.
        assert abs(part["clock_offset_us"] - 1e6 * WRONG_S.get(i, 0)) <= part["clock_error_us"] + 50
