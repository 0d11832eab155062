"""Machines with clocks of their own, made of namespaces: mpirun and mpiexec reach them by ssh, and the result is the server's log, also when
one of the machines is lost."""
# ctest: truth

import collections
import os
import re
import signal
import time

import pytest

import servers
from fleet import Fleet, Mpich, OpenMpi, ranks_running, sanitizers
from hosts import BETWEEN_HOSTS
from programs import BIN, PATIENCE_S, wait_until
from run_folder import RunFolder, check_whole, seconds_written
from truth import IS_FULL

# CLOCK_MONOTONIC, which cannot be set back to before the machine's start.
AHEAD_S = {2: 1000, 4: -int(min(3000, time.clock_gettime(time.CLOCK_MONOTONIC) / 2))}
WRONG_S = {3: 0.25}  # CLOCK_REALTIME
COMMANDS = {OpenMpi: "mpirun --hostfile hosts --map-by ppr:1:node --bind-to none loadgen-fleet",
            Mpich: "mpiexec.hydra -f hosts -ppn 1 -bind-to none loadgen-fleet-mpich"}


class Machines:
    """`n` of them, and how `command` reaches them from fn0, where nginx runs."""

    def __init__(self, programs, hosts, folder, n):
        (folder / "hosts").write_text("".join(f"fn{i}\n" for i in range(1, n + 1)))
        self.programs = programs
        self.made = hosts(n, monotonic_s=AHEAD_S, realtime_s=WRONG_S)
        self.server = servers.start_nginx(programs, folder / "nginx", addresses=("10.77.0.1",), on=self.made.on(0), fields=("remote_addr",))
        self.env = {**BETWEEN_HOSTS, **sanitizers(programs), "PATH": f"{BIN}:{programs.env['PATH']}",
                    "OMPI_MCA_plm_rsh_agent": str(self.made.ssh), "HYDRA_LAUNCHER": "ssh", "HYDRA_LAUNCHER_EXEC": str(self.made.ssh)}

    def argv(self, command, *options):
        return [*self.made.on(0), *command.split(), self.server.url, "--out", "run", "-q", *options]

    def requests_of(self):
        """{host: requests in nginx's log}"""
        counted = collections.Counter(line["remote_addr"] for line in self.server.stop_and_read_fields())
        return {f"fn{int(address.rpartition('.')[2]) - 10}": n for address, n in counted.items()}


@pytest.mark.parametrize("launcher", COMMANDS, ids=["openmpi", "mpich"])
def test_the_result_of_four_machines_with_other_clocks_is_the_servers_log(programs, hosts, launcher, tmp_path):
    Fleet(programs, launcher)  # or skips
    machines = Machines(programs, hosts, tmp_path, 4)
    done = programs.run(*machines.argv(COMMANDS[launcher], "-R", "200/s", "-d", "1s"), env=machines.env, expect=(0, 4))
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    assert folder.totals["sent_n"] == folder.totals["ok_n"] == 200
    parts = folder.run["merged_from"]
    assert machines.requests_of() == {part["host"]: part["sent_n"] for part in parts} == {f"fn{i}": 50 for i in range(1, 5)}
    said = re.search(r"fn3.s clock is (\d+\.\d) ms(?: \(give or take (\d+\.\d)\))? ahead", done.stderr)
    assert abs(float(said[1]) - 1e3 * WRONG_S[3]) <= float(said[2] or 0.1) + 0.1, done.stderr
    for i, part in enumerate(parts, 1):
        # `clock_offset_us` is between wall clocks, so the thousands of seconds of the others are gone.
        assert abs(part["clock_offset_us"] - 1e6 * WRONG_S.get(i, 0)) <= part["clock_error_us"] + 50


@pytest.mark.skipif(not IS_FULL, reason="the long version loses a machine")
def test_what_a_fifth_of_the_machines_counted_before_it_was_lost_is_in_the_result(programs, hosts, tmp_path):
    Fleet(programs)
    machines = Machines(programs, hosts, tmp_path, 5)
    command = COMMANDS[OpenMpi].replace("mpirun", "mpirun --enable-recovery")
    running = programs.start(*machines.argv(command, "-R", "250/s", "-d", "60s", "--local", "local"), env=machines.env)
    wait_until(lambda: [path for path in tmp_path.glob("local/**/share-5") if seconds_written(path) > 2], "requests")
    os.kill(ranks_running(programs.mark)[4], signal.SIGKILL)
    code = running.wait(PATIENCE_S)
    assert code == 0  # mpirun: the ranks ended, each with 4
    assert "host fn5 is lost" in running.stderr
    folder = RunFolder(tmp_path / "run")
    assert folder.run["shards"] == {"count": 5, "missing": [], "incomplete": [5]}
    assert folder.totals["sent_n"] == sum(part["sent_n"] for part in folder.run["merged_from"])
    *others, lost = folder.run["merged_from"]
    served = machines.requests_of()
    assert {part["host"]: part["sent_n"] for part in others} == {host: n for host, n in served.items() if host != "fn5"}
    assert lost["host"] == "fn5" and lost["end"] == "running"
    # Its folder has whole seconds only: what it sent in the last one, and in the one that was being written, only the server knows.
    assert served["fn5"] - 2 * 50 <= lost["sent_n"] <= served["fn5"]
