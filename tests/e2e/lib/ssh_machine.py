"""A machine that ssh reaches, in place of the generator in AWS: asyncssh on a port of 127.0.0.1 that runs commands in a folder of the
test's. `sudo` and `apt-get` there only note what they are asked, and the package that they "install" is this build's loadgen."""

import asyncio
import os
import pathlib
import subprocess
import threading
import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    asyncssh = pytest.importorskip("asyncssh")

from programs import BIN, free_port, wait_until  # noqa: E402

SUDO = """#!/bin/sh
[ "$1" = -n ] && shift
exec "$@"
"""
APT_GET = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >>{folder}/apt.log
for package; do :; done
cmp -s "$package" {folder}/refused && {{ echo "E: cannot install $package" >&2; exit 100; }}
cp "$package" {folder}/installed.deb
printf '#!/bin/sh\\nexec {programs}/loadgen "$@"\\n' >{folder}/bin/loadgen
chmod 755 {folder}/bin/loadgen
"""
CLOUD_INIT = """#!/bin/sh
echo "cloud-init $*" >>{folder}/apt.log
"""
SSH = """#!/bin/sh
echo "$*" >>{folder}/ssh.log
exec /usr/bin/ssh -F /dev/null -o Hostname=127.0.0.1 -o Port={port} "$@"
"""
PACKAGE = b"!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n2.0\n"


def group_lives(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def write_program(path, text):
    path.write_text(text)
    path.chmod(0o755)


class SshMachine:
    """`client_path` goes in front of PATH where the tested program runs: its ssh comes here, wherever it is sent."""

    def __init__(self, folder, env):
        self.folder = folder
        self.home = folder / "home"
        self.key = folder / "key.pem"
        self.package = folder / "loadgen_1_amd64.deb"
        self.client_path = folder / "client"
        self.port = free_port()
        self.commands = []  # as the shell there gets them
        self.connections = []
        self.children = []
        for name in ("bin", "client", "home", "tmp"):
            (folder / name).mkdir(parents=True)
        self.env = {**env, "HOME": str(self.home), "TMPDIR": str(folder / "tmp"), "PATH": f"{folder}/bin:/usr/bin:/bin"}
        for name, text in (("sudo", SUDO), ("apt-get", APT_GET), ("cloud-init", CLOUD_INIT)):
            write_program(folder / "bin" / name, text.format(folder=folder, programs=BIN) if name != "sudo" else text)
        write_program(self.client_path / "ssh", SSH.format(folder=folder, port=self.port))
        self.package.write_bytes(PACKAGE)
        user_key = self.accept_another_key()
        user_key.write_private_key(str(self.key))
        self.key.chmod(0o600)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.loop = asyncio.new_event_loop()
        self.server = None

    def accept_another_key(self):
        """From the next listen() on."""
        key = asyncssh.generate_private_key("ssh-ed25519")
        (self.folder / "authorized").write_bytes(key.export_public_key())
        return key

    def __enter__(self):
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.listen()
        return self

    def __exit__(self, *exc):
        self.refuse()
        self.loop.call_soon_threadsafe(self.loop.stop)
        for child in self.children:
            wait_until(lambda group=child.pid: not group_lives(group), "the commands to end")

    def _do(self, what):
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(30)

    def listen(self):
        machine = self

        class Login(asyncssh.SSHServer):
            def connection_made(self, conn):
                machine.connections.append(conn)

        async def begin():
            self.server = await asyncssh.create_server(
                Login, "127.0.0.1", self.port, server_host_keys=[self.host_key], process_factory=self._serve, encoding=None,
                authorized_client_keys=str(self.folder / "authorized"))
        self._do(begin())

    def refuse(self):
        """Listens no more and drops every connection, as a network that goes away does."""
        async def end():
            if self.server:
                self.server.close()
            for connection in self.connections:
                connection.abort()
            self.connections.clear()
        self._do(end())

    def change_host_key(self):
        self.refuse()
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.listen()

    async def _serve(self, process):
        self.commands.append(process.command)
        child = subprocess.Popen(["sh", "-c", process.command or "exit"], env=self.env, cwd=self.home, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.children.append(child)
        await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
        code = await asyncio.get_running_loop().run_in_executor(None, child.wait)
        await process.stdout.drain()
        await process.stderr.drain()
        process.exit(code if code >= 0 else 255)

    @property
    def installed(self):
        return pathlib.Path(self.folder / "installed.deb").exists()

    def left(self):
        """What is there after a command that should leave nothing. It may vanish meanwhile, which `os.walk` bears and `rglob` does not."""
        return sorted(os.path.relpath(os.path.join(folder, name), self.folder) for top in ("home", "tmp")
                      for folder, folders, files in os.walk(self.folder / top) for name in folders + files)

    def equip(self):
        """As after `up`: loadgen is there."""
        write_program(self.folder / "bin/loadgen", f'#!/bin/sh\nexec {BIN}/loadgen "$@"\n')

    def recorded(self):
        """The member `generator` of a deployment file."""
        return {"id": "i-0fedcba9876543210", "instance_type": "m4.large", "zone": "us-east-1b", "address": "203.0.113.7", "port": 22,
                "user": "ubuntu", "ssh_key": str(self.key), "host_keys_file": str(self.folder / "host keys"), "package": "loadgen.deb"}
