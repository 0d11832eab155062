"""Runs against the servers of http2_faults: a stream for each, beside one to a server that is good."""

import contextlib
import json

from http2_server import Http2Server
from truth import make_run

N_CONNECTIONS = 3  # to each server
RATE = 30          # open: requests per second for each HTTP/2 stream of a connection


def target(url, **more):
    return {"url": url, "http": "2" if url.startswith("https") else "2-prior-knowledge", **more}


def stream(name, case, url, model, streams):
    """Of the case's requests."""
    request = {"method": case.method, "path": "/", **({"body": case.body} if case.body else {})}
    if model == "closed":
        load = {"users": N_CONNECTIONS * streams, "phases": [{"requests": case.n * streams}]}
    else:
        load = {"arrivals": "constant", "connections": N_CONNECTIONS, "phases": [{"rate": f"{RATE * streams}/s", "duration": f"{1000 * case.n // RATE}ms"}]}
    return {"name": name, "target": target(url, h2_window=case.window_bytes), "timeout": case.timeout, "request": request,
            "streams_per_connection": streams, **load}


def good_stream(url, rate, seconds):
    return {"name": "good", "target": target(url), "timeout": "10s", "request": "/", "arrivals": "constant", "connections": 4,
            "phases": [{"rate": f"{rate}/s", "duration": f"{seconds}s"}]}


def run_against(run, folder, cases, good, model, streams, *options, tls=None):
    """A run whose stream `sI` goes to a server of cases[I]. Returns (run.json, what each server saw)."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Http2Server(case.behave, tls)) for case in cases]
        scenario = folder / "faults.yaml"
        scenario.write_text(json.dumps({"name": "faults", "tls": {"verify": False}, "streams": [
            good, *(stream(f"s{i}", case, server.url, model, streams) for i, (case, server) in enumerate(zip(cases, servers)))]}))
        got, _ = make_run(run, folder / "run", scenario, *options, expect=(0, 1))
    return got, [server.seen for server in servers]
