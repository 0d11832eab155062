"""`down --lost` lists the runs in the region with owner, age and cost, and removes only the one that is named."""

import getpass
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import threading

import pytest

from aws_account import Account
from fake_aws.ec2 import Ec2
from fake_aws.elb import Elb
from fake_aws.wire import ApiError
from programs import wait_until

LOST = ("down", "--provider", "aws", "--lost")
INTERRUPTED = 130


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
        assert not account.fake.refused


def rows_of(text):
    """The table as {run: line}."""
    lines = text.splitlines()
    head = next(n for n, line in enumerate(lines) if line.split()[:2] == ["run", "owner"])
    return {line.split()[0]: line for line in lines[head + 1:lines.index("", head)]}


def test_the_list_says_whose_how_old_how_dear_and_where_recorded(account):
    account.up()
    run = account.deployment["run_id"]
    done = account.run(*LOST, expect=2)
    (line,) = rows_of(done.stdout).values()
    assert line.split()[0] == run and f" {account.deployment['owner']} " in line
    assert f"{getpass.getuser()}@" in line and line.rstrip().endswith(f"recorded in {account.path}")
    age, (instances, resources, per_hour, so_far) = line.split(" s ")[0], line.partition(" s ")[2].split()[:4]
    assert 0 <= int(float(age.split()[-1])) < 60
    assert (instances, resources, per_hour, so_far) == ("9", "14", f"{account.deployment['price_usd_per_hour']:.2f}", "0.00")
    assert "in us-east-1 of account 123412349012" in done.stdout and "only us-east-1 (from " in done.stdout
    assert f"nothing was removed: name the run by its id, as in `loadgen provision down --provider aws --lost --region us-east-1 --run-id {run}`" in done.stderr
    account.assert_complete()


def test_only_the_named_run_is_removed_and_its_file_with_it(account):
    account.up("--any-number")
    first, account.path = account.path, account.folder / "second.json"
    account.up("--any-number")
    run = json.loads(first.read_text())["run_id"]
    assert set(rows_of(account.run(*LOST, expect=2).stdout)) == {run, account.deployment["run_id"]}
    done = account.run(*LOST, "--run-id", run)
    assert done.stdout == f"removed {first}, which recorded it\nnothing is left\n"
    assert f"removing run {run} of {account.deployment['owner']} in us-east-1 of account 123412349012: 9 instances, 14 resources" in done.stderr
    assert not first.exists()
    account.assert_complete()
    done = account.run(*LOST, "--run-id", run)
    assert f"nothing of run {run} is there" in done.stdout and account.deployment["run_id"] in done.stdout
    account.assert_complete()
    account.down()
    account.assert_empty()


