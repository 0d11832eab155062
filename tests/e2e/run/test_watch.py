"""Watching a run while it goes on: what a scraper, Prometheus itself and a page see."""
# ctest: tsan early

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import time

import pytest

import http2_peer as h2
import watched
from http2_server import Http2Server
from programs import PATIENCE_S, ROOT, free_port, wait_until
from run_folder import RunFolder, latest

PROMTOOL = shutil.which("promtool")
PROMETHEUS = shutil.which("prometheus")
DONE = (0, 4)  # on a busy machine times may be loadgen's own doing
QUIET = ("--progress", "none")


@pytest.fixture(name="load")
def fixture_load(start, emulator):
    """load(OPTION...) starts a run that is watched, of some seconds and with failures."""
    def begin(*options, seconds=3, server=()):
        url = f"{emulator('--fail-ratio', '0.05', *server).url}/cluster1"
        return start("loadgen", "run", url, "-c", 4, "-d", f"{seconds}s", "--timeout", "1s", *QUIET, *options)
    return begin


def value(found, name, **labels):
    return found[(name, *sorted(labels.items()))]


STREAM = {"stream": "quick", "cluster": "target"}


# --- metrics ------------------------------------------------------------------------------------------------------------------

def final_metrics(running, accept=watched.OPENMETRICS):
    url = watched.address(running, "metrics")
    return wait_until(lambda: (text := watched.fetch(url, accept)[0]) and "\nloadgen_run_ended 1" in text and text, "the final values")


def test_the_final_metrics_are_those_of_the_run_folder(load, tmp_path):
    running = load("--metrics-listen", 0, "--linger", "60s")
    found = watched.samples(final_metrics(running))
    assert running.wait() in DONE
    folder = latest(tmp_path)
    for result in ("ok", "failed", "censored"):
        total = folder.totals["ok_n"] if result == "ok" else folder.totals["censored_n"] if result == "censored" else sum(
            n for name, n in folder.totals["errors"].items())
        assert value(found, "loadgen_requests_total", result=result, **STREAM) == total, result
    assert value(found, "loadgen_failures_total", **{"class": "status_5xx"}, **STREAM) > 0
    assert value(found, "loadgen_requests_sent_total", **STREAM) == folder.totals["sent_n"]
    assert value(found, "loadgen_responses_total", code="200", **STREAM) == folder.totals["ok_n"]
    assert value(found, "loadgen_in_flight_requests", **STREAM) == 0
    buckets = [n for key, n in found.items() if key[0] == "loadgen_good_time_seconds_bucket"]
    assert buckets == sorted(buckets) and buckets[-1] == value(found, "loadgen_good_time_seconds_count", **STREAM) == folder.totals["ok_n"]


def test_the_final_metrics_are_those_of_the_export(load, run, tmp_path):
    """Same names, same values, and those of the export's labels that both have."""
    running = load("--metrics-listen", 0, "--linger", "60s")
    found = watched.samples(final_metrics(running))
    assert running.wait() in DONE
    exported = watched.samples(run("loadgen", "analysis", "export", "--format", "openmetrics", cwd=tmp_path).stdout)
    n_compared = 0
    for (name, *labels), expected in exported.items():
        rest = {label: text for label, text in labels if label != "run"}
        if name == "loadgen_requests_total":
            assert value(found, name, stream="quick", **rest) == expected
        elif rest.get("quantile", "0.5") in ("0.5", "0.9", "0.99", "0.999"):
            assert value(found, name, **rest) == pytest.approx(expected, rel=1e-6), (name, rest)
        else:
            continue
        n_compared += 1
    assert n_compared >= 3 + 4 + 1 + 1


