"""Reads what a run shows while it goes on: its addresses, its metrics and its events."""

import http.client
import json
import re
import urllib.parse
import urllib.request

from programs import PATIENCE_S, wait_until

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def address(running, what):
    """Where a program in the background serves its "page" or "metrics", which it says on stderr."""
    pattern = {"page": r"watch the run at (http://\S+/)\n", "metrics": r"metrics at (http://\S+/metrics)\n"}[what]
    return wait_until(lambda: re.search(pattern, running.stderr), f"the address of the {what}").group(1)


def fetch(url, accept=None):
    """The body and its content type."""
    request = urllib.request.Request(url, headers={"Accept": accept} if accept else {})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return answer.read().decode(), answer.headers["Content-Type"]


def samples(text):
    """{(name, (label, value), ...): value} of either format."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = re.fullmatch(r'([a-z0-9_]+)(?:\{(.*)\})? (\S+)', line).groups()
        pairs = re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', labels or "")
        key = (name, *sorted(pairs))
        assert key not in found, line
        found[key] = float(value)
    return found


class Events:
    """The events of a page, one after the other: (id, name, data)."""

    def __init__(self, page_url, last_id=None):
        host = page_url.removeprefix("http://").rstrip("/")
        self.connection = http.client.HTTPConnection(host, timeout=PATIENCE_S)
        self.connection.request("GET", "/events", headers={"Last-Event-ID": last_id} if last_id else {})
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200
        assert self.answer.headers["Content-Type"].startswith("text/event-stream")

    def __iter__(self):
        fields = {}
        for line in self.answer:
            line = line.decode().rstrip("\n")
            if line:
                name, value = line.split(": ", 1)
                fields[name] = value
            elif "data" in fields:
                yield fields["id"], fields["event"], json.loads(fields["data"])
                fields = {}

    def close(self):
        self.connection.close()
