#!/usr/bin/env python3
"""shop.py [options]: a shop with logins, carts and orders, and an API whose tokens expire. It checks that each request belongs to its session.

Account NAME has the password `pw-NAME`. A request that mixes two sessions (the token of one, the cookie, the name or the search of another)
is answered with 409. At the end (SIGTERM) it writes what it saw to --log: a line of JSON per request, see Seen in shop_log.py. The first
line of stdout is its port.
"""

import argparse
import asyncio
import gzip
import json
import secrets
import signal
import string
import time
import urllib.parse
import zlib

RAW = string.ascii_letters + string.digits + " \u00e9"  # some of which no server should send, in a Location
REASONS = {200: "OK", 204: "No Content", 303: "See Other", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class Account:
    """One login: who it is, what was searched last, whether its token was used."""

    def __init__(self, name):
        self.name, self.made_s, self.found, self.is_used = name, time.monotonic(), None, False


class Request:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = lines[0].split(" ", 2)
        self.path, _, self.query = self.target.partition("?")
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.cookies = dict(pair.split("=", 1) for pair in self.headers.get("cookie", "").split("; ") if "=" in pair)
        self.body = body


class Shop:
    def __init__(self, settings):
        self.settings = settings
        self.by_cookie, self.by_token = {}, {}
        self.active = {}  # how many sessions each name has
        self.seen = []
        self.began_s = None
        self.n_orders = self.n_bearers = 0

    def log_in(self, name):
        account = Account(name)
        sid, token = secrets.token_hex(8), secrets.token_hex(16)
        self.by_cookie[sid] = self.by_token[token] = account
        return sid, token

    def bearer(self, request, seen):
        """The account of the request's token; None: there is none, or it has expired."""
        word = request.headers.get("authorization", "").removeprefix("Bearer ")
        account = self.by_token.get(word)
        if not account:
            return None
        seen["who"], seen["token"], seen["age_s"] = account.name, word, round(time.monotonic() - account.made_s, 6)
        if self.settings.token_life and seen["age_s"] > self.settings.token_life:
            return None
        self.n_bearers += 1
        if self.settings.steal_every and self.n_bearers >= self.settings.steal_every and account.is_used:
            del self.by_token[word]
            self.n_bearers = 0
            return None
        account.is_used = True
        return account

    def post_login(self, request, seen):
        given = json.loads(request.body)
        seen["who"] = given["user"]
        if self.settings.refuse:
            return 401, {}
        if given["password"] != f"pw-{given['user']}":
            return 403, {"state": "refused"}
        seen["active_n"] = self.active[given["user"]] = self.active.get(given["user"], 0) + 1
        seen["sid"], token = self.log_in(given["user"])
        return 200, {"state": "ok", "auth": {"token": token}}, f"Set-Cookie: sid={seen['sid']}; Path=/; HttpOnly\r\n"

    def get_search(self, request, seen):
        account = self.by_cookie.get(request.cookies.get("sid"))
        if not account:
            return 401, {}
        seen["who"], seen["note"] = account.name, urllib.parse.unquote(request.query.removeprefix("q="))
        account.found = zlib.crc32(seen["note"].encode())
        return 200, {"hits": [{"title": seen["note"], "id": account.found}, {"id": 0}], "user": account.name}

    def post_orders(self, request, seen):
        account, by_cookie = self.bearer(request, seen), self.by_cookie.get(request.cookies.get("sid"))
        given = json.loads(request.body)
        seen["note"] = given["note"]
        if not account:
            return 401, {}
        if account is not by_cookie or given != {"item": account.found, "note": f"for {account.name}", "gift": False}:
            return 409, {"expected": account.found}
        self.n_orders += 1
        name = "".join(c if c in RAW else urllib.parse.quote(c, safe="") for c in account.name)
        to = f"orders/{self.n_orders}?for={name}"
        return 303, {}, f"Location: {to}\r\nSet-Cookie: order={self.n_orders}; Path=/orders\r\n"

    def get_order(self, request, seen):
        account = self.by_cookie.get(request.cookies.get("sid"))
        if not account:
            return 401, {}
        seen["who"] = account.name
        if request.cookies.get("order") != request.path.rpartition("/")[2] or urllib.parse.unquote(request.query) != f"for={account.name}" or \
                request.body:
            return 409, {}
        return 200, f"Thank you, {account.name}!"

    def post_logout(self, request, seen):
        account = self.by_cookie.pop(request.cookies.get("sid"), None)
        if not account:
            return 401, {}
        seen["who"] = account.name
        self.active[account.name] -= 1
        return 204, None, "Set-Cookie: sid=gone; Max-Age=0; Path=/\r\n"

    def post_token(self, request, seen):
        given = dict(urllib.parse.parse_qsl(request.body.decode()))
        seen["who"] = given["client_id"]
        if self.settings.refuse:
            return 401, {}
        if given["client_secret"] != f"pw-{given['client_id']}":
            return 403, {}
        _, token = self.log_in(given["client_id"])
        return 200, {"access_token": token, "expires_in": self.settings.token_life or 3600}

    def get_items(self, request, seen):
        account = self.bearer(request, seen)
        if not account or self.settings.refuse_items:
            return 401, {}
        if request.path == "/v1/items":
            return 200, {"items": [{"id": f"{account.name}-7", "n": 1.50}]}
        item = urllib.parse.unquote(request.path.rpartition("/")[2])
        return (200, {"id": item}) if item == f"{account.name}-7" else (409, {})

    def answer(self, request):
        """(status, body, further headers), and what is noted of it."""
        seen = {"at_s": round(time.monotonic(), 6), "method": request.method, "target": request.target,
                "sid": request.cookies.get("sid"), "mark": request.headers.get("x-mark"), "has_order": "order" in request.cookies}
        routes = {("POST", "/login"): self.post_login, ("GET", "/search"): self.get_search, ("POST", "/orders"): self.post_orders,
                  ("POST", "/logout"): self.post_logout, ("POST", "/oauth/token"): self.post_token}
        route = routes.get((request.method, request.path))
        if not route and request.method == "GET":
            route = self.get_order if request.path.startswith("/orders/") else self.get_items if request.path.startswith("/v1/items") else None
        answer = route(request, seen) if route else (404, {})
        seen["status"] = answer[0]
        self.seen.append(seen)
        return answer, seen

    def delay_s(self, request):
        """How long the answer is held back: --stall PATH:FROM_S:FOR_S, seconds since the first request."""
        now_s = time.monotonic()
        self.began_s = self.began_s or now_s
        if self.settings.stall:
            path, from_s, for_s = self.settings.stall.split(":")
            since_s = now_s - self.began_s - float(from_s)
            if request.path == path and 0 <= since_s < float(for_s):
                return float(for_s) - since_s
        return self.settings.delay_ms / 1000


def to_bytes(request, status, body, headers=""):
    data = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        data, headers = gzip.compress(data, 1), headers + "Content-Encoding: gzip\r\n"
    length = "" if status == 204 else f"Content-Length: {len(data)}\r\n"
    return f"HTTP/1.1 {status} {REASONS[status]}\r\n{headers}{length}\r\n".encode() + (b"" if status == 204 else data)


class Connection(asyncio.Protocol):
    n_made = 0

    def __init__(self, shop):
        self.shop, self.bytes, self.transport, self.idle = shop, b"", None, None
        Connection.n_made += 1
        self.number = Connection.n_made

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if self.idle:
            self.idle.cancel()
        self.bytes += data
        while b"\r\n\r\n" in self.bytes:
            head, _, rest = self.bytes.partition(b"\r\n\r\n")
            request = Request(head, b"")
            length = int(request.headers.get("content-length", 0))
            if len(rest) < length:
                return
            request.body, self.bytes = rest[:length], rest[length:]
            self.reply(request)

    def reply(self, request):
        delay_s = self.shop.delay_s(request)
        answer, seen = self.shop.answer(request)
        seen["connection"] = self.number
        data = to_bytes(request, *answer)
        if delay_s > 0:
            asyncio.get_running_loop().call_later(delay_s, self.transport.write, data)
        else:
            self.transport.write(data)
        if self.shop.settings.idle_ms:
            self.idle = asyncio.get_running_loop().call_later(delay_s + self.shop.settings.idle_ms / 1000, self.transport.close)


async def serve(shop):
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await loop.create_server(lambda: Connection(shop), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await ended.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--token-life", type=float, default=0, help="seconds; 0: for ever")
    parser.add_argument("--steal-every", type=int, default=0, help="each n-th request with a used token finds that it was revoked")
    parser.add_argument("--refuse", action="store_true", help="refuse all logins")
    parser.add_argument("--refuse-items", action="store_true", help="no token is good for /v1/items")
    parser.add_argument("--stall", help="PATH:FROM_S:FOR_S")
    parser.add_argument("--idle-ms", type=float, default=0, help="closes a connection that was idle for so long")
    parser.add_argument("--delay-ms", type=float, default=0)
    shop = Shop(parser.parse_args())
    asyncio.run(serve(shop))
    with open(shop.settings.log, "w", encoding="utf-8") as log:
        for seen in shop.seen:
            log.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main()
