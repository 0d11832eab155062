"""Simulated clusters and the requests that closed and open streams send to them."""

import math
import random


class Cluster:
    def __init__(self, name, label, kind, zone, count, median_ms, sigma, tail_ms, seed):
        pick = random.Random(seed)
        self.name, self.label, self.kind, self.zone = name, label, kind, zone
        self.median_ms, self.sigma, self.tail_ms = median_ms, sigma, tail_ms
        self.instances = ["i-" + "".join(pick.choice("0123456789abcdef") for _ in range(17)) for _ in range(count)]
        self.speed = [1 + 0.04 * (i % 3 - 1) for i in range(count)]
        self.turn = 0

    def answer(self, pick):
        """Round robin: the instance and its service time in ns."""
        index = self.turn % len(self.instances)
        self.turn += 1
        ms = self.median_ms * self.speed[index] * math.exp(pick.gauss(0, self.sigma))
        if pick.random() < 0.01:
            ms += pick.expovariate(1 / self.tail_ms)
        return self.instances[index], int(ms * 1e6)


class Request:
    __slots__ = ("stream", "phase", "due", "lag", "wait", "sent", "done", "rx_age", "outcome", "instance", "first")

    def __init__(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)


def closed_stream(run, name, cluster, parts, fails=None):
    """One user. `parts`: (count, None) for requests or (None, seconds) for a pause."""
    now, requests, phases, seq = 0, [], [], 0
    fails = fails or (lambda pick: None)
    for number, (count, pause_s) in enumerate(parts, 1):
        begin = now
        if pause_s is not None:
            now += int(pause_s * 1e9)
        for _ in range(count or 0):
            instance, ns = cluster.answer(run.pick)
            outcome = fails(run.pick) or "ok"
            if outcome == "timeout":
                instance, ns = "", 10_000_000_000
            elif outcome == "reset":
                instance = ""
            requests.append(Request(stream=name, phase=f"p{number}", due=None, lag=None, wait=None, sent=now, done=now + ns,
                                    rx_age=int(run.pick.expovariate(1 / 3000)), outcome=outcome, instance=instance, first=seq == 0))
            now += ns + 15_000
            seq += 1
        phases.append(dict(phase=f"p{number}", kind="requests" if pause_s is None else "pause", warmup=False, requests_n=count,
                           rate_per_s=None, rate_end_per_s=None, start_s=begin / 1e9, end_s=now / 1e9))
    run.add_stream(name, cluster, "closed", requests, phases)


def open_stream(run, name, cluster, parts, lag_us=20, fails=None, slow=None):
    """Poisson arrivals. `parts`: (name, warm-up, rate per second, rate at the end or None, seconds)."""
    fails = fails or (lambda pick: None)
    slow = slow or (lambda t_s: 1.0)
    begin, requests, phases = 0.0, [], []
    for phase, warmup, rate, rate_end, seconds in parts:
        t = 0.0
        while True:
            now_rate = rate if rate_end is None else rate + (rate_end - rate) * t / seconds
            t += run.pick.expovariate(now_rate)
            if t >= seconds:
                break
            due = int((begin + t) * 1e9)
            instance, ns = cluster.answer(run.pick)
            ns = int(ns * slow(begin + t))
            lag = int(run.pick.expovariate(1 / (lag_us * 1000)))
            wait = int(run.pick.expovariate(1 / 2e6)) if run.pick.random() < 0.003 else 0
            outcome = fails(run.pick) or "ok"
            sent = due + lag + wait
            if outcome == "timeout":
                instance, ns = "", 10_000_000_000
            requests.append(Request(stream=name, phase=phase, due=due, lag=lag, wait=wait, sent=sent, done=sent + ns,
                                    rx_age=int(run.pick.expovariate(1 / 4000)), outcome=outcome, instance=instance,
                                    first=len(requests) < 32))
        phases.append(dict(phase=phase, kind="ramp" if rate_end else "rate", warmup=warmup, requests_n=None, rate_per_s=rate,
                           rate_end_per_s=rate_end, start_s=begin, end_s=begin + seconds))
        begin += seconds
    run.add_stream(name, cluster, "open", requests, phases)
