"""The main job: the reports' benchmark against the local lab, and its numbers against the load balancer's log."""
# ctest: release early

import collections
import csv
import math
import os
import signal
import time

from programs import wait_until
from run_folder import RunFolder, check_whole, latest, seconds_written, sum_of


def access_log(lab, tmp_path):
    """The balancer's log, kept by `down`: a dict per request."""
    kept = tmp_path / "access.csv"
    lab.down("--keep-log", kept)
    with open(kept, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def per_instance(rows):
    return {row["instance"]: int(row["requests_n"]) for row in rows if row["instance"]}


def check_against_log(folder, log, deployment):
    """Per path and per instance, exactly."""
    paths = {cluster["path"]: cluster["name"] for cluster in deployment["clusters"]}
    logged_by_cluster = collections.Counter(paths[row["path"]] for row in log)
    counted_by_cluster = collections.Counter()
    for stream in folder.run["stream_totals"]:
        counted_by_cluster[stream["cluster"]] += stream["done_n"]
    assert logged_by_cluster == counted_by_cluster
    logged_by_instance = collections.Counter(row["instance"] for row in log)
    instances = folder.rows("instances.csv")
    assert per_instance(instances) == logged_by_instance
    assert sum_of(instances, "requests_n") == sum_of(folder.rows("intervals.csv"), "done_n") == folder.totals["done_n"]


def test_tp1_is_the_reports_benchmark(lab, run, tmp_path):
    up = lab("m4x4-t2x5")
    deployment = up.deployment
    run("loadgen", "run", "tp1", "--deployment", up.path, "--progress", "none")
    folder = latest(tmp_path)
    log = access_log(up, tmp_path)

    assert folder.totals["sent_n"] == folder.totals["done_n"] == folder.totals["ok_n"] == 5000
    assert {stream["stream"]: stream["done_n"] for stream in folder.run["stream_totals"]} == \
        {"m4-steady": 1000, "m4-burst": 1500, "t2-steady": 1000, "t2-burst": 1500}
    for stream in ("m4-burst", "t2-burst"):
        first, pause, second = folder.phases(stream)
        assert (first["requests_n"], pause["kind"], second["requests_n"]) == (500, "pause", 1000)
        assert 59.999 <= pause["end_s"] - pause["start_s"] < 65
        assert 59.999 <= second["start_s"] - first["end_s"] < 65
    check_against_log(folder, log, deployment)
    for cluster in deployment["clusters"]:  # strict round robin
        counts = [n for instance, n in per_instance(folder.rows("instances.csv")).items()
                  if instance in {i["id"] for i in deployment["instances"] if i["cluster"] == cluster["name"]}]
        assert len(counts) == cluster["count"] and max(counts) - min(counts) <= 1
    check_whole(folder)


def test_the_other_topology_and_the_flask_app_give_the_same_account(lab, run, tmp_path):
    up = lab("m4x5-t2x4", "--app", "flask")
    deployment = up.deployment
    scenario = tmp_path / "short.yaml"
    scenario.write_text("""
name: short
target: deployment
streams:
  - { name: one, cluster: cluster1, users: 3, request: { path: /cluster1 }, phases: [ { requests: 300 } ],
      expect: { status: 200, body: "Instance {instance} is responding now!" } }
  - { name: two, cluster: cluster2, users: 3, request: { path: /cluster2 }, phases: [ { requests: 200 }, { pause: 200ms }, { requests: 50 } ],
      expect: { status: 200, body: "Instance {instance} is responding now!" } }
""")
    run("loadgen", "run", scenario, "--deployment", up.path, "--progress", "none")
    folder = latest(tmp_path)
    assert folder.totals["ok_n"] == 550
    assert folder.run["deployment"]["app"] == "flask" and not folder.run["deployment"]["emulated"]
    check_against_log(folder, access_log(up, tmp_path), deployment)
    check_whole(folder)


def test_an_instance_that_dies_costs_balancer_errors_until_its_health_check_fails(lab, run, start, tmp_path):
    up, path = lab("m4x4-t2x5"), tmp_path / "run"
    victim = up.deployment["instances"][0]
    process = next(r for r in up.deployment["resources"] if r["kind"] == "process" and r.get("name") == victim["id"])
    start_s = time.time()
    running = start("loadgen", "run", "--target", up.deployment["url"] + victim_path(up, victim), "-c", "4", "-d", "1h", "--progress", "none", "--expect-body", "Instance {instance} is responding now!", "--out", path)
    wait_until(lambda: seconds_written(path), "the first second")
    os.kill(int(process["id"]), signal.SIGKILL)
    wait_until(lambda: "unhealthy: " in run("loadgen", "provision", "status", "--deployment", up.path, expect=1).stdout, "the health check to fail")
    late_s = math.ceil(time.time() - start_s) + 1  # of the run, whose clock started after ours
    wait_until(lambda: seconds_written(path) > late_s + 1, "a second without the instance")
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130, running.stderr
    folder = RunFolder(path)
    assert 0 < folder.totals["errors"]["balancer_5xx"] < folder.totals["ok_n"]
    assert folder.totals["errors"]["balancer_5xx"] == folder.totals["err_n"]
    late = [row for row in folder.rows("intervals.csv")[:-1] if float(row["t_s"]) >= late_s]  # in the last second it was interrupted
    assert sum_of(late, "err_n") == 0 < sum_of(late, "ok_n")
    check_whole(folder)


def victim_path(up, victim):
    return next(cluster["path"] for cluster in up.deployment["clusters"] if cluster["name"] == victim["cluster"])
