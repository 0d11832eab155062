"""Ctrl-C while AWS does not reply: what only reads ends at once, what creates gets a few seconds, and a second Ctrl-C ends everything."""

import signal
import threading
import time

import pytest

from aws_account import Account
from metadata_service import CONTAINER_PATH, MetadataService
from programs import wait_until
from truth import IS_FULL

PATIENCE_S = 3  # for the reply to a creation
INTERRUPTED = 130


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account


class Hang:
    """Calls of one action hang until they are let go, before or after they are carried out."""

    def __init__(self, fake, action, when="before"):
        self.action, self.reached, self.release = action, threading.Event(), threading.Event()
        setattr(fake, when, self)

    def __call__(self, _number, action):
        if action == self.action and not self.release.is_set():
            self.reached.set()
            self.release.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.release.set()


def seconds_until_end(process, number=signal.SIGINT):
    begin = time.monotonic()
    process.send_signal(number)
    process.wait()
    return time.monotonic() - begin


@pytest.mark.parametrize("action, number", [("GetCallerIdentity", signal.SIGINT), ("DescribeVpcs", signal.SIGTERM),
                                            ("GetParameter", signal.SIGHUP), ("DescribeTargetHealth", signal.SIGINT)])
def test_a_call_that_reads_is_abandoned_at_once(account, action, number):
    with Hang(account.fake, action) as hang:
        up = account.start_up()
        assert hang.reached.wait(60)
        assert seconds_until_end(up, number) < PATIENCE_S
    assert up.wait() == INTERRUPTED
    assert "interrupted" in up.stderr and "waiting" not in up.stderr
    account.down()
    account.assert_empty()


@pytest.mark.skipif(not IS_FULL, reason="only with LOADGEN_TRUTH=full")
def test_whichever_call_hangs_the_end_comes_soon(account):
    """Each action of `up`, interrupted and resumed at the next one, and then each of `down`."""
    account.up()
    making = list(dict.fromkeys(account.fake.actions()))
    account.fake.requests.clear()
    account.down()
    removing = list(dict.fromkeys(account.fake.actions()))
    interrupted = set()
    for command, actions in ((["up", "--provider", "aws"], making), (["down"], removing)):
        for action in actions:
            with Hang(account.fake, action) as hang:
                process = account.start(*command)
                wait_until(lambda: hang.reached.is_set() or process.process.poll() is not None, action)  # pylint: disable=cell-var-from-loop
                if hang.reached.is_set():
                    took_s = seconds_until_end(process)
                    assert took_s < PATIENCE_S + (PATIENCE_S if "waiting up to 3 s" in process.stderr else 0), action
                    interrupted.add(action)
        account.run(*command, "--deployment", account.path)
    account.assert_empty()
    assert len(interrupted) > 25, interrupted


def test_a_page_that_does_not_come_is_abandoned_at_once(account):
    with MetadataService("", token=None) as service:
        hang, reached = threading.Event(), threading.Event()
        service.before = lambda: (reached.set(), hang.wait(60))
        for env in ({"AWS_ENDPOINT_URL_CHECKIP": service.url},
                    {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": service.url + CONTAINER_PATH}):
            reached.clear()
            account.env |= env
            up = account.start_up()
            assert reached.wait(60)
            assert seconds_until_end(up) < PATIENCE_S
            assert up.wait() == INTERRUPTED
        hang.set()


def test_a_name_that_is_not_found_is_not_waited_for(account, altered):
    """Neither when a call looks it up nor when a page does: name servers that do not answer are silent for half a minute."""
    account.env |= altered(names_s=30)
    account.env["ASAN_OPTIONS"] = account.programs.env["ASAN_OPTIONS"] + ":verify_asan_link_order=0"
    for env, spoken in (({"AWS_ENDPOINT_URL_CHECKIP": "http://checkip.invalid/"}, True), ({"AWS_ENDPOINT_URL": "http://sts.invalid"}, False)):
        account.env |= env
        account.fake.requests.clear()
        up = account.start_up()
        wait_until(lambda: "DescribeImages" in account.fake.actions() or not spoken, "the page's turn")  # pylint: disable=cell-var-from-loop
        time.sleep(0.5)
        assert seconds_until_end(up) < PATIENCE_S
        assert up.wait() == INTERRUPTED


@pytest.mark.parametrize("action", ["RunInstances", "CreateLoadBalancer"])
def test_the_reply_to_a_creation_is_awaited_for_a_few_seconds(account, action):
    with Hang(account.fake, action, "after") as hang:
        up = account.start_up()
        assert hang.reached.wait(60)
        took_s = seconds_until_end(up)
    assert took_s >= PATIENCE_S
    assert up.wait() == INTERRUPTED
    assert f"interrupted: waiting up to 3 s for the reply to {action}" in up.stderr
    account.up()
    account.assert_complete()
    account.down()
    account.assert_empty()


def test_a_reply_that_comes_in_time_is_recorded(account):
    with Hang(account.fake, "CreateLoadBalancer", "after") as hang:
        up = account.start_up()
        assert hang.reached.wait(60)
        up.send_signal(signal.SIGINT)
        wait_until(lambda: "waiting up to 3 s" in up.stderr, "the notice")
    assert up.wait() == INTERRUPTED
    (balancer,) = account.fake.elb.balancers
    assert balancer["arn"] in account.path.read_text()
    account.down()
    account.assert_empty()


def test_a_second_interrupt_ends_at_once(account):
    with Hang(account.fake, "CreateLoadBalancer", "after") as hang:
        up = account.start_up()
        assert hang.reached.wait(60)
        up.send_signal(signal.SIGINT)
        wait_until(lambda: "waiting up to 3 s" in up.stderr, "the notice")
        begin = time.monotonic()
        time.sleep(0.1)  # signals closer than 50 ms are one
        assert seconds_until_end(up) < PATIENCE_S - (time.monotonic() - begin)
    assert up.wait() == INTERRUPTED
    assert "ended at once; what was made is recorded and costs up to 0.98 USD an hour: `loadgen provision down --deployment " in up.stderr
    account.down()
    account.assert_empty()
