#!/usr/bin/env python3
"""Writes run folders as results/README.md describes them, from simulated requests, so that the analysis can be tested without a
generator. Written from the description alone: it shares no code with the program. usage: make_run.py FOLDER KIND [--seed N]"""

import argparse
import json
import math
import os
import random
from collections import defaultdict

from made_hist import Hist
from made_load import Cluster, closed_stream, open_stream
from made_run import Run


def pair_of_clusters(t2_over_m4=1.45, m4=4, t2=5):
    return (Cluster("cluster1", "m4", "m4.large", "us-east-1b", m4, 2.3, 0.18, 3.0, 1),
            Cluster("cluster2", "t2", "t2.large", "us-east-1a", t2, 2.3 * t2_over_m4, 0.20, 4.0, 2))


def tp1(folder, seed=42, pause_s=60.0, t2_over_m4=1.45, scale=1, fails=None, **_):
    m4, t2 = pair_of_clusters(t2_over_m4)
    run = Run(folder, "tp1", [m4, t2], seed)
    for cluster in (m4, t2):
        closed_stream(run, f"{cluster.label}-steady", cluster, [(1000 * scale, None)], fails)
        closed_stream(run, f"{cluster.label}-burst", cluster, [(500 * scale, None), (None, pause_s), (1000 * scale, None)], fails)
    return run


