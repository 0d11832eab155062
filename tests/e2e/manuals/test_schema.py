"""The schemas of scenarios and topologies for editors: valid, as the documents have them, and of the programs' opinion.

That their keys and limits are those of the programs' tables is a unit test (schema_check.h).
"""

import re

import pytest

from programs import ROOT

jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")
pytest.importorskip("yaml", reason="python3-yaml is not installed")

from schema import load, schema_of  # noqa: E402  pylint: disable=wrong-import-position

DOCUMENTS = {"scenario": "loadgen/scenarios", "topology": "provision/topologies"}
DATA = ROOT / "tests/data/scenario"


def errors(name, text):
    """What the schema has against a file, or ["not YAML"]."""
    import yaml  # pylint: disable=import-outside-toplevel
    try:
        value = load(text)
    except yaml.YAMLError:
        return ["not YAML"]
    return [error.message for error in jsonschema.Draft7Validator(schema_of(name)).iter_errors(value)]


def tables(document):
    """{heading: {key: (meaning, default)}}."""
    found, heading = {}, None
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        row = re.fullmatch(r"\| `(\w+)` \| (.*?) \| (.*?) ?\|", line)
        if row:
            found.setdefault(heading, {})[row[1]] = row[2].replace("`", ""), row[3].replace("`", "")
    return found


def maps(schema):
    """The maps of a schema that have keys."""
    yield schema
    for definition in schema["definitions"].values():
        yield next((part for part in definition.get("anyOf", []) if "properties" in part), definition)


def described(meaning, default):
    text = meaning[0].upper() + meaning[1:]
    return text if default in ("", "required") else f"{text}. Default: {default}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_one(name):
    jsonschema.Draft7Validator.check_schema(schema_of(name))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_schema_and_document_have_the_same_keys_and_words(name):
    in_document = list(tables(ROOT / DOCUMENTS[name] / "README.md").values())
    in_schema = list(maps(schema_of(name)))
    assert len(in_document) == len(in_schema)
    for table in in_document:
        same = [found for found in in_schema if list(found["properties"]) == list(table)]
        assert len(same) == 1, list(table)
        for key, (meaning, default) in table.items():
            assert same[0]["properties"][key]["description"] == described(meaning, default), key
            assert (key in same[0].get("required", [])) == ("required" in (default, meaning.split(" ")[0])), key


@pytest.mark.parametrize("name", DOCUMENTS)
def test_shipped_files_are_valid(name):
    files = sorted((ROOT / DOCUMENTS[name]).glob("*.yaml"))
    assert len(files) > 1
    for file in files:
        assert errors(name, file.read_text(encoding="utf-8")) == [], file


def test_examples_of_documents_are_valid():
    for document in ("README.md", "loadgen/scenarios/README.md"):
        for example in re.findall(r"^```yaml\n(.*?)^```", (ROOT / document).read_text(encoding="utf-8"), re.M | re.S):
            value = load(example)
            if value:
                assert errors("scenario", example) == [], example


# Every key of the language, in one file or the other.
WHOLE = ["""
name: whole
target: "https://[::1]:8443/base"
timeout: 1m30s
connect_timeout: 500ms
seed: 42
threads: 2
host: example.org:80
ip: any
resolve: [ "example.org:80:127.0.0.1" ]
connect_to: [ "example.org:80:127.0.0.1:8080" ]
bind: [ 127.0.0.1, "::1" ]
name_server: 127.0.0.1:53
tls: { verify: false, resume: true, server_name: example.org, alpn: http/1.1, min_version: 1.3 }
thresholds: [ "p99 < 250ms", "open.errors < 0.1%", "rate > 1k/s", "mean<1m", { that: max <= 2s, abort: true } ]
streams:
  - name: closed
    cluster: c1
    target: http://127.0.0.1:8081
    users: 5k
    think: 0
    mix: weighted
    requests:
      - / # a path
      - { path: "/a?b={counter}", weight: 3, method: PATCH, headers: { X-Id: 7, X-Flag: true }, cookies: { a: b, n: 1 }, basic_auth: "u:p", body: '{{"n": {counter}}' }
    expect: { status: [ 2xx, 304, 400-404 ], body: "hello {instance}", headers: { content-type: text/plain, etag: } }
    phases: [ { name: one, warmup: true, requests: 1M, duration: 10s }, { pause: 1.5s }, { duration: 1m } ]
    timeout: 2s
    connect_timeout: 1s
    keep_alive: true
    requests_per_connection: 100
    pipeline: 4
    idle_limit: 0
  - name: open
    request: { path: /x, body: 5 }
    arrivals: constant
    connections: 64
    queue: 0
    phases: [ { rate: 6000/m, requests: 10 }, { rate: 5, duration: 1s }, { rate: 0/s, ramp_to: 2k/s, duration: 1h30m }, { burst: 5, duration: 1s } ]
""", """
unix_socket: /tmp/socket
target: http://example.org
feeds: { users: { file: rows.csv, take: user, order: shuffle, at_end: repeat }, goods: rows.csv }
streams: [ { name: s, request: /, expect: { status: 200 }, feed: rows.csv, phases: [ { requests: 1 } ] },
           { name: t, request: { path: "/{csv:name}", body_file: body }, feed: rows.csv, phases: [ { requests: 1 } ] },
           { name: u, requests: [ { path: /j, json: { n: 1 } }, { path: /f, form: { n: 1 } } ], phases: [ { requests: 1 } ] },
           { name: v, ramp_users: 1s, phases: [ { passes: 1, duration: 1m } ], session: {
               cookies: user, new_connection: pass, pace: 1s, finish: 0, on_fail: go_on, fail_pause: 0, renew: { seconds: "{life}", early: 30s, status: [ 401, 403 ] },
               begin: [ { name: login, path: /, on_fail: end_pass, capture: { life: { json: $.life }, id: { header: X-Id, or: none } } } ],
               end: [ { name: logout, method: DELETE, path: /, chance: 0.5, think: 0, expect: { status: 204 } } ],
               steps: [ { name: a, path: /, think: 3s, capture: { t: { cookie: t }, s: { status: true }, r: { regex: "a(b)" } } },
                        { name: b, path: "/{id}", think: { uniform: [ 1s, 5s ] }, follow: 3, repeat: 2, chance: 30%, body_most: 2MiB },
                        { name: c, path: /, think: { exponential: 4s, most: 30s }, until: { json: { $.a: any }, every: 2s, most: 3 }, fail_pause: 2s,
                          expect: { status: 2xx, headers: { etag: }, body: "{}", contains: [ a, b ], not_contains: c, regex: "^x", json: { "$.a[0]": 5 } } } ] } } ]
""", """
target: { url: "https://example.org", http: 2, h2_window: 1MiB }
tls: { ca: ca.pem, cert: cert.pem, key: key.pem }
streams: [ { name: s, request: /, streams_per_connection: 8, phases: [ { rate: 1/h, duration: 2h } ] },
           { name: u, request: /, target: { http: 1.1, h2_window: 65535 }, phases: [ { requests: 1 } ] },
           { name: p, request: /, target: { url: "http://a", http: 2-prior-knowledge }, phases: [ { requests: 1 } ] },
           { name: t, phases: [ { replay: log.csv, speed: 2, skip: 1s } ] } ]
"""]


