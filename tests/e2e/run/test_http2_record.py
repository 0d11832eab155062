"""What a run over HTTP/2 records of its connections: the same in run.json, every second, the summary, the schema, shares and a killed run."""

import json
import signal
import time

import pytest

import http2_peer as h2
from http2_server import Http2Server
from run_folder import RunFolder, check_whole, of_streams, seconds_written, sum_of
from programs import wait_until
from test_machine_outputs import check

LIMIT = 8
COLUMNS = ("goaways_n", "goaway_errors_n", "unprocessed_n", "refused_n", "cancels_n", "ended_by_count_n")


def behave(peer):
    """Refuses every 20th request, resets every 30th and 50th, ends the connection after 400 with an error on every fourth connection."""
    peer.settings([(h2.MAX_CONCURRENT_STREAMS, LIMIT)])
    for n, request in enumerate(peer.heads(), 1):
        at = request.at
        if n == 400:
            peer.answer(at)
            peer.goaway(at, h2.ENHANCE_YOUR_CALM if peer.number % 4 == 0 else h2.NO_ERROR)
            peer.finish()
            return
        if n % 20 == 0:
            peer.reset(at, h2.REFUSED_STREAM)
        elif n % 30 == 1:
            peer.reset(at, h2.ENHANCE_YOUR_CALM)
        elif n % 50 == 2:
            peer.reset(at, h2.INTERNAL_ERROR)
        else:
            peer.answer(at)


def check_received(server, folder):
    """What was sent, for the first time and once more, is what the server has got."""
    sent_n = folder.totals["sent_n"] + sum(folder.totals["sent_again"].values())
    wait_until(lambda: server.seen.n_requests >= sent_n, f"{sent_n} requests")
    assert server.seen.n_requests == sent_n, folder.totals["sent_again"]


def http2_of(folder, stream=0):
    return folder.run["stream_totals"][stream]["http2"]


def check_sums(folder):
    check_whole(folder)
    rows, counted = of_streams(folder.rows("intervals.csv")), http2_of(folder)
    for column in COLUMNS:
        assert sum_of(rows, column) == counted[column], column
    assert sum_of(rows, "resets_n") == sum(counted["resets"].values())
    assert max(int(row["streams_open_most_n"]) for row in rows) == counted["streams_open_most_n"]


@pytest.fixture(name="server")
def fixture_server():
    with Http2Server(behave) as server:
        yield server


def run_it(run, server, folder, *more):
    return run("loadgen", server.url, "--http2-prior-knowledge", "-c", 2, "--streams", 10, "-o", folder, *more)


def test_everything_that_happens_is_counted_and_named(run, server, tmp_path):
    done = run_it(run, server, tmp_path / "run", "-n", 4000, "-t", 2, "--progress", "plain")
    folder = RunFolder(tmp_path / "run")
    counted = http2_of(folder)
    check_sums(folder)
    assert folder.run["target"]["http"] == "2-prior-knowledge" and folder.run["streams"][0]["streams_per_connection"] == 10
    assert counted["streams_allowed_least_n"] == counted["streams_allowed_most_n"] == LIMIT
    assert counted["resets"].keys() == {"ENHANCE_YOUR_CALM", "INTERNAL_ERROR"}
    assert counted["goaways_n"] >= 8 and counted["goaway_errors_n"] >= 1 and counted["goaway_error"] == "ENHANCE_YOUR_CALM"
    assert counted["refused_n"] >= 150 and counted["unprocessed_n"] > 0
    check_received(server, folder)
    again = folder.totals["sent_again"]
    assert (again["unprocessed"], again["refused"]) == (counted["unprocessed_n"], counted["refused_n"])
    errors = {row["cause"] for row in folder.rows("errors.csv")}
    assert errors == {"stream reset: ENHANCE_YOUR_CALM", "stream reset: INTERNAL_ERROR"}
    levels = {c["rule"]: c["level"] for c in folder.run["checks"]}
    assert {levels[rule] for rule in ("R31", "R32", "R33", "R34")} == {"WARN"} and levels["R35"] == "OK" and levels["R17"] == "OK"
    for words in ("2 connections of 10 streams, HTTP/2, 2 threads", "streams a connection: 10 asked for, 8 allowed, at most", "sent again",
                  "ended by the peer (GOAWAY)", "8 streams a connection instead of 10", "ENHANCE_YOUR_CALM"):
        assert words in " ".join(done.stdout.split()), words
    again = run("loadgen-analysis", "summary", folder.path)
    assert again.stdout.split("results")[0].split(str(tmp_path))[0] == done.stdout.split(str(tmp_path))[0]
    stream = check(run("loadgen-analysis", "export", "--format", "json", folder.path).stdout)["streams"][0]
    assert stream["http2"] == counted and stream["http"] == "2-prior-knowledge"
    run("loadgen-analysis", "report", folder.path, env={"PATH": "/nonexistent"})
    assert "HTTP/2 connections" in (folder.path / "report.html").read_text()
    assert "over HTTP/2" in (folder.path / "report.tex").read_text()


