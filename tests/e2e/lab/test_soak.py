# ctest: release early
"""Streams of every kind against a lab under random faults: instances are killed, stalled and revived, and HAProxy is reloaded. Every
request is accounted for, the balancer's count agrees, and memory and descriptors stay level.

LOADGEN_SOAK_S is the duration, LOADGEN_SOAK_SEED repeats a run; `make soak` sets both.
"""

import collections
import csv
import os
import random
import re
import threading
import time

from programs import wait_until
from run_folder import RunFolder, check_whole, sum_of

SOAK_S = int(os.environ.get("LOADGEN_SOAK_S", "14"))
SEED = int(os.environ.get("LOADGEN_SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
QUIET_S = 4  # before and after the load, when only `steady` sends
THREADS = 2
RSS_MOST_BYTES = 120 << 20
RSS_GROWTH_BYTES = 6 << 20  # from one quarter of the load to the next; more only while it shrinks
LOAD = f"[ {{ pause: {QUIET_S}s }}, {{ duration: {SOAK_S}s }} ]"
RATE = f"[ {{ pause: {QUIET_S}s }}, {{ rate: 200/s, duration: {SOAK_S}s }} ]"
SCENARIO = f"""
name: soak
target: deployment
timeout: 1s
streams:
  - {{ name: steady, cluster: cluster1, users: 1, think: 100ms, request: /cluster1/steady, phases: [ {{ duration: {SOAK_S + 2 * QUIET_S}s }} ] }}
  - name: users
    cluster: cluster1
    users: 8
    think: 5ms
    request: /cluster1/users
    expect: {{ status: 200, body: "Instance {{instance}} is responding now!" }}
    phases: {LOAD}
  - {{ name: fresh, cluster: cluster2, users: 4, think: 20ms, keep_alive: false, request: /cluster2/fresh, phases: {LOAD} }}
  - {{ name: writers, cluster: cluster2, users: 4, think: 10ms, pipeline: 3, request: {{ method: POST, path: /cluster2/writers, body: x }}, phases: {LOAD} }}
  - {{ name: open, cluster: cluster1, arrivals: poisson, connections: 32, request: /cluster1/open, phases: {RATE} }}
  - {{ name: ten, cluster: cluster2, arrivals: constant, connections: 16, requests_per_connection: 10, request: /cluster2/ten, phases: {RATE} }}
  - {{ name: narrow, cluster: cluster2, arrivals: constant, connections: 2, queue: 20, request: /cluster2/narrow, phases: {RATE} }}
  - name: many
    target: {{ http: 2-prior-knowledge }}
    cluster: cluster1
    users: 40
    streams_per_connection: 20
    think: 50ms
    request: /cluster1/many
    phases: {LOAD}
  - name: shared
    target: {{ http: 2-prior-knowledge }}
    cluster: cluster2
    arrivals: poisson
    connections: 2
    streams_per_connection: 128
    request: /cluster2/shared
    phases: {RATE}
"""


class Sampler(threading.Thread):
    """Samples (seconds since the start, resident bytes, descriptors) of a process until it ends."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.folder = f"/proc/{pid}"
        self.start_s = time.monotonic()
        self.rows = []

    def run(self):
        try:
            while True:
                with open(f"{self.folder}/statm", encoding="ascii") as file:
                    rss = int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
                descriptors = len(os.listdir(f"{self.folder}/fd"))
                if rss and descriptors:
                    self.rows.append((time.monotonic() - self.start_s, rss, descriptors))
                time.sleep(0.2)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return  # it has ended

    def within(self, from_s, to_s, column):
        values = sorted(row[column] for row in self.rows if from_s <= row[0] < to_s)
        assert values, f"no sample from {from_s} s to {to_s} s"
        return values


class Disturber:
    """Injects faults into the lab now and then; most instances are healthy at any time."""

    def __init__(self, lab, seed):
        self.lab = lab
        self.random = random.Random(seed)
        self.healthy = [instance["id"] for instance in lab.deployment["instances"]]
        self.broken = []
        self.first = ["kill", "stall", "reload", "revive"]  # each happens, however short the run
        self.done = collections.Counter()

    def provision(self, command, *arguments):
        self.lab.programs.run("loadgen-provision", command, *arguments, "--deployment", self.lab.path)
        self.done[command] += 1

    def step(self):
        time.sleep(self.random.uniform(0.1, 0.8))
        what = self.first.pop(0) if self.first else self.random.choice(["kill", "stall", "revive", "revive", "reload"])
        if what == "reload":
            self.provision("reload")
        elif what == "revive" and self.broken:
            self.revive(self.random.choice(self.broken))
        elif what in ("kill", "stall") and len(self.broken) < 4:
            victim = self.random.choice(self.healthy)
            self.provision(what, victim)
            self.healthy.remove(victim)
            self.broken.append(victim)

    def revive(self, instance):
        self.provision("revive", instance)
        self.broken.remove(instance)
        self.healthy.append(instance)


def check_accounts(folder):
    """Each request of each stream is counted once, and each that was sent has a service time, whatever its outcome."""
    check_whole(folder)
    for stream in folder.run["stream_totals"]:
        name, errors = stream["stream"], stream["errors"]
        attempts_n = stream["done_n"] + stream["censored_n"]
        assert attempts_n == stream["ok_n"] + sum(n for cls, n in errors.items() if cls != "reset_idle"), name
        assert stream["intended_n"] in (attempts_n, None), name
        times = [e["n"] for e in folder.run["exact"] if re.fullmatch(rf"service\.{name}\..*\.all", e["tag"])]
        assert stream["sent_n"] == sum(times), name
    assert {c["level"] for c in folder.run["checks"] if c["rule"] == "R17"} == {"OK"}


def check_against_balancer(folder, log):
    """Each answered request has a row in the log. Further rows are of requests that were given up or broke off."""
    rows = collections.Counter(row["path"].rpartition("/")[2] for row in log)
    answered_rows = collections.Counter(row["path"].rpartition("/")[2] for row in log if row["end"][0] != "C")
    for stream in folder.run["stream_totals"]:
        name, errors = stream["stream"], stream["errors"]
        answered = stream["ok_n"] + sum(errors.get(cls, 0) for cls in ("status", "status_4xx", "status_5xx", "balancer_5xx", "expect"))
        open_ended = sum(errors.get(cls, 0) for cls in ("timeout", "censored", "reset", "reset_idle", "protocol"))
        assert answered <= answered_rows[name] <= answered + open_ended, f"{name}: {answered} answers, {errors}, {answered_rows[name]} rows"
        assert answered_rows[name] <= rows[name] <= answered + open_ended, name
    by_instance = collections.Counter(row["instance"] for row in log if row["status"] == "200" and row["path"].endswith("users"))
    counted = {row["instance"]: int(row["requests_n"]) for row in folder.rows("instances.csv") if row["instance"]}
    users = next(s for s in folder.run["stream_totals"] if s["stream"] == "users")
    assert sum(counted.values()) == users["ok_n"]
    assert all(n <= by_instance[instance] for instance, n in counted.items())


def check_flat(sampler, idle_closed_s):
    """Descriptors are back at their number once the load is over and the balancer has closed idle connections. Memory grows when a new
    time touches a page of a histogram for the first time: less and less, not steadily as with a leak."""
    load_s = (QUIET_S, QUIET_S + SOAK_S)
    before = sampler.within(1, QUIET_S - 0.5, 2)[-1]
    afterwards = sampler.within(idle_closed_s, load_s[1] + QUIET_S - 0.2, 2)
    after = afterwards[len(afterwards) // 2]
    quarters = [sampler.within(load_s[0] + SOAK_S * i / 4, load_s[0] + SOAK_S * (i + 1) / 4, 1) for i in range(4)]
    resident = [values[len(values) // 2] for values in quarters]
    print(f"descriptors {before} before, {sampler.within(*load_s, 2)[-1]} at most, {after} after; "
          f"memory in MB, by quarters: {', '.join(f'{value / 1e6:.1f}' for value in resident)}")
    assert after <= before
    assert resident[3] <= RSS_MOST_BYTES
    assert resident[3] - resident[2] <= max(RSS_GROWTH_BYTES, 0.8 * (resident[1] - resident[0]))


def access_log(lab, tmp_path):
    kept = tmp_path / "access.csv"
    lab.down("--keep-log", kept)
    with open(kept, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_lab_under_random_faults(lab, start, tmp_path):
    print(f"seed {SEED}, {SOAK_S} s (LOADGEN_SOAK_SEED={SEED} LOADGEN_SOAK_S={SOAK_S} repeats it)")
    up = lab("m4x4-t2x5", "--service-time", "2ms")
    scenario = tmp_path / "soak.yaml"
    scenario.write_text(SCENARIO)
    began_s = time.monotonic()
    running = start("loadgen", "run", scenario, "--deployment", up.path, "-t", THREADS, "--out", tmp_path / "run", "--progress", "none")
    sampler = Sampler(running.pid)
    sampler.start()
    disturber = Disturber(up, SEED)
    wait_until(lambda: time.monotonic() - began_s > QUIET_S, "the load")
    while time.monotonic() - began_s < QUIET_S + SOAK_S - 1:
        disturber.step()
    for instance in list(disturber.broken):
        disturber.revive(instance)
    wait_until(lambda: time.monotonic() - began_s > QUIET_S + SOAK_S + 0.5, "the end of the load")
    disturber.provision("reload")  # the old worker closes idle connections, which are not needed again
    idle_closed_s = time.monotonic() - sampler.start_s + 0.2
    print(f"done to the lab: {dict(disturber.done)}")
    assert running.wait() == 0, running.stderr
    sampler.join()
    folder = RunFolder(tmp_path / "run")
    print(f"requests: {folder.totals}")
    check_accounts(folder)
    check_against_balancer(folder, access_log(up, tmp_path))
    check_flat(sampler, idle_closed_s)
    assert sum_of(folder.rows("intervals.csv"), "ok_n") > 20 * SOAK_S, "most of it got through"
    assert set(disturber.done) == {"kill", "stall", "revive", "reload"}, "all was tried"
