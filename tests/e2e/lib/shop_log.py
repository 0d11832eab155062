"""The shop of shop.py as tests see it: what it was asked, and whether each request belonged to its session.

Requests of the scenarios carry `X-Mark: {user}-{counter}`, so that the log has the user and the pass as loadgen numbers them.
"""

import collections
import json
from dataclasses import dataclass
from typing import Optional

from run_folder import RunFolder, check_whole
from servers import Server


@dataclass
class Seen:
    """A request as the shop saw it."""
    at_s: float
    method: str
    target: str
    status: int
    connection: int
    mark: Optional[str] = None       # X-Mark
    sid: Optional[str] = None        # the session's cookie, or the one that a login has set
    who: Optional[str] = None        # the account that it belongs to
    note: Optional[str] = None       # what was searched, or the order's note
    token: Optional[str] = None      # that it carried, with its age
    age_s: Optional[float] = None
    active_n: Optional[int] = None   # logins: sessions of this account that are not logged out, this one included
    has_order: bool = False          # it carried the cookie of an order

    @property
    def row(self):
        """The row of loadgen's results that it belongs to, by the names of the scenarios."""
        path = self.target.partition("?")[0]
        if path.startswith("/orders/"):
            return "order_redirect"
        if path.startswith("/v1/items/"):
            return "item"
        return {"/login": "login", "/search": "search", "/orders": "order", "/logout": "logout", "/oauth/token": "token",
                "/v1/items": "list"}[path]


class Shop(Server):
    def __init__(self, running, port, log):
        super().__init__(running, port)
        self.log = log

    def stop_and_read(self):
        """Ends it and returns what it saw, in order."""
        assert self.stop() == 0, self.running.stderr
        with open(self.log, encoding="utf-8") as log:
            return [Seen(**json.loads(line)) for line in log]


def by(seen, field):
    """Lists of those that have the field, by its value."""
    groups = collections.defaultdict(list)
    for one in seen:
        if getattr(one, field) is not None:
            groups[getattr(one, field)].append(one)
    return groups


def n_by_row(seen):
    return collections.Counter(one.row for one in seen)


def check_nothing_mixed(seen):
    """No request mixed two sessions; each session and each user belongs to one account."""
    assert not [one for one in seen if one.status in (403, 404, 409)]
    for field in ("sid", "token", "mark"):
        for value, group in by(seen, field).items():
            assert len({one.who for one in group if one.who}) <= 1, f"{field} {value}: {group}"


def run_shop(run, out, scenario, *options, expect=0):
    """Runs it and returns the run folder, whose files must agree."""
    run("loadgen", "run", scenario, "--out", out, "--progress", "plain", "-q", *options, expect=expect)
    folder = RunFolder(out)
    check_whole(folder)
    return folder


def row_counts(folder, stream):
    """{row: {sent_n, ok_n}} of a session stream."""
    totals, = (each for each in folder.run["stream_totals"] if each["stream"] == stream)
    return {row["row"]: {"sent_n": row["done_n"] + row["censored_n"], "ok_n": row["ok_n"]} for row in totals["rows"]}


def percentile_ms(folder, stream, step, percent):
    """The headline percentile of a row over all that were sent, failed ones included."""
    value, = (each["value_us"] for each in folder.rows("percentiles.csv")
              if (each["stream"], each["step"], each["phase"], each["class"]) == (stream, step, "all", "all")
              and each["metric"] in ("response", "busy") and int(each["p_ppm"]) == percent * 10_000)
    return float(value) / 1000
