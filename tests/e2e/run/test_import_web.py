"""`loadgen import har|openapi|postman`: the session that comes out of it sends what curl sends for the same requests."""

import base64
import itertools
import json
import os
import re
import subprocess

import pytest

from received import compare, once, serve_received


class Api:
    """Gives other tokens and numbers every time, as real servers do, and keeps its answers."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.answers = []

    def answer(self, received, status=200, headers=None, **body):
        text = json.dumps(body).encode() if body else b""
        made = (status, {**({"Content-Type": "application/json"} if body else {}), **(headers or {})}, text)
        self.answers.append((received, made))
        return made

    def login(self, received):
        n = next(self.numbers)
        return self.answer(received, headers={"Set-Cookie": f"sid=sess{n}ion{n * 7919}; Path=/", "X-CSRF-Token": f"csrf-{n}-{n * 104729}"},
                           auth={"access token": f"eyJ{n}.{'ab' * 20}{n}.sig"}, user={"id": 4000 + n, "name": "Ann"})

    def items(self, received):
        n = next(self.numbers)
        return self.answer(received, hits=[{"id": f"it-{n}-é", "n": 5}, {"id": n * 1000 + 17}])

    def made(self, received):
        return self.answer(received, status=201, id=90000 + next(self.numbers))

    def moved(self, received):
        return self.answer(received, status=303, headers={"Location": "/done?ok=1"})

    def plain(self, received):
        return self.answer(received, ok=True)

    @property
    def served(self):
        return {"/login": self.login, "/items": self.items, "/orders": self.made, "/pay": self.moved, "/done": self.plain, "/page": self.page}

    def page(self, received):
        n = next(self.numbers)
        html = f'<form><input type="hidden" name="form_key" value="fk{n}{"x" * 12}"><input name=q></form>'.encode()
        made = (200, {"Content-Type": "text/html; charset=utf-8"}, html)
        self.answers.append((received, made))
        return made


@pytest.fixture(name="api")
def _api():
    return Api()


@pytest.fixture(name="server")
def _server(api):
    with serve_received(api.served) as server:
        yield server


def curl(folder, *words):
    subprocess.run(["curl", "-sS", *words], cwd=folder, check=True, capture_output=True, timeout=60, env={"PATH": os.environ["PATH"]})


def entry(number, received, answer, url):
    """As a browser records it."""
    status, headers, body = answer
    headers_of = [{"name": name, "value": value} for name, value in received.headers]
    request = {"method": received.method, "url": url + received.target, "httpVersion": "HTTP/1.1", "headers": headers_of, "queryString": [], "cookies": []}
    if received.body:
        request["postData"] = {"mimeType": received.header("content-type")[0], "text": received.body.decode()}
    text = {"text": base64.b64encode(body).decode(), "encoding": "base64"} if number % 2 else {"text": body.decode()}
    response = {"status": status, "headers": [{"name": name, "value": value} for name, value in headers.items()], "cookies": [],
                "content": {"size": len(body), "mimeType": headers.get("Content-Type", ""), **text}, "redirectURL": headers.get("Location", "")}
    return {"startedDateTime": f"2026-11-29T10:00:{number:02}.250+01:00", "time": 250.0, "request": request, "response": response}


def replaced(received, old, new):
    """The request with the values of the first time as they are the second time."""
    table = dict(zip(old, new))
    pattern = re.compile("|".join(re.escape(value) for value in sorted(old, key=len, reverse=True)))

    def swap(text):
        return pattern.sub(lambda found: table[found[0]], text)
    return type(received)(received.method, swap(received.target), [(name, swap(value)) for name, value in received.headers],
                          swap(received.body.decode()).encode())


def record(server, api, folder):
    """A user with curl: logs in, searches, orders, pays."""
    url = server.url
    curl(folder, f"{url}/page")
    key = re.search(rb'value="(fk\w+)"', api.answers[-1][1][2])[1].decode()
    curl(folder, f"{url}/login", "-d", f"form_key={key}", "--data-urlencode", "user=Ann O'Neil & Ü", "-d", "password=hunter22")
    login = json.loads(api.answers[-1][1][2])
    headers = api.answers[-1][1][1]
    bearer = ["-H", f"Authorization: Bearer {login['auth']['access token']}", "-b", headers["Set-Cookie"].partition(";")[0]]
    curl(folder, *bearer, f"{url}/items?user={login['user']['id']}&q=caf%C3%A9%20{{x}}", "-g")
    items = json.loads(api.answers[-1][1][2])["hits"]
    body = json.dumps({"item": items[0]["id"], "other": items[1]["id"], "note": "{n} \"q\" é"}, ensure_ascii=False, separators=(", ", ": "))
    curl(folder, *bearer, f"{url}/orders", "-H", "Content-Type: application/json", "-H", f"X-CSRF-Token: {headers['X-CSRF-Token']}", "-d", body)
    order = json.loads(api.answers[-1][1][2])["id"]
    curl(folder, *bearer, f"{url}/orders/{order}/lines/1")
    curl(folder, *bearer, "-L", f"{url}/pay", "-d", f"order={order}")
    return [key, *given(login, headers), items[0]["id"], json.dumps(items[0]["id"])[1:-1], str(items[1]["id"]), str(order)]


def given(login, headers):
    return [login["auth"]["access token"], str(login["user"]["id"]), headers["Set-Cookie"].partition(";")[0], headers["X-CSRF-Token"]]


def values_of(api):
    """The same values as record() returns, from the answers of another run."""
    bodies = {received.target.partition("?")[0]: made for received, made in api.answers}
    login, items = json.loads(bodies["/login"][2]), json.loads(bodies["/items"][2])["hits"]
    key = re.search(rb'value="(fk\w+)"', bodies["/page"][2])[1].decode()
    return [key, *given(login, bodies["/login"][1]), items[0]["id"], json.dumps(items[0]["id"])[1:-1], str(items[1]["id"]),
            str(json.loads(bodies["/orders"][2])["id"])]


def run_imported(programs, server, path, **variables):
    path.write_text(once(path.read_text(encoding="utf-8")), encoding="utf-8")
    server.received.clear()
    programs.env.update(variables)
    programs.run("loadgen", "plan", path)
    programs.run("loadgen", "run", path, "--progress", "none")
    return list(server.received)


def test_a_recording_is_sent_again_with_the_values_of_this_time(programs, server, api, tmp_path):
    old = record(server, api, tmp_path)
    theirs = list(server.received)
    entries = [entry(n, received, made, server.url) for n, (received, made) in enumerate(by_order(api, server))]
    entries.insert(2, {**entries[0], "request": {**entries[0]["request"], "url": "https://cdn.example/x.js"}})
    entries.append({**entries[0], "_resourceType": "image"})
    (tmp_path / "shop.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries[::-1]}}), encoding="utf-8")
    api.answers.clear()
    programs.run("loadgen", "import", "har", "shop.har", "-o", "shop.yaml")
    scenario = (tmp_path / "shop.yaml").read_text(encoding="utf-8")
    for secret in [*old[:2], *old[3:5], "hunter22"]:
        assert secret not in scenario
    assert "requests to other origins: 1" in scenario and "images, styles" in scenario and "think: 750ms" in scenario
    ours = run_imported(programs, server, tmp_path / "shop.yaml", PASSWORD="hunter22")
    new = values_of(api)
    assert old[:5] != new[:5]
    compare(ours, [replaced(one, old, new) for one in theirs])


def by_order(api, server):
    """Requests with their answers, those of unknown paths too."""
    made = {id(received): answer for received, answer in api.answers}
    return [(one, made.get(id(one), (200, {}, b"ok"))) for one in server.received]


DESCRIPTION = """
openapi: 3.0.3
info: { title: "Shop", version: "1" }
servers: [ { url: "{scheme}://127.0.0.1:@PORT@/", variables: { scheme: { default: http } } } ]
security: [ { bearer: [] } ]
x-anchor: &limit { type: integer, default: 20 }
paths:
  /orders/{id}/lines/{line}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
      - { name: line, in: path, required: true, schema: { type: string }, example: "a b/é" }
    get: { operationId: getLine, responses: { "200": { description: ok, content: { application/json: {} } } } }
    delete:
      operationId: removeLine
      parameters: [ { $ref: "#/components/parameters/Trace" } ]
      responses: { "200": { description: ok } }
  /orders:
    post:
      operationId: makeOrder
      requestBody: { $ref: "#/components/requestBodies/Order" }
      responses:
        "201":
          description: made
          links:
            line: { operationId: getLine, parameters: { id: "$response.body#/id" } }
            remove: { operationId: removeLine, parameters: { path.id: "$response.body#/id" } }
    get:
      parameters:
        - { name: limit, in: query, schema: *limit }
        - { name: q, in: query, schema: { type: string, enum: [ "x&y", z ] } }
        - { name: owner, in: query, required: true, schema: { type: string } }
        - { name: page, in: query, schema: { type: integer } }
      security: [ { key: [] } ]
      responses: { default: { description: any } }
  /form:
    put:
      security: []
      requestBody:
        content:
          application/xml: {}
          application/x-www-form-urlencoded:
            schema: { type: object, properties: { note: { type: string, example: "ü & é" }, n: { type: integer, example: 3 } } }
      responses: {}
