"""`loadgen import alb|nginx` and `arrivals: recorded`: what is sent is what was recorded, when it was due, by however many generators."""
import collections
import csv
import gzip
import random
import re
from datetime import datetime, timedelta, timezone

from received import serve_received
from run_folder import RunFolder
from test_shares import run_shares

START = datetime(2026, 11, 1, tzinfo=timezone.utc)
ALB = ('{type} {end} app/lb/50dc 192.0.2.1:2817 10.0.0.1:80 0.000 {took:.3f} 0.001 {status} {status} 34 366 "{request}" "{agent}" - - arn:aws:x '
       '"Root=1-58" "www.example.com" "arn" 0 {due} "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1 "-" "-" "-" 10.0.0.1\n')


def moment(seconds):
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def alb_line(due_s, path, took_s=0.005, kind="https", request=None, agent="Mozilla/5.0 (X11) \\\"q\\\", like", status=200):
    return ALB.format(type=kind, end=moment(due_s + took_s), took=took_s - 0.001, status=status, agent=agent, due=moment(due_s),
                      request=request or f"GET https://www.example.com:443{path} HTTP/1.1")


def write_logs(folder, n, length_s):
    """Requests of `length_s` seconds in three files, one gz, each in the order of the answers; the due times in microseconds by path."""
    dice = random.Random(7)
    lines = []
    due = {}
    for i in range(n):
        due_us = round(i * length_s * 1e6 / n) + dice.randrange(100)
        took_s = dice.choice([0.002, 0.4])
        path = dice.choice(["/items/{}", "/users/0f8fad5b-d9cb-469f-a165-{:012}", "/search?q={}", "/s/{}/cart"]).format(i)
        due[path] = due_us
        lines.append((due_us / 1e6 + took_s, i % 3, alb_line(due_us / 1e6, path, took_s)))
    lines.sort()
    texts = ["".join(line for _, file, line in lines if file == k) for k in range(3)]
    texts[0] += alb_line(1, "", request="- - - ") + alb_line(1, "", kind="ws", request="GET http://a:80/ws HTTP/1.1") + "no line\n"
    (folder / "a.log").write_text(texts[0])
    (folder / "b.log.gz").write_bytes(gzip.compress(texts[1].encode()))
    (folder / "c.log").write_text(texts[2])
    return due


def import_logs(programs, folder, url, *options):
    programs.run("loadgen", "import", "alb", folder / "c.log", folder / "a.log", folder / "b.log.gz", "-o", folder / "replay.yaml", "--target", url,
                 *options)
    scenario = folder / "replay.yaml"
    scenario.write_text(scenario.read_text() + "seed: 1\n")
    return scenario


def test_a_log_is_sent_again_at_its_times(programs, tmp_path):
    due = write_logs(tmp_path, 600, 2.0)
    with serve_received({}) as server:
        scenario = import_logs(programs, tmp_path, server.url)
        for sentence in ("1 line without a request", "1 line of websockets", "1 line not in this format"):
            assert sentence in scenario.read_text()
        programs.run("loadgen", "run", scenario, "--log-requests", "csv", "-o", tmp_path / "run", "-q")
    first_us = min(due.values())
    assert {request.target for request in server.received} == due.keys() and len(server.received) == 600
    assert {tuple(request.header("user-agent")) for request in server.received} == {('Mozilla/5.0 (X11) "q", like',)}
    folder = RunFolder(tmp_path / "run")
    rows = folder.rows("requests.csv")
    in_order = sorted(due.values())
    assert sorted(int(row["due_ns"]) for row in rows) == [(us - first_us) * 1000 for us in in_order]
    groups = {"items": "items-n", "users": "users-n", "search": "search", "s": "s-n-cart"}
    assert collections.Counter(row["step"] for row in rows) == collections.Counter(groups[re.match("/([a-z]+)", path)[1]] for path in due)
    recorded = {tag: histogram.n for tag, histogram in folder.histograms().items() if tag.startswith("recorded.")}
    assert sum(recorded.values()) == 600 and set(recorded) == {f"recorded.replay/{row}.target.p1.ok.all" for row in groups.values()}


