"""Campaigns that are drawn instead of simulated request by request: two hundred run folders in a second.

A run lasts less than a second, so each of its tags has one histogram. What a cluster answered is a dictionary of times in ns by outcome.
"""

import bisect
import json
import math
import os
import random
from statistics import NormalDist

from made_hist import Hist
from made_load import Cluster
from made_run import CLASSES, Run, errors_of, failed_n

USERS = 400
STEPS = 4096


def lognormal(median_ms, sigma):
    """Quantiles of the distribution in ns, ascending; a choice of them is a draw."""
    normal = NormalDist()
    return [int(1e6 * median_ms * math.exp(sigma * normal.inv_cdf((i + 0.5) / STEPS))) for i in range(STEPS)]


def drawn(pick, table, n, factor=1.0):
    return {"ok": [int(ns * factor) for ns in pick.choices(table, k=n)]}


def even(table, n, factor=1.0):
    """No chance in it: n quantiles of the table."""
    return {"ok": [int(table[(2 * i + 1) * len(table) // (2 * n)] * factor) for i in range(n)]}


def give_up(times, limit_ms, timeout_s):
    """Times beyond the limit end as timeouts instead."""
    ok = sorted(times["ok"])
    kept = bisect.bisect_right(ok, limit_ms * 1e6)
    return {"ok": ok[:kept], "timeout": [int(timeout_s * 1e9)] * (len(ok) - kept)}


def fail(pick, times, share, outcome, ms):
    """Each request fails with that probability, after `ms`."""
    ok = [ns for ns in times["ok"] if pick.random() >= share]
    return {"ok": ok, outcome: [int(ms * 1e6)] * (len(times["ok"]) - len(ok))}


class DrawnRun(Run):
    """`answers`: per cluster its times in ns by outcome. The generator's own part of every time is `generator_share`."""

    def __init__(self, folder, clusters, answers, seed, generator_share=0.0, timeout_s=10.0):
        super().__init__(folder, "drawn", clusters, seed, emulated=False)
        self.answers, self.generator_share = answers, generator_share
        self.duration_s = max(sum(map(sum, times.values())) for times in answers.values()) / 1e9 / USERS
        assert self.duration_s < 1, "a drawn run has one second"
        for cluster in clusters:
            n = sum(map(len, answers[cluster.name].values())) if cluster.name in answers else 0
            if n:
                self.add_stream(f"{cluster.name}-run", cluster, "closed", [], [dict(
                    phase="p1", kind="requests", warmup=False, requests_n=n, rate_per_s=None, rate_end_per_s=None, start_s=0.0,
                    end_s=round(self.duration_s, 6))])
        for stream in self.streams:
            stream.update(users=USERS, connections=USERS, timeout_s=timeout_s, captures_instance=False)
        self.fields["run_id"] = os.path.basename(str(folder))

    def outcomes(self, stream=None, phase=None):
        counts = dict.fromkeys(["ok", *CLASSES], 0)
        for one in self.streams:
            if stream in (None, one["name"]):
                for outcome, times in self.answers[one["cluster"]].items():
                    counts[outcome] += len(times)
        return counts

    def collect(self):
        self.seconds, self.merged = {}, {}
        for stream in self.streams:
            for outcome, times in self.answers[stream["cluster"]].items():
                if times:
                    own = [int(ns * self.generator_share) for ns in times] if self.generator_share else [1000] * len(times)
                    self.draw(stream, "service", outcome, times)
                    self.draw(stream, "rx_age", outcome, own)
                    self.draw(stream, "service_less_g", outcome, [ns - part for ns, part in zip(times, own)])

    def draw(self, stream, metric, outcome, times):
        hist, tag = Hist(), f"{metric}.{stream['name']}.{stream['cluster']}.p1.{outcome}.all"
        hist.add_all(times)
        self.seconds[0, tag] = self.merged[tag] = hist

    def write_intervals(self):
        header = ("t_s,dur_s,stream,cluster,phase,warmup,partial,intended_n,sent_n,done_n,ok_n,err_n," + ",".join(f"{c}_n" for c in CLASSES)
                  + ",inflight_n,conn_new_n,bytes_rx,bytes_tx")
        rows = []
        for stream in self.streams:
            counts = self.outcomes(stream["name"])
            done_n = counts["ok"] + failed_n(counts)
            rows.append([0, f"{self.duration_s:.6f}", stream["name"], stream["cluster"], "p1", 0, 1, None, done_n, done_n, counts["ok"],
                         failed_n(counts), *[counts[c] for c in CLASSES], 0, USERS, 200 * done_n, 80 * done_n])
        self.table("intervals.csv", header, rows)

    def write_errors(self):
        self.table("errors.csv", "t_s,stream,cluster,phase,class,cause,status,count_n",
                   [[0, s["name"], s["cluster"], "p1", c, c, None, n] for s in self.streams for c, n in errors_of(self.outcomes(s["name"])).items()])

    def write_health(self):
        self.table("health.csv", "t_s,thread,utilisation", [["0.000000", 0, "0.1"]])

    def write_small(self):
        pass


CLUSTERS = [("cluster1", "m4"), ("cluster2", "t2"), ("cluster1-again", "m4")]


def clusters(*names):
    return [Cluster(name, label, None, None, 0, 0, 0, 0, 1) for name, label in CLUSTERS if name in names]


def arms_of(is_control, together):
    """A control side by side has its arm twice in one run, under two names."""
    return ("cluster1", "cluster2") if not is_control else ("cluster1", "cluster1-again") if together else ("cluster1", "cluster1")


def make_drawn_campaign(folder, pairs, controls=(), primary="p99", seed=1, side_by_side=False, stopping=None, settings_of=None, **settings):
    """`pairs` are what m4 and t2 answered in each pair, `controls` what m4 answered twice; `settings` are those of a DrawnRun,
    `settings_of(pair from 1, arm from 0, is_control)` returns more of them."""
    rows = []
    os.makedirs(folder)
    for is_control, answers in [(False, pair) for pair in pairs] + [(True, pair) for pair in controls]:
        number = 1 + sum((row["kind"] == "aa") == is_control for row in rows)
        name, arms = f"{'aa' if is_control else 'pair'}-{number:02d}", arms_of(is_control, side_by_side)
        runs = [(name, (0, 1))] if side_by_side else [(f"{name}-a", (0,)), (f"{name}-b", (1,))]
        rows.append({"pair": number, "kind": "aa" if is_control else "ab",
                     "order": "side" if side_by_side else "AA" if is_control else ("AB", "BA")[number % 2],
                     "arm_a": arms[0], "arm_b": arms[1], "seed": number, "runs": {"a": runs[0][0], "b": runs[-1][0]}})
        for run, sides in runs:
            more = settings_of(number, sides[0], is_control) if settings_of else {}
            DrawnRun(os.path.join(folder, run), clusters("cluster1", "cluster2", *arms), {arms[side]: answers[side] for side in sides},
                     seed * 1000 + number, **settings, **more).write()
    with open(os.path.join(folder, "campaign.json"), "w", encoding="utf-8") as f:
        json.dump({"schema_version": 1, "scenario": "drawn", "seed": seed, "primary": primary, "margin": 0.05, "side_by_side": side_by_side,
                   "stopping": stopping or {"rule": "fixed"}, "arms": ["cluster1", "cluster2"], "pairs": rows}, f)