def misbehave(peer, ended):
    """Refuses and resets with every code, one unknown; after 60 requests it leaves what came last unprocessed, on some connections after the
    notice of a graceful end, on others with an error. Its last answer is behind the GOAWAY: who has read that has read all."""
    peer.settings()
    for n, request in enumerate(peer.requests(), 1):
        if n == 60:
            ended.add(peer.number)
            if peer.number % 4 >= 2:
                peer.goaway(h2.WINDOW_MOST)
            peer.goaway(request.at, h2.INTERNAL_ERROR if peer.number % 2 else h2.NO_ERROR)
            peer.answer(request.at)
            peer.finish()
        elif n % 5 == 2:
            peer.reset(request.at, h2.REFUSED_STREAM)
        elif n % 5 == 4:
            peer.reset(request.at, CODES[(n // 5 + peer.number) % len(CODES)])
        else:
            peer.answer(request.at)


CODES = [code for code in range(h2.HTTP_1_1_REQUIRED + 1) if code != h2.REFUSED_STREAM] + [77]
NAMES = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
         "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"]


@pytest.mark.parametrize("model", [["-n", 1500], ["--rate", "1500/s", "-d", "1s"]], ids=["closed", "open"])
def test_the_books_are_what_the_server_sent(run, tmp_path, model):
    ended = set()
    with Http2Server(lambda peer: misbehave(peer, ended)) as server:
        run("loadgen", server.url, "--http2-prior-knowledge", "-c", 3, "--streams", 8, "-t", 2, *model, "-o", tmp_path / "run", expect=None)
    sent = server.seen
    folder = RunFolder(tmp_path / "run")
    counted = http2_of(folder)
    check_sums(folder)
    assert folder.totals["done_n"] == 1500 and not sent.wrong
    assert counted["refused_n"] == sent.sent_resets.pop(h2.REFUSED_STREAM) > 100
    assert counted["resets"] == {dict(enumerate(NAMES)).get(code, "other"): n for code, n in sent.sent_resets.items()}
    assert len(counted["resets"]) == len(CODES) and counted["cancels_n"] == 0 == sum(sent.resets.values())
    assert counted["goaways_n"] == len(ended) and counted["goaway_errors_n"] == sent.sent_goaways[h2.INTERNAL_ERROR] > 0
    assert folder.totals["errors"]["reset"] + folder.totals["errors"]["protocol"] == sum(counted["resets"].values())
    assert folder.totals["ok_n"] == 1500 - sum(counted["resets"].values())


def test_shares_add_their_counts_and_not_their_limits(start, run, server, tmp_path):
    running = [start("loadgen", server.url, "--http2-prior-knowledge", "-c", 2, "--streams", 10, "-d", "1500ms", "--shard", f"{i}/2", "--seed", 1,
                     "-q", "--progress", "none", "-o", tmp_path / f"{i}") for i in (1, 2)]
    for share in running:
        assert share.wait() == 0, share.stderr
    run("loadgen-analysis", "merge", tmp_path / "1", tmp_path / "2", "-o", tmp_path / "all")
    parts = [http2_of(RunFolder(tmp_path / name)) for name in "12"]
    merged = RunFolder(tmp_path / "all")
    check_sums(merged)
    for column in COLUMNS:
        assert http2_of(merged)[column] == sum(part[column] for part in parts), column
    assert http2_of(merged)["streams_allowed_most_n"] == LIMIT
    assert http2_of(merged)["streams_open_most_n"] == max(part["streams_open_most_n"] for part in parts)
    assert merged.run["streams"][0]["streams_per_connection"] == 10


def test_a_killed_run_has_what_its_seconds_have(start, run, server, tmp_path):
    running = start("loadgen", server.url, "--http2-prior-knowledge", "-c", 2, "--streams", 10, "-d", "1h", "--progress", "none",
                    "-o", tmp_path / "run")
    wait_until(lambda: seconds_written(tmp_path / "run") >= 2, "two seconds")
    time.sleep(0.3)
    running.stop(signal.SIGKILL)
    folder = RunFolder(tmp_path / "run")
    exported = json.loads(run("loadgen-analysis", "export", "--format", "json", folder.path).stdout)["streams"][0]["http2"]
    for column in COLUMNS:
        assert exported[column] >= sum_of(folder.rows("intervals.csv"), column), column
    assert exported["refused_n"] > 0


def fall_silent(peer):
    """The first connection does, after five answers."""
    peer.settings()
    for n, request in enumerate(peer.requests(), 1):
        if n <= 5 or peer.number > 1:
            peer.answer(request.at)


def test_requests_that_are_sent_again_because_another_one_timed_out_are_counted(run, tmp_path):
    with Http2Server(fall_silent) as server:
        done = run("loadgen", server.url, "--http2-prior-knowledge", "-c", 1, "--streams", 100, "--rate", "200/s", "-d", "1s", "--timeout", "300ms",
                   "-o", tmp_path / "run", expect=(0, 1))
        folder = RunFolder(tmp_path / "run")
        check_received(server, folder)
        wait_until(lambda: server.seen.goaways[h2.NO_ERROR] == 1, "a GOAWAY at the end of the run")
    check_sums(folder)
    again = folder.totals["sent_again"]
    assert again["timeout"] > 0 and not any(n for cause, n in again.items() if cause != "timeout"), again
    assert f"{again['timeout']} requests: another one timed out on the connection" in done.stdout


def hold_up(peer):
    """Opens a window only 5 ms after it was used up."""
    peer.settings()
    peer.updates = False
    for request in peer.heads():
        if request.is_complete:
            peer.answer(request.at)
        elif min(request.window_bytes, peer.window_bytes) == 0:
            time.sleep(0.005)
            peer.update(0, h2.WINDOW_BYTES)
            peer.update(request.at, h2.WINDOW_BYTES)


def test_the_time_that_windows_hold_uploads_up_is_measured(run, tmp_path):
    (tmp_path / "body").write_bytes(bytes(8 * h2.WINDOW_BYTES))
    with Http2Server(hold_up) as server:
        done = run("loadgen", server.url, "--http2-prior-knowledge", "-c", 2, "-n", 60, "--body-file", tmp_path / "body", "-o", tmp_path / "run")
        assert not server.seen.wrong
    folder = RunFolder(tmp_path / "run")
    check_sums(folder)
    assert 60 * 7 * 0.005 <= http2_of(folder)["held_up_s"] <= 2 * folder.run["duration_s"]
    assert "R35" in done.stdout and folder.totals["ok_n"] == 60


def test_a_comparison_names_the_protocols(run, haproxy, nginx, tmp_path):
    front = haproxy([nginx().port])  # takes both
    run("loadgen", front.url, "-c", 8, "-d", "1s", "-q", "--http1.1", "-o", tmp_path / "one")
    run("loadgen", front.url, "-c", 2, "--streams", 4, "-d", "1s", "-q", "--http2-prior-knowledge", "-o", tmp_path / "two")
    said = " ".join(run("loadgen-analysis", "compare", tmp_path / "one", tmp_path / "two", expect=(0, 4)).stdout.split())
    assert "one over HTTP/1.1: closed, 8 users, 8 connections" in said
    assert "two over HTTP/2: closed, 8 users, 2 connections of 4 streams" in said
    assert "the loads differ" not in said
