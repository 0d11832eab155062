"""A Slurm cluster of several nodes on this machine: a controller on fn0 and a node on each further host (hosts.py). A test that has no
Slurm here, or may not make namespaces, is skipped and says so.

    lab = SlurmLab(programs, hosts)
    lab.run("srun", "-N3", "--ntasks-per-node=1", "hostname")
"""

import os
import secrets
import shutil

import pytest

from fleet import sanitizers
from hosts import BETWEEN_HOSTS, address
from programs import PATIENCE_S, wait_until

CONF = """\
ClusterName=lab
SlurmctldHost=fn0({controller})
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdParameters=config_overrides
TmpFS={folder}/tmp.%n
SlurmdSpoolDir={folder}/spool.%n
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/ctld.pid
SlurmctldLogFile={folder}/ctld.log
NodeName=fn[1-{n}] NodeAddr={nodes} NodeHostname=fn[1-{n}] Port=26921 CPUs=8
PartitionName=all Nodes=ALL Default=YES State=UP
"""
NEEDED = ("slurmctld", "slurmd", "srun", "sbatch", "scancel", "sinfo", "munged")


class SlurmLab:
    def __init__(self, programs, hosts):
        missing = [name for name in NEEDED if not shutil.which(name, path=programs.env["PATH"])]
        if missing:
            pytest.skip(f"Slurm is not whole here: {', '.join(missing)} is not installed")
        self.programs, self.hosts = programs, hosts
        self.folder = hosts.folder
        self.conf = self.folder / "slurm.conf"
        self.env = {"SLURM_CONF": str(self.conf), **BETWEEN_HOSTS, **sanitizers(programs)}
        self._start()

    def _start(self):
        (self.folder / "state").mkdir()
        for i in range(1, self.hosts.n + 1):
            (self.folder / f"tmp.fn{i}").mkdir()
            (self.folder / f"spool.fn{i}").mkdir()
        nodes = ",".join(address(i) for i in range(1, self.hosts.n + 1))
        self.conf.write_text(CONF.format(folder=self.folder, controller=address(0), n=self.hosts.n, nodes=nodes))
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        os.chmod(self.folder, 0o711)
        self._daemon(0, "munged", "--foreground", "--force", "--key-file", key, "--socket", self.folder / "munge.socket",
                     "--pid-file", self.folder / "munged.pid", "--log-file", self.folder / "munged.log", "--seed-file", self.folder / "munged.seed")
        wait_until((self.folder / "munge.socket").exists, "munged")
        self._daemon(0, "slurmctld", "-D", "-f", self.conf)
        for i in range(1, self.hosts.n + 1):
            self._daemon(i, "slurmd", "-D", "-N", f"fn{i}", "-f", self.conf)
        wait_until(self._is_up, "the nodes of Slurm")

    def _daemon(self, host, program, *words):
        self.programs.start(*self.hosts.on(host), shutil.which(program, path=self.programs.env["PATH"]), *words)

    def _is_up(self):
        shown = self.run("sinfo", "-h", "-N", "-o", "%t", expect=None, timeout_s=PATIENCE_S).stdout.split()
        return shown == ["idle"] * self.hosts.n

    def run(self, command, *words, env=None, **settings):
        """A command of Slurm on fn0, to its end."""
        return self.programs.run(*self.hosts.on(0), command, *words, env={**self.env, **(env or {})}, **settings)

    def start(self, command, *words, env=None, **settings):
        return self.programs.start(*self.hosts.on(0), command, *words, env={**self.env, **(env or {})}, **settings)

    def logs(self):
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')}" for path in sorted(self.folder.glob("*.log")))
