"""`up`, `down` and the demo are killed, hung up on and left by their reader at random moments: the same command then completes what was
asked, `down` leaves nothing, and another run in the account stays as it was. A hundred moments with LOADGEN_TRUTH=full, a few otherwise."""
# ctest: release

import copy
import os
import random
import shutil
import signal
import time

import pytest

from aws_account import Account
from programs import BIN, ROOT, processes_marked, wait_until
from truth import long_or_short

SIGNALS = (signal.SIGKILL, signal.SIGHUP, signal.SIGPIPE)
QUIET = ("--any-number", "--progress", "none")
COUNTS = {"instances": 9, "groups": 2, "balancers": 1, "target groups": 2, "listeners": 1, "rules": 2}
PROGRAM = f"""#!/bin/sh
case "$1 $2" in
"provision up") shift 2; exec {BIN}/loadgen-provision up "$@" --any-number ;;
"provision "*) shift; exec {BIN}/loadgen-provision "$@" ;;
"run "*) mkdir -p results/a-run; ln -sfn a-run results/latest; exec sleep 0.2 ;;
esac
"""


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    """With another run beside ours, which must not be touched."""
    with Account(programs, tmp_path) as account:
        account.run("up", "--provider", "aws", "--deployment", tmp_path / "other.json", *QUIET)
        account.others = picture(account)
        yield account
        assert picture(account) == account.others and not account.fake.refused


def picture(account):
    """What is alive, without what is remembered of each for the tests' sake."""
    elb, ec2 = account.fake.elb, account.fake.ec2
    alive = [{key: value for key, value in instance.items() if key != "polls"} for instance in ec2.alive()]
    return copy.deepcopy((alive, ec2.groups, elb.balancers, elb.groups, elb.listeners, elb.rules))


def ours(account):
    return {kind: n - COUNTS[kind] for kind, n in account.counts().items()}


def interrupt(running, number, moment_s):
    """Returns the exit code after the signal at that moment; 0 is also that of a program that had ended by then, or goes on."""
    time.sleep(moment_s)
    running.send_signal(number)
    code = running.wait()
    expected = {signal.SIGKILL: (), signal.SIGHUP: (130,), signal.SIGPIPE: ()}[number]
    assert code in (0, -number, *expected), running.stderr  # -number: it had not yet begun
    return code


def duration_s(act):
    start = time.monotonic()
    act()
    return time.monotonic() - start


def test_up_and_down_at_random_moments(account):
    draw = random.Random(13)
    up_s, down_s = duration_s(lambda: account.up(*QUIET)), duration_s(account.down)
    for i in range(long_or_short(34, 4)):
        number = SIGNALS[i % len(SIGNALS)]
        running = account.start_up(*QUIET)
        if interrupt(running, number, draw.uniform(0, up_s)) == 130 and ours(account)["instances"]:
            assert "may be running and cost up to" in running.stderr
        account.up(*QUIET)
        assert ours(account) == COUNTS
        running = account.programs.start("loadgen-provision", "down", "--deployment", account.path, env=account.env)
        interrupt(running, number, draw.uniform(0, down_s))
        account.down()
        assert set(ours(account).values()) == {0} and not account.path.exists()


def test_the_demo_at_random_moments(account, programs, tmp_path):
    """Whatever ends it, it comes down by itself; killed with all of its processes, one `down` ends it."""
    (tmp_path / "cmake").mkdir()
    shutil.copy(ROOT / "cmake/demo.sh", tmp_path / "cmake/demo.sh")
    program = tmp_path / "build/release/bin/loadgen"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM)
    program.chmod(0o755)
    account.path = tmp_path / "results/deployment-demo.json"
    start = lambda: programs.start("sh", tmp_path / "cmake/demo.sh", "aws", env=account.env)
    draw, whole_s = random.Random(14), duration_s(lambda: start().wait())
    for i in range(long_or_short(32, 4)):
        number = SIGNALS[i % len(SIGNALS)]
        running = start()
        time.sleep(draw.uniform(0, whole_s))
        if running.process.poll() is None:
            os.killpg(running.pid, number)
        running.wait()
        if number == signal.SIGKILL:
            wait_until(lambda: not processes_marked(programs.mark), "the killed processes to be gone")
            account.down()
        assert set(ours(account).values()) == {0} and not account.path.exists(), running.stderr
