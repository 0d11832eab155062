"""A run folder as results/README.md describes it, written from simulated requests."""

import csv
import json
import math
import os
import random
from collections import Counter, defaultdict

from made_hist import Hist

CLASSES = ["timeout", "dropped", "censored", "status", "status_4xx", "status_5xx", "balancer_5xx", "expect", "connect", "dns", "tls",
           "reset", "reset_idle", "protocol", "ports"]
T0_S = 1795299004


def errors_of(counts):
    """Errors by class; those that did not occur are left out."""
    return {c: counts[c] for c in CLASSES if counts[c]}


def failed_n(counts):
    """Attempts that failed. A lost idle connection fails none, and an attempt that the end cut off has not failed yet."""
    return sum(counts[c] for c in CLASSES if c not in ("reset_idle", "censored"))


class Run:
    def __init__(self, folder, name, clusters, seed=42, emulated=True, end="done"):
        self.folder, self.name, self.clusters, self.seed, self.emulated, self.end = folder, name, clusters, seed, emulated, end
        self.pick = random.Random(seed)
        self.streams, self.phases, self.requests = [], [], []
        self.level, self.duration_s, self.started_s = "OK", None, T0_S
        self.fields = {}
        self.share = None

    def add_stream(self, name, cluster, model, requests, phases):
        self.streams.append(dict(name=name, cluster=cluster.name, model=model, headline="service" if model == "closed" else "response",
                                 users=1 if model == "closed" else None, connections=1 if model == "closed" else 256,
                                 arrivals=None if model == "closed" else "poisson", method="GET", path="/" + cluster.name,
                                 timeout_s=10.0, round_trip_us=None, captures_instance=True, http="1.1",
                                 streams_per_connection=None))
        self.phases += [dict(stream=name, cluster=cluster.name, **phase) for phase in phases]
        self.requests += requests

    def outcomes(self, stream=None, phase=None):
        """Counts of outcomes: of a stream's phase, of a stream, or of all."""
        return Counter(r.outcome for r in self.requests if stream in (None, r.stream) and phase in (None, r.phase))

    def counted(self, phase):
        counts = self.outcomes(phase["stream"], phase["phase"])
        late_n = sum(r.outcome == "ok" and r.done > phase["end_s"] * 1e9 for r in self.requests
                     if (r.stream, r.phase) == (phase["stream"], phase["phase"]) and phase["kind"] != "requests")
        return {**phase, "done_n": counts["ok"] + failed_n(counts), "ok_n": counts["ok"], "ok_late_n": late_n, "errors": errors_of(counts)}

    def cut(self, at_s):
        """What an interrupted run leaves: nothing that begins later, and what was open is censored."""
        at = int(at_s * 1e9)
        self.requests = [r for r in self.requests if (r.due if r.due is not None else r.sent) < at]
        for r in self.requests:
            if r.done > at:
                r.done, r.outcome, r.instance = at, "censored", ""
        for phase in self.phases:
            if phase["start_s"] >= at_s:
                phase["start_s"] = phase["end_s"] = None
            elif phase["end_s"] > at_s:
                phase["end_s"] = at_s
        self.end, self.duration_s = "interrupted", at_s

    def take_share(self, index, count):
        """Leaves of the whole run what one of several generators sent; the index is from 0."""
        self.share = index, count
        self.requests = self.requests[index::count]
        self.fields["run_id"] = f"share-{index + 1}"
        self.fields["shard"] = {"index": index + 1, "count": count, "source": "given", "start_at": "2026-11-21T22:10:04Z",
                                "clock_max_error_us": 210.0, "clock_offset_us": None, "clock_error_us": None, "clock_drift_us": None,
                                "start_late_us": 60.0}

    def stream(self, name):
        return next(s for s in self.streams if s["name"] == name)

    def write(self):
        os.makedirs(self.folder, exist_ok=True)
        ends = [p["end_s"] for p in self.phases if p["end_s"] is not None] + [r.done / 1e9 for r in self.requests]
        self.duration_s = self.duration_s or max(ends + [0.001])
        self.collect()
        self.write_hlog()
        self.write_intervals()
        self.write_errors()
        self.write_health()
        self.write_phases()
        self.write_checks()
        self.write_small()
        self.write_run_json()

    def collect(self):
        self.seconds, self.merged = defaultdict(Hist), defaultdict(Hist)
        for r in self.requests:
            stream = self.stream(r.stream)
            values = {"service": r.done - r.sent, "rx_age": r.rx_age, "first_byte": int((r.done - r.sent) * 0.97),
                      "service_less_g": r.done - r.sent - r.rx_age}
            if r.first:
                values["service_first"] = r.done - r.sent
                values["connect"] = 180_000
            if r.due is not None:
                values.update(response=r.done - r.due, lag=r.lag, conn_wait=r.wait, response_less_g=r.done - r.due - r.lag - r.rx_age)
            if r.outcome == "dropped":
                continue
            if r.outcome == "censored":  # its age; no answer means nothing else
                values = {metric: values[metric] for metric in ("service", "response") if metric in values}
            second = r.done // 1_000_000_000
            for metric, ns in values.items():
                outcome = "ok" if metric == "connect" else r.outcome
                self.record(second, metric, stream, r.phase, outcome, "all", max(ns, 1))
                if metric == stream["headline"] and r.instance:
                    self.record(second, metric, stream, r.phase, outcome, r.instance, max(ns, 1))
        for (_, tag), hist in self.seconds.items():
            self.merged[tag].merge(hist)

    def record(self, second, metric, stream, phase, outcome, instance, ns):
        self.seconds[second, ".".join((metric, stream["name"], stream["cluster"], phase, outcome, instance))].add(ns)

    def write_hlog(self):
        with open(os.path.join(self.folder, "hist.hlog"), "w") as f:
            f.write("#[Histogram log format version 1.3]\n")
            f.write(f"#[StartTime: {self.started_s}.000 (seconds since epoch), Sat Nov 21 22:10:04 UTC 2026]\n")
            f.write('"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n')
            for (second, tag), hist in sorted(self.seconds.items()):
                length = min(1.0, max(self.duration_s - second, 0.001))
                f.write(f"Tag={tag},{second:.3f},{length:.3f},{hist.most / 1e6:.3f},{hist.encode()}\n")

    def table(self, name, header, rows):
        with open(os.path.join(self.folder, name), "w", newline="") as f:
            writer = csv.writer(f, lineterminator="\n")
            writer.writerow(header.split(","))
            writer.writerows([["" if cell is None else cell for cell in row] for row in rows])

    def phase_at(self, stream, t_s):
        mine = [p for p in self.phases if p["stream"] == stream["name"] and p["start_s"] is not None]
        started = [p for p in mine if p["start_s"] < t_s] or mine
        return started[-1] if started else dict(phase="p1", warmup=False, start_s=0, end_s=0)

    def write_intervals(self):
        header = ("t_s,dur_s,stream,cluster,phase,warmup,partial,intended_n,sent_n,done_n,ok_n,err_n,"
                  + ",".join(f"{c}_n" for c in CLASSES) + ",inflight_n,conn_new_n,bytes_rx,bytes_tx,p50_us,p90_us,p99_us,p999_us,max_us,"
                  "service_p50_us,service_p99_us,lag_p50_us,lag_p99_us,lag_max_us,conn_wait_p99_us,goaways_n,goaway_errors_n,unprocessed_n,"
                  "refused_n,resets_n,cancels_n,ended_by_count_n,held_up_s,streams_open_most_n")
        by = defaultdict(lambda: dict(intended=0, sent=0, done=[], inflight=0))
        for r in self.requests:
            by[r.stream, int((r.due or r.sent) // 10**9)]["intended"] += 1
            if r.outcome != "dropped":
                by[r.stream, int(r.sent // 10**9)]["sent"] += 1
            by[r.stream, int(r.done // 10**9)]["done"].append(r)
        rows = []
        for second in range(max(1, math.ceil(self.duration_s - 1e-9))):
            for stream in self.streams:
                rows.append(self.interval(second, stream, by[stream["name"], second]))
        self.table("intervals.csv", header, rows)

    def interval(self, second, stream, cell):
        length = min(1.0, self.duration_s - second)
        phase = self.phase_at(stream, second + length)
        edges = [p[k] for p in self.phases if p["stream"] == stream["name"] for k in ("start_s", "end_s") if p[k] is not None]
        partial = length < 1 or any(second < edge < second + 1 for edge in edges)
        counts = Counter(r.outcome for r in cell["done"])
        ok, errors = counts["ok"], failed_n(counts)
        head, service, lag, wait = Hist(), Hist(), Hist(), Hist()
        for r in cell["done"]:
            if r.outcome in ("dropped", "censored"):
                continue
            service.add(r.done - r.sent)
            head.add(r.done - (r.due if r.due is not None else r.sent))
            if r.due is not None:
                lag.add(r.lag)
                wait.add(r.wait)

        def us(hist, p_ppm):
            return f"{hist.percentile_ns(p_ppm) / 1000:.3f}" if hist.n else None

        done = ok + errors
        return [second, f"{length:.6f}", stream["name"], stream["cluster"], phase["phase"], int(phase["warmup"]), int(partial),
                cell["intended"] if stream["model"] == "open" else None, cell["sent"], done, ok, errors,
                *[counts[c] for c in CLASSES], 0, sum(r.first for r in cell["done"]), 200 * done, 80 * cell["sent"],
                us(head, 500000), us(head, 900000), us(head, 990000), us(head, 999000), f"{head.most / 1000:.3f}" if head.n else None,
                us(service, 500000), us(service, 990000), us(lag, 500000), us(lag, 990000), f"{lag.most / 1000:.3f}" if lag.n else None,
                us(wait, 990000), *[None] * 9]

    def write_errors(self):
        causes = {"status_5xx": ("status 503", 503), "timeout": ("no response within 10 s", None), "reset": ("connection reset by peer", None),
                  "censored": ("run ended", None)}
        count = defaultdict(int)
        for r in self.requests:
            if r.outcome != "ok":
                count[int(r.done // 10**9), r.stream, r.phase, r.outcome] += 1
        self.table("errors.csv", "t_s,stream,cluster,phase,class,cause,status,count_n",
                   [[t, s, self.stream(s)["cluster"], p, c, *causes.get(c, (c, None)), n] for (t, s, p, c), n in sorted(count.items())])

    def write_health(self):
        sends = defaultdict(list)
        for r in self.requests:
            sends[int(r.sent // 10**9)].append(r)
        rows = []
        for t in range(max(1, math.ceil(self.duration_s - 1e-9))):
            lag, age = Hist(), Hist()
            for r in sends[t]:
                age.add(max(r.rx_age, 1))
                if r.lag is not None:
                    lag.add(max(r.lag, 1))
            n = len(sends[t])

            def us(hist):
                return [f"{hist.percentile_ns(p) / 1000:.3f}" if hist.n else None for p in (500000, 990000, 1000000)]

            busy = n * 14e-6
            rows.append([f"{t:.6f}", 0, f"{busy * 0.25:.6f}", f"{busy * 0.75:.6f}", f"{min(1.0, busy):.4f}",
                         f"{120 + 40 * self.pick.random():.3f}", max(1, int(n * 0.9)), n, 2 if n else None, 4 if n else None, *us(lag), *us(age),
                         int(2 * self.pick.random()), f"{0.2 * self.pick.random():.2f}", 0, 7_000_000])
        self.table("health.csv", "t_s,thread,cpu_user_s,cpu_sys_s,utilisation,iteration_max_us,wakeups_n,sends_n,sends_per_wakeup_p99,"
                   "sends_per_wakeup_max,lag_p50_us,lag_p99_us,lag_max_us,rx_age_p50_us,rx_age_p99_us,rx_age_max_us,"
                   "switches_involuntary_n,steal_pct,retransmits_n,rss_bytes", rows)

    def write_phases(self):
        keys = "stream,cluster,phase,kind,warmup,start_s,end_s,requests_n,rate_per_s,rate_end_per_s"
        self.table("phases.csv", keys, [[int(p[k]) if k == "warmup" else p[k] for k in keys.split(",")] for p in self.phases])

    def checks(self):
        first = self.streams[0]["name"] if self.streams else "all"
        bad = self.level != "OK"
        return [dict(rule="R2", scope=first, level=self.level, value=14.0 if self.level == "INVALID" else 3.1 if bad else 0.4, warn=2.0,
                     invalid=10.0, unit="%", what="the generator's share of p99",
                     advice="use more threads or a less busy machine" if bad else ""),
                dict(rule="R4", scope="all", level="OK", value=7.0, warn=70.0, invalid=90.0, unit="%",
                     what="busiest second of an event loop", advice=""),
                dict(rule="R9", scope=first, level="OK", value=None, warn=100.0, invalid=10.0, unit="",
                     what="samples beyond the 99th percentile", advice="")]

    def write_checks(self):
        keys = "rule,scope,level,value,unit,warn,invalid,what,advice"
        self.table("checks.csv", keys, [[c[k] for k in keys.split(",")] for c in self.checks()])

    def write_small(self):
        self.table("dns.csv", "t_s,name,address,ttl_s", [["0.000000", "127.0.0.1", "127.0.0.1", None]])
        self.table("remotes.csv", "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us", [])
        index, count = self.share or (0, 1)
        rows = [["sys", r.stream, self.stream(r.stream)["cluster"], r.phase, index + i * count, r.due, r.lag, r.wait, r.sent, r.done - r.rx_age, r.done,
                 r.rx_age, 0, i, 200 if r.outcome == "ok" else None, r.outcome, r.instance, "127.0.0.1"]
                for i, r in enumerate(self.requests) if i % 10 == 0]
        self.table("samples.csv", "why,stream,cluster,phase,seq,due_ns,lag_ns,conn_wait_ns,sent_ns,first_ns,done_ns,rx_age_ns,conn,"
                   "req_on_conn,status,class,instance,remote", rows)
        if self.emulated:
            with open(os.path.join(self.folder, "deployment.json"), "w") as f:
                json.dump(self.deployment(), f, indent=2)

    def deployment(self):
        return {"schema_version": 1, "provider": "local", "emulated": True, "run_id": "7f3a19c2", "state": "up",
                "created_utc": "2026-11-21T22:09:00Z", "expires_utc": None, "topology": "m4x4-t2x5", "region": "us-east-1",
                "account": None, "app": "emulator", "url": "http://127.0.0.1:41873", "ca_file": None,
                "load_balancer": {"kind": "haproxy", "name": "loadgen-7f3a19c2", "algorithm": "round_robin", "address": "127.0.0.1",
                                  "port": 41873,
                                  "listener": {"protocol": "HTTP", "http2": True, "port": 41873, "default": [{"cluster": self.clusters[0].name, "weight": 1}],
                                               "rules": [{"priority": i + 1, "paths": [f"/{c.name}", f"/{c.name}/*"], "cluster": c.name}
                                                         for i, c in enumerate(self.clusters)]},
                                  "health_check": {"path": "/", "expect_status": 200}},
                "clusters": [{"name": c.name, "label": c.label, "path": "/" + c.name, "instance_type": c.kind, "zone": c.zone,
                              "count": len(c.instances), "vcpus": 2, "memory_gib": 8, "specification": "2 vCPU, 8 GiB",
                              "price_usd_per_hour": 0.1} for c in self.clusters],
                "instances": [{"id": i, "cluster": c.name, "instance_type": c.kind, "zone": c.zone, "address": "127.0.0.1",
                               "port": 40001 + k} for c in self.clusters for k, i in enumerate(c.instances)],
                "resources": []}

    def totals(self, intended, stream=None):
        counts = self.outcomes(stream)
        ok, err, all_n = counts["ok"], failed_n(counts), sum(counts.values())
        return dict(intended_n=intended, sent_n=all_n - counts["dropped"], done_n=ok + err, ok_n=ok, err_n=err, censored_n=counts["censored"],
                    bytes_rx=200 * (ok + err), bytes_tx=80 * all_n, errors=errors_of(counts))

    def traffic(self, stream):
        """Bytes and answers outside warm-up."""
        warmups = {p["phase"] for p in self.phases if p["stream"] == stream and p["warmup"]}
        counts = Counter(r.outcome for r in self.requests if r.stream == stream and r.phase not in warmups)
        statuses = {"200": counts["ok"], "503": counts["status_5xx"]}
        return dict(bytes_rx=200 * (counts["ok"] + failed_n(counts)), bytes_tx=80 * sum(counts.values()),
                    statuses={status: n for status, n in statuses.items() if n})

    def write_run_json(self):
        utc = "2026-11-21T22:10:04Z"
        is_open = all(s["model"] == "open" for s in self.streams) and self.streams
        document = {
            "schema_version": 1, "run_id": f"2026-11-21T22-10-04Z-{self.name}", "name": self.name,
            "tool": {"name": "loadgen", "version": "0.1.0"}, "argv": ["loadgen", "run", self.name],
            "scenario": {"file": f"{self.name}.yaml", "text": f"name: {self.name}\n"},
            "inputs": [{"what": "scenario", "name": f"{self.name}.yaml", "sha256": "00" * 32}],
            "settings": {"threads": "1", "timeout": "10s"}, "seed": self.seed, "threads": 1, "started_utc": utc,
            "t0_realtime_ns": self.started_s * 10**9, "t0_monotonic_ns": 123456789, "duration_s": round(self.duration_s, 6),
            "end": self.end, "versions": {"libuv": "1.44.2", "llhttp": "8.1.0", "openssl": "3.0.11", "zlib": "1.2.13"},
            "host": {"name": "vm", "machine": "Amazon EC2 m5.large", "is_virtual": True, "architecture": "x86_64", "cpu": "Xeon", "cpus": 2,
                     "smt": "on", "governor": None, "frequency_driver": None, "frequency_max_hz": None, "memory_bytes": 8 << 30,
                     "load_1m": 0.08, "load_5m": 0.02, "load_15m": 0.0, "kernel": "6.1.0", "kernel_build": "#1 SMP", "clocksource": "tsc",
                     "descriptor_limit": 1048576, "vulnerabilities": {"mds": "Not affected", "meltdown": "Mitigation: PTI"},
                     "kernel_parameters": {"mitigations": "auto"}, "sysctls": {"net.core.somaxconn": "4096"}},
            "generator": {"cpu_pct": 1.4, "lag_p99_us": 23.0 if is_open else None},
            "network": {"remote": "127.0.0.1", "interface": "lo", "driver": None, "speed_bits_per_s": None, "mtu_bytes": 65536, "rtt_us": 33.0},
            "pacing": "epoll_pwait2", "round_trips": [], "target": {"url": "http://127.0.0.1:41873", "tls": False, "http": "1.1", "alpn": None},
            "deployment": {"provider": "local", "emulated": True, "run_id": "7f3a19c2", "topology": "m4x4-t2x5", "app": "emulator"}
            if self.emulated else None,
            "clusters": [{"name": c.name, "label": c.label, "path": "/" + c.name, "instance_type": c.kind, "zone": c.zone,
                          "instances": c.instances} for c in self.clusters],
            "streams": self.streams, "phases": [self.counted(phase) for phase in self.phases],
            "totals": self.totals(len(self.requests) if is_open else None),
            "stream_totals": [{"stream": s["name"], "cluster": s["cluster"],
                               **{k: v for k, v in self.totals(None, s["name"]).items()
                                  if k in ("sent_n", "done_n", "ok_n", "err_n", "censored_n", "errors")},
                               **self.traffic(s["name"])} for s in self.streams],
            "exact": [{"tag": tag, "n": h.n, "min_ns": h.least, "max_ns": h.most, "sum_ns": h.sum, "overflow_n": h.overflow}
                      for tag, h in sorted(self.merged.items())],
            "checks": self.checks(),
            "thresholds": [{"text": "p99 < 250ms", "scope": "all", "value": 4.9e-3, "unit": "s", "held": True}]}
        document.update(self.fields)
        with open(os.path.join(self.folder, "run.json"), "w") as f:
            json.dump(document, f, indent=1)
