"""The fixtures themselves: their promises about processes, logs and sanitizers hold, and can fail."""

import contextlib
import json
import os
import re
import signal
import time
import urllib.error
import urllib.request

import pytest

import truth
from programs import PATIENCE_S, Programs, processes_marked, wait_until
from shop_log import check_nothing_mixed


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=PATIENCE_S) as answer:
        return answer.status, answer.read().decode()


def test_nginx_answers_and_its_log_has_each_request(nginx):
    server = nginx(body="hello")
    assert [get(f"{server.url}/x?n={i}", **{"x-request-id": f"id{i}"}) for i in range(3)] == [(200, "hello")] * 3
    log = server.stop_and_read_log()
    assert [(line.status, line.target, line.request_id) for line in log] == [("200", f"/x?n={i}", f"id{i}") for i in range(3)]


def test_two_nginx_live_side_by_side(nginx):
    assert [get(nginx(body=body).url)[1] for body in ("one", "two")] == ["one", "two"]


def test_haproxy_balances_and_answers_503_itself_when_nobody_is_there(nginx, haproxy):
    first, second = nginx(body="1"), nginx(body="2")
    balancer = haproxy([first.port, second.port])
    assert sorted(get(balancer.url)[1] for _ in range(4)) == ["1", "1", "2", "2"]
    first.stop()
    second.stop()
    with pytest.raises(urllib.error.HTTPError, match="503"):
        get(balancer.url)


def test_the_shop_notices_when_sessions_are_mixed(shop):
    server = shop()

    def ask(method, target, body=None, **headers):
        request = urllib.request.Request(server.url + target, body and json.dumps(body).encode(), headers, method=method)
        with contextlib.suppress(urllib.error.HTTPError):
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.headers.get("set-cookie", "").partition(";")[0], answer.read()
        return None

    (cookie, answer), (other, _) = (ask("POST", "/login", {"user": name, "password": f"pw-{name}"}) for name in ("anna", "bob"))
    token = json.loads(answer)["auth"]["token"]
    found = json.loads(ask("GET", "/search?q=a%20b", cookie=cookie)[1])["hits"][0]["id"]
    for note, sid in (("for bob", cookie), ("for anna", other)):
        assert not ask("POST", "/orders", {"item": found, "note": note, "gift": False}, authorization=f"Bearer {token}", cookie=sid)
    seen = server.stop_and_read()
    assert [one.status for one in seen] == [200, 200, 200, 409, 409]
    with pytest.raises(AssertionError):
        check_nothing_mixed(seen)


def test_a_daemon_that_a_test_leaves_is_found_and_ended(tmp_path):
    programs = Programs(tmp_path, f"mark-of-a-careless-test-{os.getpid()}-{tmp_path.name}")
    programs.run("sh", "-c", "setsid sleep 60 >/dev/null 2>&1 &")
    try:
        wait_until(lambda: [words for words in processes_marked(programs.mark).values() if words.startswith("sleep 60")], "the daemon")
    finally:
        left = programs.end_all()
    assert len(left) == 1 and "sleep 60" in left[0]
    assert not processes_marked(programs.mark)


def test_an_unexpected_exit_code_fails_and_shows_the_output(run):
    with pytest.raises(AssertionError, match="some words"):
        run("sh", "-c", "echo some words; exit 3")
    assert run("sh", "-c", "exit 3", expect=3).returncode == 3


@pytest.mark.parametrize("disturbance, in_times, outcome, n_tries", [
    ("", True, truth.Untimely, truth.QUIET_TRIES), ("", False, AssertionError, 1),
    ("busy", True, pytest.skip.Exception, truth.BUSY_TRIES), ("busy", False, AssertionError, 1)])
def test_a_wrong_time_fails_unless_the_machine_is_busy_and_anything_else_always_does(monkeypatch, tmp_path, disturbance, in_times, outcome,
                                                                                     n_tries):
    monkeypatch.setattr(truth.Witnesses, "disturbance", lambda *_: disturbance)
    folders = []

    @truth.on_a_quiet_machine()
    def test(tmp_path):
        folders.append(tmp_path)
        with truth.times() if in_times else contextlib.nullcontext():
            assert tmp_path.is_file(), "it is a folder"

    with pytest.raises(outcome, match="it is a folder") as raised:
        test(tmp_path=tmp_path)
    assert raised.type is outcome
    assert len(set(folders)) == n_tries


def test_witnesses_see_a_machine_that_stands_still():
    with truth.Witnesses() as machine:
        for number in (signal.SIGSTOP, signal.SIGCONT):
            time.sleep(0.1)
            for witness in machine.started:
                witness.send_signal(number)
    assert re.search("woke .* late", machine.disturbance(truth.LATE_S))
