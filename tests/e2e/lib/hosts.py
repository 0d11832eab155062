"""Several hosts on one machine: network namespaces on one bridge, each with a host name of its own and perhaps other clocks. They need root;
without it the test is skipped.

    hosts = Hosts(3)                   fn1, fn2, fn3 at 10.77.0.11-13; the machine that serves them is fn0 at 10.77.0.1
    hosts.on(2)                        the words that start a program on fn2
    hosts.ssh                          in place of ssh: SSH fn2 COMMAND
    Hosts(3, monotonic_s={2: 1000})    CLOCK_MONOTONIC of fn2 is so far ahead, by a time namespace
    Hosts(3, realtime_s={3: 0.25})     CLOCK_REALTIME of fn3 is so far ahead, by faketime
"""

import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile

import pytest

from fleet import OPEN_MPI

SERVER = "10.77.0.1"
NETWORK = "10.77.0.0/24"
# Ranks on different hosts reach each other by TCP on the bridge alone.
BETWEEN_HOSTS = {**OPEN_MPI, "OMPI_MCA_pml": "ob1", "OMPI_MCA_btl": "tcp,vader,self", "OMPI_MCA_btl_tcp_if_include": NETWORK,
                 "OMPI_MCA_oob_tcp_if_include": NETWORK}
# Its own file of host names, in a mount namespace of its own; then the program, in the same process.
ENTER = 'hostname "$1" && mount --bind "$2" /etc/hosts && shift 2 && exec "$@"'


def address(host):
    return f"10.77.0.{10 + host}" if host else SERVER


SSH = """#!/bin/sh
while [ "${{1#-}}" != "$1" ]; do shift; done
host=$1
shift
case $host in
{cases}
*) echo "ssh: no host $host" >&2; exit 255 ;;
esac
"""


class Hosts:
    def __init__(self, n, monotonic_s=None, realtime_s=None):
        self.n = n
        self.monotonic_s, self.realtime_s = monotonic_s or {}, realtime_s or {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fn-"))  # a short path, for sockets
        self.names = self.folder / "hosts"
        self.names.write_text("127.0.0.1 localhost\n" + "".join(f"{address(i)} fn{i}\n" for i in range(n + 1)))
        self.made = []
        self.ssh = self.folder / "ssh"
        cases = "\n".join(f'fn{i}) exec {shlex.join(self.on(i))} sh -c "$*" ;;' for i in range(1, n + 1))
        self.ssh.write_text(SSH.format(cases=cases))
        self.ssh.chmod(0o755)
        missing = [name for name in ("ip", "nsenter", "unshare", *["faketime"] * bool(self.realtime_s)) if not shutil.which(name)]
        if missing:
            pytest.skip(f"{', '.join(missing)} is not installed")
        try:
            self._make()
        except (OSError, subprocess.CalledProcessError) as error:
            self.close()
            pytest.skip(f"network namespaces cannot be made here: {getattr(error, 'stderr', '') or error}")

    def namespace(self, host):
        return f"{self.folder.name}-{host}"

    def _ip(self, *words):
        subprocess.run(["ip", *map(str, words)], check=True, capture_output=True, text=True)

    def _make(self):
        if os.geteuid():
            raise PermissionError("not root")
        for i in range(self.n + 1):
            self._ip("netns", "add", self.namespace(i))
            self.made.append(self.namespace(i))
            self._ip("-n", self.namespace(i), "link", "set", "lo", "up")
        server = self.namespace(0)
        self._ip("-n", server, "link", "add", "bridge", "type", "bridge")
        self._ip("-n", server, "addr", "add", f"{SERVER}/24", "dev", "bridge")
        self._ip("-n", server, "link", "set", "bridge", "up")
        for i in range(1, self.n + 1):
            host = self.namespace(i)
            self._ip("-n", server, "link", "add", f"port{i}", "type", "veth", "peer", "name", "eth0", "netns", host)
            self._ip("-n", server, "link", "set", f"port{i}", "master", "bridge", "up")
            self._ip("-n", host, "addr", "add", f"{address(i)}/24", "dev", "eth0")
            self._ip("-n", host, "link", "set", "eth0", "up")

    def on(self, host):
        """`host` 0 is the server's side. With another CLOCK_MONOTONIC the program is a child of the process that the words start."""
        monotonic, realtime = [], []
        if host in self.monotonic_s:
            monotonic = ["--time", "--monotonic", str(self.monotonic_s[host]), "--fork", "--kill-child"]
        if host in self.realtime_s:
            realtime = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", f"{self.realtime_s[host]:+}s"]
        return ["nsenter", f"--net=/run/netns/{self.namespace(host)}", "unshare", "--uts", "--mount", *monotonic, "sh", "-c", ENTER, "sh",
                f"fn{host}", str(self.names), *realtime]

    def close(self):
        """Whatever ran there has ended by now."""
        for name in self.made:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
