"""What `status` and dry runs show of cost and expiry, and instances that were stopped or have ended by themselves."""

import datetime
import json
import re

import pytest


def age(account, hours, expires_in=None):
    """Makes the record that many hours old."""
    record = account.deployment
    at = lambda h: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ")
    record |= {"created_utc": at(-hours), "expires_utc": at(expires_in) if expires_in is not None else None}
    account.path.write_text(json.dumps(record))


def status(account, **settings):
    done = account.run("status", "--deployment", account.path, **settings)
    return {line[:16].strip(): line[18:] for line in done.stdout.splitlines() if re.match("  [a-z ]{14}  ", line)}, done


def end_all(account, state="terminated"):
    for instance in account.fake.ec2.instances.values():
        instance["state"] = state


def test_up_and_status_say_when_the_instances_end(account):
    done = account.up("--expire", "4h")
    expires = account.deployment["expires_utc"]
    assert f"the instances end by themselves at {expires}; the load balancer costs 0.03 USD per hour until `down`\n" in done.stdout
    rows, _ = status(account)
    assert re.fullmatch(rf"in 3 h 5\d min, at {expires}: the instances end by themselves, the load balancer does not", rows["expires"])
    assert "about 0.98 USD per hour" in rows["cost"] and rows["costs now"] == "about 0.98 USD per hour: 9 instances and the load balancer"


def test_a_fresh_plan_shows_the_expiry_or_how_to_have_one(account):
    assert re.search(r"^  expires +20..-..-..T..:..:..Z$", account.up("--dry-run", "--expire", "4h").stdout, re.M)
    assert "  expires           never: --expire 4h ends" in account.up("--dry-run").stdout


def test_a_dry_run_shows_what_exists_and_changes_nothing(account):
    account.up()
    before, n = account.path.read_bytes(), account.counts()
    done = account.up("--dry-run")
    assert f"m4x4-t2x5 is up and recorded in {account.path} with 9 instances" in done.stdout
    assert "4 x m4.large in us-east-1b" in done.stdout and done.stdout.endswith("nothing was changed\n")
    assert (account.path.read_bytes(), account.counts()) == (before, n)


def test_hours_without_an_expiry_are_warned_of(account):
    account.up()
    assert status(account)[0]["expires"] == "never"
    age(account, 9)
    rows, _ = status(account)
    assert rows["expires"] == "never, and it has been up for hours: `loadgen provision down` ends the cost"
    assert rows["cost"].startswith("at most 8.78 USD so far")


def test_instances_that_have_ended_cost_nothing_more(account):
    account.up("--expire", "4h")
    age(account, 14, expires_in=-10)
    end_all(account)
    rows, done = status(account, expect=1)
    assert re.match(r"at .*Z, 10 h 0 min ago: `loadgen provision down` removes what is left", rows["expires"])
    assert rows["cost"].startswith("at most 4.23 USD so far"), "4 h of all, 10 h of the load balancer"
    assert rows["costs now"] == "about 0.03 USD per hour: 0 instances and the load balancer"
    assert "all instances have ended: `loadgen provision down` removes the rest" in done.stderr
    refused = account.up("--expire", "4h", expect=2)
    assert "its instances have ended themselves: run `loadgen provision down`" in refused.stderr
    account.down()
    account.assert_empty()


def test_instances_that_should_have_ended_and_did_not_are_named(account):
    account.up("--expire", "4h")
    age(account, 5, expires_in=-1)
    assert "the instances should have ended: run `loadgen provision down`\n" in status(account)[1].stdout


def test_the_record_is_shown_when_aws_is_out_of_reach(account):
    account.up("--expire", "4h")
    rows, _ = status(account, env={"AWS_SECRET_ACCESS_KEY": "wrong"}, expect=1)
    assert "about 0.98 USD per hour" in rows["cost"] and "the instances end by themselves" in rows["expires"]


@pytest.mark.parametrize("state", ["stopped", "stopping"])
def test_stopped_instances_are_started_again(account, state):
    account.up()
    ids = {i["id"] for i in account.fake.ec2.alive()}
    end_all(account, state)
    _, done = status(account, expect=1)
    if state == "stopped":
        assert "instances are stopped: `loadgen provision up` starts them again" in done.stderr
    assert "is up: " in account.up().stdout
    assert {i["id"] for i in account.fake.ec2.alive()} == ids and len(account.fake.actions("StartInstances")) == 1
    account.assert_complete()


def test_stopped_instances_that_may_not_be_started_are_named_with_what_to_do(account):
    account.up()
    end_all(account, "stopped")
    account.fake.fault("StartInstances", code="UnauthorizedOperation", status=403)
    assert "9 instances are stopped: start the lab, or them, then run the same command again" in account.up(expect=1).stderr
    for instance in account.fake.ec2.instances.values():
        instance["state"] = "running"
    account.up()
    account.assert_complete()


def test_another_expiry_is_refused_and_the_same_goes_on(account):
    account.fake.fault("RegisterTargets", code="UnauthorizedOperation", status=403)
    account.up("--expire", "4h", expect=1)
    expires = account.deployment["expires_utc"]
    assert "with --expire 4 h 0 min, and --expire asks for 8 h 0 min" in account.up("--expire", "8h", expect=2).stderr
    account.up("--expire", "4h")
    assert account.deployment["expires_utc"] == expires
    account.assert_complete()