def test_a_scraper_gets_the_format_that_it_asks_for(load):
    running = load("--metrics-listen", 0, "--linger", "0s")
    url = watched.address(running, "metrics")
    wait_until(lambda: "loadgen_requests_total" in watched.fetch(url)[0], "a run")
    text, kind = watched.fetch(url)
    assert kind == "text/plain; version=0.0.4; charset=utf-8" and "# TYPE loadgen_requests_total counter" in text and "# EOF" not in text
    text, kind = watched.fetch(url, watched.OPENMETRICS + ",text/plain;q=0.5")
    assert kind == watched.OPENMETRICS and "# TYPE loadgen_requests counter" in text and text.endswith("\n# EOF\n")


def test_counters_grow_and_never_fall(load):
    running = load("--metrics-listen", 0, "--linger", "60s")
    url = watched.address(running, "metrics")
    seen = []
    while not seen or not seen[-1].get(("loadgen_run_ended",)):
        seen.append(watched.samples(watched.fetch(url)[0]))
        time.sleep(0.1)
    for before, after in zip(seen, seen[1:]):
        for key, n in before.items():
            if key[0].endswith(("_total", "_bucket", "_count")):
                assert after[key] >= n, key
    counts = {value(s, "loadgen_requests_total", result="ok", **STREAM) for s in seen if len(s) > 0}
    assert len(counts) >= 3, "once a second"
    assert running.wait() in DONE


def test_the_format_is_that_of_the_reference_parser(load):
    parser = pytest.importorskip("prometheus_client.openmetrics.parser", reason="python3-prometheus-client is not installed")
    running = load("--metrics-listen", 0, "--linger", "60s")
    url = watched.address(running, "metrics")
    early = wait_until(lambda: (text := watched.fetch(url, watched.OPENMETRICS)[0]) and "loadgen_requests" in text and text, "a run")
    for text in (early, final_metrics(running)):
        families = {family.name: family for family in parser.text_string_to_metric_families(text)}
        assert families["loadgen_requests"].type == "counter" and families["loadgen_good_time_seconds"].type == "histogram"
    assert {"loadgen_good_per_second", "loadgen_generator_share_ratio"} <= {name for name, family in families.items() if family.samples}


@pytest.mark.skipif(not PROMTOOL, reason="promtool (Debian: prometheus) is not installed")
def test_promtool_finds_nothing_wrong(load, programs, tmp_path):
    running = load("--metrics-listen", 0, "--linger", "60s")
    (tmp_path / "metrics.txt").write_text(final_metrics(running, "text/plain"))
    done = programs.run("sh", "-c", f"{PROMTOOL} check metrics < metrics.txt", expect=None)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(not PROMETHEUS, reason="prometheus is not installed")
def test_prometheus_scrapes_a_run_and_answers_what_the_dashboard_asks(start, load, tmp_path):
    port = free_port()
    running = load("--metrics-listen", free := free_port(), "--linger", "60s", seconds=6)
    (tmp_path / "prometheus.yml").write_text(f"""
scrape_configs:
  - {{ job_name: loadgen, scrape_interval: 1s, static_configs: [ {{ targets: ["127.0.0.1:{free}"] }} ] }}
""")
    start(PROMETHEUS, "--config.file=prometheus.yml", f"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.path=tsdb",
          "--log.level=warn", env={"GOMAXPROCS": "2"})

    def ask(query):
        try:
            text = watched.fetch(f"http://127.0.0.1:{port}/api/v1/query?query={watched.urllib.parse.quote(query)}")[0]
        except OSError:
            return []  # it does not listen yet
        answer = json.loads(text)
        assert answer["status"] == "success", (query, answer)
        return answer["data"]["result"]

    ended = wait_until(lambda: [row for row in ask("loadgen_run_ended") if row["value"][1] == "1"], "Prometheus to have the final values")
    assert ended and running.wait() in DONE
    ok = ask('loadgen_requests_total{result="ok"}')
    assert [float(row["value"][1]) for row in ok] == [latest(tmp_path).totals["ok_n"]]
    for query in dashboard_queries():
        concrete = query.replace("$__rate_interval", "1m").replace("$instance", ".*").replace("$cluster", ".*").replace("$stream", ".*")
        if " > 0" not in query and "_lag_p99_" not in query and "_http2_" not in query:  # a closed stream has no lag
            assert ask(concrete), query