def test_a_run_whose_file_is_gone_or_broken_is_removed(account):
    for damage in (lambda text: None, lambda text: text[:len(text) // 2], lambda text: ""):
        account.up()
        run, left = account.deployment["run_id"], damage(account.path.read_text())
        account.path.unlink()
        if left is not None:
            account.path.touch(0o600)
            account.path.write_text(left)
        account.run(*LOST, "--run-id", run)
        account.assert_empty()


def test_an_instance_that_no_list_shows_yet_is_awaited_by_the_record(account):
    """`up` was killed a moment ago: only its file knows how many instances it asked for."""
    up = account.start_up()
    wait_until(lambda: len(account.fake.ec2.alive()) == 9, "the launches")
    up.send_signal(signal.SIGKILL)
    up.wait()
    looks = iter(range(10**6))

    def hide_one(action, result):
        hidden = list(account.fake.ec2.instances)[0]
        if action == "DescribeInstances" and next(looks) < 12:
            result["reservationSet"] = [r for r in result["reservationSet"] if r["instancesSet"][0]["instanceId"] != hidden]
        return result

    account.fake.stale = hide_one
    account.run(*LOST, "--run-id", account.deployment["run_id"])
    account.fake.stale = None
    account.assert_empty()


@pytest.mark.parametrize("action", ["TerminateInstances", "DescribeNetworkInterfaces", "DeleteSecurityGroup"])
def test_killed_in_the_middle_it_is_repeated(account, action):
    account.up()
    run, process = account.deployment["run_id"], {}

    def kill(_number, current):
        if current == action and process["down"].process.poll() is None:
            os.kill(process["down"].pid, signal.SIGKILL)

    account.fake.after = kill
    with account.fake.lock:
        process["down"] = account.programs.start("loadgen-provision", *LOST, "--run-id", run, env=account.env)
    assert process["down"].wait() == -signal.SIGKILL
    account.fake.after = None
    account.run(*LOST, "--run-id", run)
    account.assert_empty()


def test_a_file_that_records_another_run_by_now_stays(account):
    account.up()
    lost = account.deployment["run_id"]
    account.path.unlink()
    account.up("--any-number")
    account.run(*LOST, "--run-id", lost)
    account.assert_complete()


def test_a_run_that_is_being_made_is_left_alone(account):
    process, stopped = {}, threading.Event()

    def freeze(_number, action):
        if action == "RegisterTargets" and not stopped.is_set():
            os.kill(process["up"].pid, signal.SIGSTOP)
            stopped.set()

    account.fake.before = freeze
    with account.fake.lock:  # no request is served before its process is known
        up = process["up"] = account.start_up()
    assert stopped.wait(60)
    run = account.deployment["run_id"]
    assert rows_of(account.run(*LOST, expect=2).stdout)[run].rstrip().endswith(f"in use by process {up.pid}: {account.path}")
    done = account.run(*LOST, "--run-id", run, expect=1)
    assert f"run {run} was left alone: another loadgen provision with process id {up.pid} is working on {account.path}" in done.stderr
    assert "DeleteLoadBalancer" not in account.fake.actions()
    up.send_signal(signal.SIGCONT)
    assert up.wait() == 0
    account.assert_complete()


def test_a_run_of_someone_elses_machine_is_listed_with_the_owner_that_its_tags_name(account):
    account.up()
    run = account.deployment["run_id"]
    for tags in [i["tags"] for i in account.fake.ec2.instances.values()] + [*account.fake.elb.tags.values()] + \
            [g["tags"] for g in account.fake.ec2.groups.values()]:
        tags["loadgen-owner"], tags["loadgen-created"] = "bob@elsewhere\n\x9b2J\u202e", "2026-01-01T00:00:00Z"
    account.path.unlink()
    (account.folder / ".local/state/loadgen" / f"run-{run}").unlink()
    line = rows_of(account.run(*LOST, expect=2).stdout)[run]
    assert " bob@elsewhere" in line and "\x9b" not in line and "\u202e" not in line and line.rstrip().endswith("not recorded") and " h " in line


def test_runs_of_this_machine_in_other_regions_are_named(account):
    account.up()
    index = account.folder / ".local/state/loadgen" / f"run-{account.deployment['run_id']}"
    index.write_text(index.read_text().replace("us-east-1", "us-west-2"))
    done = account.run(*LOST, expect=2)
    assert f"run {account.deployment['run_id']} of this machine is in us-west-2 of account 123412349012: {account.path}" in done.stdout


def test_a_tag_of_another_program_is_no_command_of_a_shell(account):
    account.up()
    for tags in [i["tags"] for i in account.fake.ec2.instances.values()]:
        tags["loadgen-run"] = "$(touch x); a'b"
    done = account.run(*LOST, expect=2)
    words = shlex.split(re.search("as in `loadgen provision (.*)`$", done.stderr, re.M)[1])
    assert words[-1] in ("$(touch x); a'b", account.deployment["run_id"])
    done = account.run(*LOST, "--run-id", "$(touch x); a'b", expect=0)
    assert not account.fake.ec2.alive() and account.path.exists()


class Refusing:
    """A region that the account may not use."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise ApiError("UnauthorizedOperation", "with an explicit deny", 403)


def test_a_run_in_a_forgotten_region_is_found(account):
    account.up()
    fake, run = account.fake, account.deployment["run_id"]
    fake.others = {"eu-west-1": (Refusing(), Refusing()), "us-west-2": (fake.ec2, fake.elb)}
    fake.ec2 = Ec2("us-east-1", fake.account)
    fake.elb = Elb("us-east-1", fake.account, fake.ec2)
    assert "nothing of ours is in us-east-1" in (done := account.run(*LOST)).stdout
    assert "only us-east-1 (from the default) was looked at; `--region all` lists what is in the others" in done.stdout
    done = account.run(*LOST, "--region", "all", expect=2)
    assert set(rows_of(done.stdout)) == {run} and "in us-west-2 of account 123412349012:" in done.stdout
    assert "could not look in eu-west-1; the first because of: EC2 DescribeInstances: UnauthorizedOperation: with an explicit deny" in done.stdout
    command = f"--region us-west-2 --run-id {run}"
    assert f"nothing was removed: name the run by its region and id, as in `loadgen provision down --provider aws --lost {command}`" in done.stderr
    account.run(*LOST, *command.split())
    assert not fake.others["us-west-2"][0].alive()
    assert account.run(*LOST, "--region", "all").stdout.endswith("\nnothing of ours is in the other regions\n")
    done = account.run(*LOST, "--region", "all", "--run-id", run, expect=2)
    assert f"--region all lists only: name the region of run {run} to remove it" in done.stderr


def test_what_cannot_be_listed_is_said_and_hides_nothing_else(account):
    account.up()
    account.fake.fault("DescribeLoadBalancers", code="AccessDenied", message="no ELB for you", status=403, times=99)
    done = account.run(*LOST, expect=2)
    assert set(rows_of(done.stdout)) == {account.deployment["run_id"]} and "no ELB for you" in done.stdout
    account.run(*LOST, "--run-id", account.deployment["run_id"], expect=1)
    assert not account.fake.ec2.alive() and account.path.exists()


def test_a_run_id_without_lost_is_refused(account):
    account.up()
    done = account.down("--run-id", "7f3a19c2", expect=2)
    assert f"--run-id is for --lost: without it the run of {account.path} would be taken down" in done.stderr
    account.assert_complete()


class Terminal:
    """`down --lost` on a terminal, which asks."""

    def __init__(self, account):
        self.master, slave = pty.openpty()
        self.seen = b""
        argv = account.programs.argv("loadgen-provision", *LOST, "--deployment", account.path)
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=subprocess.PIPE, text=True,
                                        env={**account.programs.env, **account.env, "TERM": "xterm"}, start_new_session=True)
        os.close(slave)

    def read(self):
        try:
            self.seen += os.read(self.master, 65536)
        except OSError:
            return True  # its other end is closed
        return b"for none: " in self.seen

    def __enter__(self):
        wait_until(self.read, "the question")
        return self

    def answer(self, text):
        os.write(self.master, text.encode())
        return self.end()

    def end(self):
        wait_until(lambda: self.read() and self.process.poll() is not None, "the end")
        return self.process.returncode, self.process.stderr.read()

    def __exit__(self, *exc):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        os.close(self.master)


def test_on_a_terminal_the_run_whose_id_is_typed_is_removed(account):
    account.up()
    with Terminal(account) as terminal:
        assert terminal.answer(account.deployment["run_id"] + "\n")[0] == 0
    account.assert_empty()


@pytest.mark.parametrize("answer, code, why", [("\n", 0, ""), ("y\n", 2, "there is no run 'y' in the list: nothing was removed"),
                                               ("\x04", 0, "")])
def test_on_a_terminal_anything_else_removes_nothing(account, answer, code, why):
    account.up()
    with Terminal(account) as terminal:
        ended, errors = terminal.answer(answer)
    assert ended == code and why in errors
    account.assert_complete()


def test_an_interrupted_question_removes_nothing(account):
    account.up()
    with Terminal(account) as terminal:
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end()[0] == INTERRUPTED
    account.assert_complete()


def test_one_instance_that_may_not_be_terminated_keeps_none_of_the_others(account):
    """EC2 refuses the whole call, and a denied action is no reason to let the rest run."""
    account.up()
    protected = list(account.fake.ec2.instances.values())[3]
    protected["protected"] = True
    account.fake.fault("DeleteLoadBalancer", code="AccessDenied", status=403)
    done = account.down(expect=1)
    assert account.fake.ec2.alive() == [protected] and "disableApiTermination" in done.stderr and "AccessDenied" in done.stderr
    protected["protected"] = False
    account.down()
    account.assert_empty()


@pytest.mark.parametrize("action", ["DescribeLoadBalancers", "DescribeTargetGroups", "DescribeTags", "DescribeSecurityGroups"])
def test_instances_end_though_others_cannot_be_listed(account, action):
    account.up()
    account.fake.fault(action, code="AccessDenied", status=403, times=99)
    done = account.down(expect=1)
    assert not account.fake.ec2.alive() and account.path.exists()
    assert "are left" in done.stderr or "something may be left: " in done.stderr
    account.fake.faults.clear()
    account.down()
    account.assert_empty()


def test_the_list_of_what_is_left_is_whole(account):
    """An error's text holds 2 kB: a line for each of 14 resources, with AWS's message, is more."""
    account.up()
    message = "You are not authorized to perform this operation. " * 5
    for action in ("TerminateInstances", "DeleteLoadBalancer", "DeleteTargetGroup", "DeleteSecurityGroup"):
        account.fake.fault(action, code="UnauthorizedOperation", message=message, status=403, times=99)
    done = account.down("--progress", "none", expect=1)
    left = [line for line in done.stderr.splitlines() if line.startswith("  left: ")]
    assert len(left) == 14 and all(message.strip() in line for line in left)
    assert {line.split()[2] for line in left} >= {i["id"] for i in account.fake.ec2.alive()}
    assert f"14 resources are left, as listed above, and cost about 0.98 USD an hour: `loadgen provision down --deployment {account.path}` removes them" \
        in done.stderr
    account.fake.faults.clear()
    account.down()
    account.assert_empty()
