"""Scenarios drawn at random: what shares send together is what one machine sends, by nginx's log, the request logs and the merged counts."""

import collections
import json
import os
import random

import pytest

from run_folder import RunFolder
from test_shares import QUIET, run_shares, sent

N_DRAWN = 20 if os.environ.get("LOADGEN_TRUTH") == "full" else 1


def open_phase(draw):
    return draw.choice([
        lambda: {"rate": f"{draw.choice([7, 50, 300])}/s", "duration": f"{draw.randint(1, 400)}ms"},
        lambda: {"rate": f"{draw.choice([0, 1, 50])}/s", "ramp_to": f"{draw.choice([10, 200, 400])}/s", "duration": f"{draw.randint(100, 500)}ms"},
        lambda: {"burst": draw.randint(1, 40)},
    ])()


def stream(draw, name):
    is_open = draw.random() < 0.5
    one = {"name": name, "cluster": draw.choice("ab"), "feed": "words.csv", "mix": draw.choice(["weighted", "sequence"])}
    one["requests"] = [{"path": f"/{name}/{k}/{draw.choice(['{counter}', '{counter}?{random}', '{csv:word}/{uuid}'])}"}
                       for k in range(draw.randint(1, 3))]
    if is_open:
        one |= {"arrivals": draw.choice(["constant", "poisson"]), "connections": draw.choice([1, 2, 3, 8, 13]), "queue": 2000, "timeout": "30s"}
    else:
        one |= {"users": draw.choice([1, 2, 3, 5, 11]), "think": f"{draw.choice([0, 3])}ms"}
    one |= draw.choice([{}, {"keep_alive": False}, {"requests_per_connection": draw.randint(1, 6)}, {"pipeline": 3}])
    phases = [open_phase(draw) if is_open else {"requests": draw.choice([1, 2, 5, 17, 100])} for _ in range(draw.randint(1, 3))]
    phases[0]["warmup"] = draw.random() < 0.3
    phases += [{"pause": "50ms"}, {"burst": 5} if is_open else {"requests": 3}]
    return one | {"phases": phases}


@pytest.mark.parametrize("seed", range(N_DRAWN))
def test_shares_of_a_drawn_scenario_send_what_one_machine_sends(nginx, run, start, tmp_path, seed):
    draw, server = random.Random(seed), nginx()
    scenario = tmp_path / "drawn.yaml"
    scenario.write_text(json.dumps({"target": server.url, "seed": seed, "streams": [stream(draw, f"s{i}") for i in range(draw.randint(2, 4))]}))
    (tmp_path / "words.csv").write_text("word\n" + "".join(f"w{i}\n" for i in range(draw.randint(1, 30))))
    run("loadgen", "run", scenario, "-t", draw.randint(1, 3), "--log-requests", "csv", "--out", tmp_path / "whole", *QUIET)
    whole = RunFolder(tmp_path / "whole")
    count = draw.choice([2, 3, 5])
    shares, _ = run_shares(start, scenario, tmp_path, count, draw.sample((1, 2, 3), 3))
    run("loadgen", "analysis", "merge", *draw.sample([share.path for share in shares], count), "--out", tmp_path / "all")
    merged = RunFolder(tmp_path / "all")
    targets = collections.Counter(line.target for line in server.stop_and_read_log())

    assert sent(merged) == sent(whole)
    assert {n % 2 for n in targets.values()} == {0} and targets.total() == 2 * whole.totals["sent_n"]
    assert {key: merged.totals[key] for key in ("sent_n", "done_n", "ok_n")} == {key: whole.totals[key] for key in ("sent_n", "done_n", "ok_n")}
    assert [p["ok_n"] for p in merged.run["phases"]] == [p["ok_n"] for p in whole.run["phases"]]