def test_the_version_of_http_is_that_of_most_requests(run, tmp_path):
    (tmp_path / "x.log").write_text("".join(alb_line(i, "/", kind="https" if i == 0 else "h2") for i in range(3)))
    run("loadgen", "import", "alb", "x.log", "-o", "x.yaml")
    assert "Over HTTP/2: 2 of 3 requests; here all are sent over it" in (tmp_path / "x.yaml").read_text()
    assert "requests    as recorded HTTP/2   replay" in run("loadgen", "plan", "x.yaml").stdout
    run("loadgen", "import", "alb", "x.log", "-o", "x.yaml", "--target", "http://a")
    assert "here all are sent over HTTP/1.1" in (tmp_path / "x.yaml").read_text()
    assert "as recorded   replay" in run("loadgen", "plan", "x.yaml").stdout


def test_speed_parts_and_shares_send_each_request_once(start, programs, tmp_path):
    write_logs(tmp_path, 300, 3.0)
    with serve_received({}) as server:
        scenario = import_logs(programs, tmp_path, server.url)
        phases = "      - { replay: replay.requests.csv, speed: 4, duration: 500ms, warmup: true }\n" \
                 "      - { replay: replay.requests.csv, speed: 2, skip: 2s }\n"
        text = scenario.read_text()
        scenario.write_text(re.sub(r"( +- replay: .*\n +speed: 1\n)", phases, text))
        one, = run_shares(start, scenario, tmp_path, 1, [1])[0]
        two = run_shares(start, scenario, tmp_path, 2, [2, 1])[0]
    sent = collections.Counter((row["phase"], row["seq"], row["due_ns"], row["step"]) for row in one.rows("requests.csv"))
    assert sum((collections.Counter((row["phase"], row["seq"], row["due_ns"], row["step"]) for row in share.rows("requests.csv"))
                for share in two), collections.Counter()) == sent
    assert collections.Counter(phase for phase, *_ in sent.elements()) == {"p1": 200, "p2": 100}
    assert len(server.received) == 600 and all(n == 2 for n in collections.Counter(request.target for request in server.received).values())


def test_whole_seconds_are_spread(programs, tmp_path):
    line = '1.2.3.4 - - [01/Nov/2026:00:00:{:02} +0000] "GET /{} HTTP/1.1" 200 5 "-" "-" {}\n'
    (tmp_path / "access.log").write_text("".join(line.format(9, i, "0.000") for i in range(4)) + line.format(10, 4, "0.250"))
    for kind, expected in (("apache", [0, 0.25, 0.5, 0.75, 1.375]), ("nginx", [0, 0.25, 0.5, 0.75, 1.125])):
        programs.run("loadgen", "import", kind, tmp_path / "access.log", "-o", tmp_path / f"{kind}.yaml", "--target", "http://127.0.0.1:1")
        with open(tmp_path / f"{kind}.requests.csv", newline="") as file:
            assert [(float(row["due_s"]), row["path"]) for row in csv.DictReader(file)] == [(s, f"/{i}") for i, s in enumerate(expected)]


def test_mistakes_are_sentences(programs, tmp_path):
    (tmp_path / "x.log").write_text("hello\n")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(alb_line(0, "/").encode() * 100)[:-20])
    for words, sentence in (
            (("alb", tmp_path / "x.log", "-o", tmp_path / "x.yaml"), "none of the 1 lines is one of an alb access log"),
            (("alb", tmp_path / "cut.gz", "-o", tmp_path / "x.yaml"), "it ends within its compressed data"),
            (("alb", tmp_path / "none", "-o", tmp_path / "x.yaml"), "cannot open"),
            (("alb", tmp_path / "x.log"), "give -o FILE"),
            (("curl", tmp_path / "x.log", "--methods", "all"), "--methods belongs to logs")):
        assert sentence in programs.run("loadgen", "import", *words, expect=2).stderr
    assert not list(tmp_path.glob("*.csv"))
