# ctest: release tsan
"""Every failure ends in its class and is counted once."""

import socket
import time

import pytest

from breaker import Breaker
from programs import PATIENCE_S, dead_port
from truth import make_run, on_a_quiet_machine, rows, times

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CASES = [
    # name, bytes, what happens then, class, cause
    ("bad status line", b"HTTP/1.1 abc\r\n\r\n", "keep", "protocol", None),
    ("not HTTP", b"SSH-2.0-OpenSSH\r\n", "keep", "protocol", None),
    ("negative length", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "keep", "protocol", None),
    ("both lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "keep", "protocol", None),
    ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "keep", "protocol", None),
    ("a header of 1 MB", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", "keep", "protocol", "256 KiB"),
    ("headers without end", b"HTTP/1.1 200 OK\r\nX: y\r\n", "endless", "protocol", "256 KiB"),
    ("a length beyond all numbers", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok", "keep", "protocol", None),
    ("a header without a colon", b"HTTP/1.1 200 OK\r\nnothing\r\nContent-Length: 2\r\n\r\nok", "keep", "protocol", None),
    ("a zero byte in a header", b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok", "keep", "protocol", None),
    ("a chunk of no number", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "keep", "protocol", None),
    ("a chunk without an end", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n", "keep", "protocol", "chunk's data"),
    ("a body shorter than told", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "close", "reset", "closed"),
    ("an unfinished chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "close", "reset", "closed"),
    ("closed at once", b"", "close", "reset", "closed"),
    ("reset at once", b"", "reset", "reset", "reset"),
    ("reset in the status line", b"HTTP/1.", "reset", "reset", "reset"),
    ("reset in the headers", b"HTTP/1.1 200 OK\r\nContent-Le", "reset", "reset", "reset"),
    ("reset in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "reset", "reset", "reset"),
    ("reset in a body until the end", b"HTTP/1.1 200 OK\r\n\r\nok", "reset", "reset", "reset"),
    ("half closed at once", b"", "half-close", "reset", "closed"),
    ("half closed in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "half-close", "reset", "closed"),
    ("a body without end", b"HTTP/1.1 200 OK\r\n\r\nok\n", "endless", "timeout", "in time"),
    ("interim answers without end", b"HTTP/1.1 100 Continue\r\n\r\n", "hang", "timeout", "in time"),
    ("never answers", b"", "hang", "timeout", "in time"),
    ("half an answer", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "hang", "timeout", "in time"),
    ("404", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "keep", "status_4xx", None),
    ("503 of the target", b"HTTP/1.1 503 No\r\nServer: x\r\nContent-Length: 0\r\n\r\n", "keep", "status_5xx", None),
    ("503 of the balancer", b"HTTP/1.1 503 No\r\nServer: awselb/2.0\r\nContent-Length: 0\r\n\r\n", "keep", "balancer_5xx", None),
    ("a redirect", b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "keep", "status", None),
    ("the wrong body", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "keep", "expect", "body"),
]


@pytest.mark.parametrize("name, answer, then, cls, cause", CASES, ids=[case[0] for case in CASES])
def test_misbehaviour_ends_in_its_class(run, tmp_path, name, answer, then, cls, cause):
    with Breaker(answer, then) as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 3, "-n", 9, "--expect-body", "ok",
                          "--timeout", "300ms" if cls == "timeout" else f"{PATIENCE_S}s", expect=1)
    assert got["totals"]["done_n"] == 9 and got["totals"]["ok_n"] == 0
    assert {key: n for key, n in got["totals"]["errors"].items() if n} == {cls: 9}, name
    causes = rows(tmp_path / "run", "errors.csv")
    assert sum(int(row["count_n"]) for row in causes) == 9
    if cause:
        assert all(cause in row["cause"] for row in causes), causes


@pytest.mark.parametrize("name, answer", [
    ("interim answers", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK),
    ("chunks and trailers", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\nX-Sum: 1\r\n\r\n"),
    ("chunks with extensions", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 ; a=\"b\\\"c\"; d = e\r\nok\r\n0 \r\n\r\n"),
    ("the same length twice", b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok"),
    ("a line end behind", OK + b"\r\n"),
    ("until the end", b"HTTP/1.1 200 OK\r\n\r\nok"),
    ("HTTP/1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
])
def test_unusual_but_right_answers_are_ok(run, tmp_path, name, answer):
    with Breaker(answer, "close" if name == "until the end" else "keep") as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 2, "-n", 20, "--expect-body", "ok",
                          "--timeout", f"{PATIENCE_S}s")
    assert got["totals"]["ok_n"] == 20, (name, got["totals"])


def test_bytes_behind_an_answer_close_its_connection_and_are_noted(run, tmp_path):
    with Breaker(OK + b"and more", "keep") as server:
        got, done = make_run(run, tmp_path / "run", "--target", server.url, "-c", 2, "-n", 20, "--expect-body", "ok",
                             "--timeout", f"{PATIENCE_S}s")
    assert got["totals"]["ok_n"] == got["totals"]["done_n"] == 20
    noted = rows(tmp_path / "run", "errors.csv")
    assert {(row["class"], row["cause"]) for row in noted} == {("ok", "more bytes than the response's length; the connection was closed")}
    assert sum(int(row["count_n"]) for row in noted) == 20


def test_a_connection_that_is_reset_before_the_request_is_one_error(run, tmp_path):
    """The kernel decides whether the reset is seen while connecting or reading."""
    with Breaker(b"", "reset", on="connection") as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 3, "-n", 9, "--timeout", f"{PATIENCE_S}s", expect=1)
    errors = got["totals"]["errors"]
    assert errors["reset"] + errors["connect"] == got["totals"]["done_n"] == 9


def test_nobody_who_accepts_is_a_connect_timeout(run, tmp_path):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # the listener's queue is full; further ones are not answered
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        got, _ = make_run(run, tmp_path / "run", "--target", url, "-c", 2, "-n", 4, "--timeout", "200ms", expect=1)
        for one in waiting:
            one.close()
    assert got["totals"]["errors"]["connect"] == got["totals"]["done_n"] == 4
    assert {row["cause"] for row in rows(tmp_path / "run", "errors.csv")} == {"connect timed out"}


@on_a_quiet_machine()
def test_bad_connections_do_not_hold_up_the_others(run, tmp_path):
    """A user for each kind of misbehaviour, beside a schedule of good requests on the same thread. A thread that waited for a bad one
    would wait for its timeout; the good ones are all sent and answered, and none takes that long."""
    bad_s, good_n = 2, 400
    limits = {"timeout": bad_s}
    answers = {f"/bad{i}": (answer, then) for i, (_, answer, then, _, _) in enumerate(CASES)}
    bad = "\n".join(f"  - {{ name: bad{i}, users: 1, think: 50ms, timeout: {limits.get(case[3], PATIENCE_S)}s, request: {{ path: /bad{i} }}, "
                    "expect: { body: ok }, phases: [ { duration: 2500ms } ] }" for i, case in enumerate(CASES))
    with Breaker(OK, "keep", answers=answers) as server:
        scenario = tmp_path / "bad.yaml"
        scenario.write_text(f"""
name: bad
target: {server.url}
streams:
  - {{ name: good, arrivals: constant, connections: 8, timeout: {PATIENCE_S}s, request: {{ path: / }}, phases: [ {{ rate: 200/s, duration: 2s }} ] }}
{bad}
""")
        got, _ = make_run(run, tmp_path / "run", scenario, "-t", 1)
    streams = {stream["stream"]: stream for stream in got["stream_totals"]}
    assert streams["good"]["intended_n"] == streams["good"]["sent_n"] == streams["good"]["ok_n"] == good_n
    with times():
        assert max(float(row["max_us"] or 0) for row in rows(tmp_path / "run", "intervals.csv") if row["stream"] == "good") < bad_s * 1e6
    for i, (name, _, _, cls, _) in enumerate(CASES):
        stream = streams[f"bad{i}"]
        assert stream["errors"][cls] == stream["err_n"] == stream["done_n"] > 0, (name, stream)


@on_a_quiet_machine()
def test_a_dead_port_is_counted_and_the_run_ends_on_time(run, tmp_path):
    start = time.monotonic()
    with dead_port() as port:
        got, _ = make_run(run, tmp_path / "run", "--target", f"http://127.0.0.1:{port}", "-c", 4, "-d", "1s",
                          expect=1)
    took_s = time.monotonic() - start
    assert got["totals"]["ok_n"] == 0 < got["totals"]["errors"]["connect"]
    assert {row["cause"] for row in rows(tmp_path / "run", "errors.csv")} == {"Connection refused"}
    with times():
        assert took_s < 4
