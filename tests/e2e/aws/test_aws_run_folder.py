"""What a run against AWS keeps: its folder is passed on, so it holds neither the account nor the caller's address."""

import json
import stat

import pytest

from aws_account import Account

SCENARIO = """
name: tp
target: deployment
streams:
  - { name: m4, cluster: cluster1, users: 2, request: { path: /cluster1 }, phases: [ { requests: 20 } ] }
  - { name: t2, cluster: cluster2, users: 2, request: { path: /cluster2 }, phases: [ { requests: 20 } ] }
"""


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        account.up("--tag", "course=dist")
        (tmp_path / "tp.yaml").write_text(SCENARIO)
        yield account
        account.down()


def make_run(account, *options):
    """A run folder. The fake account answers for the balancer's name."""
    balancer = account.deployment["load_balancer"]["address"]
    account.programs.run("loadgen", "run", "tp.yaml", "--deployment", account.path, "--out", "run", "--progress", "none",
                         "--log-requests", "csv", "--connect-to", f"{balancer}:80:127.0.0.1:{account.fake.port}", *options, expect=(0, 1))
    return account.folder / "run"


def private_words(account):
    """Words of the deployment file that identify its owner."""
    d = account.deployment
    of_kind = {r["kind"]: r["id"] for r in d["resources"] if "id" in r}
    return [d["account"], d["owner"], of_kind["caller"].partition("/")[0], of_kind["subnet"], of_kind["vpc"], of_kind["security-group"]]


def test_no_file_of_a_run_folder_names_the_account_or_the_callers_address(account):
    run = make_run(account)
    account.programs.run("loadgen", "analysis", "report", "run")
    files = [path for path in run.rglob("*") if path.is_file()]
    assert {"deployment.json", "run.json", "report.html", "requests.csv"} <= {path.name for path in files}
    for word in private_words(account):
        assert not [path for path in files if word.encode() in path.read_bytes()], word
    copy = json.loads((run / "deployment.json").read_text())
    assert copy["redacted"] is True and copy["run_id"] == account.deployment["run_id"]
    assert {r["kind"] for r in copy["resources"]} == {"load-balancer", "target-group"}
    assert copy["clusters"] == account.deployment["clusters"] and copy["instances"] == account.deployment["instances"]


def test_metrics_and_further_runs_take_the_copy_and_other_commands_refuse_it(account):
    run = make_run(account)
    copy = run / "deployment.json"
    balancer = {"LoadBalancer": account.fake.elb.balancers[0]["arn"].partition(":loadbalancer/")[2]}
    document = json.loads((run / "run.json").read_text())
    account.fake.cloudwatch.put("AWS/ApplicationELB", "RequestCount", balancer, "Sum",
                                {document["t0_realtime_ns"] // 10 ** 9 // 60 * 60: document["totals"]["sent_n"]})
    account.run("metrics", "--deployment", copy, "--run", run)
    assert (run / "cloudwatch.csv").exists()
    account.programs.run("loadgen", "plan", "tp.yaml", "--deployment", copy)
    before = account.counts()
    for command in (["down"], ["status"], ["up", "--provider", "aws"]):
        refused = account.run(*command, "--deployment", copy, expect=2).stderr
        assert f"down --lost --provider aws --region us-east-1 --run-id {account.deployment['run_id']}`" in refused
    assert account.counts() == before and copy.exists()


def test_a_run_that_is_asked_to_copies_the_file_whole_for_its_owner_alone(account):
    run = make_run(account, "--whole-deployment")
    copy = run / "deployment.json"
    assert copy.read_bytes() == account.path.read_bytes()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
