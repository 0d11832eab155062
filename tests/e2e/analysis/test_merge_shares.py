"""Shares of one run, merged: exactly what one generator would have left, whatever their order; and what is missing or unequal is named."""

import json
import shutil
import signal

import pytest

import make_run
from programs import wait_until
from run_folder import RunFolder, check_whole, seconds_written

FILES = ["hist.hlog", "intervals.csv", "errors.csv", "health.csv", "samples.csv", "percentiles.csv", "instances.csv", "phases.csv", "checks.csv"]


@pytest.fixture(name="made", scope="module")
def fixture_made(tmp_path_factory):
    """Three shares of open streams with errors, and the whole."""
    folder = tmp_path_factory.mktemp("made")
    make_run.make_shares(str(folder), "errors", 3)
    return folder


def merge(run, out, *shares, options=(), expect=0):
    return run("loadgen-analysis", "merge", *shares, "--out", out, *options, expect=expect)


def intervals(path):
    """{(second, stream): counts}"""
    return {(row["t_s"], row["stream"]): [row["phase"], row["warmup"], *(v for k, v in row.items() if k.endswith("_n") or k.startswith("bytes_"))]
            for row in RunFolder(path).rows("intervals.csv")}


def test_the_merge_is_the_whole_in_whatever_order(run, made, tmp_path):
    whole = RunFolder(made / "whole")
    for i, order in enumerate(["123", "312", "231", "321"]):
        (tmp_path / str(i)).mkdir()
        merge(run, tmp_path / str(i) / "out", *(made / share for share in order), expect=3)
        for name in FILES:
            assert (tmp_path / str(i) / "out" / name).read_bytes() == (tmp_path / "0/out" / name).read_bytes(), (order, name)
        assert (tmp_path / str(i) / "out/run.json").read_bytes() == (tmp_path / "0/out/run.json").read_bytes(), order
    merged = RunFolder(tmp_path / "0/out")
    for member in ("totals", "stream_totals", "phases", "streams", "end", "duration_s", "t0_realtime_ns"):
        assert merged.run[member] == whole.run[member], member
    assert sorted(merged.run["exact"], key=lambda row: row["tag"]) == sorted(whole.run["exact"], key=lambda row: row["tag"])
    assert {tag: h.counts for tag, h in merged.histograms().items()} == {tag: h.counts for tag, h in whole.histograms().items()}
    assert intervals(tmp_path / "0/out") == intervals(made / "whole")
    run("loadgen-analysis", "recompute", made / "whole", "--out", tmp_path / "whole")
    for name in ("percentiles.csv", "phases.csv"):
        assert (tmp_path / "0/out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert "shard" not in merged.run
    assert merged.run["shards"] == {"count": 3, "missing": [], "incomplete": []}
    assert [source["shard"] for source in merged.run["merged_from"]] == [1, 2, 3]


def test_a_merged_run_opens_everywhere(run, made, tmp_path):
    merge(run, tmp_path / "all", *(made / share for share in "123"), expect=3)
    for command in ("summary", "report", "figures", "compare"):
        run("loadgen-analysis", command, tmp_path / "all")
    run("loadgen-analysis", "recompute", tmp_path / "all", "--out", tmp_path / "again")
    run("loadgen-analysis", "export", tmp_path / "all", "--format", "json")
    done = merge(run, tmp_path / "twice", tmp_path / "all", expect=2)
    assert "the shares are merged already" in done.stderr


def test_missing_shares_are_named_and_allowed(run, made, tmp_path):
    text = merge(run, tmp_path / "two", made / "1", made / "3", expect=4).stdout
    assert "INVALID     share 2 of 3 is missing: 66.7 % of the load was sent" in text
    assert RunFolder(tmp_path / "two").run["shards"] == {"count": 3, "missing": [2], "incomplete": []}
    assert {claim["level"] for claim in RunFolder(tmp_path / "two").run["claims"]} == {"invalid"}
    text = merge(run, tmp_path / "one", made / "2", options=["--allow-missing", "1"], expect=4).stdout
    assert "INVALID     shares 1 and 3 of 3 are missing: 33.3 % of the load was sent" in text
    text = merge(run, tmp_path / "allowed", made / "2", options=["--allow-missing", "2"], expect=3).stdout
    assert "WARN        shares 1 and 3 of 3 are missing" in text
    assert "shares 1 and 3 of 3 are missing" in run("loadgen-analysis", "summary", tmp_path / "allowed").stdout.replace("\n              ", " ")


UNEQUAL = [
    (lambda r: r.update(seed=43), "their seeds are 42 and 43"),
    (lambda r: r["scenario"].update(text="name: other\n"), "their scenarios differ"),
    (lambda r: r["inputs"].append({"what": "file", "name": "users.csv", "sha256": "11" * 32}), "the input file users.csv differs"),
    (lambda r: r["inputs"][0].update(sha256="11" * 32), "the input file open.yaml differs"),
    (lambda r: r["shard"].update(count=4), "is one of 3 shares and"),
    (lambda r: r.pop("shard"), "holds a share of a run and"),
    (lambda r: r["shard"].update(index=4), "an index from 1 to that"),
    (lambda r: r["shard"].update(index=1), "share 1 of 3 is given twice"),
    (lambda r: r["phases"][0].update(rate_per_s=7), "phase warm of stream m4-open is another"),
    (lambda r: r["streams"][0].update(connections=7), "'streams'"),
    (lambda r: r.update(t0_realtime_ns=r["t0_realtime_ns"] + 3_600_000_000_000), "did not run at the same time"),
]


def edited(share, folder, change):
    shutil.copytree(share, folder)
    document = json.loads((folder / "run.json").read_text())
    change(document)
    (folder / "run.json").write_text(json.dumps(document))
    return folder


def test_what_is_no_share_of_the_run_is_refused(run, made, tmp_path):
    for i, (change, words) in enumerate(UNEQUAL):
        other = edited(made / "2", tmp_path / f"other-{i}", change)
        done = merge(run, tmp_path / "all", made / "1", other, made / "3", expect=2)
        assert words in done.stderr, done.stderr
        assert not (tmp_path / "all").exists()


def test_unequal_versions_and_ends_are_named(run, made, tmp_path):
    other = edited(made / "2", tmp_path / "version", lambda r: r["tool"].update(version="0.9"))
    text = merge(run, tmp_path / "a", made / "1", other, made / "3", expect=4).stdout
    assert "share 2 of 3 ran loadgen 0.9, unlike the others: 100 % of the load was sent" in text
    other = edited(made / "2", tmp_path / "failed", lambda r: r.update(end="failed"))
    assert "share 2 of 3 ended early" in merge(run, tmp_path / "b", made / "1", other, made / "3", expect=4).stdout
    assert RunFolder(tmp_path / "b").run["shards"]["incomplete"] == [2]
    ended = [edited(made / share, tmp_path / f"stopped-{share}", lambda r: r.update(end="interrupted")) for share in "123"]
    merge(run, tmp_path / "c", *ended, expect=3)
    assert RunFolder(tmp_path / "c").run["end"] == "interrupted" and RunFolder(tmp_path / "c").run["shards"]["incomplete"] == []


def test_the_worst_rule_has_the_name_of_its_host(run, made, tmp_path):
    slow = edited(made / "3", tmp_path / "slow", lambda r: (r["host"].update(name="c5"), r["checks"][1].update(level="WARN", value=80.0)))
    merge(run, tmp_path / "all", made / "1", made / "2", slow, expect=3)
    merged = RunFolder(tmp_path / "all")
    check, = [c for c in merged.run["checks"] if c["rule"] == "R4"]
    assert (check["level"], check["value"], check["what"]) == ("WARN", 80, "busiest second of an event loop (share 3, host c5)")
    assert [source["level"] for source in merged.run["merged_from"]] == ["OK", "OK", "WARN"]


SCENARIO = """
name: shares
target: {url}
seed: 7
thresholds: [ "rate > 100/s", "p99 < 50s" ]
streams:
  - {{ name: open, cluster: c1, request: {{ path: /cluster1 }}, arrivals: poisson, connections: 8, phases: [ {{ rate: 150/s, duration: 3s }} ] }}
  - {{ name: closed, cluster: c2, users: 2, request: {{ path: /cluster1 }}, phases: [ {{ requests: 60 }} ] }}
"""


def generators(start, tmp_path, url):
    """Three generators in the background; the third has no user of the closed stream, and the second compresses its log."""
    scenario = tmp_path / "shares.yaml"
    scenario.write_text(SCENARIO.format(url=url))
    return [start("loadgen", "run", "--out", tmp_path / name, "--progress", "none", "--log-requests", form, "--shard", f"{name}/3", scenario)
            for name, form in (("1", "csv"), ("2", "csv.zst"), ("3", "csv"))]


def test_real_shares_become_one_run(start, run, emulator, tmp_path):
    server = emulator("--service-time", "2ms")
    for one in generators(start, tmp_path, server.url):
        assert one.wait() == 0, one.stderr
    shares = [RunFolder(tmp_path / name) for name in "123"]
    assert all(t["held"] is None for share in shares for t in share.run["thresholds"])
    text = merge(run, tmp_path / "all", *(share.path for share in shares)).stdout
    assert text.count("  threshold   held: ") == 2, text
    merged = RunFolder(tmp_path / "all")
    check_whole(merged)
    for stream in ("open", "closed"):
        numbers = sorted(int(row["seq"]) for row in merged.rows("requests.csv") if row["stream"] == stream)
        assert numbers == list(range(len(numbers))), stream
    assert not {row["conn"] for row in shares[0].rows("requests.csv")} & {row["conn"] for row in shares[2].rows("requests.csv")}
    assert merged.totals["done_n"] == sum(share.totals["done_n"] for share in shares)
    assert [stream["users"] for stream in merged.run["streams"]] == [None, 2] and merged.phases("open")[0]["rate_per_s"] == 150
    remotes = merged.rows("remotes.csv")
    assert len(remotes) == 2 and sum(int(row["requests_n"]) for row in remotes) == merged.totals["done_n"]


def test_a_killed_share_counts_up_to_its_last_whole_second(start, run, emulator, tmp_path):
    server = emulator("--service-time", "2ms")
    running = generators(start, tmp_path, server.url)
    wait_until(lambda: seconds_written(tmp_path / "2") >= 4, "two seconds of two streams")
    running[1].process.send_signal(signal.SIGKILL)
    for one in (running[0], running[2]):
        assert one.wait() == 0, one.stderr
    running[1].process.wait()
    text = merge(run, tmp_path / "all", *(tmp_path / name for name in "123"), expect=4).stdout
    assert "share 2 of 3 ended early" in text
    merged, killed = RunFolder(tmp_path / "all"), RunFolder(tmp_path / "2")
    assert merged.run["end"] == "failed" and merged.run["shards"]["incomplete"] == [2]
    for stream in merged.run["stream_totals"]:
        rows = [row for row in merged.rows("intervals.csv") if row["stream"] == stream["stream"]]
        assert sum(int(row["done_n"]) for row in rows) == stream["done_n"] == sum(
            p["done_n"] for p in merged.phases(stream["stream"]))
    assert sum(h.n for tag, h in merged.histograms().items() if tag.startswith("service.") and tag.endswith(".ok.all")) == merged.totals["ok_n"]
    assert merged.run["merged_from"][1]["duration_s"] >= 2 and killed.run["end"] == "running"
    run("loadgen-analysis", "summary", tmp_path / "all")
    merge(run, tmp_path / "accepted", *(tmp_path / name for name in "123"), options=["--allow-missing", "1"])
