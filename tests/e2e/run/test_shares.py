"""`--shard` and `--start-at`: several generators that know nothing of each other send what one machine sends."""

import collections
import datetime
import signal

from programs import PATIENCE_S, wait_until
from run_folder import RunFolder, check_whole

QUIET = ("--progress", "plain", "-q")
SCENARIO = """
target: {url}
seed: 11
streams:
  - name: ramp
    arrivals: poisson
    connections: 10
    mix: weighted
    requests: [ {{ path: "/r{{counter}}?{{random}}", weight: 3 }}, {{ path: "/r{{counter}}?{{csv:word}}" }} ]
    feed: words.csv
    phases: [ {{ rate: 50/s, ramp_to: 300/s, duration: 800ms }}, {{ pause: 100ms }}, {{ burst: 9 }}, {{ rate: 200/s, duration: 500ms }} ]
  - {{ name: even, arrivals: constant, connections: 4, request: "/e{{counter}}?{{uuid}}", phases: [ {{ rate: 200/s, duration: 1s }} ] }}
  - {{ name: users, users: 5, request: "/u{{counter}}?{{csv:word}}", feed: words.csv, phases: [ {{ requests: 17 }} ] }}
  - {{ name: one, request: "/o{{counter}}", phases: [ {{ requests: 3 }} ] }}
"""


def soon(seconds):
    """A start that many seconds ahead, as --start-at takes it."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sent(folder):
    """What the schedule says of each request."""
    return collections.Counter((row["stream"], row["phase"], int(row["seq"]), row["due_ns"]) for row in folder.rows("requests.csv"))


def write_scenario(tmp_path, url):
    path = tmp_path / "many.yaml"
    path.write_text(SCENARIO.format(url=url))
    (tmp_path / "words.csv").write_text("word\n" + "".join(f"w{i}\n" for i in range(7)))
    return path


def run_shares(start, scenario, tmp_path, count, threads, *options):
    """All shares at once, share i with threads[i] threads; their folders."""
    at = soon(3)
    running = [start("loadgen", "run", scenario, "--shard", f"{i + 1}/{count}", "-t", threads[i % len(threads)], "--start-at", at,
                     "--log-requests", "csv", "--out", tmp_path / f"share-{i + 1}-of-{count}", *options, *QUIET) for i in range(count)]
    for share in running:
        assert share.wait() == 0, share.stderr
    return [RunFolder(tmp_path / f"share-{i + 1}-of-{count}") for i in range(count)], at


def check_start(shares, at):
    """All begin at that moment, and say so."""
    at_us = round(datetime.datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp() * 1e6)
    assert {share.run["t0_realtime_ns"] for share in shares} == {at_us * 1000}
    for i, share in enumerate(shares):
        facts = share.run["shard"]
        assert (facts["index"], facts["count"], facts["source"], facts["start_at"]) == (i + 1, len(shares), "given", at)
        assert facts["start_late_us"] >= 0


def test_three_generators_send_what_one_machine_sends(nginx, run, start, tmp_path):
    server = nginx()
    scenario = write_scenario(tmp_path, server.url)
    run("loadgen", "run", scenario, "-t", 2, "--log-requests", "csv", "--out", tmp_path / "whole", *QUIET)
    whole = RunFolder(tmp_path / "whole")
    shares, at = run_shares(start, scenario, tmp_path, 3, (1, 2, 3))
    targets = collections.Counter(line.target for line in server.stop_and_read_log())

    check_start(shares, at)
    assert sum((sent(share) for share in shares), collections.Counter()) == sent(whole)
    assert set(targets.values()) == {2}, "every request once by one machine, and once by the three, byte for byte"
    assert sum(share.totals["sent_n"] for share in shares) == whole.totals["sent_n"] == len(targets)
    owners = collections.defaultdict(set)
    for i, share in enumerate(shares):
        check_whole(share)
        for row in share.rows("requests.csv"):
            owners[row["conn"]].add(i)
    assert all(len(of) == 1 for of in owners.values()), "connections are numbered through all generators"
    assert all(owners[c] == {int(c) % 3} for c in owners)


def test_generators_without_a_connection_have_nothing_to_do(nginx, run, tmp_path):
    server = nginx()
    for i in range(1, 4):
        run("loadgen", "run", server.url, "-c", 2, "-n", 10, "--seed", 1, "--shard", f"{i}/3", "--out", tmp_path / f"s{i}", *QUIET)
    assert [RunFolder(tmp_path / f"s{i}").totals["sent_n"] for i in range(1, 4)] == [5, 5, 0]
    assert len(server.stop_and_read_log()) == 10


def test_a_launcher_gives_the_share(nginx, run, tmp_path):
    server = nginx()
    for rank in range(2):
        run("loadgen", "run", server.url, "-c", 2, "-n", 10, "--seed", 1, "--shard", "auto", "--out", tmp_path / f"s{rank}", *QUIET,
            env={"PMI_RANK": str(rank), "PMI_SIZE": "2"})
    shards = [RunFolder(tmp_path / f"s{rank}").run["shard"] for rank in range(2)]
    assert [(shard["index"], shard["count"], shard["source"]) for shard in shards] == [(1, 2, "pmi"), (2, 2, "pmi")]


def test_copies_that_a_launcher_starts_are_warned_of(nginx, run, tmp_path):
    copies = {"PMI_RANK": "0", "PMI_SIZE": "4"}
    done = run("loadgen", "run", nginx().url, "-n", 1, "--out", tmp_path / "copy", *QUIET, env=copies)
    assert "a launcher has started 4 of these, and each sends the whole plan; --shard auto divides it" in done.stderr


def refusal(run, *words):
    return run("loadgen", "run", *words, *QUIET, expect=2).stderr


def test_what_shares_cannot_do_is_refused_before_anything_is_sent(nginx, run, tmp_path):
    server = nginx()
    share = (server.url, "-n", 10, "--shard", "3/8")
    assert "needs the same --seed on every generator; give one, or `seed:` in the scenario" in refusal(run, *share)
    assert "--shard auto: no launcher tells a share; write --shard I/N" in refusal(run, server.url, "--shard", "auto", "--seed", 1)
    late = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=12)
    late = refusal(run, *share, "--seed", 1, "--start-at", late.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert " s ago: this share would be sent late" in late
    scenario = tmp_path / "abort.yaml"
    scenario.write_text(f"""
target: {server.url}
seed: 1
streams: [ {{ name: s, request: /, phases: [ {{ requests: 1 }} ] }} ]
thresholds: [ {{ that: 'errors < 1%', abort: true }} ]
""")
    assert "threshold 'errors < 1%' with abort needs all generators: use loadgen-fleet, or leave abort away" in \
        refusal(run, scenario, "--shard", "3/8")
    assert not (tmp_path / "results").exists()
    assert not server.stop_and_read_log()


def test_an_interrupt_ends_the_wait_for_the_start(nginx, start, tmp_path):
    server = nginx()
    waiting = start("loadgen", "run", server.url, "-n", 10, "--start-at", soon(3600), "--out", tmp_path / "run", "--progress", "plain")
    wait_until(lambda: "starts at" in waiting.stderr, "the wait")
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(PATIENCE_S) == 130, waiting.stderr
    assert not server.stop_and_read_log()
