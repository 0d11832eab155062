# ctest: release early
"""What a scenario says is what is sent: load models, phases, mixes, templates; and how a run is judged."""

import collections
import csv
import json
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest

from truth import failed_rules, make_run, on_a_quiet_machine, rows, times


def scenario(folder, target, streams, more=""):
    path = folder / "case.yaml"
    path.write_text(f"name: case\ntarget: {target}\n{more}\nstreams:\n{streams}\n")
    return path


def seconds(folder, column, stream=None):
    """A column of intervals.csv by second, summed over the streams or of one."""
    found = collections.Counter()
    for row in rows(folder, "intervals.csv"):
        if stream in (None, row["stream"]):
            found[int(float(row["t_s"]))] += int(row[column])
    return [found[second] for second in sorted(found)]


def due_times(folder):
    """{number: due time} of every request, from the log of requests."""
    return {int(row["seq"]): int(row["due_ns"]) for row in rows(folder, "requests.csv")}


# --- the open model ---

@on_a_quiet_machine()
def test_every_arrival_is_sent_or_dropped_or_fails_while_it_waits(run, emulator, tmp_path):
    """One connection takes 20/s; 200/s are offered; ten may wait: the rest is dropped, and each is counted once."""
    server = emulator("--service-time", "50ms")
    got, _ = make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, request: { path: /cluster1 }, arrivals: constant, connections: 1, queue: 10, phases: [ { rate: 200/s, duration: 3s } ] }"""))
    totals, errors = got["totals"], got["totals"]["errors"]
    assert totals["intended_n"] == 600 == totals["sent_n"] + errors["dropped"]
    assert totals["done_n"] == 600 == totals["ok_n"] + errors["dropped"]
    assert sum(seconds(tmp_path / "run", "dropped_n")) == errors["dropped"]
    waits_us = [float(row["value_us"]) for row in rows(tmp_path / "run", "percentiles.csv")
                if (row["metric"], row["stream"], row["phase"], row["class"], row["p_ppm"]) == ("conn_wait", "one", "p1", "ok", "500000")]
    with times():
        assert 60 <= totals["ok_n"] <= 75, "20/s for 3 s, the one under way and the ten that wait when the schedule ends"
        assert len(waits_us) == 1 and 0.4e6 < waits_us[0] < 0.65e6, "ten before it, 50 ms each"


@on_a_quiet_machine()
def test_the_rate_of_an_overloaded_target_is_its_own(run, emulator, tmp_path):
    """One request at a time takes 9.5 ms: 105/s, of 600/s that are offered. Most answers come after the schedule has ended."""
    server = emulator("--service-time", "9500us", "--vcpus", 1)
    got, done = make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, request: { path: /cluster1 }, arrivals: constant, connections: 1, queue: 10000, timeout: 60s, phases: [ { rate: 600/s, duration: 3s } ] }""",
        'thresholds: [ "rate < 115/s" ]'), expect=(0, 4))
    phase = got["phases"][0]
    assert phase["ok_n"] == 1800 and phase["end_s"] == 3 and got["duration_s"] > 15
    with times():
        assert done.returncode == 0
        assert 285 < phase["ok_n"] - phase["ok_late_n"] < 325
        assert got["thresholds"][0]["held"] and 95 < got["thresholds"][0]["value"] < 109


@pytest.mark.parametrize("threads", [1, 2])
@on_a_quiet_machine()
def test_a_ramp_sends_the_integral_of_its_rate(run, nginx, tmp_path, threads):
    server = nginx()
    got, _ = make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, request: { path: / }, arrivals: constant, connections: 32, phases: [ { rate: 100/s, ramp_to: 500/s, duration: 4s } ] }"""),
        "-t", threads, "--log-requests", "csv")
    assert got["totals"]["intended_n"] == 1200 == len(server.stop_and_read_log())
    due_s = [ns / 1e9 for _, ns in sorted(due_times(tmp_path / "run").items())]
    for i, at_s in enumerate(due_s):  # 100 t + 50 t^2 = i + 1/2
        assert 100 * at_s + 50 * at_s * at_s == pytest.approx(i + .5, abs=1e-4)
    with times():
        for second, n in enumerate(seconds(tmp_path / "run", "intended_n")[:4]):
            assert n == pytest.approx(150 + 100 * second, abs=15), "counted in the second that it was picked up"


def test_bursts_pauses_and_warm_up_are_kept_apart(run, nginx, tmp_path):
    server = nginx()
    got, _ = make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, request: { path: / }, arrivals: constant, connections: 64, phases: [ { name: warm, warmup: true, rate: 100/s, duration: 1s },
        { name: load, rate: 200/s, duration: 1s }, { pause: 500ms }, { name: burst, burst: 50 } ] }"""), "--log-requests", "csv")
    assert got["totals"]["done_n"] == got["totals"]["ok_n"] == 350 == len(server.stop_and_read_log())
    n = {(row["phase"], row["metric"]): int(row["n"]) for row in rows(tmp_path / "run", "percentiles.csv")
         if row["stream"] == "one" and row["p_ppm"] == "500000"}
    assert n["all", "response"] == 250, "without the warm-up"
    assert (n["warm", "response"], n["load", "response"], n["burst", "response"]) == (100, 200, 50)
    assert sum(1 for row in rows(tmp_path / "run", "requests.csv") if row["phase"] == "warm") == 100
    due_s = collections.defaultdict(list)
    for row in rows(tmp_path / "run", "requests.csv"):
        due_s[row["phase"]].append(int(row["due_ns"]) / 1e9)
    assert set(due_s["burst"]) == {2.5}
    assert 0 < min(due_s["warm"]) < max(due_s["warm"]) < 1 < min(due_s["load"]) < max(due_s["load"]) < 2