# --- the dashboard ------------------------------------------------------------------------------------------------------------

def dashboard_queries():
    dashboard = json.loads((ROOT / "docs/grafana-dashboard.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def behave(peer):
    """Refuses every tenth request, resets every eleventh, and ends the connection after 50."""
    peer.settings([(h2.MAX_CONCURRENT_STREAMS, 8)])
    for n, request in enumerate(peer.requests(), 1):
        if n % 10 == 0:
            peer.reset(request.at, h2.REFUSED_STREAM)
        elif n % 11 == 0:
            peer.reset(request.at, h2.INTERNAL_ERROR)
        else:
            peer.answer(request.at)
        if n == 50:
            peer.goaway(request.at)
            peer.finish()


@pytest.fixture(name="http2_metrics")
def fixture_http2_metrics(start):
    """The final metrics of a run over HTTP/2."""
    with Http2Server(behave) as server:
        running = start("loadgen", "run", server.url, "--http2-prior-knowledge", "-c", 2, "--streams", 10, "-n", 400, *QUIET,
                        "--metrics-listen", 0, "--linger", "60s")
        text = final_metrics(running, "text/plain")
        assert running.wait() in DONE
    return text


def test_what_http2_counted_is_the_same_in_the_metrics_and_the_export(http2_metrics, run, tmp_path):
    def http2(text):
        return {(name, *(label for label in labels if label[0] != "run")): n for (name, *labels), n in watched.samples(text).items()
                if name.startswith(("loadgen_http2_", "loadgen_requests_sent_again"))}

    exported = http2(run("loadgen", "analysis", "export", "--format", "openmetrics", cwd=tmp_path).stdout)
    totals = latest(tmp_path).run["stream_totals"][0]
    counted = totals["http2"]
    assert exported == http2(http2_metrics)
    assert {cause: value(exported, "loadgen_requests_sent_again_total", cause=cause, **STREAM) for cause in totals["sent_again"]} == totals["sent_again"]
    assert value(exported, "loadgen_http2_events_total", event="goaway", **STREAM) == counted["goaways_n"] > 0
    assert value(exported, "loadgen_http2_events_total", event="refused", **STREAM) == counted["refused_n"] > 0
    assert value(exported, "loadgen_http2_resets_total", code="INTERNAL_ERROR", **STREAM) == counted["resets"]["INTERNAL_ERROR"] > 0
    assert [value(exported, f"loadgen_http2_streams_{what}", **STREAM) for what in ("asked", "allowed", "open_most")] == [
        10, 8, counted["streams_open_most_n"]]


def test_the_dashboard_and_its_document_name_metrics_that_exist(load, http2_metrics):
    running = load("--metrics-listen", 0, "--linger", "60s")
    text = final_metrics(running, "text/plain") + http2_metrics
    families = set(re.findall(r"^# TYPE (\S+)", text, re.M))
    names = families | {family + suffix for family in families for suffix in ("_bucket", "_sum", "_count")}
    dashboard = (ROOT / "docs/grafana-dashboard.json").read_text()
    asked = set(re.findall(r"loadgen_[a-z0-9_]+", dashboard))
    assert len(asked) >= 12 and asked <= names, asked - names
    documented = set(re.findall(r"^\| `(loadgen_[a-z0-9_]+)`", (ROOT / "docs/live.md").read_text(), re.M))
    of_other_loads = {family for family in documented if family.startswith("loadgen_step_")}
    assert documented - of_other_loads == families


def test_the_dashboard_has_a_variable_for_its_data_source():
    dashboard = json.loads((ROOT / "docs/grafana-dashboard.json").read_text())
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource" and variables["datasource"]["query"] == "prometheus"
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    for panel in dashboard["panels"]:
        assert panel["datasource"]["uid"] == "${datasource}", panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24, panel["title"]


# --- the page -----------------------------------------------------------------------------------------------------------------

def test_a_page_follows_the_run_to_its_end(load, tmp_path):
    running = load("--serve", 0)
    events = list(watched.Events(watched.address(running, "page")))
    assert running.wait() in DONE
    names = [name for _, name, _ in events]
    assert names[0] == "run" and names[-1] == "end" and set(names[1:-1]) == {"second"} and len(names) >= 4
    run_event, end = events[0][2], events[-1][2]
    assert [stream["name"] for stream in run_event["streams"]] == ["quick"]
    assert (end["end"], end["rows"][0]["ok"]) == ("done", latest(tmp_path).totals["ok_n"])
    seconds = [data["t"] for _, name, data in events if name == "second"]
    assert seconds == sorted(set(seconds))
    assert events[-2][2]["streams"][0]["failures"]["status_5xx"] > 0


def test_a_page_that_comes_back_gets_what_it_missed(load):
    running = load("--serve", 0, seconds=4)
    url = watched.address(running, "page")
    first = watched.Events(url)
    seen = []
    for event in first:
        seen.append(event)
        if event[1] == "second":
            break
    first.close()
    rest = list(watched.Events(url, seen[-1][0]))
    assert running.wait() in DONE
    assert rest[0][1] == "second" and rest[-1][1] == "end"
    numbers = [int(event[0].split("-")[1]) for event in seen + rest]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_page_allows_only_its_own_script_and_style(load):
    running = load("--serve", 0, "--linger", "0s")
    url = watched.address(running, "page")
    with watched.urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        text = answer.read().decode()
        policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([0-9a-f]{32})'", policy).group(1)
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert re.findall(r"<(?:script|style)[^>]*>", text) == [f'<style nonce="{nonce}">', f'<script nonce="{nonce}">']
    assert not re.search(r"(src|href|url\()\s*=?\s*[\"']?(https?:)?//", text.replace("http://www.w3.org/2000/svg", "")), "nothing from elsewhere"
    assert nonce not in watched.fetch(url)[0], "each answer has its own"
    running.stop(signal.SIGINT)


# --- the server ---------------------------------------------------------------------------------------------------------------

def refused(run, *options):
    done = run("loadgen", "run", "http://127.0.0.1:1/", "-d", "1s", *options, expect=2)
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("option", ["--serve", "--metrics-listen"])
def test_a_port_that_is_taken_is_an_error_before_anything_is_sent(run, nginx, tmp_path, option):
    server = nginx()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("loadgen", "run", server.url, "-d", "1s", option, port, expect=2)
    assert done.stderr == f"loadgen: {option}: cannot listen on 127.0.0.1:{port}: address already in use; port 0 takes any that is free\n"
    assert not (tmp_path / "results").exists() and server.stop_and_read_log() == []


def test_an_address_that_is_none_is_an_error(run):
    assert "--serve takes a port" in refused(run, "--serve", "example.com:80")
    assert "--metrics-listen takes a port" in refused(run, "--metrics-listen", ":9090")


def test_one_address_serves_both(load):
    port = free_port()
    running = load("--serve", port, "--metrics-listen", port, "--linger", "1s")
    assert watched.address(running, "page").rsplit(":", 1)[1] == f"{port}/"
    assert "end" in (name for _, name, _ in watched.Events(watched.address(running, "page")))
    final_metrics(running)
    assert running.wait() in DONE


def test_a_name_that_leads_to_loopback_is_refused(load):
    running = load("--serve", 0, "--linger", "0s")
    host = watched.address(running, "page").removeprefix("http://").rstrip("/")
    for name, status in ((host, 200), ("localhost:1", 200), ("rebound.example.com", 421)):
        connection = watched.http.client.HTTPConnection(host, timeout=PATIENCE_S)
        connection.request("GET", "/", headers={"Host": name})
        assert connection.getresponse().status == status, name
        connection.close()
    running.stop(signal.SIGINT)


def test_a_folder_s_name_may_hold_any_bytes(load):
    running = load("--serve", 0, "--metrics-listen", 0, "--linger", "60s", "-o", os.fsdecode(b'x\xff"\n<'), seconds=1)
    assert next(iter(watched.Events(watched.address(running, "page"))))[2]["id"] == 'x?" <'
    assert r'run="x?\" <"' in final_metrics(running)
    running.stop(signal.SIGINT)


def test_a_client_that_does_not_read_holds_up_nothing(load, tmp_path):
    running = load("--serve", 0, "--metrics-listen", 0, "--linger", "0s")
    clients = []
    for what, path in (("page", "/events"), ("metrics", "/metrics")):
        host, port = watched.address(running, what).removeprefix("http://").split("/")[0].split(":")
        for _ in range(20):
            client = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 50)
            clients.append(client)
    assert running.wait() in DONE
    assert latest(tmp_path).run["end"] == "done"
    assert 3 <= latest(tmp_path).run["duration_s"] < 20
    for client in clients:
        client.close()


# --- the end ------------------------------------------------------------------------------------------------------------------

def test_it_waits_for_a_last_scrape_and_no_longer(load):
    running = load("--metrics-listen", 0, "--linger", "1h", seconds=1)
    wait_until(lambda: "served until they are fetched, for 1 h" in running.stderr, "it to wait")
    assert "p99" in running.stdout, "the summary comes first"
    final_metrics(running)
    assert running.wait(PATIENCE_S) in DONE


def test_an_interrupt_ends_the_wait_and_changes_no_exit_code(load):
    running = load("--serve", 0, "--linger", "1h", seconds=1)
    wait_until(lambda: "served until they are fetched" in running.stderr, "it to wait")
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_S) in DONE