components:
  securitySchemes: { bearer: { type: http, scheme: bearer }, key: { type: apiKey, in: header, name: X-Key } }
  parameters: { Trace: { name: X-Trace, in: header, schema: { default: "t {1}" } } }
  requestBodies:
    Order: { content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
  schemas:
    Order:
      required: [ item, count ]
      properties:
        id: { type: integer, readOnly: true }
        item: { type: string, example: "say \\"{hi}\\" é" }
        count: { type: integer }
        gift: { type: boolean, default: false }
        tags: { type: array, items: { type: string, enum: [ a b, c ] } }
        parent: { $ref: "#/components/schemas/Order" }
"""


def test_an_api_is_called_as_its_description_says(programs, server, api, tmp_path):
    (tmp_path / "api.yaml").write_text(DESCRIPTION.replace("@PORT@", server.url.rpartition(":")[2]), encoding="utf-8")
    programs.run("loadgen", "import", "openapi", "api.yaml", "-o", "calls.yaml")
    scenario = (tmp_path / "calls.yaml").read_text(encoding="utf-8")
    assert "parameter owner of orders, for which no value is given" in scenario
    assert "the environment variable" in programs.run("loadgen", "plan", "calls.yaml", expect=2).stderr
    ours = run_imported(programs, server, tmp_path / "calls.yaml", TOKEN="tok/1", OWNER="a b", COUNT="7", KEY="k1")
    order = json.loads(api.answers[0][1][2])["id"]
    server.received.clear()
    url, bearer = server.url, ["-H", "Authorization: Bearer tok/1", "-H", "Accept:"]
    body = '{"item":"say \\"{hi}\\" é","count":7,"gift":false,"tags":["a b"]}'
    curl(tmp_path, *bearer, f"{url}/orders", "-H", "Content-Type: application/json", "-d", body)
    curl(tmp_path, *bearer[:2], "-H", "Accept: application/json", f"{url}/orders/{order}/lines/a%20b%2F%C3%A9")
    curl(tmp_path, *bearer, "-X", "DELETE", f"{url}/orders/{order}/lines/a%20b%2F%C3%A9", "-H", "X-Trace: t {1}")
    curl(tmp_path, "-H", "Accept:", "-H", "X-Key: k1", f"{url}/orders?limit=20&q=x%26y&owner=a%20b")
    curl(tmp_path, "-H", "Accept:", "-X", "PUT", f"{url}/form", "-d", "note=%C3%BC+%26+%C3%A9&n=3")
    compare(ours, server.received)


COLLECTION = {
    "info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{authToken}}"}]},
    "variable": [{"key": "base", "value": "http://{{host}}"}, {"key": "greeting", "value": "hi {there} \"é\""}, {"key": "api_key", "value": "k3y-k3y-k3y"}],
    "item": [
        {"name": "Log in", "item": [{
            "name": "with password",
            "event": [{"listen": "test", "script": {"exec": ["const data = pm.response.json();", "pm.environment.set('authToken', data.auth['access token']);",
                                                             "// pm.environment.set('ghost', data.ghost);", "pm.collectionVariables.set(\"user id\", data.user.id);",
                                                             "pm.globals.set('csrf', pm.response.headers.get('X-CSRF-Token'));",
                                                             "pm.test('ok', () => pm.response.to.have.status(200));"]}}],
            "request": {"method": "POST", "auth": {"type": "noauth"}, "header": [{"key": "X-Api-Key", "value": "{{api_key}}"}, {"key": "X-Off", "value": "1", "disabled": True}],
                        "url": {"raw": "{{base}}/login?x=a b"},
                        "body": {"mode": "raw", "raw": "{\n  \"user\": \"{{login}}\",\n  \"password\": \"hunter22\"\n}", "options": {"raw": {"language": "json"}}}}}]},
        {"name": "Find", "request": {"method": "GET", "header": [], "url": {"raw": "{{base}}/users/:who/:what", "variable": [
            {"key": "who", "value": "{{user id}}"}, {"key": "what", "value": "all"}]}}},
        {"name": "Write ü", "request": {"method": "POST", "header": [{"key": "X-Csrf-Token", "value": "{{csrf}}"}], "url": "{{base}}/notes", "body": {"mode": "urlencoded", "urlencoded": [
            {"key": "text", "value": "{{greeting}} & more"}, {"key": "by", "value": "{{user id}}"}, {"key": "off", "value": "1", "disabled": True}]}}},
        {"name": "Query", "request": {"method": "POST", "auth": {"type": "basic", "basic": [{"key": "username", "value": "ann"}, {"key": "password", "value": "p:w"}]}, "url": "{{base}}/graphql",
                                      "body": {"mode": "graphql", "graphql": {"query": "query { user(id: 1) { name } }", "variables": "{\"id\": {{user id}}}"}}}},
    ],
}


def test_a_collection_is_sent_in_its_order(programs, server, api, tmp_path):
    (tmp_path / "shop.json").write_text(json.dumps(COLLECTION), encoding="utf-8")
    environment = {"name": "here", "_postman_variable_scope": "environment", "values": [{"key": "host", "value": server.url.partition("//")[2], "enabled": True}]}
    (tmp_path / "here.json").write_text(json.dumps(environment), encoding="utf-8")
    programs.run("loadgen", "import", "postman", "shop.json", "here.json", "-o", "shop.yaml")
    scenario = (tmp_path / "shop.yaml").read_text(encoding="utf-8")
    assert "hunter22" not in scenario and "k3y" not in scenario and "p:w" not in scenario
    ours = run_imported(programs, server, tmp_path / "shop.yaml", API_KEY="k3y-k3y-k3y", LOGIN="Ann", PASSWORD="hunter22", BASIC_AUTH="ann:p:w")
    _, headers, body = api.answers[0][1]
    token, user = json.loads(body)["auth"]["access token"], json.loads(body)["user"]["id"]
    cookie = ["-H", "Accept:", "-b", headers["Set-Cookie"].partition(";")[0]]
    url, bearer = server.url, [*cookie, "-H", f"Authorization: Bearer {token}"]
    server.received.clear()
    curl(tmp_path, "-H", "Accept:", "-H", "X-Api-Key: k3y-k3y-k3y", f"{url}/login?x=a%20b", "-H", "Content-Type: application/json",
         "--data-binary", "{\n  \"user\": \"Ann\",\n  \"password\": \"hunter22\"\n}")
    curl(tmp_path, *bearer, f"{url}/users/{user}/all")
    curl(tmp_path, *bearer, f"{url}/notes", "-H", f"X-CSRF-Token: {headers['X-CSRF-Token']}", "-d",
         f"text=hi+%7Bthere%7D+%22%C3%A9%22+%26+more&by={user}")
    curl(tmp_path, *cookie, "-u", "ann:p:w", f"{url}/graphql", "-H", "Content-Type: application/json", "-d",
         f'{{"query":"query {{ user(id: 1) {{ name }} }}","variables":{{"id": {user}}}}}')
    compare(ours, server.received)


def test_a_large_api_becomes_several_sessions(run, tmp_path):
    paths = {f"/r{n}/{{id}}": {method: {"tags": [f"tag {n % 2}"], "parameters": [{"name": "id", "in": "path", "required": True}], "responses": {}}
                               for method in ("get", "post")} for n in range(50)}
    (tmp_path / "api.json").write_text(json.dumps({"openapi": "3.1.0", "servers": [{"url": "/v2"}], "paths": paths}))
    text = run("loadgen", "import", "openapi", "api.json", "-o", "api.yaml") and (tmp_path / "api.yaml").read_text()
    assert "servers: no host is given" in text and text.count("- name: tag-") == 4 and text.count("path: ") == 100
    run("loadgen", "plan", "api.yaml", expect=2)
    assert "/v2/r3/(given)" in run("loadgen", "plan", "api.yaml", env={"ID": "7"}).stdout


def test_a_recorded_body_may_hold_any_byte(run, tmp_path):
    entry_of = {"startedDateTime": "2026-03-01T10:00:00Z", "response": {"status": 200, "content": {"mimeType": "application/json", "text": "\0"}},
                "request": {"method": "POST", "url": "http://a/x", "postData": {"mimeType": "application/octet-stream", "text": "\0\1{x}"}}}
    (tmp_path / "bytes.har").write_text(json.dumps({"log": {"entries": [entry_of]}}))
    run("loadgen", "import", "har", "bytes.har", "-o", "bytes.yaml")
    assert (tmp_path / "bytes-body-1").read_bytes() == b"\0\1{x}"


@pytest.mark.parametrize("url, versions, http, note", [
    ("https://a/", ["HTTP/2", "h2", "http/2.0"], "http: 2", None),
    ("https://a/", ["h3", "h3", "http/1.1"], "http: 2", "requests over HTTP/3, which are sent over HTTP/2: 2"),
    ("https://a/", ["h2", "HTTP/1.1", ""], None, "requests over HTTP/2 or HTTP/3, which are sent over HTTP/1.1: 1"),
    ("http://a/", ["HTTP/1.1", "HTTP/1.0", "unknown"], None, None),
])
def test_the_version_of_http_is_that_of_most_recorded_requests(run, tmp_path, url, versions, http, note):
    entries = [{"startedDateTime": "2026-03-01T10:00:00Z", "response": {"status": 200}, "request": {"method": "GET", "url": url, "httpVersion": version}}
               for version in versions]
    (tmp_path / "v.har").write_text(json.dumps({"log": {"entries": entries}}))
    text = run("loadgen", "import", "har", "v.har").stdout
    assert ("\n  http: " in text) == bool(http) and (not http or http in text)
    assert ("which are sent over" in text) == bool(note) and (not note or note in text)


def test_a_long_recording_ends_with_what_a_session_holds(run, tmp_path):
    """As Firefox writes it: parameters in place of text, names repeated, bytes that no request line holds."""
    entries = [{"startedDateTime": f"2026-03-01T10:00:{n:02}.5+02:00", "time": 100,
                "request": {"method": "POST" if n % 3 == 0 else "GET", "url": f"https://shop.example:443/a{n}?y=%20a|b\"ü", "headers": [
                    {"name": "Host", "value": "shop.example"}, {"name": "Cookie", "value": "a=b"}, {"name": "X-ü", "value": "v"}],
                    **({"postData": {"mimeType": "application/x-www-form-urlencoded", "text": "", "params": [
                        {"name": "t[]", "value": "1 ü"}, {"name": "t[]", "value": "{x}"}]}} if n % 3 == 0 else {})},
                "response": {"status": 200 if n % 5 else 304, "headers": [], "content": {"mimeType": "text/html", "text": "<p>"}}} for n in range(50)]
    (tmp_path / "ff.har").write_text(json.dumps({"log": {"entries": entries}}))
    run("loadgen", "import", "har", "ff.har", "-o", "ff.yaml")
    text = (tmp_path / "ff.yaml").read_text()
    assert "t%5B%5D=1+%C3%BC&t%5B%5D=%7Bx%7D" in text and 'target: "https://shop.example"' in text and "a=b" not in text
    run("loadgen", "plan", "ff.yaml", env={"COOKIE": "a=b"})


@pytest.mark.parametrize("kind, text, sentence", [
    ("har", "{}", "this is no HAR file: it has no log.entries"),
    ("har", '{"log": {"entries": [{"request": {"url": "http://a/"', "the file ends in the middle"),
    ("har", '{"log": {"entries": [{"x": 01}]}}', "entry 1 is no JSON"),
    ("har", '{"log": {"entries": []}}', "there is no request to import"),
    ("openapi", "swagger: '2.0'", "this is Swagger 2; convert it to OpenAPI 3 first"),
    ("openapi", "a: [", "x:2:"),
    ("openapi", "{\"openapi\": }", "x:1:13: this is no JSON"),
    ("openapi", "title: x", "this is no OpenAPI 3 description"),
    ("openapi", "", "the file is empty"),
    ("postman", "{}", "this is no Postman collection"),
])
def test_what_is_something_else_is_a_sentence(run, tmp_path, kind, text, sentence):
    (tmp_path / "x").write_text(text)
    done = run("loadgen", "import", kind, "x", "-o", "out.yaml", expect=2)
    assert sentence in done.stderr and not (tmp_path / "out.yaml").exists()


def test_a_kind_that_does_not_exist_is_a_sentence(run):
    assert "'hra' is not a kind; did you mean 'har'?" in run("loadgen", "import", "hra", "x", expect=2).stderr
