"""Sessions over HTTP/2, through a load balancer that speaks it, against a shop that checks whom each request belongs to."""

import collections
import json
import re

import pytest

import shop_scenario
from authority import Authority
from http2_faults import CASES
from http2_server import Http2Server
from received import serve_received
from servers import start_haproxy, start_nginx
from shop_log import by, check_nothing_mixed, n_by_row, row_counts, run_shop
from shop_scenario import BUYERS

ROWS = ["login", "search", "order", "logout", "order_redirect"]


@pytest.fixture(name="front", params=["plain", "TLS"])
def fixture_front(request, programs, shop, tmp_path):
    """A shop, and a target of a scenario that reaches it over HTTP/2."""
    server = shop()
    if request.param == "plain":
        balancer = start_haproxy(programs, tmp_path / "balancer", [server.port])
        return server, f"{{ url: {balancer.url}, http: 2-prior-knowledge }}"
    ids = Authority(tmp_path, "authority")
    balancer = start_haproxy(programs, tmp_path / "balancer", [server.port], certificate=ids.sign("right", "IP:127.0.0.1"))
    return server, f"{{ url: {balancer.url}, http: 2 }}\ntls: {{ ca: {ids.cert} }}"


def test_a_check_shows_the_fields_that_go_over_the_wire(run, front, tmp_path):
    _, target = front
    scenario = shop_scenario.write(tmp_path, target, BUYERS, n_users=3, model="users: 3", phases="[ { passes: 3 } ]")
    shown = run("loadgen", "plan", scenario, "--check", "--row", "2").stdout
    assert shown.count("\n  ok ") == 5 and "failed" not in shown
    assert re.search(r"^  > POST /login HTTP/2\n  > :authority: 127\.0\.0\.1:\d+\n", shown, re.M)
    assert "  < HTTP/2 303\n" in shown and "captured  token = (given)" in shown
    assert "order, redirect 1" in shown and "Thank you" in shown
    assert "HTTP/1.1" not in shown and "pw-" not in shown


def test_the_books_balance_and_no_request_belongs_to_another_session(run, front, tmp_path):
    server, target = front
    scenario = shop_scenario.write(tmp_path, target, BUYERS, model="users: 8", phases="[ { passes: 160 } ]")
    folder = run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert row_counts(folder, "buyers") == {row: {"sent_n": 160, "ok_n": 160} for row in [*ROWS, "session"]}
    assert n_by_row(seen) == {row: 160 for row in ROWS}
    assert len(by(seen, "mark")) == 160


def test_arrivals_each_have_a_session_of_their_own(run, front, tmp_path):
    server, target = front
    scenario = shop_scenario.write(tmp_path, target, BUYERS, users="order: lend", model="arrivals: poisson",
                                   phases="[ { rate: 50/s, duration: 2s } ]")
    folder = run_shop(run, tmp_path / "run", scenario)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert {one.active_n for one in seen if one.row == "login"} == {1}
    rows = row_counts(folder, "buyers")
    assert rows["session"]["ok_n"] == rows["session"]["sent_n"] > 50
    assert n_by_row(seen) == {row: rows[row]["ok_n"] for row in ROWS}


def proxy(port):
    """Lines for nginx, which passes all requests on."""
    return f"location ~ . {{ proxy_pass http://127.0.0.1:{port}; proxy_redirect off; proxy_set_header Host $http_host; }}"


def test_connections_that_end_by_count_fail_no_session(run, programs, shop, tmp_path):
    server = shop()
    front = start_nginx(programs, tmp_path / "front", keepalive_requests=7, http2=True, server=proxy(server.port))
    scenario = shop_scenario.write(tmp_path, f"{{ url: {front.url}, http: 2-prior-knowledge }}", BUYERS, model="users: 8",
                                   phases="[ { passes: 80 } ]")
    folder = run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert row_counts(folder, "buyers") == {row: {"sent_n": 80, "ok_n": 80} for row in [*ROWS, "session"]}
    assert n_by_row(seen) == {row: 80 for row in ROWS}
    assert folder.run["stream_totals"][0]["http2"]["goaways_n"] >= 400 // 7 - 8


def test_a_value_at_the_end_of_a_large_answer_is_captured(run, haproxy, tmp_path):
    """It arrives in many frames and several reads."""
    body = json.dumps({"pad": "x" * 300_000, "last": "found"}).encode()
    scenario = tmp_path / "s.yaml"
    with serve_received({"/large": (200, {}, body)}) as server:
        front = haproxy([int(server.url.rpartition(":")[2])])
        scenario.write_text(f"target: {{ url: {front.url}, http: 2-prior-knowledge }}\nstreams:\n  - name: s\n    users: 3\n    session:\n"
                            "      steps:\n        - { name: large, path: /large, capture: { last: { json: $.last } } }\n"
                            "        - { name: next, path: \"/next/{last}\" }\n    phases: [ { passes: 12 } ]\n")
        run_shop(run, tmp_path / "run", scenario)
    assert collections.Counter(received.target for received in server.received) == {"/large": 12, "/next/found": 12}


@pytest.mark.parametrize("each, n_connections", [("user", 4), ("pass", 20)])
def test_a_user_keeps_its_connection_unless_each_pass_is_to_have_its_own(run, programs, shop, tmp_path, each, n_connections):
    server = shop()
    front = start_nginx(programs, tmp_path / "front", http2=True, server=proxy(server.port))
    scenario = shop_scenario.write(tmp_path, f"{{ url: {front.url}, http: 2-prior-knowledge }}", BUYERS, model="users: 4",
                                   session=f"new_connection: {each}", phases="[ { passes: 20 } ]")
    run_shop(run, tmp_path / "run", scenario)
    check_nothing_mixed(server.stop_and_read())
    assert len({line.connection for line in front.stop_and_read_log()}) == n_connections


@pytest.mark.parametrize("name, shown", [("good", None), ("PINGs and SETTINGS", None), ("every third refused", None), ("GOAWAY midway", None),
                                         ("early hints", None), ("silence", "no complete response in time"),
                                         ("empty DATA without end", "no complete response in time"), ("CANCEL midway", "stream reset: CANCEL"),
                                         ("every stream refused", "the server refuses the request: REFUSED_STREAM"),
                                         ("two lengths", "content-length twice"), ("index 0", "a header block that cannot be decoded"),
                                         ("HTTP/1.1", "the answer is HTTP/1.1: this port does not take HTTP/2")])
def test_a_check_says_what_a_server_does_wrong(run, tmp_path, name, shown):
    case, = (case for case in CASES if case.name == name)
    scenario = tmp_path / "s.yaml"
    with Http2Server(case.behave) as server:
        scenario.write_text(f"target: {{ url: {server.url}, http: 2-prior-knowledge }}\nstreams:\n  - name: s\n    users: 1\n    timeout: 300ms\n"
                            "    session: { steps: [ { name: one, path: /x }, { name: two, path: /y } ] }\n    phases: [ { passes: 1 } ]\n")
        printed = run("loadgen", "plan", scenario, "--check", expect=1 if shown else 0).stdout
    assert not server.seen.wrong
    assert f": {shown}\n" in printed if shown else printed.count("\n  ok ") == 2
