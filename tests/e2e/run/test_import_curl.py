"""`loadgen import curl`: what a run of the scenario sends is, byte for byte, what curl itself sends."""

import os
import re
import shlex
import subprocess

import pytest

from programs import BIN
from received import compare, once, serve_received

SERVED = {"/go": (302, {"Location": "/there?x=1"}, b""), "/there": (200, {"Content-Type": "text/plain"}, b"there")}

# As people write them: comments, variables, several lines, pipes.
BY_HAND = r"""#!/bin/sh
# log in first
BASE=@URL@
export LANG_WANTED='de; q=0.5'
curl -sS -X POST "$BASE/login" \
  -H 'Content-Type: application/json' -H "X-Lang: $LANG_WANTED" \
  -d '{"user": "Ann O'\''Neil", "password": "hunter22 & more", "tags": {"a": "{b}"}}' -o /dev/null
curl --silent --get "$BASE/search/../find/./it" --data-urlencode 'q=caf\xc3 blank&more+{x}' --data-urlencode "w=$WORD" -d plain=1 | wc -c
curl -s -u 'ann:s3cret pass' "$BASE/private?a[]=1&b={2}" -g > /dev/null 2>&1
curl -s "$BASE/form" -d 'a=1&b=%20' -d c=ü --data 'empty=' -A 'mine/1.0 (a; b)' -e http://ref.example/x || true
curl -s "$BASE/files" --data-binary @body.txt -H 'Content-Type: text/plain; charset=utf-8' -H 'Accept:' -H 'X-Empty;'
curl -s "$BASE/files" -d @body.txt --data-raw '@not-a-file'
curl -s -L --max-redirs 3 "$BASE/go"
curl -sI "$BASE/head#fragment"; curl -s -XDELETE -b 'a=1; sid=abc=def' "$BASE/items/17"
curl -s --json '{"n":' --json ' 1}' --oauth2-bearer tok3n-abcdef --url-query 'p=a b' "$BASE/json"
curl -s -r 0-99 "$BASE/one" --next -s -X PATCH -d x=1 "$BASE/two" < /dev/null
"""

# As Chrome and Firefox copy them.
BY_BROWSER = r"""curl '@URL@/api/orders?view=all&sort=%2Bprice' \
  -H 'accept: application/json, text/plain, */*' \
  -H 'accept-language: de-DE,de;q=0.9,en;q=0.8' \
  -H 'authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln' \
  -H 'cache-control: no-cache' \
  -b '_ga=GA1.1.1; sid=s%3Aabc.def; theme="dark"' \
  -H 'sec-ch-ua: "Chromium";v="128", "Not;A=Brand";v="24"' \
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' \
  --data-raw $'{"note":"it\'s \u00fc\\n{x} \U0001f600","password":"p\\"w","id":"{id}","n":[1,2.50,null]}' \
  --compressed \
  --insecure ;
curl '@URL@/upload' -X 'PUT' --compressed -H 'Accept: */*' -H 'Content-Type: application/octet-stream' --data-binary $'\x01\x7f\xc3\x28 \'end\r\n'
"""

# The shell has read this already.
WORDS = ["curl", "-sS", "-H", "X-Quote: \"it's\" {a} $HOME `x`", "--data-urlencode", "text= a&b=ä{{c}}", "--data-urlencode", "=only value/+",
         "--data-urlencode", "just this", "@URL@/words?x={y}&z=$1", "-g", "-H", "X-Token: t0ken-of-words"]


@pytest.fixture(name="server")
def _server():
    with serve_received(SERVED) as server:
        yield server


def filled(scenario, **known):
    """The variables that the scenario's comment lists, with the values that the commands have."""
    names = re.findall(r"^#   ([A-Z_0-9]+): ", scenario, re.M)
    assert set(names) <= set(known), names
    return {name: known[name] for name in names}


def sent_by_run(programs, server, path, variables):
    path.write_text(once(path.read_text(encoding="utf-8")), encoding="utf-8")
    programs.run("loadgen", "plan", path, expect=2 if variables else 0)  # it names the variables that are missing
    server.received.clear()
    programs.env.update(variables)
    programs.run("loadgen", "plan", path)
    programs.run("loadgen", "run", path, "--progress", "none")
    return list(server.received)


def sent_by_curl(server, command, folder, **env):
    server.received.clear()
    subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **env}, check=True, capture_output=True, timeout=60)
    return list(server.received)


KNOWN = {"PASSWORD": "hunter22 & more", "BASIC_AUTH": "ann:s3cret pass", "COOKIE": "a=1; sid=abc=def", "TOKEN": "tok3n-abcdef", "WORD": "w ö/rd"}


def test_commands_written_by_hand(programs, server, tmp_path):
    script = BY_HAND.replace("@URL@", server.url)
    (tmp_path / "body.txt").write_text("first line\r\nsecond {line} ü\n", encoding="utf-8")
    (tmp_path / "commands.sh").write_text(script, encoding="utf-8")
    curl = sent_by_curl(server, ["bash", "commands.sh"], tmp_path, WORD=KNOWN["WORD"])
    programs.run("loadgen", "import", "curl", "commands.sh", "-o", "shop.yaml")
    scenario = (tmp_path / "shop.yaml").read_text(encoding="utf-8")
    for secret in ("hunter22", "s3cret", "tok3n", "abc=def"):
        assert secret not in scenario
    compare(sent_by_run(programs, server, tmp_path / "shop.yaml", filled(scenario, **KNOWN)), curl)
    assert len(curl) == 13


