"""The user data of an instance: cloud-init accepts it, and the app that it installs starts from it and asks for its id."""

import http.server
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import threading
import time
import urllib.request

import pytest

from aws_account import Account
from programs import PATIENCE_S, ROOT, wait_until

KEYS = {"bootcmd", "package_update", "packages", "write_files", "runcmd"}
ID = "i-0fedcba9876543210"


@pytest.fixture(name="user_data")
def fixture_user_data(programs, tmp_path):
    """As EC2 received it."""
    with Account(programs, tmp_path) as account:
        account.up("--expire", "4h")
        yield next(i["user_data"] for i in account.fake.ec2.instances.values() if i["type"] == "m4.large")
        account.down()


def parse(user_data):
    yaml = pytest.importorskip("yaml", reason="python3-yaml is missing")
    return yaml.safe_load(user_data)


def test_it_is_plain_cloud_config_and_small(user_data):
    assert user_data.startswith("#cloud-config\n") and user_data.isascii()
    assert len(user_data.encode()) <= 16 * 1024
    assert not re.search("@[A-Z]+@", user_data)
    config = parse(user_data)
    assert set(config) == KEYS
    assert {"python3-flask", "python3-waitress"} <= set(config["packages"])
    assert all(set(f) <= {"path", "permissions", "content", "owner"} and not f["path"].startswith("/tmp") for f in config["write_files"])


