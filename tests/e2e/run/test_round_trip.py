"""The round trip to the target: measured before the run, and told when it is most of what is compared."""

import json
import re
import sys

import pytest

from programs import ROOT, wait_until
from relay import HERE, THERE, Namespace

ONE_WAY_MS = 20
SCENARIO = """
name: far
target: http://{host}:{port}
streams:
  - {{ name: one, cluster: one, users: 1, request: {{ path: / }}, phases: [ {{ requests: 30 }} ] }}
  - {{ name: two, cluster: two, users: 1, request: {{ path: / }}, phases: [ {{ requests: 30 }} ] }}
"""


@pytest.fixture(name="far_server")
def fixture_far_server(programs, nginx):
    """A server behind 20 ms each way, or a skip."""
    try:
        namespace = Namespace()
        namespace.__enter__()
    except PermissionError as failure:
        pytest.skip(f"no network of our own here: {failure}")
    relay = programs.start(sys.executable, ROOT / "tests/e2e/lib/relay.py", ONE_WAY_MS)
    wait_until(lambda: relay.stdout or relay.process.poll() is not None, "the relay")
    if not relay.stdout:
        namespace.__exit__()
        pytest.skip(f"no network device of our own here: {relay.stderr.splitlines()[-1]}")
    server = nginx(addresses=("127.0.0.1", HERE))
    yield server
    server.stop()
    relay.stop()
    namespace.__exit__()


def run_json(folder):
    return json.loads((folder / "run.json").read_text())


def test_a_way_that_is_most_of_the_median_is_measured_shown_and_judged(run, far_server, tmp_path):
    (tmp_path / "far.yaml").write_text(SCENARIO.format(host=THERE, port=far_server.port))
    summary = run("loadgen", "run", "far.yaml", "--out", "far", "--progress", "none").stdout
    got = run_json(tmp_path / "far")
    (trip,) = got["round_trips"]
    assert (trip["host"], trip["address"], trip["port"], trip["connects_n"]) == (THERE, THERE, far_server.port, 5)
    assert 2e3 * ONE_WAY_MS <= trip["min_us"] <= trip["median_us"] < 10e3 * ONE_WAY_MS
    assert {s["round_trip_us"] for s in got["streams"]} == {trip["min_us"]}
    checks = [c for c in got["checks"] if c["rule"] == "R25"]
    assert [(c["scope"], c["level"]) for c in checks] == [("one", "WARN"), ("two", "WARN")] and all(50 < c["value"] <= 100 for c in checks)
    assert re.search(r"   round trip 4\d\.\d ms", summary) and re.search(r"^  R25 +one: of the median is the round trip to the target: \d", summary, re.M)
    assert "Run closer to the target." in summary
    assert run("loadgen", "analysis", "summary", "far").stdout == summary
    far = r"the round trip to the target, 4\d\.\d ms, is \d+ % of the median of one and \d+ % of the median of two: most of what is compared is the"
    compared = " ".join(run("loadgen", "analysis", "compare", "far", expect=(0, 1, 4)).stdout.split())
    assert re.search(far, compared)
    run("loadgen", "analysis", "report", "far", env={"PATH": "/nonexistent"})
    page = (tmp_path / "far/report.html").read_text()
    assert re.search(r"The round trip to the target, 4\d\.\d ms, is \d+ % of the median: most of what is compared is the network\.", page)
    assert f"{THERE}: median 4" in page


def test_the_object_for_programs_has_it(run, far_server):
    printed = json.loads(run("loadgen", f"http://{THERE}:{far_server.port}/", "-n", 20, "-c", 1, "--no-results", "--json").stdout)
    (trip,) = printed["round_trips"]
    assert printed["streams"][0]["round_trip_us"] == trip["min_us"] >= 2e3 * ONE_WAY_MS
    assert [c["level"] for c in printed["checks"] if c["rule"] == "R25"] == ["WARN"]


def test_a_server_on_the_loopback_is_not_asked(run, nginx, tmp_path):
    run("loadgen", f"http://127.0.0.1:{nginx().port}/", "-n", 4, "-c", 1, "--out", "run", "--progress", "none")
    got = run_json(tmp_path / "run")
    assert got["round_trips"] == [] and got["streams"][0]["round_trip_us"] is None
    assert not [c for c in got["checks"] if c["rule"] == "R25"]


def test_the_lab_is_measured_although_it_is_near(deployment, programs, tmp_path):
    deployment.up("--service-time", "0")
    (tmp_path / "near.yaml").write_text(re.sub(r"cluster: (one|two)", "cluster: cluster1", SCENARIO).format(host="", port="").replace("http://:", "deployment"))
    programs.run("loadgen", "run", "near.yaml", "--deployment", deployment.path, "--out", "near", "--progress", "none")
    got = run_json(tmp_path / "near")
    assert [t["port"] for t in got["round_trips"]] == [deployment.json["load_balancer"]["port"]]
    assert {c["level"] for c in got["checks"] if c["rule"] == "R25"} == {"OK"}, "it is shorter than 1 ms, whatever its share"
