# ctest: release timeout=60
"""Requests pipelined behind the last one that was answered are sent again if that is safe, and only then."""

import collections
import re
import socket

import pytest

from listening import Listening
from programs import PATIENCE_S
from truth import make_run

REQUEST = re.compile(rb"(?:GET|POST|PUT) /(\d+) HTTP/1.1\r\n")
SCENARIO = """
name: pipelined
target: {url}
timeout: {timeout}s
streams:
  - {{ name: one, users: 2, pipeline: 4, request: {{ method: {method}, path: "/{{counter}}" }}, phases: [ {{ requests: 40 }} ] }}
"""


class AnswersOnce(Listening):
    """Reads everything, answers the first request of each connection, and closes its half silently."""

    def __init__(self):
        self.seen, self.serving = collections.Counter(), []
        super().__init__()

    def __exit__(self, *_):
        super().__exit__()
        for thread in self.serving:
            thread.join(PATIENCE_S)

    def begin(self, conn):
        self.serving.append(super().begin(conn))

    def serve(self, conn):
        with conn:
            text = conn.recv(65536)
            if text:
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                conn.shutdown(socket.SHUT_WR)
            while more := conn.recv(65536):
                text += more
            self.seen.update(int(number) for number in REQUEST.findall(text))


@pytest.mark.parametrize("method, repeats", [("GET", True), ("PUT", True), ("POST", False)])
def test_requests_behind_the_last_answer(run, tmp_path, method, repeats):
    scenario = tmp_path / "pipelined.yaml"
    with AnswersOnce() as server:
        scenario.write_text(SCENARIO.format(url=server.url, method=method, timeout=PATIENCE_S))
        got, _ = make_run(run, tmp_path / "run", scenario)
    totals = got["totals"]
    assert totals["done_n"] == 40 == totals["ok_n"] + totals["errors"]["reset"]
    assert sum(server.seen.values()) == totals["sent_n"] + sum(totals["sent_again"].values()), totals["sent_again"]
    if repeats:
        assert totals["ok_n"] == 40 and totals["errors"]["reset_idle"] > 0
        assert max(server.seen.values()) > 1
    else:
        assert totals["ok_n"] > 0 and totals["errors"]["reset"] > 0
        assert set(server.seen.values()) == {1}, "nothing may be served twice that is not known to be harmless"
