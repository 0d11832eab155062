# ctest: release
"""TLS failures: class `tls` before the handshake is done, afterwards the class that they would have without TLS."""

import pytest

from breaker import Breaker, certificate
from programs import PATIENCE_S
from truth import make_run, rows

ALERT = b"\x15\x03\x03\x00\x02\x02"  # a fatal alert; its number follows
HELLO = [
    # name, what answers the client's hello, what then, a word of the cause
    ("alert: handshake failure", ALERT + b"\x28", "close", "handshake failure"),
    ("alert: protocol version", ALERT + b"\x46", "close", "protocol version"),
    ("alert: internal error", ALERT + b"\x50", "hang", "internal error"),
    ("plain HTTP", b"HTTP/1.1 400 Bad Request\r\n\r\n", "close", "wrong version number"),
    ("half a record", b"\x16\x03\x03\x00\x50\x02", "close", ""),
    ("closed", b"", "close", "eof"),
    ("reset", b"", "reset", "reset"),
    ("never answered", b"", "hang", "handshake timed out"),
]
SECURED = [
    # name, bytes, what then, class
    ("closed without an answer", b"", "close", "reset"),
    ("closed in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "close", "reset"),
    ("reset in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "reset", "reset"),
    ("closed in a body until the end, without close_notify", b"HTTP/1.1 200 OK\r\n\r\nok", "close", "reset"),  # RFC 9112, section 9.8
    ("reset in a body until the end", b"HTTP/1.1 200 OK\r\n\r\nok", "reset", "reset"),
    ("an alert that is not encrypted", b"RAW" + ALERT + b"\x50", "hang", "reset"),
    ("garbage between records", b"RAW" + 40 * b"x", "hang", "reset"),
    ("never answers", b"", "hang", "timeout"),
    ("not HTTP", b"SSH-2.0-OpenSSH\r\n", "keep", "protocol"),
]


@pytest.fixture(name="cert", scope="module")
def fixture_cert(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


def check(run, folder, server, cls, timeout):
    got, _ = make_run(run, folder, "--target", server.url, "-k", "-c", 2, "-n", 6, "--timeout", timeout, expect=1)
    assert {name: n for name, n in got["totals"]["errors"].items() if n} == {cls: 6}, rows(folder, "errors.csv")
    assert got["totals"]["done_n"] == 6
    return [row["cause"] for row in rows(folder, "errors.csv")]


@pytest.mark.parametrize("name, answer, then, word", HELLO, ids=[case[0] for case in HELLO])
def test_a_handshake_that_fails_is_class_tls_and_says_why(run, tmp_path, name, answer, then, word):
    with Breaker(answer, then, on="hello") as server:
        causes = check(run, tmp_path / "run", server, "tls", "300ms" if name == "never answered" else f"{PATIENCE_S}s")
    assert all(cause and word in cause.lower() for cause in causes), (name, causes)


@pytest.mark.parametrize("name, answer, then, cls", SECURED, ids=[case[0] for case in SECURED])
def test_what_goes_wrong_after_the_handshake_has_its_usual_class(run, tmp_path, cert, name, answer, then, cls):
    with Breaker(answer, then, tls=cert) as server:
        causes = check(run, tmp_path / "run", server, cls, "1s" if cls == "timeout" else f"{PATIENCE_S}s")
    assert all(causes), name


@pytest.mark.parametrize("answer, then", [(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "keep"), (b"HTTP/1.1 200 OK\r\n\r\nok", "farewell")],
                         ids=["by its length", "until the end"])
def test_a_good_answer_over_the_same_server_is_ok(run, tmp_path, cert, answer, then):
    with Breaker(answer, then, tls=cert) as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-k", "-c", 2, "-n", 50, "--timeout", f"{PATIENCE_S}s")
    assert got["totals"]["ok_n"] == 50
