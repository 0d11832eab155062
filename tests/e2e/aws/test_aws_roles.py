"""Which credentials are used: those of a role, renewed in time, and in each situation those that botocore uses."""

import datetime
import subprocess

import pytest

from aws_account import Account
from metadata_service import CONTAINER_PATH, ROLES_PATH, MetadataService
from moto_lab import PYTHON

TOKEN = "Basic MARKcontainer="


def stamp(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def grant(key, left_s=3600):
    """What a service hands out: key, secret and token of KEYS, valid for so long."""
    secret, token = KEYS[key]
    return {"Code": "Success", "AccessKeyId": key, "SecretAccessKey": secret, "Token": token, "Expiration": stamp(left_s)}


KEYS = {"ASIAFIRST": ("firstSecret/with+signs=", "firstToken/+=="), "ASIASECOND": ("secondSecret/with+signs=", "secondToken/+==")}


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    """No credentials but those of a role; instances' metadata are allowed."""
    with Account(programs, tmp_path) as account:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del account.env[name]
        account.env["AWS_EC2_METADATA_DISABLED"] = "false"
        account.fake.keys = dict(KEYS)
        yield account
        assert not account.fake.refused


def container(service):
    return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": service.url + CONTAINER_PATH}


def test_a_container_gets_them_with_its_token(account, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    with MetadataService(grant("ASIAFIRST"), token=TOKEN) as service:
        for env in ({"AWS_CONTAINER_AUTHORIZATION_TOKEN": TOKEN},
                    {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": tmp_path / "token"}):
            done = account.up("--dry-run", env={**container(service), **env})
            assert "credentials of the role of this container" in done.stdout
        assert "credentials of this CloudShell" in account.up("--dry-run", env={**container(service), **env, "AWS_EXECUTION_ENV": "CloudShell"}).stdout
        done = account.up("--dry-run", env={**container(service), "AWS_CONTAINER_AUTHORIZATION_TOKEN": "MARKwrong"}, expect=1)
        assert "the role of this container has no credentials: its credentials service answers with status 401" in done.stderr
        assert "MARK" not in done.stderr and CONTAINER_PATH not in done.stderr


def test_an_instance_gets_them_by_version_2_and_past_every_proxy(account):
    with MetadataService(grant("ASIAFIRST")) as service:
        env = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url, "http_proxy": "http://127.0.0.1:9"}
        assert "credentials of the role of this instance" in account.up("--dry-run", env=env).stdout
        assert service.requests == [("PUT", "/latest/api/token"), ("GET", ROLES_PATH), ("GET", f"{ROLES_PATH}LabRole")]
        service.requests.clear()
        done = account.up("--dry-run", env={**env, "AWS_EC2_METADATA_DISABLED": "TRUE"}, expect=2)
        assert "switched off by AWS_EC2_METADATA_DISABLED" in done.stderr and not service.requests


@pytest.mark.parametrize("reply, words", [
    ('{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role MARK"}', "AssumeRoleUnauthorizedAccess: EC2 cannot assume"),
    ('{"AccessKeyId":"ASIAMARK","SecretAccessKey":"MARK', "something else than credentials"),
    ("<html>MARK</html>", "something else than credentials")])
def test_a_service_without_credentials_is_named(account, reply, words):
    with MetadataService(reply) as service:
        done = account.up("--dry-run", env=container(service), expect=1)
        assert words in done.stderr and "SecretAccessKey" not in done.stderr and "<html>" not in done.stderr


def test_a_service_that_fails_for_a_moment_is_asked_again(account):
    with MetadataService(503, grant("ASIAFIRST")) as service:
        account.up("--dry-run", env=container(service))
        assert len(service.requests) == 2


def test_without_a_role_or_an_instance_the_message_names_what_to_set(account):
    with MetadataService("", role="") as service:
        done = account.up("--dry-run", env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url}, expect=2)
        assert "paste them under [default]" in done.stderr
        assert "the role of this instance has no credentials: the metadata service answers with status 404" in done.stderr
    done = account.up("--dry-run", env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url}, expect=2)
    assert "the metadata service: Failed to connect" in done.stderr


def test_they_are_renewed_before_they_expire(account):
    """The first ones still last for ten minutes; they are replaced before the first call."""
    with MetadataService(grant("ASIAFIRST", 600), grant("ASIASECOND")) as service:
        account.fake.expired = {"ASIAFIRST"}
        account.up(env=container(service))
        account.assert_complete()
        assert service.requests == [("GET", CONTAINER_PATH)] * 2


def test_short_lived_ones_are_renewed_before_each_call(account):
    with MetadataService(*(grant(key, 50) for key in sorted(KEYS) * 3), grant("ASIAFIRST", 50)) as service:
        account.up("--dry-run", env=container(service))
        assert account.fake.signers == set(KEYS)
        assert len(service.requests) > len(account.fake.requests) / 2


def test_they_are_used_until_the_end_when_new_ones_cannot_be_had(account):
    with MetadataService(grant("ASIAFIRST", 600), "<html>") as service:
        account.up(env=container(service))
        account.assert_complete()
        assert len(service.requests) == 2, "the service is asked once a minute"
    with MetadataService(grant("ASIAFIRST", -10), "<html>") as service:
        done = account.run("status", "--deployment", account.path, env=container(service), expect=1)
        assert "the credentials have expired, and new ones cannot be had: the service for the role of this container" in done.stderr
        assert "paste" not in done.stderr


AS_BOTOCORE = """
import sys, botocore.session
try:
    found = botocore.session.Session(profile=sys.argv[1] or None).get_credentials()
    print(found.get_frozen_credentials().access_key if found else "none")
except Exception as error:
    print("refused", error)
"""
E = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}


