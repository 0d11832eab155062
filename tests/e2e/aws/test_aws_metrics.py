"""`metrics`: CloudWatch's points of a run, late, paged and partial, in cloudwatch.csv."""

import collections
import csv
import json
import signal
import time

import pytest

from aws_account import Account
import make_run
from programs import wait_until

ALB = "AWS/ApplicationELB"


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        account.up()
        yield account
        assert not account.fake.refused


class Run:
    """A run folder with that many requests that ended that long ago, and its points."""

    def __init__(self, account, sent, ended_s_ago=10, length_s=170):
        self.account, self.sent = account, sent
        self.folder = account.folder / "run"
        self.folder.mkdir()
        self.end_s = int(time.time()) - ended_s_ago
        self.start_s = self.end_s - length_s
        self.minutes = range(self.start_s // 60 * 60, self.end_s + 1, 60)
        text = {"t0_realtime_ns": self.start_s * 10 ** 9 + 5, "duration_s": length_s + 0.5, "totals": {"sent_n": sent, "done_n": sent}}
        (self.folder / "run.json").write_text(json.dumps(text))
        elb = account.fake.elb
        self.balancer = {"LoadBalancer": elb.balancers[0]["arn"].partition(":loadbalancer/")[2]}
        self.groups = {g["wish"]["Name"].rpartition("-")[2]: {**self.balancer, "TargetGroup": g["arn"].rpartition(":")[2]} for g in elb.groups}

    def put_requests(self, share=1.0):
        each = self.sent * share / len(self.minutes)
        self.account.fake.cloudwatch.put(ALB, "RequestCount", self.balancer, "Sum", {t: each for t in self.minutes})

    def metrics(self, *options, expect=0):
        return self.account.run("metrics", "--deployment", self.account.path, "--run", self.folder, *options, expect=expect)

    def rows(self):
        with open(self.folder / "cloudwatch.csv", newline="") as file:
            return list(csv.DictReader(file))


def test_points_become_rows(account):
    run = Run(account, 5000)
    run.put_requests()
    watch = account.fake.cloudwatch
    watch.put(ALB, "TargetResponseTime", run.groups["cluster2"], "p99", {run.minutes[1]: 0.0125})
    watch.put(ALB, "HealthyHostCount", run.groups["cluster1"], "Minimum", {t: 4 for t in run.minutes})
    burstable = next(i for i in account.deployment["instances"] if i["instance_type"] == "t2.large")
    watch.put("AWS/EC2", "CPUCreditBalance", {"InstanceId": burstable["id"]}, "Average", {run.minutes[0]: 59.5})
    watch.put("AWS/EC2", "CPUUtilization", {"InstanceId": "i-somebody-else"}, "Average", {run.minutes[0]: 99})
    done = run.metrics()
    assert "CloudWatch 5 000, client 5 000, difference 0" in done.stdout
    rows = run.rows()
    assert list(rows[0]) == "ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s".split(",")
    assert {r["source"] for r in rows} == {"aws"}
    assert sum(float(r["value"]) for r in rows if r["metric"] == "RequestCount") == pytest.approx(5000, abs=0.01)
    (p99,) = [r for r in rows if r["statistic"] == "p99"]
    assert (p99["ts_utc"], p99["cluster"], float(p99["value"]), p99["unit"], p99["period_s"]) == (
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(run.minutes[1])), "cluster2", 0.0125, "Seconds", "60")
    (credits,) = [r for r in rows if r["metric"] == "CPUCreditBalance"]
    assert (credits["instance"], credits["cluster"], credits["period_s"]) == (burstable["id"], "cluster2", "300")
    assert not [r for r in rows if r["value"] == "99.000000"]


def test_what_is_not_found_moments_after_up_is_asked_for_again(account):
    run = Run(account, 3000)
    run.put_requests()
    account.fake.fault("GetMetricData", code="ResourceNotFound", times=5)
    assert "CloudWatch 3 000, client 3 000, difference 0" in run.metrics().stdout


