# ctest: release
"""`loadgen-fleet sweep` and `campaign`: every run is made by all ranks, and the first decides as a single machine would."""

import json
import os
import signal


from programs import wait_until
from run_folder import RunFolder, check_whole
from truth import rows

SWEPT = """\
target: {url}
streams:
  - name: one
    request: {{ path: "/cluster1?n={{counter}}" }}
    connections: 16
    phases: [{{ rate: 10/s, duration: 1s }}]
"""
RECOVERY = ("--enable-recovery",)  # Open MPI: the rest goes on when a rank is killed


def numbers(lines):
    """Of the requests in nginx's log or its fields."""
    return sorted(int(line["args"].partition("=")[2]) for line in lines)


def test_each_step_of_a_sweep_is_one_run_of_all_ranks(fleet, nginx, tmp_path):
    server = nginx(fields=["args"])
    (tmp_path / "s.yaml").write_text(SWEPT.format(url=server.url))
    done = fleet.run(3, "sweep", "s.yaml", "--from", 50, "--to", 100, "--factor", 2, "-d", "1s", "--warmup", "0", "--gap", "100ms", "--json",
                     "--out", "sweep", prefixes=[[], *[["env", "-C", "/"]] * 2], expect=(0, 4))
    found = json.loads(done.stdout)
    steps = [step for cluster in found["clusters"] for step in cluster["steps"]]
    made = {step["run"]: RunFolder(tmp_path / "sweep" / step["run"]) for step in steps}
    assert {"target-50", "target-100"} <= set(made), found
    for step in steps:
        folder = made[step["run"]]
        check_whole(folder)
        assert folder.run["shards"]["count"] == 3 and not folder.run["shards"]["missing"]
        assert folder.totals["ok_n"] == folder.totals["sent_n"] == step["offered_per_s"]
    assert [row["run"] for row in rows(tmp_path / "sweep", "loadcurve.csv") if row["p_ppm"] == "990000"] == [step["run"] for step in steps]
    sent = numbers(server.stop_and_read_fields())
    assert sent == sorted(n for step in steps for n in range(int(step["offered_per_s"]))), "each step numbers its requests once"


CAMPAIGN = ("-R", "60/s", "-d", "500ms", "--pairs", 1, "--progress", "none")


def urls(server):
    return [f"{server.url}/{path}" for path in ("old", "new")]


def runs_of(folder):
    return {path.parent.name: RunFolder(path.parent) for path in sorted(folder.glob("*/run.json"))}


def test_an_interrupted_campaign_is_resumed_by_as_many_ranks(fleet, nginx, tmp_path):
    server = nginx()
    folder = tmp_path / "campaign"
    running = fleet.start(2, "campaign", *urls(server), *CAMPAIGN, "--aa", 0, "--gap", "200ms", "--out", folder, "-H", "X-Key: hidden")
    wait_until(lambda: " done " in running.stderr, "the first run")
    running.send_signal(signal.SIGUSR1)
    assert running.wait() == 130, running.stderr
    assert f"`loadgen-fleet campaign --resume {folder} --header=...` continues" in running.stderr
    done = {name for name, made in runs_of(folder).items() if made.run["end"] == "done"}
    kept = {name: (folder / name / "run.json").read_bytes() for name in done}
    assert done and json.loads((folder / "campaign.json").read_text())["generators"] == 2
    again = ("campaign", "--resume", folder, "-H", "X-Key: hidden")
    assert "began with 2 generators and cannot go on with 3" in fleet.run(3, *again, expect=2).stderr
    assert "p99" in fleet.run(2, *again, expect=(0, 4)).stdout
    made = runs_of(folder)
    assert list(made) == ["pair-01-a", "pair-01-b"]
    for one in made.values():
        check_whole(one)
        assert one.run["shards"]["count"] == 2 and one.totals["ok_n"] == 30
    assert {name: (folder / name / "run.json").read_bytes() for name in done} == kept, "what was done is not made again"
    assert all(b"hidden" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_lost_rank_ends_a_campaign_and_its_run_is_made_again(fleet, nginx, tmp_path):
    server = nginx()
    folder = tmp_path / "campaign"
    local = tmp_path / "local"
    local.mkdir()
    running = fleet.start(2, "campaign", *urls(server), *CAMPAIGN, "-d", "2s", "--aa", 0, "--gap", 0, "--out", folder, "--local", local, options=RECOVERY)
    wait_until(lambda: any(len(path.read_text().splitlines()) > 1 for path in local.glob("*/share-*/intervals.csv")), "a second of a share")
    os.kill(fleet.pids(2)[1], signal.SIGKILL)
    running.wait()
    assert "(rank 1) was lost in the last run, so no more are made" in running.stderr, running.stderr
    assert "loadgen analysis merge " in running.stderr, "the shares are kept"
    done = fleet.run(2, "campaign", "--resume", folder, expect=(0, 4))
    assert done.stderr.count("is run again: ") == 1, done.stderr
    assert [made.totals["ok_n"] for made in runs_of(folder).values()] == [120, 120]