def keys(name):
    return f"aws_access_key_id = AKIA{name}\naws_secret_access_key = s\n"


CASES = [  # --profile, environment, credentials file, config file
    ("", E, f"[default]\n{keys('FILE')}", ""),
    ("lab", E, f"[lab]\n{keys('LAB')}", ""),
    ("", {**E, "AWS_PROFILE": "lab"}, f"[lab]\n{keys('LAB')}", ""),
    ("", {"AWS_PROFILE": "lab"}, f"[lab]\n{keys('LAB')}", f"[profile lab]\n{keys('CONFIG')}"),
    ("", {"AWS_PROFILE": "lab"}, "", f"[profile lab]\n{keys('CONFIG')}"),
    ("", {"AWS_DEFAULT_PROFILE": "lab"}, f"[lab]\n{keys('LAB')}[default]\n{keys('FILE')}", ""),
    ("", {}, f"  [default]\n  {keys('FILE')}".replace("\naws", "\n  aws"), ""),
    ("", {}, f"[default]\n{keys('FILE')}", "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = none\n"),
    ("", {}, f"[default]\n{keys('FILE')}", "[default]\nsso_account_id = 1\n"),
    ("", {}, f"[default]\n{keys('FILE')}", "[default]\nsso_session = x\n"),
    ("", {}, f"[default]\n{keys('FILE')}", "[default]\ncredential_process = /nonexistent/x\n"),
    ("", {}, f"[default]\n{keys('FILE')}", "[default]\nlogin_session = x\n"),
    ("", {}, "", f"[default]\n{keys('CONFIG')}credential_process = /nonexistent/x\n"),
    ("", {}, "", f"[default]\n{keys('CONFIG')}login_session = x\n"),
    ("", {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"}, f"[default]\n{keys('FILE')}", ""),
    ("", {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent"}, "", ""),
    ("none", {}, f"[default]\n{keys('FILE')}", ""),
    ("", {"CONTAINER": True}, f"[default]\n{keys('FILE')}", ""),
    ("", {"CONTAINER": True}, "", ""),
    ("", {"CONTAINER": True, **E}, "", ""),
    ("", {"INSTANCE": True}, "[default]\nregion = us-east-1\n", ""),
    ("", {"INSTANCE": True, "CONTAINER": True}, "", ""),
]


@pytest.mark.skipif(not PYTHON, reason="botocore is missing: pip install boto3")
@pytest.mark.parametrize("profile, env, credentials, config", CASES)
def test_the_choice_is_that_of_botocore(account, tmp_path, profile, env, credentials, config):
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text(credentials)
    (folder / "config").write_text(config)
    account.fake.keys = {f"AKIA{name}": ("s", None) for name in ("ENV", "FILE", "LAB", "CONFIG")} | KEYS
    with MetadataService(grant("ASIAFIRST")) as near, MetadataService(grant("ASIASECOND")) as instance:
        env = dict(env)
        if env.pop("CONTAINER", None):
            env |= container(near)
        if env.pop("INSTANCE", None):
            env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = instance.url
        else:
            env["AWS_EC2_METADATA_DISABLED"] = "true"
        theirs = subprocess.run([PYTHON, "-c", AS_BOTOCORE, profile], env={**account.programs.env, **account.env, **env}, capture_output=True,
                                text=True, check=True).stdout.strip()
        done = account.up("--dry-run", *(["--profile", profile] if profile else []), env=env, expect=None)
    if theirs.startswith("AKIA") or theirs.startswith("ASIA"):
        assert done.returncode == 0, (theirs, done.stderr)
        assert account.fake.signers == {theirs}
    else:
        assert done.returncode == 2, (theirs, done.stdout)
        assert not account.fake.requests
