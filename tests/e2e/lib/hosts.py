"""Several hosts on one machine: network namespaces on one bridge, each with a host name of its own. It needs root; without it the test is
skipped.

    hosts = Hosts(3)               fn1, fn2, fn3 at 10.77.0.11-13; the machine that serves them is fn0 at 10.77.0.1
    hosts.on(2)                    the words that start a program on fn2
    hosts.on(2, ahead_s=1000)      there, with CLOCK_MONOTONIC so far ahead
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

SERVER = "10.77.0.1"
NETWORK = "10.77.0.0/24"
# Its own file of host names, in a mount namespace of its own; then the program, in the same process.
ENTER = 'hostname "$1" && mount --bind "$2" /etc/hosts && shift 2 && exec "$@"'


def address(host):
    return f"10.77.0.{10 + host}" if host else SERVER


class Hosts:
    def __init__(self, n):
        self.n = n
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fn-"))  # a short path, for sockets
        self.names = self.folder / "hosts"
        self.names.write_text("127.0.0.1 localhost\n" + "".join(f"{address(i)} fn{i}\n" for i in range(n + 1)))
        self.made = []
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

    def on(self, host, ahead_s=0):
        """`host` 0 is the server's side. With `ahead_s` the program is a child of the process that the words start."""
        clock = ["--time", "--monotonic", str(ahead_s), "--fork", "--kill-child"] if ahead_s else []
        return ["nsenter", f"--net=/run/netns/{self.namespace(host)}", "unshare", "--uts", "--mount", *clock, "sh", "-c", ENTER, "sh",
                f"fn{host}", str(self.names)]

    def close(self):
        """Whatever ran there has ended by now."""
        for name in self.made:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
