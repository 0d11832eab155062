# ctest: release
"""Memory is bounded by what is in use, and what does not fit is reported."""

import pathlib
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from programs import ROOT
from run_folder import RunFolder, check_whole

QUIET = ("--progress", "none")
MIB = 1024 * 1024


def peak_bytes(running):
    """The peak memory of a program, sampled until it ends."""
    peak = 0
    while running.process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{running.process.pid}/status").read_text(encoding="ascii")
            peak = max([peak] + [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")])
        except OSError:
            pass
        time.sleep(0.01)
    return peak


def recomputes_to_the_same(run, folder, to):
    to.mkdir()
    run("loadgen", "analysis", "recompute", folder.path, "--out", to)
    return all((to / name).read_bytes() == (folder.path / name).read_bytes() for name in ("percentiles.csv", "instances.csv", "phases.csv"))


def test_phases_that_are_over_cost_no_memory(nginx, start, run, tmp_path):
    """8 streams of 30 phases of 50 ms, 1 600/s: it used to take 450 MB."""
    server = nginx(log=False)
    phases = "".join("      - { rate: 200/s, duration: 50ms }\n" for _ in range(30))
    streams = "".join(f"  - name: s{i}\n    request: {{ path: /cluster1 }}\n    arrivals: constant\n    connections: 8\n    phases:\n{phases}"
                      for i in range(8))
    (tmp_path / "many.yaml").write_text(f"name: many\ntarget: {server.url}\nstreams:\n{streams}")
    peak = peak_bytes(start("loadgen", "run", tmp_path / "many.yaml", "-t", 2, "--out", tmp_path / "run", *QUIET))
    folder = RunFolder(tmp_path / "run")
    assert folder.totals["done_n"] == 8 * 30 * 10
    assert peak < 60 * MIB
    assert recomputes_to_the_same(run, folder, tmp_path / "again")


def test_ids_that_are_not_kept_cost_no_memory_and_are_said(nginx, start, run, tmp_path):
    """Each answer names another instance; 4096 are kept. 16 threads used to take 1 GB."""
    server = nginx(body="Instance $request_id is here", log=False)
    (tmp_path / "ids.yaml").write_text(
        f"name: ids\ntarget: {server.url}\nstreams:\n  - name: s\n    cluster: c\n    request: {{ path: / }}\n"
        '    expect: { body: "Instance {instance} is here" }\n    users: 16\n    phases: [ { requests: 12000 } ]\n')
    running = start("loadgen", "run", tmp_path / "ids.yaml", "-t", 8, "--out", tmp_path / "run", *QUIET)
    peak = peak_bytes(running)
    folder = RunFolder(tmp_path / "run")
    assert folder.totals["ok_n"] == 12000 and peak < 150 * MIB
    assert "7 904 more answers are in none: there are more ids than are kept" in " ".join(running.stdout.split())
    assert "as even as" not in running.stdout
    [check] = [c for c in folder.run["checks"] if c["rule"] == "R20"]
    assert (check["scope"], check["level"], check["value"]) == ("s", "WARN", 7904)
    rows = folder.rows("instances.csv")
    assert len(rows) == 4097 and not any(row["expected_n"] or row["p_uneven"] for row in rows)
    assert (rows[-1]["instance"], rows[-1]["ok_n"]) == ("", "7904")
    assert recomputes_to_the_same(run, folder, tmp_path / "again")
    told = " ".join(run("loadgen", "analysis", "summary", folder.path).stdout.split())
    assert "7 904 more answers are in none: there are more ids than are kept" in told and "as even as" not in told


@pytest.fixture(name="short", scope="session")
def fixture_short(tmp_path_factory):
    library = tmp_path_factory.mktemp("short") / "short_memory.so"
    source = ROOT / "tests/e2e/lib/short_memory.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-std=c11", "-D_GNU_SOURCE", source, "-o", library], check=True)
    return lambda at, stays, count: {"LD_PRELOAD": str(library), "SHORT_MEMORY_AT": str(at), "SHORT_MEMORY_STAYS": "01"[stays],
                                     "SHORT_MEMORY_COUNT": str(count)}


def test_memory_that_runs_out_at_any_moment_is_a_whole_run_or_a_failed_one(emulator, run, short, tmp_path):
    """A sample of points in time, from reading the scenario to writing the last file."""
    server = emulator()
    (tmp_path / "one.yaml").write_text(
        f"name: one\ntarget: {server.url}\nstreams:\n  - name: open\n    request: {{ path: /cluster1 }}\n    arrivals: constant\n    connections: 4\n"
        "    phases: [ { rate: 300/s, duration: 1100ms } ]\n"
        '  - name: made\n    request: { path: /cluster1, method: POST, body: "n {counter}" }\n    users: 2\n    phases: [ { requests: 100 } ]\n')

    def at(k, stays, expect):
        name = f"{k}-{int(stays)}"
        done = run("loadgen", "run", tmp_path / "one.yaml", "-t", 2, "-q", "--out", tmp_path / name, *QUIET, expect=expect,
                   env=short(k, stays, tmp_path / f"{name}.count"))
        return done, tmp_path / name

    _, whole = at(0, False, 0)
    totals = RunFolder(whole).totals
    n = int((tmp_path / "0-0.count").read_text())

    def try_one(k, stays):
        done, path = at(k, stays, (0, 1))
        if done.returncode == 1:
            assert "memory" in done.stderr, k
            assert not (path / "run.json").exists() or RunFolder(path).run["end"] in ("failed", "running"), k
            return
        folder = RunFolder(path)
        assert folder.run["end"] == "done", k
        check_whole(folder)
        assert folder.totals["done_n"] == totals["done_n"], k

    # libuv ends the program when one of the few blocks of a loop is refused (uv_loop_init): those lie between 200 and 600.
    moments = [(k, False) for k in (3, 60, 200, 600, 900, n // 3, n // 2, n - 300)] + [(k, True) for k in (700, n // 2, n - 200)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda moment: try_one(*moment), moments))
