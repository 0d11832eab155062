"""The local lab's `metrics`: a run as the balancer and the instances measured it."""

import csv
import json
import os
import signal
import time

import pytest

from local_lab import get, instances_of
from programs import wait_until
from truth import on_a_quiet_machine, times


def write_run(folder, start_s, end_s, sent_n):
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({
        "t0_realtime_ns": int(start_s * 1e9), "duration_s": end_s - start_s, "totals": {"sent_n": sent_n}}))


def points(folder, metric, statistic, cluster=""):
    with open(folder / "cloudwatch.csv", encoding="ascii", newline="") as file:
        return [float(row["value"]) for row in csv.DictReader(file)
                if (row["metric"], row["statistic"], row["cluster"]) == (metric, statistic, cluster)]


@on_a_quiet_machine()
def test_metrics_hold_what_was_done(deployment, tmp_path):
    deployment.up("m4x4-t2x5", "--service-time", "10ms")
    url = deployment.json["url"]
    for _ in range(7):
        get(url + "/cluster1")  # before the run
    time.sleep(0.2)
    start_s = time.time()
    for _ in range(40):
        get(url + "/cluster1")
    for _ in range(50):
        get(url + "/cluster2")
    get(url + "/cluster2?status=500")
    get(url + "/cluster2/x?status=404")
    end_s = time.time()
    time.sleep(1.2)
    run = tmp_path / "run"
    write_run(run, start_s, end_s, 92)
    done = deployment.provision("metrics", "--run", run)
    assert "load balancer 92, client 92, difference 0" in done.stdout
    assert sum(points(run, "RequestCount", "Sum", "cluster1")) == 40
    assert sum(points(run, "RequestCount", "Sum", "cluster2")) == 52
    assert sum(points(run, "RequestCount", "Sum")) == 92
    assert sum(points(run, "HTTPCode_Target_5XX_Count", "Sum", "cluster2")) == 1
    assert sum(points(run, "HTTPCode_Target_4XX_Count", "Sum", "cluster2")) == 1
    assert all(t >= 0.010 for t in points(run, "TargetResponseTime", "p50", "cluster1"))
    with times():
        assert all(t < 0.200 for t in points(run, "TargetResponseTime", "p50", "cluster1"))
    assert set(points(run, "HealthyHostCount", "Minimum", "cluster1")) == {4}
    assert set(points(run, "HealthyHostCount", "Average", "cluster2")) == {5}
    with open(run / "cloudwatch.csv", encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"local"}
    busy = [float(r["value"]) for r in rows if r["metric"] == "CPUUtilization" and r["cluster"] == "cluster2"]
    # 52 requests of 10 ms on 2 vCPUs: 26 % of a second, in whichever seconds.
    assert sum(busy) == pytest.approx(26, abs=0.5)
    balances = [float(r["value"]) for r in rows if r["metric"] == "CPUCreditBalance"]
    assert len({r["instance"] for r in rows if r["metric"] == "CPUCreditBalance"}) == 5
    assert all(59.9 < balance < 60.5 for balance in balances)


def test_metrics_show_targets_that_were_lost(deployment, tmp_path):
    deployment.up()
    start_s = time.time()
    victim = next(r for r in deployment.resources("process", "instance") if r["name"] in instances_of(deployment, "cluster2"))
    os.kill(int(victim["id"]), signal.SIGKILL)
    wait_until(lambda: "unhealthy: " in deployment.provision("status", expect=1).stdout, "the health check to notice")
    time.sleep(1.5)
    run = tmp_path / "run"
    write_run(run, start_s, time.time(), 0)
    deployment.provision("metrics", "--run", run)
    assert points(run, "HealthyHostCount", "Minimum", "cluster2")[-1] == 4
    assert points(run, "UnHealthyHostCount", "Maximum", "cluster2")[-1] == 1
    assert set(points(run, "HealthyHostCount", "Minimum", "cluster1")) == {4}


@pytest.mark.parametrize("content, message", [(None, "cannot open"), ("{}", "does not say when the run was")])
def test_metrics_of_no_run_are_refused(deployment, tmp_path, content, message):
    deployment.up()
    (tmp_path / "run").mkdir()
    if content:
        (tmp_path / "run" / "run.json").write_text(content)
    assert message in deployment.provision("metrics", "--run", tmp_path / "run", expect=2).stderr


def test_metrics_of_a_run_against_another_deployment_are_refused(deployment, tmp_path):
    deployment.up()
    run = tmp_path / "run"
    write_run(run, time.time() - 2, time.time() - 1, 1)
    made = json.loads((run / "run.json").read_text()) | {"deployment": {"run_id": "0badc0de"}}
    (run / "run.json").write_text(json.dumps(made))
    done = deployment.provision("metrics", "--run", run, expect=2)
    assert f"was made against another deployment, 0badc0de, not this one, {deployment.json['run_id']}" in done.stderr
    assert not (run / "cloudwatch.csv").exists()