def keys_of(value):
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(item)


def test_the_schema_takes_every_key_that_the_program_takes(run, tmp_path):
    (tmp_path / "rows.csv").write_text("name\nanna\n")
    (tmp_path / "log.csv").write_text("due_s,path\n0,/a\n2,/b\n")
    for name in ("body", "ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    for text in WHOLE:
        (tmp_path / "whole.yaml").write_text(text)
        run("loadgen", "plan", "whole.yaml")
        assert errors("scenario", text) == []
    used = {key for text in WHOLE for key in keys_of(load(text))}
    assert {key for found in maps(schema_of("scenario")) for key in found["properties"]} <= used


def mistakes():
    """(sentence, the file that has the mistake) of tests/data/scenario."""
    for name, mistaken in (("sound.yaml", "mistakes.txt"), ("session.yaml", "session_mistakes.txt")):
        sound = (DATA / name).read_text(encoding="utf-8")
        yield from mistakes_in(sound, re.split(r"\n\n+", (DATA / mistaken).read_text(encoding="utf-8")))


def mistakes_in(sound, blocks):
    for block in blocks:
        lines = block.splitlines()
        out = "".join(line[1:] + "\n" for line in lines if line.startswith("-"))
        into = "".join(line[1:] + "\n" for line in lines if line.startswith("+"))
        told = [line for line in lines if ": error: " in line]
        if told and into + out:
            yield told[0].split(": error: ", 1)[1], sound.replace(out, into, 1)


# What only the program knows: other parts of the file, other files, numbers within texts, and what is not YAML's meaning but its form.
ONLY_THE_PROGRAM = [
    "is given twice", "two streams are named", "two phases of the stream", "no cluster or stream 'clster'", "has no 'target' for stream",
    "not '2M'", "not '721h'", "not '0s'", "not '11M/s'", "unless 'ramp_to'", "0/s to 0/s", "longer than 30 days", "not '204-200'", ":80800",
    "TLS settings need", "{couter}", "{something}", "{csv:a}", "{instance} in a request",
    "belongs to users, and this stream is open: each", "opens a connection for each pass", "two steps of the session", "for the redirects of",
    "not '0%'", "not '130%'", "not '1GiB'", "response to HEAD", "keeps cookies itself", "is not set", "may not be set", "is the number of a pass",
    "the regular expression", "at most 1h", r"longest: \[1s, 5s\]$", "shorter than the mean", "is no filter", "there is no feed",
    "'target' has no 'url'", "HTTP/2 to an http:// URL", "over TLS, HTTP/2 is chosen", "'alpn' is for HTTP/1.1", "must be a multiple of streams_per_connection",
    "'pipeline' is for HTTP/1.1", "'streams_per_connection' needs HTTP/2", "cannot be sent over HTTP/2", "not '10kB'",
    "cannot open nowhere", "anchors are not", "tags are not", "further documents", "needs quotes",
]


def test_the_schema_refuses_what_the_program_refuses():
    seen = list(mistakes())
    assert len(seen) > 100
    passed = [sentence for sentence, text in seen if not errors("scenario", text)]
    assert [sentence for sentence in passed if not any(re.search(known, sentence) for known in ONLY_THE_PROGRAM)] == []
    assert [known for known in ONLY_THE_PROGRAM if not any(re.search(known, sentence) for sentence in passed)] == []