def test_an_interrupted_run_does_not_wait(load):
    running = load("--metrics-listen", 0, "--linger", "1h", seconds=600)
    url = watched.address(running, "metrics")
    wait_until(lambda: 'result="ok"' in watched.fetch(url)[0], "requests")
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_S) == 130


# --- many runs ----------------------------------------------------------------------------------------------------------------

SCENARIO = """
name: tiny
target: {url}
streams:
  - {{ name: one, cluster: a, request: /cluster1, arrivals: constant, phases: [ {{ rate: 50/s, duration: 1s }} ] }}
  - {{ name: two, cluster: b, request: /cluster1, arrivals: constant, phases: [ {{ rate: 50/s, duration: 1s }} ] }}
"""


@pytest.mark.parametrize("command", [
    ("sweep", "--from", "20/s", "--to", "45/s", "--factor", "2", "--warmup", "0s", "-d", "1s", "--gap", "0s", "--only", "a"),
    ("campaign", "--pairs", "1", "--aa", "0", "--gap", "0s")])
def test_one_server_lives_through_all_runs(start, emulator, tmp_path, command):
    scenario = tmp_path / "tiny.yaml"
    scenario.write_text(SCENARIO.format(url=emulator().url))
    running = start("loadgen", command[0], scenario, *command[1:], "--serve", 0, "--out", tmp_path / "out", *QUIET)
    events = list(watched.Events(watched.address(running, "page")))
    assert running.wait() in (*DONE, 3)
    runs = [data for _, name, data in events if name == "run"]
    ends = [data for _, name, data in events if name == "end"]
    folders = {path.parent.name: RunFolder(path.parent) for path in pathlib.Path(tmp_path / "out").glob("*/run.json")}
    assert len(runs) >= 2 and [data["run"] for data in runs] == list(range(1, len(runs) + 1))
    assert [data["id"] for data in runs] == [data["id"] for data in ends]
    assert {data["id"] for data in runs} == set(folders)
    for end in ends:
        assert sum(row["ok"] for row in end["rows"] if not row["stream"]) == folders[end["id"]].totals["ok_n"]
