"""A topology's generator: launched with the instances, reached over ssh (a local server stands for it), equipped with loadgen from a
package, shown, and taken down."""

import hashlib
import http.server
import json
import re
import signal
import threading

import pytest

import moto_lab
from aws_account import Account
from programs import ROOT, wait_until
from run_folder import RunFolder
from ssh_machine import PACKAGE, SshMachine, write_program

TOPOLOGY = "m4x4-t2x4"


@pytest.fixture(name="machine")
def fixture_machine(programs, tmp_path):
    with SshMachine(tmp_path / "machine", programs.env) as machine:
        programs.env["PATH"] = f"{machine.client_path}:{programs.env['PATH']}"
        yield machine


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path, machine):
    with Account(programs, tmp_path) as account:
        account.equipped = lambda *more, **how: account.up(TOPOLOGY, "--package", machine.package, "--ssh-key", machine.key, *more, **how)
        yield account
        assert not account.fake.refused


def generator_of(account):
    (found,) = [i for i in account.fake.ec2.alive() if i["tags"]["loadgen-role"].startswith("generator/")]
    return found


def test_a_generator_is_launched_equipped_shown_and_taken_down(account, machine):
    done = account.equipped("--expire", "4h")
    generator = generator_of(account)
    assert "systemctl poweroff" in generator["user_data"] and "flask" not in generator["user_data"]
    assert len(account.fake.ec2.alive()) == 9
    assert generator["type"] == "m4.large" and generator["zone"] == "us-east-1b"
    assert generator["id"] not in [t for g in account.fake.elb.groups for t in g["targets"]]
    assert machine.installed
    assert (machine.folder / "installed.deb").read_bytes() == PACKAGE
    assert re.search(r"noninteractive .* install --reinstall --allow-downgrades \S+/loadgen.deb\n", (machine.folder / "apt.log").read_text())
    assert "cloud-init status --wait" in (machine.folder / "apt.log").read_text()
    assert machine.left() == []
    assert "loadgen run SCENARIO --on-generator" in done.stdout

    recorded = account.deployment["generator"]
    keys = account.path.with_name("deployment.json.host-keys")
    assert recorded == {"id": generator["id"], "instance_type": "m4.large", "zone": "us-east-1b", "address": recorded["address"], "port": 22,
                        "user": "ubuntu", "ssh_key": str(machine.key), "host_keys_file": str(keys),
                        "package": f"loadgen_1_amd64.deb, SHA-256 {hashlib.sha256(PACKAGE).hexdigest()}"}
    assert keys.read_text().startswith(generator["id"] + " ssh-ed25519 ")

    status = account.run("status", "--deployment", account.path).stdout
    assert f"{generator['id']}, m4.large in us-east-1b, running, loadgen from loadgen_1_amd64.deb" in status
    assert re.search(rf"^ +ssh .*-i {machine.key} ubuntu@{recorded['address']}$", status, re.MULTILINE)

    account.down()
    account.assert_empty()
    assert not keys.exists()


def test_down_removes_no_other_file_that_an_edited_deployment_names(account):
    account.equipped()
    mine = account.folder / "mine"
    mine.write_text("keep")
    account.path.write_text(json.dumps(account.deployment | {"generator": account.deployment["generator"] | {"host_keys_file": str(mine)}}))
    account.down()
    assert mine.read_text() == "keep"


def test_up_again_installs_nothing_twice_but_another_package(account, machine):
    account.equipped()
    n_installed = (machine.folder / "apt.log").read_text().count("install")
    again = account.up(TOPOLOGY)
    assert "was up already, nothing was changed" in again.stdout
    assert (machine.folder / "apt.log").read_text().count("install") == n_installed
    machine.package.write_bytes(PACKAGE + b"2")
    account.equipped()
    assert (machine.folder / "installed.deb").read_bytes() == PACKAGE + b"2"


def test_a_generator_that_boots_is_waited_for(account, machine):
    machine.refuse()
    up = account.start_up(TOPOLOGY, "--package", machine.package, "--ssh-key", machine.key)
    wait_until(lambda: "Connection refused" in up.stderr, "a first try")
    machine.listen()
    assert up.wait() == 0, up.stderr
    assert machine.installed


def test_a_package_that_cannot_be_installed_fails_and_another_continues(account, machine):
    (machine.folder / "refused").write_bytes(PACKAGE)
    failed = account.equipped(expect=1)
    assert "cannot install loadgen_1_amd64.deb on the generator: E: cannot install /" in failed.stderr
    assert re.search(r"\b9 instances", failed.stderr), failed.stderr
    assert account.deployment["state"] == "failed"
    machine.package.write_bytes(PACKAGE + b"2")
    account.equipped()
    assert len(account.fake.ec2.instances) == 9


def test_an_interrupted_installation_is_no_failed_one(account, machine):
    began = machine.folder / "began"
    write_program(machine.folder / "bin/apt-get", f"#!/bin/sh\n: >{began}\nwhile [ -e {began} ]; do sleep 0.1; done\n")
    running = account.start_up("m4x4-t2x4", "--package", machine.package, "--ssh-key", machine.key)
    wait_until(began.exists, "the installation to begin")
    running.send_signal(signal.SIGINT)
    code = running.wait()
    began.unlink()
    assert code == 130
    assert "loadgen provision: interrupted\n" in running.stderr and "cannot install" not in running.stderr
    account.down()


