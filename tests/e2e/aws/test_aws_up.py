"""`up`, `status` and `down` against the scripted AWS: what is created, its states, and that nothing is left."""


import pytest

from aws_account import TOPOLOGIES, Account
from programs import PATIENCE_S

MAKING = ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RunInstances", "CreateTargetGroup", "CreateLoadBalancer",
          "CreateListener", "CreateRule")


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
        assert not account.fake.refused


@pytest.fixture(name="up")
def fixture_up(account):
    account.up()
    return account


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_up_makes_everything_and_down_leaves_nothing(account, topology):
    done = account.up(topology)
    account.assert_complete()
    assert f"{topology} is up: http://loadgen-" in done.stdout
    assert done.stdout.splitlines()[-1] == f"to take it down: loadgen provision down --deployment {account.path}"
    assert account.path.stat().st_mode & 0o777 == 0o600
    assert account.down().stdout == "nothing is left\n"
    account.assert_empty()


def test_instances_are_launched_as_the_topology_says(up):
    run = up.deployment["run_id"]
    for instance in up.fake.ec2.instances.values():
        params = instance["params"]
        assert params["ImageId"] == "ami-noble" and params["KeyName"] == "vockey"
        assert params["Monitoring"] == {"Enabled": "true"}
        assert params["MetadataOptions"] == {"HttpTokens": "required"}
        assert params["InstanceInitiatedShutdownBehavior"] == "terminate"
        assert params.get("CreditSpecification") == ({"CpuCredits": "standard"} if instance["type"] == "t2.large" else None)
        cluster = "cluster1" if instance["type"] == "m4.large" else "cluster2"
        assert instance["tags"]["loadgen-run"] == instance["volume_tags"]["loadgen-run"] == run
        assert instance["volume_tags"]["Name"] == f"loadgen-{run}-{cluster}"
        assert instance["user_data"].startswith("#cloud-config\n") and f"--path /{cluster} --port 80" in instance["user_data"]


def test_ports_are_open_to_whom_the_topology_says(up):
    groups = {g["name"].rpartition("-")[2]: g for g in up.fake.ec2.groups.values()}
    assert set(groups["balancer"]["rules"]) == {(80, "0.0.0.0/0")}
    assert set(groups["instances"]["rules"]) == {(22, "203.0.113.9/32"), (80, groups["balancer"]["id"])}
    assert {i["groups"][0] for i in up.fake.ec2.instances.values()} == {groups["instances"]["id"]}
    assert up.fake.elb.balancers[0]["wish"]["SecurityGroups"] == {"member": {"1": groups["balancer"]["id"]}}


@pytest.mark.parametrize("topology, weights", [("m4x4-t2x5", {"cluster1": 1}), ("m4x5-t2x4", {"cluster1": 1, "cluster2": 1})])
def test_listener_and_rules_lead_to_the_right_groups(account, topology, weights):
    account.up(topology)
    elb = account.fake.elb
    names = {g["arn"]: g["wish"]["Name"].rpartition("-")[2] for g in elb.groups}
    (listener,) = elb.listeners
    assert (listener["port"], listener["protocol"]) == ("80", "HTTP")
    assert {names[arn]: weight for arn, weight in listener["forwards"].items()} == weights
    rules = {r["priority"]: (r["paths"], [names[arn] for arn in r["forwards"]]) for r in elb.rules}
    assert rules == {"1": (["/cluster1", "/cluster1/*"], ["cluster1"]), "2": (["/cluster2", "/cluster2/*"], ["cluster2"])}
    for group in elb.groups:
        wish = group["wish"]
        assert (wish["HealthCheckPath"], wish["Matcher"], wish["Port"], wish["Protocol"]) == ("/", {"HttpCode": "200"}, "80", "HTTP")
        assert group["attributes"] == {"load_balancing.algorithm.type": "round_robin"}
        assert {t["port"] for t in group["targets"].values()} == {80}
    wish = elb.balancers[0]["wish"]
    assert (wish["Scheme"], wish["Type"], wish["IpAddressType"]) == ("internet-facing", "application", "ipv4")
    assert wish["Subnets"] == {"member": {"1": "subnet-a", "2": "subnet-b"}}
    run = account.deployment["run_id"]
    ours = [x["arn"] for x in elb.groups + elb.balancers + elb.listeners + elb.rules]
    assert {elb.tags[arn]["loadgen-run"] for arn in ours} == {run}


def test_a_second_up_says_so_and_makes_nothing(up):
    n = len(up.fake.requests)
    before = up.deployment
    assert "was up already, nothing was changed" in up.up().stdout
    assert not [action for _, action, _ in up.fake.requests[n:] if action in MAKING]
    assert up.deployment == before


def test_dry_run_prints_the_plan_and_makes_nothing(account):
    done = account.up("m4x5-t2x4", "--dry-run")
    for words in ("3 x m4.large in us-east-1a", "2 x m4.large in us-east-1b", "ami-noble", "22 from 203.0.113.9/32", "USD per hour",
                  "default to cluster1 and cluster2", "nothing was created"):
        assert words in done.stdout
    assert set(account.counts().values()) == {0}
    assert not account.path.exists()


def test_slow_states_are_waited_for(account):
    fake = account.fake
    fake.ec2.pending_polls = 4
    fake.elb.provisioning = ["provisioning"] * 4
    fake.elb.health = [("initial", "Elb.RegistrationInProgress"), ("unhealthy", "Target.Timeout"), ("unhealthy", "Target.Timeout")]
    done = account.up()
    assert "targets             9/9  healthy" in done.stderr
    assert len(fake.actions("DescribeTargetHealth")) >= 2 * 4
    account.assert_complete()
    fake.ec2.terminating_polls = 3
    fake.elb.deleting_polls = 3
    fake.elb.interface_polls = 4
    fake.ec2.in_use_refusals = 3
    account.down()
    account.assert_empty()