def open_model(folder, seed=42, seconds=60, rate=200, fails=None, lag_us=20, **_):
    m4, t2 = pair_of_clusters()
    run = Run(folder, "open", [m4, t2], seed)
    parts = [("warm", True, rate, None, 5), ("steady", False, rate, None, seconds), ("ramp", False, rate, 3 * rate, seconds // 3)]
    open_stream(run, "m4-open", m4, parts, lag_us, fails)
    drained = lambda t_s: 1.0 if t_s < 5 + seconds * 0.7 else 2.2
    open_stream(run, "t2-open", t2, parts, lag_us, fails, drained)
    return run


def some_errors(pick):
    roll = pick.random()
    return "status_5xx" if roll < 0.02 else "reset" if roll < 0.03 else None


def zero(folder, **options):
    run = tp1(folder, **options)
    run.requests = []
    return run


def one_second(folder, seed=42, **_):
    m4, t2 = pair_of_clusters()
    run = Run(folder, "second", [m4, t2], seed)
    for cluster in (m4, t2):
        closed_stream(run, f"{cluster.label}-s", cluster, [(200, None)])
    return run


def interrupted(folder, **options):
    run = tp1(folder, **options)
    run.cut(3.1)
    return run


def warmup_only(folder, **options):
    run = tp1(folder, **options)
    for phase in run.phases:
        phase["warmup"] = True
    return run


def single(folder, seed=42, **_):
    """Quick mode: one target without instances."""
    target = Cluster("target", None, None, None, 1, 0.4, 0.3, 1.0, 3)
    run = Run(folder, "quick", [target], seed, emulated=False)
    closed_stream(run, "quick", target, [(5000, None)])
    for r in run.requests:
        r.instance = ""
    target.instances = []
    run.stream("quick")["captures_instance"] = False
    return run


def many_instances(folder, seed=42, count=10000, **_):
    m4, t2 = pair_of_clusters(m4=count // 2, t2=count // 2)
    run = Run(folder, "many", [m4, t2], seed)
    for cluster in (m4, t2):
        closed_stream(run, f"{cluster.label}-s", cluster, [(count, None)])
    return run


def one_arm(folder, arm, seed, slower=1.0, requests=1200, end="done"):
    """A run of a campaign: one cluster alone."""
    m4, t2 = pair_of_clusters(1.0)
    cluster = (m4, t2)[arm]
    cluster.median_ms *= slower
    run = Run(folder, "campaign", [m4, t2], seed, end=end)
    closed_stream(run, f"{cluster.label}-run", cluster, [(requests, None)])
    run.fields["run_id"] = os.path.basename(str(folder))
    run.write()


def scenario_fnv(name):
    """FNV-1a of a shipped scenario's text."""
    value = 2166136261
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../loadgen/scenarios", f"{name}.yaml")
    for byte in open(path, "rb").read():
        value = (value ^ byte) * 16777619 % 2 ** 32
    return value


def make_campaign(folder, pairs=8, controls=2, ratio=1.15, spread=0.02, seed=1, primary="p50", missing=0):
    """A campaign folder in which cluster2 takes `ratio` times as long, give or take `spread` per run."""
    pick = random.Random(seed)
    os.makedirs(folder)
    rows = []

    def noise():
        return math.exp(pick.gauss(0, spread / math.sqrt(2)))

    for number in range(1, pairs + controls + 1):
        control = number > pairs
        name = f"aa-{number - pairs:02d}" if control else f"pair-{number:02d}"
        rows.append({"pair": number - pairs if control else number, "kind": "aa" if control else "ab",
                     "order": "AA" if control else ("AB", "BA")[number % 2], "arm_a": "cluster1",
                     "arm_b": "cluster1" if control else "cluster2", "seed": number, "runs": {"a": name + "-a", "b": name + "-b"}})
        if number > pairs + controls - missing:
            continue
        one_arm(os.path.join(folder, name + "-a"), 0, 100 + number, noise())
        one_arm(os.path.join(folder, name + "-b"), 0 if control else 1, 200 + number, noise() * (1 if control else ratio))
    with open(os.path.join(folder, "campaign.json"), "w") as f:
        json.dump({"schema_version": 1, "scenario": "tp1", "scenario_fnv": scenario_fnv("tp1"), "options": [], "seed": seed, "primary": primary,
                   "margin": 0.05, "side_by_side": False, "stopping": {"rule": "fixed"}, "arms": ["cluster1", "cluster2"], "pairs": rows}, f)


SWEEP_COLUMNS = "cluster,offered_per_s,achieved_per_s,p_ppm,value_us,at_least_us,state,lo_us,hi_us,n,failed_n,censored_n,held,result,level,rate_level,run"


def make_sweep(folder, limits=(("cluster1", 400), ("cluster2", 300)), rates=(100, 200, 300, 400), runs=True):
    """A sweep folder: each cluster holds rates up to its limit and saturates beyond. Times grow towards the limit. With `runs` each step is a
    run folder as well, whose times are not those of the curve."""
    os.makedirs(folder)
    lines = [SWEEP_COLUMNS]
    for arm, (cluster, limit) in enumerate(limits):
        for rate in rates:
            achieved, held, name = min(rate, limit), rate <= limit, f"{cluster}-{rate}"
            lines += [f"{cluster},{rate},{achieved},{p},{p / 100 / (1.1 - achieved / limit):.3f},,exact,,,{rate},{rate - achieved},0,1,"
                      f"{'held' if held else 'saturated'},ok,ok,{name}"
                      for p in (500000, 900000, 990000)]
            if runs:
                one_arm(os.path.join(folder, name), arm, rate, requests=60)
    with open(os.path.join(folder, "loadcurve.csv"), "w") as f:
        f.write("\n".join(lines) + "\n")


class Day(Run):
    """24 h of eight tags. Seconds are drawn from a pool of encoded histograms, since this is about size."""

    def collect(self):
        self.seconds, self.merged = {}, defaultdict(Hist)

    def write_hlog(self):
        pool = {}
        for stream in self.streams:
            cluster = next(c for c in self.clusters if c.name == stream["cluster"])
            for metric, outcome, scale in (("service", "ok", 1), ("first_byte", "ok", 0.97), ("rx_age", "ok", 0.001), ("service", "timeout", 4)):
                tag = f"{metric}.{stream['name']}.{stream['cluster']}.p1.{outcome}.all"
                pool[tag] = []
                for _ in range(100):
                    hist = Hist()
                    for _ in range(40 if outcome == "ok" else 2):
                        hist.add(max(1, int(cluster.answer(self.pick)[1] * scale)))
                    pool[tag].append((hist, hist.encode()))
        with open(os.path.join(self.folder, "hist.hlog"), "w") as f:
            f.write("#[Histogram log format version 1.3]\n")
            f.write(f"#[StartTime: {self.started_s}.000 (seconds since epoch), Sat Nov 21 22:10:04 UTC 2026]\n")
            f.write('"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n')
            for second in range(86400):
                for tag, choices in pool.items():
                    hist, text = choices[(second * 7 + second // 100) % 100]
                    f.write(f"Tag={tag},{second:.3f},1.000,{hist.most / 1e6:.3f},{text}\n")


def day(folder, seed=42, **_):
    m4, t2 = pair_of_clusters()
    run = Day(folder, "day", [m4, t2], seed)
    for cluster in (m4, t2):
        run.add_stream(f"{cluster.label}-day", cluster, "closed", [], [dict(phase="p1", kind="duration", warmup=False, requests_n=None,
                       rate_per_s=None, rate_end_per_s=None, start_s=0.0, end_s=86400.0)])
    return run


KINDS = {"tp1": tp1, "open": open_model, "zero": zero, "second": one_second, "interrupted": interrupted, "warmup": warmup_only,
         "single": single, "many": many_instances, "day": day,
         "errors": lambda folder, **o: open_model(folder, seconds=30, fails=some_errors, **o),
         "all-errors": lambda folder, **o: tp1(folder, fails=lambda pick: "status_5xx", **o)}


def make(folder, kind, level="OK", **options):
    """Writes the folder; returns the Run, whose merged histograms are the truth for tests."""
    run = KINDS[kind](folder, **options)
    run.level = level
    run.write()
    return run


def make_shares(folder, kind, count, **options):
    """Writes `count` folders FOLDER/1, ... with the shares of a run, and FOLDER/whole as one generator would have left it. Returns the
    Run of the whole."""
    for index in range(count):
        run = KINDS[kind](os.path.join(folder, str(index + 1)), **options)
        run.take_share(index, count)
        run.write()
    return make(os.path.join(folder, "whole"), kind, **options)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--level", default="OK", choices=["OK", "WARN", "INVALID"])
    given = parser.parse_args()
    make(given.folder, given.kind, seed=given.seed, level=given.level)