def test_commands_copied_from_a_browser(programs, server, tmp_path):
    (tmp_path / "copied").write_text(BY_BROWSER.replace("@URL@", server.url), encoding="utf-8")
    curl = sent_by_curl(server, ["bash", "copied"], tmp_path)
    with open(tmp_path / "copied", "rb") as copied:
        subprocess.run([BIN / "loadgen", "import", "curl", "-", "-o", "s.yaml"], stdin=copied, cwd=tmp_path, check=True, timeout=60)
    scenario = (tmp_path / "s.yaml").read_text(encoding="utf-8")
    known = {"TOKEN": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "COOKIE": '_ga=GA1.1.1; sid=s%3Aabc.def; theme="dark"', "PASSWORD": 'p"w'}
    assert "eyJ" not in scenario and "GA1" not in scenario and (tmp_path / "s-body-1").exists()
    compare(sent_by_run(programs, server, tmp_path / "s.yaml", filled(scenario, **known)), curl)


def test_words_of_a_command_line(programs, server, tmp_path):
    words = [word.replace("@URL@", server.url) for word in WORDS]
    curl = sent_by_curl(server, words, tmp_path)
    scenario = programs.run("loadgen", "import", "curl", "--", *words).stdout
    (tmp_path / "words.yaml").write_text(scenario, encoding="utf-8")
    compare(sent_by_run(programs, server, tmp_path / "words.yaml", {"X_TOKEN": "t0ken-of-words"}), curl)


@pytest.mark.parametrize("text, sentence", [
    ("curl", "shop.sh:1: the command has no URL"),
    ("curl ftp://a/b", "only http and https URLs are requests here, not 'ftp'"),
    ("\ncurl http://a/$(id)", "shop.sh:2: $(...) is not run; put its output into a variable and write \"$NAME\""),
    ("curl 'http://a/", "a quote ' has no end"),
    ("curl $HOST/x", "the host of '{env:HOST}' is not known"),
    ("curl http://a/ --no-such-option", "curl has no option --no-such-option"),
    ("curl http://a/ -H", "curl's -H needs a value"),
    ("curl http://a/ -d @missing", "missing"),
    ("curl ^\"http://a/^\" ^\r\n", "copy it as cURL (bash)"),
    ("wget http://a/", "there is no request to import"),
    ("curl http://a/ <<EOF\nEOF\n", "<< is not read"),
])
def test_what_is_no_command_is_a_sentence(run, tmp_path, text, sentence):
    (tmp_path / "shop.sh").write_text(text)
    done = run("loadgen", "import", "curl", "shop.sh", "-o", "out.yaml", expect=2)
    assert sentence in done.stderr and not done.stdout and not (tmp_path / "out.yaml").exists()


def test_what_is_not_mapped_is_listed(run, tmp_path):
    (tmp_path / "x.sh").write_text("curl http://127.0.0.1:1/ -F a=b -x proxy:1 --digest -K conf --retry 3 --http2 --http3\njq . < x\n")
    scenario = run("loadgen", "import", "curl", "x.sh").stdout
    for option in ("--form", "--proxy", "--digest", "--config", "--retry", "--http2: to http:// it begins", "--http3: HTTP/1.1 and HTTP/2", "x.sh:2: jq"):
        assert option in scenario.partition("\nname:")[0], option


@pytest.mark.parametrize("words, shown", [
    ("--http2 https://a/", {"curl": "HTTP/2"}),
    ("--http2-prior-knowledge https://a/", {"curl": "HTTP/2"}),
    ("--http2-prior-knowledge http://a/", {"curl": "HTTP/2"}),
    ("--http2 http://a/", {"curl": "HTTP/1.1"}),
    ("--http2 https://a/ --next http://b/ --next --http2-prior-knowledge http://c/ --next --http1.1 https://d/",
     {"curl": "HTTP/2", "b": "HTTP/1.1", "c": "HTTP/2", "d": "HTTP/1.1"}),
])
def test_the_version_of_http_is_curls(run, words, shown):
    run("loadgen", "import", "curl", "--name", "curl", "-o", "x.yaml", "--", "curl", *words.split())
    plan = run("loadgen", "plan", "x.yaml").stdout
    assert {line.split()[4]: line.split()[3] for line in plan.splitlines() if line.startswith("  request")} == shown


def test_options_become_keys(run, tmp_path):
    words = shlex.split("curl -k -4 -m 2.5 --connect-timeout 1 --resolve a.example:443:127.0.0.1 --connect-to a:1:b:2 --interface 127.0.0.9 "
                        "https://A.example:443/x")
    scenario = run("loadgen", "import", "curl", "--name", "Mine", "-o", "x.yaml", "--", *words)
    text = (tmp_path / "x.yaml").read_text()
    assert not scenario.stdout and "name: Mine" in text
    for line in ('target: "https://a.example"', "ip: 4", "verify: false", "timeout: 2500ms", "connect_timeout: 1s", '- "a.example:443:127.0.0.1"'):
        assert line in text, line
    run("loadgen", "plan", "x.yaml")
