"""The local lab with HTTPS: an authority of its own, which runs trust and `down` removes."""

import json
import pathlib
import re
import shlex
import socket
import ssl
import stat
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

from local_lab import N_PROCESSES, SHIPPED
from programs import PATIENCE_S

SCENARIO = """
name: secure
target: deployment
streams:
  - name: reads
    cluster: cluster1
    users: 4
    request: { path: /cluster1 }
    phases: [ { requests: 400 } ]
"""
CURL = re.compile(r"^runs on it trust its certificate; for other programs: (curl --cacert \S+ https://127\.0\.0\.1:\d+/cluster1)$", re.MULTILINE)


def protocol(url, ca_file):
    """What the server chooses of HTTP/2 and HTTP/1.1."""
    context = ssl.create_default_context(cafile=ca_file)
    context.set_alpn_protocols(["h2", "http/1.1"])
    place = urllib.parse.urlsplit(url)
    with socket.create_connection((place.hostname, place.port), PATIENCE_S) as plain:
        with context.wrap_socket(plain, server_hostname=place.hostname) as secure:
            return secure.selected_alpn_protocol()


def body(url, ca_file=None):
    context = ssl.create_default_context(cafile=ca_file)
    with urllib.request.urlopen(url, timeout=PATIENCE_S, context=context) as answer:
        return answer.read().decode()


def test_runs_trust_its_certificate_others_need_its_authority_and_down_removes_both(deployment, programs, tmp_path):
    up = deployment.up("--tls", "--service-time", "0")
    d = deployment.json
    url, ca_file = d["url"], d["ca_file"]
    folder = pathlib.Path(ca_file).parent
    assert url.startswith("https://127.0.0.1:") and d["load_balancer"]["listener"]["protocol"] == "HTTPS"
    assert folder.parent == deployment.temporary and stat.S_IMODE(folder.stat().st_mode) == 0o700
    keys = [file for file in folder.iterdir() if file.is_file() and "PRIVATE KEY" in file.read_text(errors="replace")]
    assert [key.name for key in keys] == ["balancer.pem"] and stat.S_IMODE(keys[0].stat().st_mode) == 0o600  # the authority's is nowhere
    curl = shlex.split(CURL.search(up.stdout).group(1))
    assert curl == ["curl", "--cacert", ca_file, url + "/cluster1"] and "is responding now!" in body(curl[-1], ca_file)
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        body(url + "/cluster1")
    (tmp_path / "secure.yaml").write_text(SCENARIO)
    programs.run("loadgen", "run", "secure.yaml", "--deployment", deployment.path, "--out", "run", "--progress", "none")
    run = json.loads((tmp_path / "run/run.json").read_text())
    assert run["totals"]["ok_n"] == 400 and run["target"] == {"url": url, "tls": True, "http": "1.1", "alpn": "http/1.1"}
    with pytest.raises(urllib.error.URLError):
        body(url + "/cluster1")  # HAProxy logs that between its rows
    assert "load balancer 400, client 400, difference 0" in deployment.provision("metrics", "--run", tmp_path / "run").stdout
    deployment.provision("reload")
    assert "is responding now!" in body(url + "/cluster2", ca_file)
    assert protocol(url, ca_file) == "h2"
    assert ca_file in deployment.provision("status").stdout
    deployment.down()
    deployment.nothing_is_left()
    refused = programs.run("loadgen", "run", "secure.yaml", "--deployment", "run/deployment.json", "--out", "again", expect=2)
    assert ca_file in refused.stderr and not (tmp_path / "again").exists()


def test_a_scenario_or_an_option_may_name_other_certificates(deployment, programs, tmp_path):
    deployment.up("--tls", "--service-time", "0")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-keyout", tmp_path / "k.pem", "-out",
                    tmp_path / "other.pem"], check=True, capture_output=True, timeout=PATIENCE_S)
    (tmp_path / "secure.yaml").write_text(SCENARIO.replace("requests: 400", "requests: 4"))
    run = ("loadgen", "run", "secure.yaml", "--deployment", deployment.path, "--no-results", "--progress", "none")
    assert "tls" in programs.run(*run, "--cacert", "other.pem", expect=1).stdout
    assert programs.run(*run, "--cacert", "other.pem", "-k").returncode == 0


def test_a_topology_with_https_comes_up_with_it(deployment, tmp_path):
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0123abcd-01ab-01ab-01ab-0123456789ab"
    topology = tmp_path / "secure.yaml"
    topology.write_text(SHIPPED.read_text().replace("listener:\n  port: 80\n",
                                                    f"listener:\n  protocol: HTTPS\n  http2: false\n  certificate: {arn}\n"))
    assert ", HTTPS; nothing is created" in deployment.up(topology, "--dry-run").stdout
    blank = deployment.temporary / "with a 'blank'"
    blank.mkdir()
    deployment.up(topology, env={"TMPDIR": str(blank)})
    listener = deployment.json["load_balancer"]["listener"]
    assert protocol(deployment.json["url"], deployment.json["ca_file"]) == "http/1.1"
    assert listener["protocol"] == "HTTPS" and "is responding now!" in body(deployment.json["url"] + "/cluster1", deployment.json["ca_file"])
    assert deployment.up(topology, "--tls").stdout.count("already up") == 1
    deployment.down()
    blank.rmdir()


def test_an_option_that_the_lab_was_not_made_with_is_refused(deployment):
    deployment.up()
    assert deployment.json["ca_file"] is None
    before = deployment.path.read_bytes()
    port = deployment.json["load_balancer"]["port"]
    for option, difference in (("--tls", "--tls: recorded none, asked true"), ("--app=flask", "--app: recorded emulator, asked flask"),
                               ("--port=1", f"--port: recorded {port}, asked 1"), ("--drained", "--drained: recorded none, asked true"),
                               ("--service-time=3ms", "--service-time: recorded none, asked 3ms"),
                               ("--credit-speed=2", "--credit-speed: recorded 1, asked 2")):
        refused = deployment.up(option, expect=2).stderr
        assert "records another m4x4-t2x5 than is asked for" in refused and difference in refused
    assert "already up" in deployment.up(f"--port={port}").stdout
    assert deployment.path.read_bytes() == before and len(deployment.processes()) == N_PROCESSES
    deployment.down()
    assert "--tls is for --provider local" in deployment.up("--provider", "aws", "--tls", "--dry-run", expect=2).stderr
