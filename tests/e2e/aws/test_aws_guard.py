"""Never more than the nine instances of a Learner Lab: counted before anything is made, before every launch and after it, by several
`up`s at once, by an `up` that goes on, and with instances that somebody starts in between."""

import collections
import signal

import pytest

from aws_account import Account
from fake_aws.wire import ApiError
from programs import PATIENCE_S, ROOT, wait_until

TWICE = "run in us-east-1: 9 (18 vCPUs); with this deployment's 9 (18 vCPUs) there would be 18 (36 vCPUs), above the 9 (32 vCPUs)"
LOCK = "loadgen/aws-123412349012-us-east-1.lock"


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        account.env["XDG_STATE_HOME"] = str(tmp_path / "state")
        yield account
        assert not account.fake.refused


def start_others(account, n, launched="2026-11-21T22:00:00.000Z", state="running"):
    """Instances that are not ours."""
    for number in range(n):
        name = f"i-{number:x}"
        account.fake.ec2.instances[name] = {"id": name, "state": state, "tags": {}, "groups": [], "polls": 99, "index": 0, "type": "t2.micro",
                                            "zone": "us-east-1a", "reason": "", "launched": launched}


def real_launches(account):
    return [params for _, action, params in account.fake.requests if action == "RunInstances" and "DryRun" not in params]


def counted(account):
    """The most instances that were alive at once."""
    most = [0]

    def look(_number, _action):
        most[0] = max(most[0], len(account.fake.ec2.alive()))

    account.fake.after = look
    return most


@pytest.mark.parametrize("n_ups", [2, 3])
def test_of_several_at_once_one_comes_up_and_the_others_make_nothing(account, n_ups):
    most = counted(account)
    account.fake.ec2.pending_polls = 3
    paths = [account.folder / f"{number}.json" for number in range(n_ups)]
    with account.fake.lock:
        ups = [account.programs.start("loadgen-provision", "up", "--provider", "aws", "--deployment", path, env=account.env) for path in paths]
    codes = [up.wait() for up in ups]
    assert sorted(codes) == [0] + [1] * (n_ups - 1) and most[0] == 9
    for up, code, path in zip(ups, codes, paths):
        assert path.exists() == (code == 0)
        if code:
            assert TWICE in up.stderr
    assert account.counts()["balancers"] == 1 and not (account.folder / "state" / LOCK).exists()
    account.run("down", "--deployment", paths[codes.index(0)])
    assert set(account.counts().values()) == {0}


def test_any_number_is_not_held_up(account):
    with account.fake.lock:
        ups = [account.programs.start("loadgen-provision", "up", "--provider", "aws", "--any-number", "--deployment", account.folder / f"{n}.json",
                                      env=account.env) for n in range(2)]
    assert [up.wait() for up in ups] == [0, 0] and account.counts()["instances"] == 18


def test_what_runs_meanwhile_is_counted_before_the_launch(account):
    account.fake.after = lambda _number, action: action == "CreateListener" and start_others(account, 1, state="pending")
    done = account.up(expect=1)
    assert "run in us-east-1: 1 (2 vCPUs); with this deployment's 9 (18 vCPUs) there would be 10 (20 vCPUs)" in done.stderr and "--any-number" in done.stderr
    assert not real_launches(account)
    account.fake.after = None
    account.up("--any-number")
    assert account.counts()["instances"] == 10


def test_an_up_that_goes_on_counts_again(account):
    account.fake.fault("RunInstances", code="InsufficientInstanceCapacity", times=2)
    account.up(expect=1)
    start_others(account, 9)
    done = account.up(expect=1)
    assert TWICE in done.stderr and len(account.fake.ec2.alive()) == 9
    for name in list(account.fake.ec2.instances):
        account.fake.ec2.instances[name]["state"] = "terminated"
    account.up()
    account.assert_complete()


def test_its_own_are_not_counted_twice(account):
    """Half of the instances run when `up` goes on."""
    account.fake.ec2.vcpu_limit = 10
    account.up(expect=1)
    account.fake.ec2.vcpu_limit = None
    account.up()
    account.assert_complete()


@pytest.mark.parametrize("n_others", [1, 6, 9])
def test_ours_beyond_nine_are_terminated_when_others_start_at_the_same_time(account, n_others):
    account.fake.before = lambda _n, action: (action == "RunInstances" and "DryRun" not in account.fake.requests[-1][2]
                                              and start_others(account, n_others))
    done = account.up(expect=1)
    assert f"{n_others + 9} instances ran, above the 9" in done.stderr and f"and {n_others} of this deployment's were terminated" in done.stderr
    states = collections.Counter(i["state"] for i in account.fake.ec2.instances.values() if not i["tags"])
    assert len(account.fake.ec2.alive()) == 9 and states == {"running": n_others}
    account.fake.before = None
    assert "the others were terminated: run `loadgen provision down`, then `up` again" in account.up("--any-number", expect=1).stderr
    account.down()
    assert len(account.fake.ec2.alive()) == n_others


