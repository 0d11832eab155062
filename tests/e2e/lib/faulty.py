"""Runs against an emulator that breaks a known number of answers."""

import random

from truth import logged, long_or_short, make_run

N = long_or_short(40_000, 4000)

# In a thousand requests: 20 that fail at once, 10 that are closed in the middle, 5 that never end.
FAULTS = {"status=503": ("status_5xx", 20), "end=partial": ("reset", 10), "stall_ms=60000": ("timeout", 5)}


def run_with(faults, run, emulator, folder):
    """Each request asks for its own fault, in an order drawn from a seed. Returns (run.json, the log)."""
    asked = [query for query, (_, per_mille) in faults.items() for _ in range(per_mille * N // 1000)]
    asked += (N - len(asked)) * ["none=1"]
    random.Random(4).shuffle(asked)
    folder.with_suffix(".csv").write_text("query\n" + "".join(query + "\n" for query in asked))
    scenario = folder.with_suffix(".yaml")
    scenario.write_text(f"""
target: {emulator("--service-time", "2ms", "--vcpus", "64").url}
timeout: 2s
thresholds: [ "errors < 3.6%" ]
streams:
  - name: quick
    request: {{ path: "/cluster1?{{csv:query|raw}}" }}
    feed: {folder.with_suffix(".csv").name}
    users: 16
    phases: [ {{ requests: {N} }} ]
""")
    got, _ = make_run(run, folder, scenario, "--log-requests", "csv")
    return got, logged(folder)
