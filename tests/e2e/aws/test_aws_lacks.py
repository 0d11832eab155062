"""What an account lacks is said before anything is created in it."""

import pytest


def no_default_vpc(account):
    account.fake.ec2.has_default_vpc = False


def type_not_offered(account):
    account.fake.ec2.offerings = {o for o in account.fake.ec2.offerings if o[1] == "us-east-1c"}


def type_nowhere(account):
    account.fake.ec2.offerings = {o for o in account.fake.ec2.offerings if o[0] != "m4.large"}


def no_key_pair(account):
    account.fake.ec2.keys.clear()


def much_is_running(account):
    for number in range(3):
        account.fake.ec2.instances[f"i-{number}"] = {"id": f"i-{number}", "state": "running", "tags": {}, "groups": [], "polls": 0, "index": 0,
                                                     "type": "t2.micro", "zone": "us-east-1a", "reason": ""}


def many_cpus_are_in_use(account):
    much_is_running(account)
    account.fake.ec2.instances["i-0"]["cores"] = 8


def no_public_addresses(account):
    account.fake.ec2.subnets[1]["mapPublicIpOnLaunch"] = False


def few_addresses(account):
    account.fake.ec2.subnets[0]["availableIpAddressCount"] = 3


def no_image(account):
    account.fake.parameters.clear()
    account.fake.ec2.images.clear()


def no_permission(account):
    account.fake.fault("RunInstances.DryRun", code="UnauthorizedOperation", status=403,
                       message="You are not authorized. Encoded authorization failure message: SECRETCIPHER")


def expired(account):
    account.fake.expired.add("AKIAFAKE")


def wrong_secret(account):
    account.env["AWS_SECRET_ACCESS_KEY"] = "wrong"


def partial_pair(account):
    account.env["AWS_SECRET_ACCESS_KEY"] = ""


def no_credentials(account):
    account.env["AWS_ACCESS_KEY_ID"] = account.env["AWS_SECRET_ACCESS_KEY"] = ""


def unknown_zone(account):
    account.fake.ec2.subnets = account.fake.ec2.subnets[2:]


def unreachable(account):
    account.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"


@pytest.mark.parametrize("spoil, options, exit_code, words", [
    (no_default_vpc, [], 1, ["no default VPC in us-east-1", "--vpc", "--subnets"]),
    (type_not_offered, [], 1, ["m4.large is not offered in us-east-1b, but in us-east-1c"]),
    (type_nowhere, [], 1, ["m4.large is not offered anywhere in this region"]),
    (no_key_pair, [], 1, ["no key pair 'vockey' in us-east-1", "--key ''"]),
    (much_is_running, [], 1, ["run in us-east-1: 3 (6 vCPUs)", "there would be 12 (24 vCPUs), above the 9 (32 vCPUs)", "--any-number",
                              "`loadgen provision down --lost --provider aws --region us-east-1` lists loadgen's"]),
    (many_cpus_are_in_use, [], 1, ["us-east-1: 3 (20 vCPUs)", "with this deployment's 9 (18 vCPUs) there would be 12 (38 vCPUs)", "--any-number"]),
    (no_public_addresses, [], 1, ["subnet-b in us-east-1b gives its instances no public address"]),
    (few_addresses, [], 1, ["subnet-a", "only 3 free addresses"]),
    (no_image, [], 1, ["no image of Ubuntu 24.04", "--ami"]),
    (no_permission, [], 1, ["UnauthorizedOperation", "may not do that"]),
    (expired, [], 1, ["the credentials of the environment", "ExpiredToken", "paste fresh credentials"]),
    (wrong_secret, [], 1, ["SignatureDoesNotMatch", "does not accept these credentials"]),
    (partial_pair, [], 2, ["the environment has an access key id without its secret access key"]),
    (no_credentials, [], 2, ["there are no AWS credentials", "~/.aws/credentials"]),
    (no_credentials, ["--profile", "lab"], 2, ["there is no profile lab"]),
    (unknown_zone, [], 1, ["vpc-default has no subnet in us-east-1a", "us-east-1c"]),
    (unreachable, [], 1, ["STS GetCallerIdentity", "nothing was sent"]),
    (lambda account: None, ["--region", "us-east1"], 2, ["'us-east1'", "is not the name of a region"]),
    (lambda account: None, ["--ami", "ami-none"], 1, ["no image ami-none in us-east-1"]),
    (lambda account: None, ["--subnets", "subnet-a"], 2, ["at least two subnets"]),
    (lambda account: None, ["--subnets", "subnet-a,subnet-zz"], 1, ["no subnet subnet-zz"]),
    (lambda account: None, ["--subnets", "subnet-c,subnet-d"], 2, ["cluster1 is to be in us-east-1b"]),
    (lambda account: None, ["--my-address", "there"], 2, ["'there' is not an IPv4 or IPv6 address"]),
], ids=lambda value: getattr(value, "__name__", None) if callable(value) else None)
def test_each_lack_is_one_message_and_nothing_is_created(account, spoil, options, exit_code, words):
    spoil(account)
    before = account.counts()
    done = account.up(*options, expect=exit_code)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]
    assert "SECRETCIPHER" not in done.stderr
    assert account.counts() == before and not account.path.exists()


def test_the_image_is_found_by_name_where_parameters_may_not_be_read(account):
    account.fake.fault("GetParameter", code="AccessDeniedException")
    done = account.up("--dry-run")
    assert "ami-noble" in done.stdout and "the newest by name" in done.stdout
    assert "ami-imitation" not in done.stdout


def test_subnets_can_be_named(account):
    account.fake.ec2.has_default_vpc = False
    account.up("--subnets", "subnet-b,subnet-a")
    assert account.fake.elb.balancers[0]["wish"]["Subnets"] == {"member": {"1": "subnet-b", "2": "subnet-a"}}
    account.assert_complete()
    account.down()
    account.assert_empty()
