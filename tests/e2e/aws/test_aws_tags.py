"""Whose everything is: the tags of what `up` creates, the user's own tags, and the names of the instances."""

import collections
import getpass
import platform

import pytest

from aws_account import Account


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
        assert not account.fake.refused


def tags_of_everything(fake):
    yield from ((i["id"], i["tags"]) for i in fake.ec2.instances.values())
    yield from ((f"volume of {i['id']}", i["volume_tags"]) for i in fake.ec2.instances.values())
    yield from ((g["id"], g["tags"]) for g in fake.ec2.groups.values())
    yield from ((f"rules of {g['id']}", tags) for g in fake.ec2.groups.values() for tags in g["rule_tags"])
    yield from fake.elb.tags.items()


def test_everything_says_whose_it_is_and_carries_the_users_tags(account):
    account.up("--tag", "team=web", "--tag", "cost center=12=a")
    deployment = account.deployment
    owner = f"{getpass.getuser()}@{platform.node().partition('.')[0]} as {account.fake.arn.rpartition('/')[2]}"
    assert deployment["owner"] == owner
    assert f"  owner           {owner}\n" in account.run("status", "--deployment", account.path).stdout
    found = dict(tags_of_everything(account.fake))
    assert len(found) == 9 + 9 + 2 + 2 + 1 + 2 + 1 + 2
    for name, tags in found.items():
        assert tags["loadgen-run"] == deployment["run_id"], name
        assert tags["loadgen-owner"] == owner and tags["loadgen-created"] == deployment["created_utc"], name
        assert tags["team"] == "web" and tags["cost center"] == "12=a", name
    instance = next(iter(account.fake.ec2.instances.values()))
    kinds = [s["ResourceType"] for s in instance["params"]["TagSpecification"].values()]
    assert kinds == ["instance", "volume", "network-interface"]


def test_prices_are_tags_of_what_costs_money(account):
    account.up()
    prices = collections.Counter(tags["loadgen-usd-per-hour"] for _, tags in tags_of_everything(account.fake) if "loadgen-usd-per-hour" in tags)
    assert sorted(prices.values()) == [1, 4, 5]
    assert f"{sum(float(price) * n for price, n in prices.items()):.2f}" == f"{account.deployment['price_usd_per_hour']:.2f}"


def test_instances_are_named_by_cluster_and_number(account):
    account.up()
    run = account.deployment["run_id"]
    names = {i["id"]: i["tags"]["Name"] for i in account.fake.ec2.instances.values()}
    assert sorted(names.values()) == sorted([f"loadgen-{run}-cluster1-{n}" for n in range(1, 5)] + [f"loadgen-{run}-cluster2-{n}" for n in range(1, 6)])
    mine = next(iter(account.fake.ec2.instances.values()))
    mine["tags"]["Name"] = "the slow one"
    n_named = len(account.fake.actions("CreateTags"))
    account.up()
    assert len(account.fake.actions("CreateTags")) == n_named == 9 and mine["tags"]["Name"] == "the slow one"


def test_without_the_permission_to_rename_instances_up_goes_on(account):
    account.fake.fault("CreateTags", code="UnauthorizedOperation", status=403, times=9)
    done = account.up()
    account.assert_complete()
    assert "note: the instances of a cluster share one name: EC2 CreateTags" in done.stderr


@pytest.mark.parametrize("tags, why", [
    (["aws:team=web"], "--tag 'aws:team=web': AWS keeps the keys that begin with aws: for itself"),
    (["team=web", "team=db"], "--tag 'team=db': this key is given twice"),
    ([f"k{n}=v" for n in range(45)], "--tag is given 45 times: AWS allows 50 tags, and 6 of them are loadgen's"),
])
def test_tags_that_aws_would_refuse_are_refused_before_anything_is_made(account, tags, why):
    done = account.up(*(word for tag in tags for word in ("--tag", tag)), expect=2)
    assert why in done.stderr
    assert set(account.fake.actions()) == {"GetCallerIdentity"} and not account.path.exists()


def test_a_dry_run_shows_the_tags(account):
    done = account.up("--tag", "team=web", "--dry-run")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  tags ")]
    assert line.endswith(", team=web") and f"loadgen-owner={getpass.getuser()}@" in line
    assert not account.path.exists()
