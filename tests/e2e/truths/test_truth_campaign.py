# ctest: calm release truth
"""Campaigns on the lab whose answer the emulator's model gives beforehand: a T2 without CPU credits, and two clusters of one type.

LOADGEN_TRUTH=full makes as many campaigns of equal clusters as the promise speaks of.
"""

import pytest

from truth import IS_FULL, on_a_quiet_machine, rows, times

pytestmark = pytest.mark.usefixtures("urgent")

TOPOLOGY = """
name: pair
region: us-east-1
zones: [us-east-1a, us-east-1b]
algorithm: round_robin
clusters:
  - {{ name: cluster1, path: /cluster1, instance_type: m4.large, zone: us-east-1b, count: 1 }}
  - {{ name: cluster2, path: /cluster2, instance_type: {second}, zone: us-east-1a, count: 1 }}
listener: {{ port: 80, default: [ {{ cluster: cluster1 }} ] }}
health_check: {{ path: /, expect_status: 200, interval: 10s, timeout: 5s, healthy_after: 2, unhealthy_after: 2 }}
ingress: [ {{ port: 80, from: anywhere }} ]
instance_types:
  m4.large: {{ vcpus: 2, memory_gib: 8, specification: emulated, price_usd_per_hour: 0.1, emulation: {{ service_time: {service}, variation: 0.2 }} }}
  t2.large: {{ vcpus: 2, memory_gib: 8, specification: emulated, price_usd_per_hour: 0.1, emulation: {{ service_time: {service}, variation: 0.2 }},
               credits: {{ launch: 60, earned_per_hour: 36, most: 0.0005, baseline_pct: 30 }} }}
prices: {{ as_of: 2024-02-01, load_balancer_usd_per_hour: 0.0225, public_ipv4_usd_per_hour: 0.005 }}
"""
# 0.0005 credits, six requests, are all that is saved while the other arm runs; the warm-up spends them.

SCENARIO = """
name: truth
target: deployment
streams:
  - {{ name: one, cluster: cluster1, users: {users}, request: {{ path: /cluster1 }}, phases: [ {{ warmup: true, requests: 20 }}, {{ requests: {n} }} ] }}
  - {{ name: two, cluster: cluster2, users: {users}, request: {{ path: /cluster2 }}, phases: [ {{ warmup: true, requests: 20 }}, {{ requests: {n} }} ] }}
"""


def compared(folder):
    """{(metric, p_ppm): row} of compare.csv."""
    return {(row["metric"], row["p_ppm"]): row for row in rows(folder, "compare.csv")}


def campaign(run, lab, folder, up, seed, users, n, pairs, controls=0):
    scenario = folder.with_suffix(".yaml")
    scenario.write_text(SCENARIO.format(users=users, n=n))
    done = run("loadgen", "campaign", scenario, "--deployment", up.path, "--pairs", pairs, "--aa", controls, "--gap", "0s", "--primary", "p50",
               "--seed", seed, "--progress", "none", "--out", folder, expect=(0, 4))
    return done.stdout, compared(folder)


def bring_up(lab, tmp_path, second, service, *options):
    path = tmp_path / "pair.yaml"
    path.write_text(TOPOLOGY.format(second=second, service=service))
    return lab(path, *options)


@on_a_quiet_machine()
def test_a_drained_t2_is_slower_by_what_the_model_says(run, lab, tmp_path):
    """Every vCPU is busy all the time: m4 works off two vCPUs' worth, t2 what it earns, 36 credits an hour or 0.6 vCPUs. So its rate is
    0.3 of m4's, and by Little's law every time 1/0.3 as long."""
    baseline = 36 / 60 / 2
    up = bring_up(lab, tmp_path, "t2.large", "5ms", "--drained")
    text, found = campaign(run, lab, tmp_path / "campaign", up, seed=1, users=32, n=240, pairs=6)
    with times():
        assert text.startswith("t2 is slower than m4: its p50 is "), text
    for key, predicted in ((("rate", ""), baseline), (("service", "500000"), 1 / baseline)):
        lo, hi = float(found[key]["lo"]), float(found[key]["hi"])
        print(f"{key}: {lo:.4f} to {hi:.4f}, the model says {predicted:.4f}")
        with times():
            assert lo <= predicted <= hi, f"{key}: {predicted:.4f} is not in {lo:.4f} to {hi:.4f}"
            assert hi / lo < 1.1, "the interval says something"


def test_equal_clusters_are_not_told_apart(run, lab, tmp_path):
    """Of 20 seeded campaigns at most one may call one of two equal clusters faster; make test tries three."""
    up = bring_up(lab, tmp_path, "m4.large", "2ms")
    decisions = []
    for seed in range(1, 21 if IS_FULL else 4):
        text, found = campaign(run, lab, tmp_path / f"campaign-{seed}", up, seed, users=4, n=150, pairs=8 if IS_FULL else 6,
                               controls=2 if IS_FULL else 0)
        decisions.append(found["service", "500000"]["decision"])
        assert ("faster" in text.split("\n")[0] or "slower" in text.split("\n")[0]) == (decisions[-1] in ("lower", "higher"))
    print({decision: decisions.count(decision) for decision in set(decisions)})
    assert set(decisions) <= {"equivalent", "undecided", "lower", "higher"}
    assert sum(decision in ("lower", "higher") for decision in decisions) <= 1, decisions