def test_a_key_that_is_refused_is_named(account, machine):
    machine.accept_another_key()
    machine.refuse()
    machine.listen()
    failed = account.equipped(expect=1)
    assert "refuses the login of ubuntu" in failed.stderr
    assert "private key of the key pair vockey with --ssh-key FILE" in failed.stderr


def test_another_host_key_is_refused(account, machine):
    account.equipped()
    machine.change_host_key()
    failed = account.up(TOPOLOGY, expect=1)
    assert "shows another host key than the one in" in failed.stderr


@pytest.mark.parametrize("altered, message", [
    (lambda m: ["--ssh-key", m.key], "m4x4-t2x4 has a generator, on which loadgen is installed: name its package with --package"),
    (lambda m: ["--package", m.folder / "none.deb", "--ssh-key", m.key], "--package: cannot"),
    (lambda m: ["--package", __file__, "--ssh-key", m.key], "is no Debian package: `make deb` builds loadgen's"),
    (lambda m: ["--package", m.package, "--ssh-key", m.folder / "none.pem"], "--ssh-key: cannot read"),
    (lambda m: ["--package", m.package, "--ssh-key", m.package], "others can read"),
    (lambda m: ["--package", m.package, "--key", ""], "which is used over ssh: name a key pair with --key"),
    (lambda m: ["--package", "http://127.0.0.1:9/a.deb"], "can be altered on the way: add #sha256=HASH to the URL"),
    (lambda m: ["--package", "https://127.0.0.1:9/a.deb#md5=0"], "a URL may end in #sha256= and 64 digits"),
])
def test_what_is_missing_is_said_before_anything_is_made(account, machine, altered, message):
    failed = account.up(TOPOLOGY, *altered(machine), expect=2)
    assert message in failed.stderr
    assert account.fake.ec2.instances == {} and account.fake.ec2.groups == {}


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_options_for_a_generator_need_one(account, machine, more):
    failed = account.up("m4x4-t2x5", "--package", machine.package, *more, expect=2)
    assert "--package is for a generator, and the topology m4x4-t2x5 has none" in failed.stderr
    assert account.fake.ec2.instances == {}


@pytest.fixture(name="url")
def fixture_url(machine):
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: handler(*a, directory=str(machine.folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{machine.package.name}"
        server.shutdown()


def test_a_package_from_a_url_is_verified(account, machine, url):
    wrong = account.up(TOPOLOGY, "--ssh-key", machine.key, "--package", f"{url}#sha256={'0' * 64}", expect=1)
    hash_of = hashlib.sha256(PACKAGE).hexdigest()
    assert f"has the SHA-256 {hash_of}, not the one that --package names" in wrong.stderr
    assert account.fake.ec2.instances == {}
    done = account.up(TOPOLOGY, "--ssh-key", machine.key, "--package", f"{url}#sha256={hash_of}")
    assert f"loadgen_1_amd64.deb, SHA-256 {hash_of}" in done.stderr
    assert (machine.folder / "installed.deb").read_bytes() == PACKAGE


def test_a_load_balancer_that_is_not_open_to_all_is_opened_for_the_generator(account, machine, tmp_path):
    text = (ROOT / f"provision/topologies/{TOPOLOGY}.yaml").read_text()
    own = tmp_path / "own.yaml"
    own.write_text(text.replace("{ port: 80, from: anywhere }", "{ port: 80, from: caller }"))
    account.up(own, "--package", machine.package, "--ssh-key", machine.key)
    (balancer,) = [g for g in account.fake.ec2.groups.values() if g["name"].endswith("-balancer")]
    assert (80, f"{account.deployment['generator']['address']}/32") in balancer["rules"]
    account.up(own)


@moto_lab.needs_moto
def test_a_run_on_a_generator_of_moto_comes_back_and_nothing_is_left(machine, programs, nginx, tmp_path):
    server = nginx()
    with moto_lab.started(programs, tmp_path) as moto:
        before = moto.boto3("decoys")
        moto.run("up", TOPOLOGY, "--provider", "aws", "--my-address", "203.0.113.9", "--any-number", "--package", machine.package,
                 "--ssh-key", machine.key)
        ours = {i: facts for i, facts in moto.boto3()["instances"].items() if i not in before["instances"]}
        (generator,) = [i for i, facts in ours.items() if facts["tags"]["loadgen-role"] == "generator/us-east-1b"]
        assert len(ours) == 9 and ours[generator]["key"] == "vockey" and "loadgen-app" not in ours[generator]["user_data"]
        host = json.loads(moto.path.read_text())["url"].removeprefix("http://")
        (tmp_path / "mine.yaml").write_text("target: deployment\nstreams:\n  - { name: m4, cluster: cluster1, users: 1, "
                                            "request: { path: /cluster1 }, phases: [ { requests: 30 } ] }\n")
        programs.run("loadgen", "run", "mine.yaml", "--deployment", moto.path, "--connect-to", f"{host}:80:127.0.0.1:{server.port}",
                     "-o", "out", "--on-generator")
        assert RunFolder(tmp_path / "out").run["load_from"] == f"generator {generator}, m4.large in us-east-1b"
        assert len(server.stop_and_read_log()) == RunFolder(tmp_path / "out").totals["sent_n"] == 30
        moto.run("down")
        assert moto.boto3() == before
    assert machine.left() == []
