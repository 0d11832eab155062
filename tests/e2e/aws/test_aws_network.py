"""The networks between a user and AWS: proxies that inspect TLS or want a password, hosts to reach without them, certificates to trust,
and endpoints with IPv6 addresses."""

import shutil
import subprocess

import pytest

from aws_account import Account
from inspecting_proxy import InspectingProxy, TlsFront

PASSWORD = "MARKproxy"
AWS_HOSTS = {f"{service}.us-east-1.amazonaws.com" for service in ("ec2", "elasticloadbalancing", "ssm", "sts")}


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    """Without an endpoint of the tests: the program asks for the hosts of AWS."""
    for name in [name for name in programs.env if name.lower().endswith("_proxy")]:
        del programs.env[name]
    with Account(programs, tmp_path) as account:
        account.aws_url = account.env.pop("AWS_ENDPOINT_URL")
        account.checkip_url = account.env.pop("AWS_ENDPOINT_URL_CHECKIP")
        yield account
        assert not account.fake.refused


@pytest.fixture(name="proxy")
def fixture_proxy(account, tmp_path):
    with InspectingProxy(tmp_path, account.fake.port) as proxy:
        account.env["https_proxy"] = proxy.url()
        yield proxy


def test_a_proxy_that_inspects_tls_is_passed_by_every_request(account, proxy):
    account.env["AWS_CA_BUNDLE"] = proxy.authority.cert
    account.up()
    account.assert_complete()
    assert set(proxy.asked) == {*AWS_HOSTS, "checkip.amazonaws.com"}
    account.down()
    account.assert_empty()


def test_the_bundle_may_stand_in_the_profile_or_in_the_variable_of_requests(account, proxy, tmp_path):
    account.up("--dry-run", env={"REQUESTS_CA_BUNDLE": proxy.authority.cert})
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(f"[profile work]\nca_bundle = {proxy.authority.cert}\n")
    account.up("--dry-run", env={"AWS_PROFILE": "work", "REQUESTS_CA_BUNDLE": "/none"})
    done = account.up("--dry-run", env={"AWS_PROFILE": "work", "AWS_CA_BUNDLE": tmp_path / "none.pem"}, expect=2)
    assert f"cannot read {tmp_path}/none.pem, named by AWS_CA_BUNDLE: No such file" in done.stderr


def test_the_bundle_may_be_a_folder_and_holds_for_the_proxy_itself(account, proxy, tmp_path):
    folder = tmp_path / "authorities"
    folder.mkdir()
    shutil.copy(proxy.authority.cert, folder)
    subprocess.run(["openssl", "rehash", folder], check=True)
    for bundle in (proxy.authority.cert, folder):
        with TlsFront(proxy) as front:
            account.up("--dry-run", env={"AWS_CA_BUNDLE": bundle, "https_proxy": front.url})
    assert "sts.us-east-1.amazonaws.com" in proxy.asked


def test_a_certificate_that_is_not_trusted_is_named_at_once_with_the_remedy(account, proxy):
    done = account.up(expect=1)
    assert "STS GetCallerIdentity: SSL certificate problem" in done.stderr and "AWS_CA_BUNDLE" in done.stderr
    assert proxy.asked == ["sts.us-east-1.amazonaws.com"], "asking again does not help"


def test_the_cause_is_shown_when_the_own_address_is_not_found(account, proxy):
    done = account.up(env={"AWS_ENDPOINT_URL": account.aws_url}, expect=1)
    for words in ("--my-address: GET https://checkip.amazonaws.com/: SSL certificate problem", "AWS_CA_BUNDLE"):
        assert words in done.stderr
    assert proxy.asked == ["checkip.amazonaws.com"]
    done = account.up(env={"AWS_ENDPOINT_URL": account.aws_url, "AWS_ENDPOINT_URL_CHECKIP": f"{account.aws_url}/none"}, expect=1)
    assert "answers with status 503" in done.stderr


def test_a_proxy_may_want_a_password_which_is_never_shown(account, proxy):
    account.env["AWS_CA_BUNDLE"] = proxy.authority.cert
    proxy.login = f"me:{PASSWORD}"
    account.up("--dry-run", env={"https_proxy": proxy.url(proxy.login)})
    for wrong, words in ((proxy.url(f"me:{PASSWORD}2"), "407"),
                         (f"http://me:{PASSWORD}/x@127.0.0.1:{proxy.port}", "the proxy's URL in the environment is not of the form"),
                         (f"gopher://me:{PASSWORD}@127.0.0.1:{proxy.port}", "the proxy's URL in the environment is not of the form")):
        done = account.up(env={"https_proxy": wrong}, expect=1)
        assert words in done.stderr and "Check the proxy's address, name and password (https_proxy)" in done.stderr
        assert PASSWORD not in done.stderr + done.stdout


def test_hosts_of_no_proxy_are_reached_directly(programs, tmp_path):
    host = "127.0.0.2"  # of this machine, but none of the names that never need a proxy
    with Account(programs, tmp_path, host=host) as account, InspectingProxy(tmp_path, account.fake.port) as proxy:
        account.env["http_proxy"] = proxy.url()
        account.up("--dry-run", expect=1, env={"no_proxy": "example.com"})
        assert len(proxy.asked) > 0 and not account.fake.requests
        proxy.asked.clear()
        for direct in ({"no_proxy": host}, {"NO_PROXY": f"example.com, {host}"}, {"no_proxy": "*"}, {"NO_PROXY": "127.0.0.0/8"},
                       {"no_proxy": "", "NO_PROXY": host}):
            account.up("--dry-run", env=direct)
            assert not proxy.asked, direct


def test_dual_stack_endpoints_are_used_on_request(account, proxy, tmp_path):
    account.env["AWS_CA_BUNDLE"] = proxy.authority.cert
    account.up("--dry-run", env={"AWS_USE_DUALSTACK_ENDPOINT": "true"})
    assert set(proxy.asked) == {*(f"{service}.us-east-1.api.aws" for service in ("ec2", "ssm", "sts")), "checkip.amazonaws.com"}
    proxy.asked.clear()
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text("[default]\nuse_dualstack_endpoint = true\n")
    account.up("--dry-run", "--my-address", "192.0.2.1", env={"AWS_USE_DUALSTACK_ENDPOINT": "false", "AWS_USE_FIPS_ENDPOINT": "true"})
    assert set(proxy.asked) == {f"{service}-fips.us-east-1.amazonaws.com" for service in ("ec2", "ssm", "sts")}