def test_lists_of_many_pages_are_read_to_the_end(account):
    account.fake.ec2.page_size = 2
    account.fake.elb.page_size = 1
    account.up()
    account.assert_complete()
    account.down()
    account.assert_empty()


def test_status_shows_states_health_and_cost(up):
    assert up.run("status", "--deployment", up.path).stderr == ""
    up.fake.elb.groups[1]["targets"][next(iter(up.fake.elb.groups[1]["targets"]))]["script"] = [("stuck", "Target.FailedHealthChecks")]
    status = up.run("status", "--deployment", up.path, expect=1)
    text = status.stdout
    assert "healthy instances of m4x4-t2x5: 8 of 9" in status.stderr
    assert text.count("running") == 9 and text.count(" healthy") == 8
    assert "unhealthy   Target.FailedHealthChecks" in text
    for words in (up.deployment["url"], "USD so far", "age", "account 123412349012", "active"):
        assert words in text


def test_status_of_something_half_made(account):
    account.fake.fault("CreateTargetGroup", code="TooManyTargetGroups")
    account.up(expect=1)
    text = account.run("status", "--deployment", account.path, expect=1).stdout
    assert "failed" in text and "there is none named" in text
    account.down()
    account.assert_empty()


def test_a_dry_run_of_what_is_up_takes_the_region_from_the_deployment_file(up):
    done = up.up("--dry-run", env={"AWS_REGION": "us-west-2"})
    assert "in us-east-1 (from the deployment file)" in done.stdout and "note:" not in done.stderr


def test_an_account_that_is_no_number_is_not_recorded(account):
    for answer in ("", "none", "12341234901", "x" * 100_000):
        account.fake.account = answer
        assert "STS GetCallerIdentity: the reply names no account" in account.up(expect=1).stderr
        assert not account.path.exists()


def test_another_account_is_not_touched(up):
    up.fake.account = "999999999999"
    n = len(up.fake.requests)
    done = up.down(expect=1)
    assert "belongs to account 123412349012" in done.stderr and "999999999999" in done.stderr
    assert up.fake.actions()[n:] == ["GetCallerIdentity"]
    up.fake.account = "123412349012"
    up.down()


def test_a_rule_that_was_changed_is_named_with_advice_that_works(up):
    up.fake.elb.groups.clear()
    failed = up.up(expect=1)
    assert "the rule of priority 1 of our listener leads to" in failed.stderr and "run `loadgen provision down`, then `up` again" in failed.stderr
    up.down()
    up.up()
    up.assert_complete()


def test_a_stranger_without_our_tag_is_left_alone(up):
    """A recorded resource has lost its tag: it was reused."""
    group = next(g for g in up.fake.ec2.groups.values() if g["name"].endswith("instances"))
    instance = next(iter(up.fake.ec2.instances.values()))
    for thing in (group, instance):
        thing["tags"] = {"Name": "somebody else's"}
    done = up.down(expect=1)
    assert instance["state"] == "running" and group["id"] in up.fake.ec2.groups
    assert instance["id"] in done.stderr and "does not carry this run's tag" in done.stderr
    assert "It never removes those without this run's tag, 2 here: if they are yours, remove them by other means and run it again" in done.stderr
    assert up.path.exists()
    instance["state"] = "terminated"
    del up.fake.ec2.groups[group["id"]]
    assert up.down().stdout == "nothing is left\n"


def test_a_name_that_is_taken_is_not_adopted(account):
    seen = {}

    def take_the_name(_number, action):
        if action == "CreateTargetGroup" and not seen:
            name = account.fake.requests[-1][2]["Name"]
            seen["arn"] = f"arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/{name}/1"
            account.fake.elb.groups.append({"arn": seen["arn"], "wish": {"Name": name, "Port": "81"}, "targets": {}, "attributes": {}})

    account.fake.before = take_the_name
    done = account.up(expect=1)
    assert "exists already and is not this deployment's" in done.stderr
    account.down()
    assert [g["arn"] for g in account.fake.elb.groups] == [seen["arn"]]


def test_two_at_once_are_kept_apart(account):
    reached, go_on = account.hold("CreateSecurityGroup")
    first = account.start_up()
    assert reached.wait(PATIENCE_S)
    done = account.up(expect=(1, 2))
    assert "deployment.json" in done.stderr and "another" in done.stderr
    go_on.set()
    assert first.wait() == 0
    account.assert_complete()
    account.down()


def test_temporary_credentials_pasted_into_the_file(programs, tmp_path):
    token = "Fwo=/+" * 300
    with Account(programs, tmp_path) as account:
        account.fake.keys = {"ASIAPASTED": ("secret/+=", token)}
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del account.env[name]
        (tmp_path / ".aws").mkdir()
        path = tmp_path / ".aws/credentials"
        path.write_bytes(b"\xef\xbb\xbf[default]\r\naws_access_key_id=ASIAPASTED\r\naws_secret_access_key=secret/+=\r\n"
                         b"aws_session_token=" + token.encode() + b"\r\n")
        path.chmod(0o644)
        done = account.up()
        assert "other users of this machine can read" in done.stderr and "chmod 600" in done.stderr
        account.down()
        account.assert_empty()


def test_another_region_moves_the_zones(programs, tmp_path):
    with Account(programs, tmp_path, region="us-west-2") as account:
        account.up("--region", "us-west-2")
        assert {i["zone"] for i in account.fake.ec2.instances.values()} == {"us-west-2a", "us-west-2b"}
        account.down(env={"AWS_REGION": "eu-west-1"})
        account.assert_empty()