def test_those_who_come_later_yield(account):
    """Others that were launched after ours are theirs to remove."""
    account.fake.before = lambda _n, action: (action == "RunInstances" and "DryRun" not in account.fake.requests[-1][2]
                                              and start_others(account, 3, launched="2026-11-22T00:00:00.000Z"))
    account.up()
    account.fake.before = None
    assert account.counts()["instances"] == 12 and account.deployment["state"] == "up"


def test_a_list_that_lags_is_waited_for(account):
    """The launched ones appear late in lists, and others with them."""
    looks = []

    def stale(action, result):
        if action != "DescribeInstances" or not real_launches(account) or len(looks) >= 4:
            return None
        looks.append(len(result["reservationSet"]))
        return {"reservationSet": []}

    account.fake.stale = stale
    account.fake.before = lambda _n, action: (action == "RunInstances" and "DryRun" not in account.fake.requests[-1][2]
                                              and start_others(account, 9))
    assert "and 9 of this deployment's were terminated" in account.up(expect=1).stderr
    assert len(looks) == 4 and len(account.fake.ec2.alive()) == 9


def test_one_that_waits_for_another_says_so_and_can_be_interrupted(account):
    reached, go_on = account.hold("CreateSecurityGroup")
    first = account.start_up()
    assert reached.wait(PATIENCE_S)
    waiting = account.programs.start("loadgen-provision", "up", "--provider", "aws", "--deployment", account.folder / "other.json", env=account.env)
    wait_until(lambda: "is working on the instances of account 123412349012 in us-east-1" in waiting.stderr, "the notice")
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait() == 130 and not (account.folder / "other.json").exists()
    go_on.set()
    assert first.wait() == 0
    account.assert_complete()


def test_every_launch_is_tried_dry_with_its_real_parameters(account):
    account.up("m4x5-t2x4", "--tag", "Course=CS 1")
    dry, real = [], []
    for params in [params for _, action, params in account.fake.requests if action == "RunInstances"]:
        if params.pop("DryRun", None):
            dry.append(params)
        else:
            assert params.pop("ClientToken") and params.pop("SecurityGroupId")
            real.append(params)
    assert len(dry) == 4 and sorted(map(repr, dry)) == sorted(map(repr, real))
    first_creation = account.fake.actions().index("CreateSecurityGroup")
    assert account.fake.actions()[:first_creation].count("RunInstances") == 4


def test_a_launch_that_cannot_be_is_found_out_before_anything_is_made(account):
    topology = account.folder / "arm.yaml"
    text = (ROOT / "provision/topologies/m4x4-t2x5.yaml").read_text()
    topology.write_text(text.replace("t2.large", "t4g.large"))
    account.fake.ec2.offerings |= {("t4g.large", f"us-east-1{zone}") for zone in "abc"}
    done = account.up(topology, expect=(1, 2))
    assert set(account.counts().values()) == {0} and not account.path.exists()
    assert "t4g.large" in done.stderr


def test_a_dry_run_that_fails_for_one_launch_names_it(account):
    def refuse(_number, _action):
        params = account.fake.requests[-1][2]
        if "DryRun" in params and params["InstanceType"] == "t2.large":
            raise ApiError("UnauthorizedOperation", "tags are due", 403)

    account.fake.before = refuse
    done = account.up(expect=1)
    assert "5 x t2.large in us-east-1a: EC2 RunInstances: UnauthorizedOperation" in done.stderr and "tags are due" in done.stderr
    assert set(account.counts().values()) == {0}


def test_an_account_without_load_balancers_learns_it_before_an_instance_runs(account):
    account.fake.fault("CreateLoadBalancer", code="OperationNotPermitted",
                       message="This AWS account currently does not support creating load balancers", times=9)
    done = account.up(expect=1)
    assert "OperationNotPermitted" in done.stderr and account.counts()["instances"] == 0 and not real_launches(account)
    account.down()
    account.assert_empty()


def test_starting_stopped_instances_counts_too(account):
    account.up()
    for instance in account.fake.ec2.alive():
        instance["state"] = "stopped"
    start_others(account, 3)
    done = account.up(expect=1)
    assert "run in us-east-1: 3 (6 vCPUs); with this deployment's 9 (18 vCPUs) there would be 12" in done.stderr
    assert "StartInstances" not in account.fake.actions()
    for name in ("i-0", "i-1", "i-2"):
        account.fake.ec2.instances[name]["state"] = "terminated"
    account.up()
    account.assert_complete()


def test_a_launch_that_fails_in_part_is_counted_too(account):
    def meanwhile(_number, action):
        params = account.fake.requests[-1][2]
        if action == "RunInstances" and "DryRun" not in params and params["InstanceType"] == "t2.large":
            start_others(account, 7)
            raise ApiError("InsufficientInstanceCapacity", "none left", 500)

    account.fake.before = meanwhile
    done = account.up(expect=1)
    assert "InsufficientInstanceCapacity" in done.stderr and "11 instances ran, above the 9" in done.stderr
    assert "and 2 of this deployment's were terminated" in done.stderr and len(account.fake.ec2.alive()) == 9
    account.fake.before = None
    account.down()
    assert len(account.fake.ec2.alive()) == 7
