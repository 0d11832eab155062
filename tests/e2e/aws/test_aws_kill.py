"""`up` is killed at each request in turn, before and after AWS carries it out: then `down` leaves nothing, and `up` ends with nine
instances and one of each other resource."""
# ctest: release

import copy
import os
import signal

from aws_account import Account

CHANGING = ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RunInstances", "CreateTargetGroup", "ModifyTargetGroupAttributes",
            "CreateLoadBalancer", "CreateListener", "CreateRule", "RegisterTargets")


class Picture:
    """A snapshot of the account and the deployment file."""

    def __init__(self, account):
        self.account = account
        self.parts = copy.deepcopy((account.fake.ec2, account.fake.elb))
        self.file = account.path.read_bytes() if account.path.exists() else None

    def restore(self):
        self.account.fake.ec2, self.account.fake.elb = copy.deepcopy(self.parts)
        self.account.path.unlink(missing_ok=True)
        if self.file is not None:
            self.account.path.touch(0o600)
            self.account.path.write_bytes(self.file)


def kill_at(account, number, when):
    """Runs `up` and kills it at its request of that number; False if it ended before."""
    account.fake.requests.clear()
    process = {}

    def kill(current, _action):
        if current == number:
            os.kill(process["running"].pid, signal.SIGKILL)
            process["running"].wait()
            if when == "before":
                raise ConnectionAbortedError("it is never carried out")

    setattr(account.fake, when, kill)
    with account.fake.lock:  # no request is served before its process is known
        process["running"] = account.start_up()
    code = process["running"].wait()
    setattr(account.fake, when, None)
    with account.fake.lock:
        return code == -signal.SIGKILL


def points_of(account):
    """All requests of an undisturbed `up`; for those that change something also the moment after."""
    account.up()
    requests = list(account.fake.requests)
    account.down()
    account.assert_empty()
    changing = [n for n, (_, action, params) in enumerate(requests, 1) if action in CHANGING and "DryRun" not in params]
    return [(n, "before") for n in range(1, len(requests) + 1)] + [(n, "after") for n in changing]


def test_killed_at_every_request(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        fresh = Picture(account)
        points = points_of(account)
        assert len(points) > 50
        for number, when in points:
            fresh.restore()
            assert kill_at(account, number, when), (number, when)
            killed = Picture(account)
            account.down()
            account.assert_empty()
            killed.restore()
            account.up()
            account.assert_complete()
        assert not account.fake.refused


def test_interrupted_by_the_user(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        process = {}
        account.fake.after = lambda _n, action: action == "CreateLoadBalancer" and process["up"].send_signal(signal.SIGINT)
        with account.fake.lock:
            process["up"] = account.start_up()
        assert process["up"].wait() == 130
        assert "interrupted" in process["up"].stderr and "what was made is recorded" in process["up"].stderr
        account.fake.after = None
        account.up()
        account.assert_complete()
        account.down()
        account.assert_empty()
