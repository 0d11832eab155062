"""Faults of AWS: each ends in a clear message or in exactly the requested result, and `down` always leaves nothing."""

import re

import pytest

CREATIONS = ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RunInstances", "CreateTargetGroup", "CreateLoadBalancer",
             "CreateListener", "CreateRule")
MIB = 1 << 20


def assert_up_then_down(account):
    account.assert_complete()
    account.down()
    account.assert_empty()


# The outcome of a creation is unknown

@pytest.mark.parametrize("action", CREATIONS)
@pytest.mark.parametrize("carried_out", [True, False], ids=["done", "not-done"])
def test_a_lost_reply_makes_nothing_twice(account, action, carried_out):
    account.fake.fault(action, lose=True, act=carried_out)
    account.up()
    assert_up_then_down(account)


@pytest.mark.parametrize("action", CREATIONS)
def test_a_server_error_after_the_deed_makes_nothing_twice(account, action):
    account.fake.fault(action, status=500, body=b"<html><body>Internal error</body></html>", act=True)
    account.up()
    assert_up_then_down(account)


# Unusable replies

BROKEN = {
    "html-500": {"status": 500, "body": b"<html>oops</html>"},
    "empty": {"status": 200, "body": b""},
    "truncated": {"status": 200, "body": b"<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-", "declared_bytes": 5000},
    "cut-off": {"status": 200, "body": b"<DescribeVpcsResponse><vpcSet><item>"},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_reply_is_requested_again(account, kind):
    account.fake.fault("DescribeVpcs", **BROKEN[kind], times=2)
    account.up()
    assert_up_then_down(account)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_reply_that_stays_broken_is_reported(account, kind):
    account.fake.fault("DescribeVpcs", **BROKEN[kind], times=99)
    done = account.up(expect=1)
    assert "EC2 DescribeVpcs" in done.stderr and len(account.fake.actions("DescribeVpcs")) == 8
    assert set(account.counts().values()) == {0} and not account.path.exists()


def test_another_root_element_is_not_believed(account):
    account.fake.fault("DescribeVpcs", status=200, body=b"<ListAllMyBucketsResult><Owner/></ListAllMyBucketsResult>", times=9)
    done = account.up(expect=1)
    assert "<ListAllMyBucketsResult> where a <DescribeVpcsResponse> is due" in done.stderr
    assert len(account.fake.actions("DescribeVpcs")) == 1


def test_a_document_type_is_not_read(account):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><DescribeVpcsResponse><a>&a;</a></DescribeVpcsResponse>'
    account.fake.fault("DescribeVpcs", status=200, body=bomb, times=9)
    assert "no XML" in account.up(expect=1).stderr


def test_a_reply_without_end_is_cut(account):
    account.fake.fault("DescribeVpcs", status=200, body=(b"x" * MIB for _ in range(100)), times=1)
    done = account.up(expect=1, limits={"AS": 1 << 46})
    assert "larger than 8 MiB" in done.stderr


# Throttling and time-outs

@pytest.mark.parametrize("action, code, status", [
    ("RunInstances", "RequestLimitExceeded", 503), ("CreateSecurityGroup", "RequestLimitExceeded", 503),
    ("CreateLoadBalancer", "Throttling", 400), ("DescribeTargetHealth", "Throttling", 400), ("CreateRule", "ThrottlingException", 429)])
def test_throttling_is_waited_out(account, action, code, status):
    account.fake.fault(action, code=code, status=status, times=5, headers=[("x-amz-retry-after", "100")])
    account.up()
    assert_up_then_down(account)


def test_throttling_that_does_not_end_is_reported(account):
    account.fake.fault("DescribeSubnets", code="RequestLimitExceeded", status=503, times=99)
    done = account.up(expect=1)
    assert "RequestLimitExceeded" in done.stderr and "HTTP 503, request id req-error" in done.stderr
    assert "wait a minute" in done.stderr
    assert len(account.fake.actions("DescribeSubnets")) == 8


# A wait that ends without success names the last cause

@pytest.mark.parametrize("action, code, status, waiting", [
    ("RunInstances", "InternalError", 500, "launching the instances took longer than"),
    ("RunInstances", "IdempotentParameterMismatch", 400, "launching the instances took longer than"),
    ("CreateSecurityGroup", "InternalError", 500, "creating the security-group took longer than"),
    ("AuthorizeSecurityGroupIngress", "Unavailable", 503, "opening the ports took longer than"),
    ("CreateTargetGroup", "InternalFailure", 500, "creating the target-group took longer than"),
    ("CreateLoadBalancer", "InternalFailure", 500, "creating the load-balancer took longer than"),
    ("CreateListener", "InternalFailure", 500, "creating the listener took longer than"),
    ("CreateRule", "InternalFailure", 500, "creating the rule took longer than"),
    ("RegisterTargets", "InvalidTarget", 400, "registering the targets took longer than")])
def test_a_refusal_that_does_not_end_keeps_code_message_and_request_id(account, action, code, status, waiting):
    account.fake.fault(action, code=code, status=status, times=999, message="out of order today")
    done = account.up(expect=1)
    for words in (waiting, action, code, "out of order today", f"HTTP {status}", "request id req-error"):
        assert words in done.stderr, done.stderr
    account.down()
    account.assert_empty()


def test_a_state_that_does_not_end_is_named(account):
    account.fake.elb.provisioning = ["provisioning"] * 999
    assert "provisioning the load balancer took longer than 10 min 0 s: it is provisioning" in account.up(expect=1).stderr
    account.down()
    account.fake.elb.provisioning = []
    account.fake.ec2.pending_polls = 999
    assert re.search(r"starting the instances took longer than 10 min 0 s: waiting for i-\w+ \(pending\)", account.up(expect=1).stderr)
    account.fake.ec2.pending_polls = 0
    account.down()
    account.assert_empty()


# Final states of failure

def test_a_load_balancer_that_fails_is_reported(account):
    account.fake.elb.provisioning = ["provisioning", "failed"]
    done = account.up(expect=1)
    assert "the load balancer failed: the subnet has no free address" in done.stderr
    assert "loadgen provision down" in done.stderr
    account.down()
    account.assert_empty()


def test_an_instance_that_dies_is_reported_with_the_reason(account):
    def kill_one(_number, action):
        alive = account.fake.ec2.alive()
        if action == "DescribeInstances" and len(alive) == 9:
            alive[0].update(state="terminated", reason="Server.InternalError: out of luck")

    account.fake.before = kill_one
    done = account.up(expect=1)
    assert "is terminated instead of running: Server.InternalError: out of luck" in done.stderr
    account.fake.before = None
    done = account.up(expect=1)
    assert "are left, the others were terminated" in done.stderr
    account.down()
    account.assert_empty()


def test_targets_that_never_get_healthy_are_reported_with_the_reason(account):
    account.fake.elb.health = [("stuck", "Target.FailedHealthChecks")]
    done = account.up("--timeout", "2m", expect=1)
    assert "only 0 of 9 targets are healthy" in done.stderr and "(Target.FailedHealthChecks)" in done.stderr
    for group in account.fake.elb.groups:
        for target in group["targets"].values():
            target["script"] = []
    account.up()
    assert_up_then_down(account)


def test_an_app_that_does_not_answer_through_the_name_is_reported(account):
    account.fake.app_answers = False
    done = account.up(expect=1)
    assert "answers with status 503" in done.stderr
    account.fake.app_answers = True
    account.up()
    assert_up_then_down(account)


def test_the_quota_for_vcpus_is_reported_and_what_was_made_is_removed(account):
    account.fake.ec2.vcpu_limit = 10
    done = account.up(expect=1)
    assert "VcpuLimitExceeded" in done.stderr and "L-1216C47A" in done.stderr
    assert account.deployment["state"] == "failed" and len(account.deployment["instances"]) in (4, 5)
    account.down()
    account.assert_empty()


# Credentials that expire on the way

@pytest.mark.parametrize("action", ["DescribeVpcs", "CreateSecurityGroup", "RunInstances", "CreateLoadBalancer", "DescribeTargetHealth"])
def test_a_session_that_expires_during_up_is_resumed(account, action):
    def expire(_number, current):
        if current == action and "DryRun" not in account.fake.requests[-1][2]:
            account.fake.expired.add("AKIAFAKE")

    account.fake.after = expire
    done = account.up(expect=1)
    assert "RequestExpired" in done.stderr or "ExpiredToken" in done.stderr
    assert "paste fresh credentials" in done.stderr
    account.fake.after = None
    fresh = {"AWS_ACCESS_KEY_ID": "AKIAFRESH", "AWS_SECRET_ACCESS_KEY": "another/secret", "AWS_SESSION_TOKEN": "and+a=token"}
    account.fake.keys["AKIAFRESH"] = ("another/secret", "and+a=token")
    account.up(env=fresh)
    account.assert_complete()
    account.down(env=fresh)
    assert set(account.counts().values()) == {0}


@pytest.mark.parametrize("action", ["DescribeInstances", "DeleteLoadBalancer", "TerminateInstances", "DeleteTargetGroup",
                                    "DescribeNetworkInterfaces", "DeleteSecurityGroup"])
def test_a_session_that_expires_during_down_is_resumed(account, action):
    account.up()
    account.fake.after = lambda _number, current: current == action and account.fake.expired.add("AKIAFAKE")
    done = account.down(expect=1)
    assert "paste fresh credentials" in done.stderr and account.path.exists()
    account.fake.after = None
    account.fake.expired.clear()
    account.down()
    account.assert_empty()


def test_a_clock_that_is_wrong_is_named_as_the_cause(account):
    account.fake.skew_s = 3600
    done = account.up(expect=1)
    assert "clock is 3600 s behind" in done.stderr.replace("3599", "3600").replace("3601", "3600")


# `down` with resources in use

def test_dependencies_are_waited_out(account):
    account.up()
    account.fake.fault("DeleteTargetGroup", code="ResourceInUse", times=6)
    account.fake.fault("DeleteSecurityGroup", code="DependencyViolation", times=20)
    account.down()
    account.assert_empty()


def test_what_cannot_be_removed_is_listed_and_the_rest_goes(account):
    account.up()
    group = account.fake.elb.groups[0]["arn"]
    account.fake.fault("DeleteTargetGroup", code="OperationNotPermitted", message="no", times=2)
    done = account.down(expect=1)
    assert "2 resources are left" in done.stderr and group in done.stderr and "OperationNotPermitted" in done.stderr
    assert account.counts() == {"instances": 0, "groups": 0, "balancers": 0, "target groups": 2, "listeners": 0, "rules": 0}
    assert account.deployment["state"] == "removing"
    account.down()
    account.assert_empty()


def test_one_instance_that_is_gone_does_not_save_the_others(account):
    account.up()
    ids = list(account.fake.ec2.instances)
    gone = {}

    def lose(_number, action):
        if action == "TerminateInstances" and not gone:
            gone.update({i: account.fake.ec2.instances.pop(i) for i in ids[3:5]})

    account.fake.before = lose
    account.down()
    account.assert_empty()
    assert len(account.fake.actions("TerminateInstances")) == 3


def test_an_interrupted_down_is_resumed(account):
    account.up()
    account.fake.fault("DeleteLoadBalancer", status=500, body=b"", times=9)
    assert account.down(expect=1).stderr.count("load-balancer arn:") == 1
    account.fake.faults.clear()
    account.down()
    account.assert_empty()
    assert "nothing to take down" in account.down().stdout
