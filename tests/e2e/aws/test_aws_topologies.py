"""Topologies on AWS: what AWS would refuse is refused before any request, and a listener may speak HTTPS."""

import pytest

from aws_account import Account
from programs import ROOT
from servers import issued

SHIPPED = (ROOT / "provision/topologies/m4x4-t2x5.yaml").read_text()
CERTIFICATE = "arn:aws:acm:us-east-1:123412349012:certificate/1"
HTTPS = [("  port: 80\n", f"  protocol: HTTPS\n  certificate: {CERTIFICATE}\n  server_name: bench.example.org\n"),
         ("- { port: 80,", "- { port: 443,")]


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
        assert not account.fake.refused


def topology(folder, *changes):
    """The shipped topology, changed, as a file."""
    text = SHIPPED
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "mine.yaml"
    path.write_text(text)
    return path


# Each came up with nine running instances before AWS, or nobody, said what is wrong.
REFUSED = {
    "an underscore": (("cluster1", "m4_cluster"), "13:13: error: on AWS, where it becomes part of a target group's name"),
    "too long a name": (("cluster2", "a-cluster-of-t2-s"), "14:13: error: on AWS, where it becomes part"),
    "half a second": (("interval: 10s, timeout: 5s", "interval: 5500ms, timeout: 5200ms"), "20:56: error: on AWS the 'interval'"),
    "another status": (("expect_status: 200", "expect_status: 204"), "20:41: error: the app answers / with status 200"),
    "another path": (("path: /, expect", "path: /healthz, expect"), "the app answers /healthz with status 404"),
    "a closed port": (("  port: 80\n", "  port: 8080\n"), "nothing listens on port 80: the load balancer's listener has port 8080"),
    "no way in": (("  - { port: 80, from: anywhere }     #", "#"), "17:9: error: no ingress rule opens the listener's port"),
    "nothing behind it": (("from: caller }\n", "from: caller }\n  - { port: 443, from: anywhere }\n"), "24:13: error: nothing listens on port 443"),
    "bits too many": (("from: caller", "from: 10.1.2.3/8"), "'from' must be anywhere, caller or a block such as 10.0.0.0/8, without bits"),
    "no certificate": (("  port: 80\n", "  protocol: HTTPS\n"), "17:13: error: on AWS an HTTPS listener needs a 'certificate'"),
    "unlimited by default": (("    credits: {", "    #"), "on AWS t2.large has CPU credits"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_topology_that_aws_refuses_is_refused_before_any_request(account, what):
    change, message = REFUSED[what]
    path = topology(account.folder, change)
    for options in ((), ("--dry-run",)):
        done = account.up(path, *options, expect=2)
        assert message in done.stderr and done.stderr.startswith(f"{path}:")
    assert not account.fake.requests and not account.path.exists()


def test_a_topology_that_only_aws_refuses_is_fine_in_the_lab(account):
    for name in ("an underscore", "half a second", "a closed port"):
        account.run("up", topology(account.folder, REFUSED[name][0]), "--dry-run")


@pytest.fixture(name="certificate", scope="module")
def fixture_certificate(tmp_path_factory):
    return issued(tmp_path_factory.mktemp("certificate"), "bench.example.org")


@pytest.fixture(name="https")
def fixture_https(account, certificate):
    """An account whose load balancer answers with that certificate."""
    account.tls_port = account.fake.serve_tls(*certificate)
    account.env["LOADGEN_AWS_CONNECT_TO"] = f"127.0.0.1:{account.tls_port}"
    return account


def test_an_https_listener_has_its_certificate_and_port(https, certificate):
    plan = https.up(topology(https.folder, *HTTPS), "--dry-run").stdout
    assert "listener          HTTPS port 443, with HTTP/2, default to cluster1" in plan and CERTIFICATE in plan
    done = https.up(topology(https.folder, *HTTPS), env={"AWS_CA_BUNDLE": str(certificate[0])})
    assert "note: this machine does not accept" not in done.stderr
    (listener,) = https.fake.elb.listeners
    assert (listener["protocol"], listener["port"], listener["certificates"]) == ("HTTPS", "443", [CERTIFICATE])
    deployment = https.deployment
    assert deployment["url"].startswith("https://loadgen-") and deployment["url"].endswith(".elb.amazonaws.com")
    kept = deployment["load_balancer"]["listener"]
    assert (kept["protocol"], kept["certificate"], kept["server_name"], kept["port"]) == ("HTTPS", CERTIFICATE, "bench.example.org", 443)
    assert kept["http2"] is True and https.fake.elb.balancers[0]["attributes"] == {}, "it is on in a new one"
    balancer = next(g for g in https.fake.ec2.groups.values() if g["name"].endswith("balancer"))
    assert balancer["rules"] == [(443, "0.0.0.0/0")]
    assert "was up already, nothing was changed" in https.up(topology(https.folder, *HTTPS)).stdout
    https.down()
    https.assert_empty()


def test_a_listener_without_http2_turns_it_off_in_its_balancer(https, certificate):
    without = topology(https.folder, *HTTPS, ("protocol: HTTPS\n", "protocol: HTTPS\n  http2: false\n"))
    assert "listener          HTTPS port 443, without HTTP/2, default to" in https.up(without, "--dry-run").stdout
    https.up(without, env={"AWS_CA_BUNDLE": str(certificate[0])})
    assert https.fake.elb.balancers[0]["attributes"] == {"routing.http2.enabled": "false"}
    assert https.deployment["load_balancer"]["listener"]["http2"] is False
    https.down()
    https.assert_empty()


def test_a_certificate_that_is_not_trusted_here_is_said_and_not_waited_for(https):
    done = https.up(topology(https.folder, *HTTPS))
    assert "note: this machine does not accept the load balancer's certificate" in done.stderr and "--cacert FILE" in done.stderr
    https.assert_complete()


SCENARIO = "name: short\ntarget: deployment\nstreams: [ { name: a, cluster: cluster1, request: /cluster1, users: 2, phases: [ { requests: 20 } ] } ]\n"


def run_on(account, *options, expect=0):
    host = account.deployment["url"].removeprefix("https://")
    (account.folder / "short.yaml").write_text(SCENARIO)
    return account.programs.run("loadgen", "run", account.folder / "short.yaml", "--deployment", account.path, "--connect-to",
                                f"{host}:443:127.0.0.1:{account.tls_port}", *options, expect=expect)


def test_a_run_verifies_the_name_in_the_certificate(https, certificate):
    https.up(topology(https.folder, *HTTPS))
    assert "200: 20" in run_on(https, "--cacert", certificate[0]).stdout
    run_on(https, expect=1)  # its issuer is unknown
    run_on(https, "--cacert", certificate[0], "--sni", "other.example.org", expect=1)


def test_a_certificate_that_aws_does_not_know_ends_up_before_any_instance(https):
    done = https.up(topology(https.folder, *HTTPS, ("certificate/1", "certificate/2")), expect=1)
    assert "CertificateNotFound" in done.stderr
    assert https.counts()["instances"] == 0


def test_the_topology_names_the_region_and_only_the_option_moves_it(account):
    """Zones, images and certificates of a topology are those of its region, whatever a shell's profile says."""
    (account.folder / ".aws").mkdir()
    (account.folder / ".aws/config").write_text("[default]\nregion = eu-west-1\n")
    for env, source in (({}, "the profile"), ({"AWS_DEFAULT_REGION": "us-west-2"}, "AWS_DEFAULT_REGION"), ({"AWS_REGION": "us-west-2"}, "AWS_REGION")):
        done = account.up("--dry-run", env=env)
        other = env.get(source, "eu-west-1")
        assert "plan: m4x4-t2x5 in us-east-1 (from the topology)" in done.stdout and "prices of 2024-02-01 in us-east-1" in done.stdout
        assert f"note: {source} names {other}, and the topology is for us-east-1: `--region` brings it up elsewhere" in done.stderr
    assert "note:" not in account.up("--dry-run", env={"AWS_REGION": "us-east-1"}).stderr


def test_another_region_has_prices_of_the_topologys_and_needs_its_own_certificate(programs, tmp_path):
    with Account(programs, tmp_path, region="us-west-2") as account:
        done = account.up("--region", "us-west-2", "--dry-run")
        assert "in us-west-2 (from --region)" in done.stdout and "prices of 2024-02-01 in us-east-1" in done.stdout
        done = account.up(topology(tmp_path, *HTTPS), "--region", "us-west-2", expect=2)
        assert "is in us-east-1, and a load balancer in us-west-2 takes only those of its region" in done.stderr
        assert not account.path.exists()


def test_a_certificate_of_another_account_is_refused(account):
    done = account.up(topology(account.folder, *HTTPS, ("123412349012", "999999999999")), expect=2)
    assert "belongs to account 999999999999" in done.stderr and "account 123412349012" in done.stderr
    assert set(account.counts().values()) == {0}


def private(account, way):
    """Every subnet is private, with this default route."""
    for subnet in account.fake.ec2.subnets:
        subnet["mapPublicIpOnLaunch"] = False
        account.fake.ec2.routes[subnet["subnetId"]] = way


NAT = {"natGatewayId": "nat-1", "state": "active"}
INTERNAL = ("algorithm: round_robin", "algorithm: round_robin\nscheme: internal")


@pytest.mark.parametrize("way, change, message", [
    ({"gatewayId": "igw-1", "state": "active"}, INTERNAL, "gives its instances no public address and has no way out by NAT"),
    ({**NAT, "state": "blackhole"}, INTERNAL, "has no way out by NAT"), (None, INTERNAL, "has no way out by NAT"),
    (NAT, ("name: m4x4", "name: m4x4"), "is private, its way out is NAT, and an internet-facing load balancer")])
def test_private_subnets_without_nat_or_for_the_internet_are_refused(account, way, change, message):
    private(account, way)
    assert message in account.up(topology(account.folder, change), expect=1).stderr
    assert set(account.counts().values()) == {0}


def test_private_subnets_with_nat_serve_an_internal_load_balancer(account):
    private(account, NAT)
    account.fake.ec2.routes.clear()
    account.fake.ec2.main_route = NAT  # of the VPC's main table
    account.up(topology(account.folder, INTERNAL))
    account.assert_complete()
    assert account.fake.elb.balancers[0]["wish"]["Scheme"] == "internal"
    assert all(i["address"].startswith("172.31.0.") for i in account.deployment["instances"])
    account.down()
    account.assert_empty()


@pytest.mark.parametrize("change", [INTERNAL, ("port: 80, from: anywhere", "port: 80, from: 10.0.0.0/8")])
def test_a_load_balancer_that_is_not_open_to_this_machine_need_not_answer_here(account, change):
    account.fake.app_answers = False
    done = account.up(topology(account.folder, change))
    assert "note: the load balancer is internal, or open to other addresses, and does not answer here" in done.stderr
    account.assert_complete()


def test_a_subnet_too_small_for_its_instances_is_refused(account):
    """One for eight addresses of the load balancer and four instances; the last launch would have failed."""
    account.fake.ec2.subnets[1]["availableIpAddressCount"] = 11
    assert "has only 11 free addresses, for 4 instances and 8 of the load balancer" in account.up(expect=1).stderr
    assert set(account.counts().values()) == {0}
    account.fake.ec2.subnets[1]["availableIpAddressCount"] = 12
    account.up()


DUALSTACK = ("algorithm: round_robin", "algorithm: round_robin\nip_address_type: dualstack")


def test_a_dualstack_load_balancer_is_open_to_ipv6_too(account):
    path = topology(account.folder, DUALSTACK)
    assert "has no IPv6 addresses, which `ip_address_type: dualstack` needs" in account.up(path, expect=1).stderr
    for subnet in account.fake.ec2.subnets:
        subnet["ipv6CidrBlockAssociationSet"] = [{"ipv6CidrBlock": "2001:db8::/64"}]
    account.up(path, "--my-address", "2001:DB8::0:9")
    groups = {g["name"].rpartition("-")[2]: g for g in account.fake.ec2.groups.values()}
    assert set(groups["balancer"]["rules"]) == {(80, "0.0.0.0/0"), (80, "::/0")}
    assert set(groups["instances"]["rules"]) == {(22, "2001:db8::9/128"), (80, groups["balancer"]["id"])}
    assert account.fake.elb.balancers[0]["wish"]["IpAddressType"] == "dualstack"
    assert "was up already, nothing was changed" in account.up(path).stdout
    account.down()
    account.assert_empty()


def test_an_ipv6_caller_cannot_be_the_only_one_at_an_ipv4_load_balancer(account):
    done = account.up(topology(account.folder, ("port: 80, from: anywhere", "port: 80, from: caller")), "--my-address", "2001:db8::9", expect=2)
    assert "has IPv4 addresses only, and its port 80 is open to 2001:db8::9/128" in done.stderr
    assert "'2001:db8::g' is not an IPv4 or IPv6 address" in account.up("--my-address", "2001:db8::g", expect=2).stderr
    assert set(account.counts().values()) == {0}


def test_rules_that_come_to_the_same_are_one(account):
    """AWS refuses a rule that is in the same call twice."""
    account.up(topology(account.folder, ("- { port: 22, from: caller }", "- { port: 22, from: caller }\n  - { port: 22, from: 203.0.113.9/32 }")))
    account.assert_complete()


ARM = [("t2.large", "t4g.large")]


@pytest.fixture(name="graviton")
def fixture_graviton(account):
    ec2 = account.fake.ec2
    ec2.types |= {"t4g.large": (2, 8192, ["arm64"]), "m6g.large": (2, 8192, ["arm64"])}
    ec2.offerings |= {(kind, f"us-east-1{zone}") for kind in ("t4g.large", "m6g.large") for zone in "ab"}
    ec2.images["ami-arm"] = {**ec2.images["ami-noble"], "imageId": "ami-arm", "architecture": "arm64",
                             "name": ec2.images["ami-noble"]["name"].replace("amd64", "arm64")}
    return account


def test_types_of_two_architectures_are_refused_before_anything_is_made(graviton):
    done = graviton.up(topology(graviton.folder, *ARM), expect=2)
    assert "partly x86_64 and partly arm64" in done.stderr
    assert set(graviton.counts().values()) == {0}


def test_arm_instances_get_an_arm_image_and_no_other(graviton):
    path = topology(graviton.folder, *ARM, ("m4.large", "m6g.large"))
    done = graviton.up(path, "--ami", "ami-noble", expect=1)
    assert "the image ami-noble is for x86_64, and these instance types are arm64" in done.stderr
    graviton.up(path)
    assert {i["params"]["ImageId"] for i in graviton.fake.ec2.instances.values()} == {"ami-arm"}


def test_what_a_topology_says_of_its_types_must_be_true(account):
    """Eight vCPUs for two would mislead the guard, the price per request and the report."""
    account.fake.ec2.types["m4.large"] = (8, 32768, ["x86_64"])
    done = account.up(expect=2)
    assert "says that m4.large has 2 vCPUs and 8 GiB, and AWS says 8 and 32" in done.stderr and "instance_types.m4.large" in done.stderr
    account.fake.fault("DescribeInstanceTypes", code="UnauthorizedOperation", status=403)
    account.up()  # not every account may ask
    account.assert_complete()


def test_an_image_of_windows_is_refused(account):
    account.fake.ec2.images["ami-noble"]["platform"] = "windows"
    assert "is one of windows, and the app is installed on Ubuntu" in account.up("--ami", "ami-noble", expect=1).stderr