OPEN = """
  - { name: one, request: { path: / }, arrivals: poisson, connections: 32, phases: [ { rate: 400/s, duration: 1s } ] }"""


def test_a_seed_repeats_the_schedule_on_any_number_of_threads(run, nginx, tmp_path):
    server = nginx()
    path = scenario(tmp_path, server.url, OPEN)
    due = {}
    for name, seed, threads in (("a", 5, 1), ("b", 5, 2), ("c", 6, 1)):
        got, _ = make_run(run, tmp_path / name, path, "--seed", seed, "-t", threads, "--log-requests", "csv")
        due[name] = due_times(tmp_path / name)
        assert got["seed"] == seed and len(due[name]) == got["totals"]["intended_n"]
    assert due["a"] == due["b"] and due["a"] != due["c"]
    assert len(due["a"]) == pytest.approx(400, abs=4 * 400 ** .5)


# --- the closed model ---

@on_a_quiet_machine()
def test_users_think_and_pause_as_told(run, nginx, tmp_path):
    server = nginx(fields=["msec", "connection"])
    got, _ = make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, users: 2, think: 200ms, request: { path: / }, phases: [ { requests: 8 }, { pause: 1s }, { requests: 4 } ] }"""))
    log = server.stop_and_read_fields()
    assert len(log) == got["totals"]["ok_n"] == 12
    answered = collections.defaultdict(list)
    for line in log:
        answered[line["connection"]].append(float(line["msec"]))
    assert len(answered) == 2
    first, pause, second = got["phases"]
    gaps = [[b - a for a, b in zip(sent, sent[1:])] for sent in answered.values()]
    assert pause["end_s"] - pause["start_s"] >= 0.999 and second["start_s"] - first["end_s"] >= 0.999
    assert all(gap > 0.19 for some in gaps for gap in some)
    with times():
        assert pause["end_s"] - pause["start_s"] == pytest.approx(1, abs=0.1)
        assert second["start_s"] - first["end_s"] == pytest.approx(1, abs=0.1)
        for some in gaps:
            assert [gap for gap in some if gap < 0.6] == pytest.approx([0.2] * 4, abs=0.1)
            assert sum(gap > 0.9 for gap in some) == 1


# --- mixes and templates ---

def test_a_weighted_mix_is_drawn_by_weight_and_repeats_with_the_seed(run, nginx, tmp_path):
    server = nginx()
    path = scenario(tmp_path, server.url, """
  - { name: one, users: 4, mix: weighted, phases: [ { requests: 4000 } ],
      requests: [ { path: /often, weight: 7 }, { path: /seldom, weight: 2 }, { path: /post, method: POST, body: "x", weight: 1 } ] }""")
    make_run(run, tmp_path / "a", path, "--seed", 1)
    make_run(run, tmp_path / "b", path, "--seed", 1, "-t", 2)
    log = server.stop_and_read_log()
    counts = [collections.Counter((line.method, line.target) for line in part) for part in (log[:4000], log[4000:])]
    assert counts[0] == counts[1]
    for key, share in {("GET", "/often"): .7, ("GET", "/seldom"): .2, ("POST", "/post"): .1}.items():
        assert counts[0][key] == pytest.approx(4000 * share, abs=4 * (4000 * share * (1 - share)) ** .5), key


def test_a_sequence_goes_round(run, nginx, tmp_path):
    server = nginx()
    make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, users: 1, requests: [ { path: /1 }, { path: /2 }, { path: /3 } ], phases: [ { requests: 30 } ] }"""))
    assert [line.target for line in server.stop_and_read_log()] == ["/1", "/2", "/3"] * 10