def test_cloud_inits_own_schema_accepts_it(user_data, tmp_path):
    if not shutil.which("cloud-init"):
        pytest.skip("cloud-init is missing: apt-get install cloud-init")
    path = tmp_path / "user-data"
    path.write_text(user_data)
    done = subprocess.run(["cloud-init", "schema", "-c", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Valid" in done.stdout, done.stdout + done.stderr
    path.write_text(user_data.replace("write_files:\n", "write_files: 5\nother:\n", 1))
    assert subprocess.run(["cloud-init", "schema", "-c", path], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("later_s, left_s", [(0, 4 * 3600), (3 * 3600, 3600), (4 * 3600 - 30, 60), (9 * 3600, 60)])
def test_every_boot_schedules_the_power_off_at_the_expiry(user_data, tmp_path, later_s, left_s):
    """`bootcmd` runs at every boot, the last time perhaps after the expiry; a stub takes the place of systemd-run."""
    command = parse(user_data)["bootcmd"][0]
    expiry_s = int(re.search(r"left=\$\(\((\d+) -", command[-1])[1])
    assert abs(expiry_s - time.time() - 4 * 3600) < 300
    for name, script in {"date": f"echo {expiry_s - 4 * 3600 + later_s}", "systemd-run": 'echo "$*"'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert done.stdout == f"--no-block --unit=loadgen-expiry --on-active={left_s} systemctl poweroff\n" and not done.stderr


def files_of(user_data):
    return {f["path"]: f["content"] for f in parse(user_data)["write_files"]}


def test_the_unit_restarts_the_app_for_ever(user_data, tmp_path):
    files = files_of(user_data)
    (path,) = [p for p in files if p.startswith("/etc/systemd/system/")]
    unit = files[path]
    for line in ("Restart=always", "StartLimitIntervalSec=0", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "WantedBy=multi-user.target"):
        assert line in unit.splitlines()
    assert ["systemctl", "enable", "--now", path.rpartition("/")[2]] in parse(user_data)["runcmd"]
    if shutil.which("systemd-analyze"):
        (tmp_path / path.rpartition("/")[2]).write_text(unit)
        done = subprocess.run(["systemd-analyze", "verify", tmp_path / path.rpartition("/")[2]], capture_output=True, text=True, check=False)
        assert "Unknown" not in done.stderr, done.stderr


STUB = """#!/bin/sh
[ "$1" = list-unit-files ] && printf 'apt-daily.timer enabled enabled\\nsysstat-collect.timer enabled enabled\\n' && exit
echo "${0##*/} $*" >>"$RECORD"
exit 1
"""


def test_nothing_that_runs_by_the_clock_disturbs_the_app_and_the_app_starts_last(user_data, programs, tmp_path):
    """Units and snaps that an image lacks are no failure of the boot."""
    for name in ("systemctl", "snap"):
        (tmp_path / name).write_text(STUB)
        (tmp_path / name).chmod(0o755)
    config = parse(user_data)
    env = {"PATH": f"{tmp_path}:{programs.env['PATH']}", "RECORD": str(tmp_path / "record")}
    for command in config["bootcmd"][1:] + config["runcmd"][:1]:
        programs.run(*command, env=env)
    masked, snap = (tmp_path / "record").read_text().splitlines()
    assert masked.startswith("systemctl mask --now ")
    assert {"apt-daily.service", "unattended-upgrades.service", "apt-daily.timer", "sysstat-collect.timer"} <= set(masked.split())
    assert snap == "snap wait system seed.loaded"
    (tmp_path / "snap").write_text(STUB.replace("exit 1", "exit 0"))
    programs.run(*config["runcmd"][0], env=env)
    assert (tmp_path / "record").read_text().splitlines()[-1] == "snap refresh --hold"
    assert config["runcmd"][-1] == ["systemctl", "enable", "--now", "loadgen-app.service"]


def test_the_generator_is_as_quiet_as_an_instance():
    generator, instance = (parse((ROOT / "provision/app" / name).read_text()) for name in ("generator.yaml", "user-data.yaml"))
    assert generator["bootcmd"] == instance["bootcmd"] and generator["runcmd"] == instance["runcmd"][:1]


class Metadata(http.server.BaseHTTPRequestHandler):
    """IMDSv2: refuses requests without a token, and at first all requests."""

    refusals = 1

    def log_message(self, *args):
        pass

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        if type(self).refusals > 0:
            type(self).refusals -= 1
            self.reply(503, b"")
        elif self.path == "/latest/api/token" and int(self.headers["X-aws-ec2-metadata-token-ttl-seconds"]) > 0:
            self.reply(200, b"the token")
        else:
            self.reply(400, b"")

    def do_GET(self):
        good = self.headers.get("X-aws-ec2-metadata-token") == "the token" and self.path == "/latest/meta-data/instance-id"
        self.reply(200 if good else 401, ID.encode() if good else b"")


@pytest.fixture(name="app")
def fixture_app(user_data, programs, tmp_path):
    """The app as the unit starts it, on a free port."""
    pytest.importorskip("flask", reason="python3-flask is missing")
    pytest.importorskip("waitress", reason="python3-waitress is missing")
    files = files_of(user_data)
    app = tmp_path / "app.py"
    app.write_text(files["/opt/loadgen/app.py"])
    (unit,) = [text for path, text in files.items() if path.endswith(".service")]
    command = shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.M)[1])
    command = [str(app) if word == "/opt/loadgen/app.py" else "0" if word == "80" else word for word in command]
    imds = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    threading.Thread(target=imds.serve_forever, daemon=True).start()
    running = programs.start(*command, env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{imds.server_address[1]}"})
    running.url = f"http://127.0.0.1:{int(running.first_line())}"
    yield running
    imds.shutdown()


def test_the_app_starts_from_it_and_answers(app):
    get = lambda path: urllib.request.urlopen(app.url + path, timeout=PATIENCE_S).read().decode()
    assert wait_until(lambda: get("/"), "the app") == "Healthy!"
    assert get("/cluster1") == f"Instance {ID} is responding now!"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get("/cluster2")


def children_of(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="one CPU: the app is one process")
def test_the_app_uses_every_cpu_and_logs_no_request(app, run):
    """1 200 connections are more than `select` can watch."""
    children = wait_until(lambda: len(found := children_of(app.pid)) == len(os.sched_getaffinity(0)) and found, "a process on each CPU")
    for users in (64, 1200):
        made = json.loads(run("loadgen", f"{app.url}/cluster1", "-c", users, "-n", 6000, "--no-results", "--json", expect=(0, 4)).stdout)
        assert made["clusters"][0]["ok_n"] == 6000
    assert min(cpu_ticks(child) for child in children) > 0.1 * max(cpu_ticks(child) for child in children)
    os.kill(children[0], signal.SIGKILL)
    assert app.wait() == 1, "systemd starts it again"
    assert app.stderr == f"process {children[0]} of the app has ended with status 9\n"
    wait_until(lambda: not any(pathlib.Path(f"/proc/{child}").exists() for child in children), "the others to end")
