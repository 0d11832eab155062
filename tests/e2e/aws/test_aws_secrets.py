"""No secret in any file, output, process listing or core: each secret is marked, and everything a run leaves is searched for the marks."""

import json
import os
import pathlib
import resource
import signal
import subprocess

import pytest

from aws_account import Account
from inspecting_proxy import InspectingProxy
from metadata_service import CONTAINER_PATH, MetadataService

SECRET = "MARKsecret/+kQ7zXw1"
TOKEN = "MARKtoken/+" + "tZ9" * 400
PASSWORD = "MARKpassword"          # of a proxy
AUTHORIZATION = "Basic MARKcontainer"  # to a container's service
MARKS = [SECRET.encode(), TOKEN[:64].encode(), SECRET.replace("/", "%2F").replace("+", "%2B").encode(), PASSWORD.encode(),
         AUTHORIZATION.encode(), b"MARKimdsTOKEN"]
GRANT = {"Code": "Success", "AccessKeyId": "ASIAMARKED", "SecretAccessKey": SECRET, "Token": TOKEN, "Expiration": "2126-01-01T00:00:00Z"}


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    """Credentials come from a file, so that they are not in the environment."""
    with Account(programs, tmp_path / "home") as account:
        account.fake.keys = {"ASIAMARKED": (SECRET, TOKEN)}
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del account.env[name]
        folder = tmp_path / "home/.aws"
        folder.mkdir(parents=True)
        (folder / "credentials").write_text(f"[default]\naws_access_key_id = ASIAMARKED\naws_secret_access_key = {SECRET}\n"
                                            f"aws_session_token = {TOKEN}\n")
        (folder / "credentials").chmod(0o600)
        yield account


def assert_unmarked(text, where):
    for mark in MARKS:
        assert mark not in text, where


def assert_nothing_left(tmp_path, *outputs):
    for done in outputs:
        assert_unmarked((done.stdout + done.stderr).encode(), done.args)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != "credentials":
            assert_unmarked(path.read_bytes(), path)


def test_marks_would_be_found(tmp_path):
    (tmp_path / "log").write_text(f"Authorization {SECRET}")
    with pytest.raises(AssertionError):
        assert_nothing_left(tmp_path)


def test_up_status_and_down_leave_no_secret(account, tmp_path):
    seen = {}

    def look(number, _action):
        pid = seen["up"].pid
        seen[number] = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() + pathlib.Path(f"/proc/{pid}/environ").read_bytes()

    account.fake.before = look
    with account.fake.lock:
        seen["up"] = account.start_up()
    assert seen["up"].wait() == 0
    account.fake.before = None
    del seen["up"]
    assert len(seen) > 40
    for number, text in seen.items():
        assert_unmarked(text, number)
    outputs = [account.run("status", "--deployment", account.path), account.down()]
    assert_nothing_left(tmp_path, *outputs)


def test_messages_that_echo_the_request_are_cut(account, tmp_path):
    """AWS refuses a signature with a message that holds the canonical request, token included."""
    account.fake.fault("DescribeVpcs", code="SignatureDoesNotMatch", status=403, message=f"no match {TOKEN} {SECRET}\n\nx-amz-security-token:{TOKEN}")
    account.fake.fault("DescribeSubnets", status=400, body=f"<html>{SECRET} x-amz-security-token:{TOKEN}</html>".encode())
    outputs = [account.up(expect=1), account.up(expect=1)]
    assert "no match *****" in outputs[0].stderr
    assert_nothing_left(tmp_path, *outputs)


def test_parts_of_a_secret_and_escaped_ones_are_cut_as_well(account, tmp_path):
    account.fake.fault("DescribeVpcs", code="AuthFailure", message="x" * 600 + TOKEN)
    escaped = json.dumps({"__type": "AccessDeniedException", "message": f"no {TOKEN} {SECRET}"}).replace("/", "\\/")
    account.fake.fault("GetParameter", status=400, body=escaped.encode())
    account.fake.fault("DescribeImages", code="UnauthorizedOperation", message=SECRET[:-1])
    outputs = [account.up(expect=1), account.up(expect=None), account.up(expect=None)]
    assert "MARK" not in "".join(done.stdout + done.stderr for done in outputs)
    assert_nothing_left(tmp_path, *outputs)


def test_short_secrets_of_imitations_of_aws_do_not_spoil_replies(account):
    """As those of LocalStack, "test"; this token stands in the XML of nearly every reply."""
    account.fake.keys = {"test": ("test", "item")}
    account.up("--dry-run", env={"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "item"})


def test_a_role_and_a_proxy_leave_no_secret(account, tmp_path):
    """The services near a container and an instance, behind which a proxy with a password stands between the program and AWS."""
    (tmp_path / "home/.aws/credentials").unlink()
    (tmp_path / "token").mkdir()
    (tmp_path / "token/credentials").write_text(AUTHORIZATION)
    del account.env["AWS_ENDPOINT_URL"], account.env["AWS_ENDPOINT_URL_CHECKIP"]
    with MetadataService(GRANT, token=AUTHORIZATION) as service, InspectingProxy(tmp_path, account.fake.port, f"me:{PASSWORD}") as proxy:
        account.env |= {"AWS_CA_BUNDLE": proxy.authority.cert, "AWS_CONTAINER_CREDENTIALS_FULL_URI": service.url + CONTAINER_PATH,
                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": tmp_path / "token/credentials", "https_proxy": proxy.url(proxy.login)}
        outputs = [account.up(), account.run("status", "--deployment", account.path)]
        account.fake.fault("DescribeInstances", code="SignatureDoesNotMatch", status=403, message=f"no match {TOKEN} {SECRET}")
        outputs += [account.run("status", "--deployment", account.path, expect=None), account.down()]
        proxy.login = "other"
        outputs.append(account.up(expect=1))
        del account.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
        account.env |= {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url}
        outputs += [account.up(expect=1), account.up(env={"https_proxy": proxy.url(f"me:{PASSWORD}/")}, expect=1)]
        service.replies = [json.dumps(GRANT)[:-40], json.dumps({"Code": "Failed", "Message": "no role"})]
        outputs += [account.up(expect=2), account.up(expect=2)]
    assert "no match *****" in outputs[2].stderr
    assert_nothing_left(tmp_path, *outputs)


def dumped_core(argv, env, cwd, when_started):
    """Ends a program by SIGABRT with cores allowed; returns whether the kernel wrote one."""
    def allow():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    process = subprocess.Popen(argv, env=env, cwd=cwd, preexec_fn=allow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    when_started(process)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = 0
    assert os.WIFSIGNALED(status)
    return os.WCOREDUMP(status) or any(pathlib.Path(cwd).glob("core*"))


def test_no_core_is_written(account, tmp_path):
    control = tmp_path / "control"
    control.mkdir()
    if not dumped_core(["sleep", "60"], os.environ, control, lambda process: process.send_signal(signal.SIGABRT)):
        pytest.skip("this system writes no core files at all: kernel.core_pattern")
    process = {}

    def end(_number, action):
        if action == "DescribeSubnets":
            process["up"].send_signal(signal.SIGABRT)
            process["up"] = None

    def remember(started):
        process["up"] = started
        account.fake.lock.release()

    account.fake.before = end
    account.fake.lock.acquire()
    argv = account.programs.argv("loadgen-provision", "up", "--provider", "aws", "--deployment", account.path)
    assert not dumped_core(argv, {**account.programs.env, **account.env}, tmp_path, remember)
