# ctest: release
"""What rank 0 shows of all ranks while they run: their sum, in a terminal and to Prometheus, and one that stands still."""

import os
import re
import signal
import time

import watched
from fleet import Fleet
from programs import wait_until
from run_folder import RunFolder, check_whole

SCENARIO = """\
target: {url}
streams:
  - name: arrivals
    request: /
    connections: 8
    phases: [{{ rate: 800/s, duration: 11s }}]
"""
STOPPED_S = 5  # lost after 3 s


def shown(text):
    """The line of the plain view at 10 s: what is done, and the generators."""
    found = re.search(r"^00:1\d of 00:11   ([\d ]+)/8 800 done   .* failed   (.*)$", text, re.MULTILINE)
    assert found, text
    return int(found[1].replace(" ", "")), found[2]


def test_a_rank_that_stands_still_is_shown_and_makes_the_run_invalid(programs, nginx, tmp_path):
    server = nginx()
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO.format(url=server.url))
    fleet = Fleet(programs)
    running = fleet.start(4, path, "-o", tmp_path / "run", "--progress=plain", "--keep-going")
    last = fleet.pids(4)[3]
    wait_until(lambda: (server.folder / "access.log").stat().st_size > 0, "requests")
    time.sleep(1)
    os.kill(last, signal.SIGSTOP)
    time.sleep(STOPPED_S)
    os.kill(last, signal.SIGCONT)
    assert running.wait() == 0, running.stderr
    done, generators = shown(running.stderr)
    assert 5000 < done <= 8800 and re.match(r"4 generators(, \d told)?: at most \d+ % CPU", generators)
    assert re.search(r"rank 3\)? (was|has been) silent for ([5-9]|1\d)\.\d+ s$", generators), generators
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    assert folder.totals["sent_n"] == len(server.stop_and_read_log()) == 8800  # it sent late what was due meanwhile
    late = [check for check in folder.run["checks"] if check["rule"] == "R3" and check["level"] == "INVALID"]
    assert late and all("share 4" in check["what"] for check in late)


def test_the_final_metrics_are_those_of_all_generators(programs, nginx, tmp_path):
    server = nginx()
    running = Fleet(programs).start(3, server.url, "--rate", "400/s", "-d", "1500ms", "-o", tmp_path / "run", "-q", "--metrics-listen", 0,
                                    "--linger", "60s")
    url = watched.address(running, "metrics")
    text = wait_until(lambda: (text := watched.fetch(url)[0]) and "\nloadgen_run_ended 1" in text and text, "the final values")
    assert running.wait() in (0, 4)
    found = watched.samples(text)
    stream = (("cluster", "target"), ("stream", "quick"))
    assert found[("loadgen_requests_sent_total", *stream)] == len(server.stop_and_read_log()) == 600
    assert found[("loadgen_responses_total", stream[0], ("code", "200"), stream[1])] == 600
    assert found[("loadgen_good_time_seconds_count", *stream)] == 600
    assert sum(key[0] == "loadgen_generator_cpu_ratio" for key in found) == 3
    assert RunFolder(tmp_path / "run").totals["ok_n"] == 600
