"""The shop of shop.py as tests see it: what it was asked, and whether each request belonged to its session.

Requests of the scenarios carry `X-Mark: {user}-{counter}`, so that the log has the user and the pass as loadgen numbers them.
"""

import collections
import json
from dataclasses import dataclass
from typing import Optional

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


def by(seen, key):
    groups = collections.defaultdict(list)
    for one in seen:
        groups[key(one)].append(one)
    return groups


def check_nothing_mixed(seen):
    """No request mixed two sessions, and each session belongs to one account and one pass of one user."""
    assert not [one for one in seen if one.status in (403, 409)]
    for kind in ("sid", "token", "mark"):
        for value, group in by([one for one in seen if getattr(one, kind)], lambda one, kind=kind: getattr(one, kind)).items():
            assert len({one.who for one in group if one.who}) <= 1, f"{kind} {value}: {group}"
    users = by([one for one in seen if one.mark and one.who], lambda one: one.mark.partition("-")[0])
    for user, group in users.items():
        assert len({one.who for one in group}) == 1, f"user {user}: {group}"
