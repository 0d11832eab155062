"""AWS is eventually consistent: what was made moments ago may be "not found", unlisted, or removed without effect. `up` comes up at the
first try all the same, and `down` leaves nothing."""

import json
import os
import re
import signal

import pytest

from aws_account import Account
from fake_aws.wire import ApiError
from fault_proxy import NOT_FOUND

OTHERS = [("RunInstances", "InvalidSecurityGroupID.NotFound"), ("RunInstances", "InvalidSubnetID.NotFound"),
          ("RunInstances", "InvalidKeyPair.NotFound"), ("CreateLoadBalancer", "SubnetNotFound"), ("CreateListener", "TargetGroupNotFound"),
          ("CreateListener", "CertificateNotFound"), ("CreateRule", "TargetGroupNotFound"), ("RegisterTargets", "InvalidTarget")]
EMPTY = {"DescribeInstances": {"reservationSet": []}, "DescribeSecurityGroups": {"securityGroupInfo": []},
         "DescribeTargetGroups": {"TargetGroups": []}, "DescribeLoadBalancers": {"LoadBalancers": []},
         "DescribeListeners": {"Listeners": []}, "DescribeRules": {"Rules": []}}
CREATIONS = ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RunInstances", "CreateTargetGroup", "CreateLoadBalancer",
             "CreateListener", "CreateRule")


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
        assert not account.fake.refused


class Lag:
    """Answers "not found" to the first attempt at each call that may concern something made."""

    def __init__(self, account):
        self.account = account
        self.known = set()
        account.fake.before = self.refuse

    def refuse(self, _number, action):
        requests = self.account.fake.requests
        made = any(name == "CreateSecurityGroup" for _, name, _ in requests) or self.account.fake.ec2.groups
        call = json.dumps(requests[-1], sort_keys=True)
        if action in NOT_FOUND and made and call not in self.known:
            self.known.add(call)
            raise ApiError(NOT_FOUND[action], "The ID or ARN does not exist")

    @property
    def actions(self):
        return {json.loads(call)[1] for call in self.known}


def test_each_call_is_not_found_once(account):
    lag = Lag(account)
    account.up()
    account.assert_complete()
    lag.known.clear()
    account.run("status", "--deployment", account.path)
    lag.known.clear()
    account.up()
    account.assert_complete()
    account.down()
    account.assert_empty()
    assert lag.actions >= set(NOT_FOUND) - {"GetMetricData", "StartInstances", "ModifyLoadBalancerAttributes", *CREATIONS}


@pytest.mark.parametrize("action, code", OTHERS)
def test_other_words_for_it_are_understood(account, action, code):
    account.fake.fault(action, code=code, message="not known here", times=5)
    account.up()
    account.assert_complete()


def test_it_is_looked_for_during_two_minutes_and_then_named(account):
    account.fake.fault("CreateListener", code="LoadBalancerNotFound", message="One or more load balancers not found", times=99)
    done = account.up(expect=1)
    assert "LoadBalancerNotFound: One or more load balancers not found (HTTP 400, request id req-error)" in done.stderr
    assert len(account.fake.actions("CreateListener")) == 27  # after 1, 2, 4 and then every 5 s
    assert done.stderr.count("CreateListener: LoadBalancerNotFound: waiting up to two minutes until AWS finds what was made") == 1
    account.fake.faults.clear()
    account.up()
    account.assert_complete()


def test_what_was_never_made_is_not_looked_for(account):
    account.fake.fault("DescribeKeyPairs", code="InvalidKeyPair.NotFound", times=99)
    account.up(expect=1)
    assert len(account.fake.actions("DescribeKeyPairs")) == 1


class Stale:
    """Lists are empty for the first looks of each kind."""

    def __init__(self, account, looks):
        self.left = dict.fromkeys(EMPTY, looks)
        account.fake.stale = self.reply

    def reply(self, action, _result):
        if self.left.get(action, 0) <= 0:
            return None
        self.left[action] -= 1
        return EMPTY[action]


@pytest.mark.parametrize("action", CREATIONS)
def test_up_finds_what_it_made_without_a_reply_and_lists_show_late(account, action):
    def lose(_number, current):
        if current == action and "DryRun" not in account.fake.requests[-1][2] and not account.fake.stale:
            Stale(account, 7)

    account.fake.after = lose
    account.fake.fault(action, lose=True, act=True, skip=2 if action == "RunInstances" else 0)
    account.up()
    account.assert_complete()


@pytest.mark.parametrize("looks", [1, 5])
def test_down_finds_what_lists_show_late(account, looks):
    account.up()
    Stale(account, looks)
    account.down()
    account.assert_empty()


@pytest.mark.parametrize("action, nth", [("CreateSecurityGroup", 1), ("CreateSecurityGroup", 2), ("RunInstances", 3), ("RunInstances", 4),
                                         ("CreateTargetGroup", 1), ("CreateLoadBalancer", 1)])
def test_down_finds_what_a_killed_up_had_made_and_lists_show_late(account, action, nth):
    process = {}

    def kill(_number, current):
        if current == action and len(account.fake.actions(action)) == nth:
            os.kill(process["up"].pid, signal.SIGKILL)
            process["up"].wait()

    account.fake.after = kill
    with account.fake.lock:
        process["up"] = account.start_up()
    process["up"].wait()
    with account.fake.lock:
        assert any(account.counts().values())
    account.fake.after = None
    Stale(account, 3)
    account.down()
    account.assert_empty()


@pytest.mark.parametrize("action", ["TerminateInstances", "DeleteLoadBalancer", "DeleteTargetGroup", "DeleteSecurityGroup"])
def test_a_removal_without_effect_is_repeated(account, action):
    account.up()
    account.fake.fault(action, status=200, body=f"<{action}Response/>".encode(), times=3)
    account.down()
    account.assert_empty()


def test_status_tells_what_is_not_listed_yet_from_what_is_gone(account):
    account.up()
    for age, word in (("young", "not listed yet"), ("old", "gone")):
        if age == "old":
            make_old(account)
        Stale(account, 1)
        assert account.run("status", "--deployment", account.path, expect=1).stdout.count(word) == 9


def make_old(account, age_s=3600):
    text = account.path.read_text()
    found = re.findall(r'"begun_unix_s": "(\d+)"', text)
    assert found
    for begun in found:
        text = text.replace(f'"{begun}"', f'"{int(begun) - age_s}"')
    account.path.write_text(text)


def test_what_is_old_and_not_found_is_gone_at_once(account):
    account.up()
    make_old(account)
    account.fake.elb.groups.clear()
    account.fake.elb.rules.clear()
    account.fake.elb.listeners.clear()
    before = len(account.fake.requests)
    account.down()
    account.assert_empty()
    calls = [action for _, action, _ in account.fake.requests[before:]]
    assert calls.count("DescribeTargetGroups") == 2


def test_a_launch_of_which_a_list_shows_a_part_is_sent_again(account):
    shown = []

    def part(action, result):
        if action == "DescribeInstances" and len(result["reservationSet"]) == 9 and not shown:
            shown.append(True)
            return {"reservationSet": result["reservationSet"][:2]}
        return None

    account.fake.stale = part
    account.fake.fault("RunInstances", lose=True, act=True, times=16)  # the replies to both launches, for good
    account.up()
    assert shown
    account.assert_complete()