def test_everything_of_the_list_is_asked_for(account):
    run = Run(account, 10)
    run.put_requests()
    run.metrics()
    asked = collections.Counter()
    for call in account.fake.cloudwatch.calls[-2:]:
        for query in call["MetricDataQueries"]["member"].values():
            stat = query["MetricStat"]
            asked[stat["Metric"]["MetricName"], stat["Stat"]] += 1
    for metric in ("RequestCount", "HTTPCode_Target_2XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"):
        assert asked[metric, "Sum"] == 3
    assert all(asked["TargetResponseTime", stat] == 3 for stat in ("Average", "p50", "p95", "p99"))
    assert asked["HealthyHostCount", "Minimum"] == asked["UnHealthyHostCount", "Maximum"] == 2
    for metric in ("ActiveConnectionCount", "NewConnectionCount", "ProcessedBytes", "ConsumedLCUs", "RuleEvaluations", "HTTPCode_ELB_5XX_Count"):
        assert asked[metric, "Sum"] == 1
    assert asked["TargetConnectionErrorCount", "Sum"] == 3
    assert asked["CPUUtilization", "Average"] == asked["NetworkIn", "Sum"] == asked["NetworkOut", "Sum"] == 9
    assert asked["CPUCreditBalance", "Average"] == asked["CPUCreditUsage", "Average"] == 5


def test_late_points_are_awaited(account):
    run = Run(account, 3000)
    account.fake.cloudwatch.before_reply = lambda n: run.put_requests(min(1.0, n / 4))
    done = run.metrics()
    assert "CloudWatch 3 000, client 3 000, difference 0" in done.stdout
    assert len(account.fake.cloudwatch.calls) == 4 + 1


def test_a_minute_whose_point_comes_late_is_awaited(account):
    run = Run(account, 5000)
    account.fake.cloudwatch.before_reply = lambda n: run.put_requests(0.6 if n < 5 else 1.0)  # the same for two minutes
    done = run.metrics()
    assert "CloudWatch 5 000, client 5 000, difference 0" in done.stdout
    assert len(account.fake.cloudwatch.calls) == 5 + 1


def test_a_count_that_stays_short_fails_and_says_how_much_is_missing(account):
    run = Run(account, 1000)
    run.put_requests(0.9)
    done = run.metrics(expect=1)
    assert "CloudWatch 900, client 1 000, difference -100" in done.stdout
    assert "CloudWatch lacks 100 of the client's 1 000 requests (10 %): run the same command again later" in done.stderr
    assert len(account.fake.cloudwatch.calls) == 6 + 1, "unchanged for more than two minutes"
    assert sum(float(r["value"]) for r in run.rows() if r["metric"] == "RequestCount") == pytest.approx(900, abs=0.01)


def test_a_count_short_by_less_than_one_per_cent_is_complete(account):
    run = Run(account, 1000)
    run.put_requests(0.995)
    assert "CloudWatch 995, client 1 000, difference -5" in run.metrics().stdout


def test_requests_that_never_had_a_connection_are_not_missed(account):
    run = Run(account, 1000)
    path = run.folder / "run.json"
    document = json.loads(path.read_text())
    document["totals"]["errors"] = {"connect": 80, "dns": 10, "tls": 5, "ports": 5, "timeout": 100}
    path.write_text(json.dumps(document))
    run.put_requests(0.9)
    assert "CloudWatch 900, client 900, difference 0" in run.metrics().stdout


def test_what_an_old_run_lacks_will_not_come(account):
    run = Run(account, 1000, ended_s_ago=3600)
    run.put_requests(0.9)
    done = run.metrics(expect=1)
    assert "(10 %): no more of its points will come, so they did not reach the load balancer" in done.stderr
    assert len(account.fake.cloudwatch.calls) == 2


def test_pages_of_partial_data_are_joined(account):
    run = Run(account, 4000)
    run.put_requests()
    account.fake.cloudwatch.page_size = 1
    run.metrics()
    rows = [r for r in run.rows() if r["metric"] == "RequestCount"]
    assert [r["ts_utc"] for r in rows] == sorted({r["ts_utc"] for r in rows}) and len(rows) == len(run.minutes)


def test_percentiles_that_cannot_be_had_do_not_cost_the_rest(account):
    run = Run(account, 100)
    run.put_requests()
    account.fake.fault("GetMetricData", status=500, body=b"<html/>", times=9, skip=1)
    done = run.metrics(expect=1)
    assert "all but the percentiles" in done.stderr
    assert sum(float(r["value"]) for r in run.rows()) == pytest.approx(100, abs=0.01)