def test_templates_are_filled_in_for_each_request(run, nginx, tmp_path):
    server = nginx(fields=["request_uri", "http_x_id", "http_x_random", "content_length", "request_body"],
                   server="location /body { client_body_in_single_buffer on; proxy_pass http://127.0.0.1:$server_port/made; }")
    (tmp_path / "people.csv").write_text('name,city\nann,Oslo\n"bob, jr",Rome\n')
    make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - name: one
    users: 3
    feed: people.csv
    requests:
      - { path: "/body/{counter}?city={csv:city}", method: POST, body: "n={counter} name={csv:name}", headers: { x-id: "{uuid}", x-random: "{random}" } }
    phases: [ { requests: 60 } ]"""))
    log = [line for line in server.stop_and_read_fields() if line["request_uri"].startswith("/body")]
    assert len(log) == 60
    for line in log:
        number = int(re.match(r"/body/(\d+)\?", line["request_uri"])[1])
        name, city = [("ann", "Oslo"), ("bob, jr", "Rome")][number % 2]
        assert line["request_uri"] == f"/body/{number}?city={city}"
        assert line["request_body"] == f"n={number} name={name}" and int(line["content_length"]) == len(line["request_body"])
        assert uuid.UUID(line["http_x_id"]).version == 4 and re.fullmatch("[0-9a-f]{16}", line["http_x_random"])
    assert {int(re.match(r"/body/(\d+)", line["request_uri"])[1]) for line in log} == set(range(60))
    assert len({line["http_x_id"] for line in log}) == len({line["http_x_random"] for line in log}) == 60


def test_the_requests_of_a_walk_use_one_feed_row_escaped_by_its_place(run, nginx, tmp_path):
    server = nginx(fields=["request_uri", "request_body"],
                   server="location /shop { client_body_in_single_buffer on; proxy_pass http://127.0.0.1:$server_port/made; }")
    names = ["anna", "bob, jr", 'say "hi" & go', "çelik"]
    with open(tmp_path / "people.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["name"], *([name] for name in names)])
    make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - name: shop
    users: 1
    requests:
      - { path: /shop/login, method: POST, form: { name: "{people.name}" } }
      - { path: "/shop/me?name={people.name}" }
      - { path: /shop/orders, method: POST, json: { for: "{people.name}", number: "{counter|number}" } }
    phases: [ { requests: 36 } ]""", "feeds: { people: people.csv }"))
    log = [line for line in server.stop_and_read_fields() if line["request_uri"].startswith("/shop")]
    assert len(log) == 36
    for walk, (login, me, order) in enumerate(zip(log[::3], log[1::3], log[2::3])):
        name = names[walk % len(names)]
        assert parse_qs(login["request_body"]) == parse_qs(urlsplit(me["request_uri"]).query) == {"name": [name]}
        assert json.loads(order["request_body"]) == {"for": name, "number": 3 * walk + 2}


# --- judgement ---

@pytest.mark.parametrize("text, code", [("p99 < 5s", 0), ("p50 < 5ms", 3), ("errors < 0.1%", 0), ("rate > 100000/s", 3), ("mean < 1s", 0)])
def test_a_threshold_that_does_not_hold_is_exit_code_3(run, emulator, tmp_path, text, code):
    server = emulator("--service-time", "20ms", "--vcpus", 8)
    got, done = make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1", "-c", 2, "-n", 40, "--threshold", text,
                         expect=(code, 4))  # 4: on a busy machine, what decides may be loadgen's own doing
    assert [(t["text"], t["held"]) for t in got["thresholds"]] == [(text, code == 0)]
    assert done.returncode == 4 or (text in done.stdout) == (code == 3)


def test_a_threshold_may_abort_the_run(run, nginx, tmp_path):
    server = nginx(server='location /bad { if ($request_id ~ "^[0-7]") { return 404; } return 200; }')
    got, _ = make_run(run, tmp_path / "run", scenario(tmp_path, server.url, """
  - { name: one, arrivals: constant, connections: 8, request: { path: /bad }, phases: [ { rate: 200/s, duration: 60s } ] }""",
        'thresholds: [ { that: "errors < 5%", abort: true } ]'), expect=(3, 4))  # 4: as above
    assert got["end"] == "aborted"
    assert got["duration_s"] < 30
    assert len(server.stop_and_read_log()) == got["totals"]["sent_n"] < 6000


def test_requests_that_a_slow_target_leaves_no_room_for_fail_and_invalidate_nothing(run, emulator, tmp_path):
    """What one connection cannot take is dropped: it counts as failed."""
    got, _ = make_run(run, tmp_path / "run", scenario(tmp_path, emulator("--service-time", "20ms").url, """
  - { name: one, arrivals: constant, connections: 1, queue: 5, request: { path: /cluster1 }, phases: [ { rate: 500/s, duration: 1s } ] }"""))
    claims = {claim["what"]: claim for claim in got["claims"] if claim["stream"] == "one"}
    assert "R5" in failed_rules(got, "WARN") | failed_rules(got, "INVALID") and claims["p99"]["state"] == "failed"
    assert failed_rules(got, "INVALID") or "invalid" not in {claim["level"] for claim in claims.values()}, claims
