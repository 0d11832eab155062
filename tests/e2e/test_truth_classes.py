# ctest: release tsan
"""Every way to go wrong ends in its class, and is counted once."""

import socket
import threading
import time

import pytest

from programs import PATIENCE_S, dead_port
from truth import make_run, on_a_quiet_machine, percentile_s, rows, times


class Breaker:
    """A server that answers every request on a connection with the same wrong bytes and then does something to the connection."""

    def __init__(self, answer, then):
        self.answer, self.then = answer, then
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                conn, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(conn,), daemon=True).start()

    def serve(self, conn):
        try:
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    more = conn.recv(65536)
                    if not more:
                        return
                    request += more
                conn.sendall(self.answer)
                if self.then == "reset":
                    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                if self.then == "hang":
                    self.open.append(conn)
                    return
                if self.then in ("close", "reset"):
                    conn.close()
                    return
        except OSError:
            pass

    def stop(self):
        self.socket.close()
        for conn in self.open:
            conn.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CASES = [
    # name, bytes, what happens then, class, cause
    ("bad status line", b"HTTP/1.1 abc\r\n\r\n", "keep", "protocol", None),
    ("not HTTP", b"SSH-2.0-OpenSSH\r\n", "keep", "protocol", None),
    ("negative length", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "keep", "protocol", None),
    ("both lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "keep", "protocol", None),
    ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "keep", "protocol", None),
    ("a header of 1 MB", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", "keep", "protocol", "256 KiB"),
    ("a body longer than told", OK + b"and more", "keep", "protocol", "more bytes"),
    ("a body shorter than told", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "close", "reset", "closed"),
    ("an unfinished chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "close", "reset", "closed"),
    ("closed at once", b"", "close", "reset", "closed"),
    ("reset at once", b"", "reset", "reset", "reset"),
    ("reset in the status line", b"HTTP/1.", "reset", "reset", "reset"),
    ("reset in the headers", b"HTTP/1.1 200 OK\r\nContent-Le", "reset", "reset", "reset"),
    ("reset in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "reset", "reset", "reset"),
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
    server = Breaker(answer, then)
    try:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 3, "-n", 9, "--expect-body", "ok", "--allow-invalid",
                          "--timeout", "300ms" if cls == "timeout" else f"{PATIENCE_S}s", expect=1)
    finally:
        server.stop()
    assert got["totals"]["done_n"] == 9 and got["totals"]["ok_n"] == 0
    assert {key: n for key, n in got["totals"]["errors"].items() if n} == {cls: 9}, name
    causes = rows(tmp_path / "run", "errors.csv")
    assert sum(int(row["count_n"]) for row in causes) == 9
    if cause:
        assert all(cause in row["cause"] for row in causes), causes


@pytest.mark.parametrize("name, answer", [
    ("interim answers", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK),
    ("chunks and trailers", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\nX-Sum: 1\r\n\r\n"),
    ("until the end", b"HTTP/1.1 200 OK\r\n\r\nok"),
    ("HTTP/1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
])
def test_unusual_but_right_answers_are_ok(run, tmp_path, name, answer):
    server = Breaker(answer, "close" if name == "until the end" else "keep")
    try:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 2, "-n", 20, "--expect-body", "ok", "--allow-invalid",
                          "--timeout", f"{PATIENCE_S}s")
    finally:
        server.stop()
    assert got["totals"]["ok_n"] == 20, (name, got["totals"])


@on_a_quiet_machine()
def test_one_bad_connection_does_not_hold_up_the_others(run, tmp_path, emulator):
    server = emulator("--stall-ratio", "0.02", "--stall", "5s")
    make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1", "--rate", 200, "-d", "3s", "-c", 64, "--timeout", "500ms",
             "--allow-invalid")
    totals = rows(tmp_path / "run", "intervals.csv")
    assert sum(int(row["intended_n"]) for row in totals) == 600
    assert sum(int(row["timeout_n"]) for row in totals) > 0
    assert all(0.5 <= float(row["max_us"]) / 1e6 for row in totals if int(row["timeout_n"]))
    with times():
        assert percentile_s(tmp_path / "run", "response", 90) < 0.1
        assert all(float(row["max_us"]) / 1e6 <= 0.7 for row in totals if int(row["timeout_n"]))


@on_a_quiet_machine()
def test_a_dead_port_is_counted_and_the_run_ends_on_time(run, tmp_path):
    start = time.monotonic()
    with dead_port() as port:
        got, _ = make_run(run, tmp_path / "run", "--target", f"http://127.0.0.1:{port}", "-c", 4, "-d", "1s", "--allow-invalid",
                          expect=1)
    took_s = time.monotonic() - start
    assert got["totals"]["ok_n"] == 0 < got["totals"]["errors"]["connect"]
    assert {row["cause"] for row in rows(tmp_path / "run", "errors.csv")} == {"Connection refused"}
    with times():
        assert took_s < 4