def test_metrics_outlive_the_deployment(account):
    run = Run(account, 100)
    run.put_requests()
    copy = run.folder / "deployment.json"
    copy.write_bytes(account.path.read_bytes())
    account.down()
    account.run("metrics", "--deployment", copy, "--run", run.folder)
    assert run.rows()


def test_a_folder_that_is_no_run_is_reported(account):
    done = account.run("metrics", "--deployment", account.path, "--run", account.folder, expect=2)
    assert "run.json" in done.stderr


@pytest.fixture(name="campaign")
def fixture_campaign(account):
    """A finished campaign against the account, with points of its runs: the command line that resumes it, and its run folders."""
    folder = account.folder / "campaign"
    make_run.make_campaign(folder, pairs=2, controls=0)
    runs = sorted(path.parent for path in folder.glob("*/run.json"))
    points = {}
    for path in runs:
        document = json.loads((path / "run.json").read_text())
        document["deployment"] |= {"provider": "aws", "run_id": account.deployment["run_id"]}
        (path / "run.json").write_text(json.dumps(document))
        (path / "deployment.json").write_text(account.path.read_text())
        points[document["t0_realtime_ns"] // 10 ** 9 // 60 * 60] = document["totals"]["sent_n"]
    balancer = {"LoadBalancer": account.fake.elb.balancers[0]["arn"].partition(":loadbalancer/")[2]}
    account.fake.cloudwatch.put(ALB, "RequestCount", balancer, "Sum", points)
    return ["loadgen", "campaign", "tp1", "--resume", folder, "--deployment", account.path], runs


def asking_again(run):
    return f"`loadgen provision metrics --deployment {run}/deployment.json --run {run}` asks again"


def test_a_campaign_asks_for_the_metrics_of_its_runs(account, campaign):
    words, runs = campaign
    done = account.programs.run(*words, expect=(0, 1), env=account.env)
    assert "  CloudWatch is asked about 4 runs; its points come up to three minutes late\n" in done.stderr
    assert "lack" not in done.stderr
    assert all((path / "cloudwatch.csv").exists() for path in runs)
    assert "CloudWatch is asked" not in account.programs.run(*words, expect=(0, 1), env=account.env).stderr, "once is enough"


def test_a_campaign_does_not_fail_without_credentials(account, campaign):
    words, runs = campaign
    env = {name: value for name, value in account.env.items() if not name.startswith("AWS_") or "ENDPOINT" in name}
    done = account.programs.run(*words, expect=(0, 1), env={**env, "AWS_EC2_METADATA_DISABLED": "true"})
    assert "there are no AWS credentials" in done.stderr
    assert f"  4 runs lack some of CloudWatch's metrics; {asking_again(runs[0])} for the first of them\n" in done.stderr
    assert "results" in done.stdout and not any((path / "cloudwatch.csv").exists() for path in runs)


def test_a_campaign_reports_partial_metrics_of_a_run_and_continues(account, campaign):
    words, runs = campaign
    account.fake.fault("GetMetricData", status=500, body=b"<html/>", times=8, skip=1)
    done = account.programs.run(*words, expect=(0, 1), env=account.env)
    assert done.stderr.count("all but the percentiles") == 1
    assert f"  1 run lacks some of CloudWatch's metrics; {asking_again(runs[0])}\n" in done.stderr
    assert all((path / "cloudwatch.csv").exists() for path in runs)


def test_a_signal_ends_the_fetching_for_a_campaign_and_what_it_waits_for(account, campaign):
    words, runs = campaign
    account.fake.cloudwatch.points.clear()
    for path in runs:
        document = json.loads((path / "run.json").read_text())
        document["t0_realtime_ns"] = (int(time.time()) - 300) * 10 ** 9
        (path / "run.json").write_text(json.dumps(document))
    running = account.programs.start(*words, env={**account.env, "LOADGEN_AWS_TIME_SCALE": "1"})
    wait_until(lambda: account.fake.cloudwatch.calls or running.process.poll() is not None, "a question to CloudWatch")
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 130, running.stderr
    assert f"--resume {runs[0].parent}` continues" in running.stderr and "results" not in running.stdout
    assert not any((path / "cloudwatch.csv").exists() for path in runs)
