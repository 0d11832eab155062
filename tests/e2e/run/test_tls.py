# ctest: release
"""TLS: what loadgen trusts, what it presents, and what a handshake costs. Certificates come from the openssl program."""

import ssl
import time

import pytest

from authority import Authority
from breaker import Breaker
from truth import exact, make_run, percentile_s, rows

class Identities:
    """All certificates, made once: keys take time."""

    def __init__(self, folder):
        self.authority, self.stranger = Authority(folder, "authority"), Authority(folder, "stranger")
        self.expired = self.authority.sign("expired", "IP:127.0.0.1", days=0)
        self.right = self.authority.sign("right", "DNS:right.test, IP:127.0.0.1")
        self.other = self.authority.sign("other", "DNS:other.test")
        self.client = self.authority.sign("client", "DNS:client.test")
        self.strange = self.stranger.sign("strange", "IP:127.0.0.1")
        time.sleep(1.1)  # times in certificates are whole seconds


@pytest.fixture(name="ids", scope="module")
def fixture_ids(tmp_path_factory):
    return Identities(tmp_path_factory.mktemp("certificates"))


def assert_refused(run, server, folder, *options, word):
    got, _ = make_run(run, folder, "--target", server.url, "-c", 2, "-n", 6, *options, expect=1)
    assert {name: n for name, n in got["totals"]["errors"].items() if n} == {"tls": 6}
    assert got["totals"]["done_n"] == 6
    assert all(word in row["cause"] for row in rows(folder, "errors.csv")), rows(folder, "errors.csv")


def assert_taken(run, server, folder, *options, n=20, **more):
    got, _ = make_run(run, folder, "--target", more.pop("url", server.url), "-c", 2, "-n", n, *options)
    assert got["totals"]["ok_n"] == n, rows(folder, "errors.csv")
    return got


def test_a_right_certificate_is_taken_and_the_handshake_has_its_own_time(run, nginx, ids, tmp_path):
    server = nginx(certificate=ids.right, fields=["connection", "ssl_protocol"])
    got = assert_taken(run, server, tmp_path / "run", "--cacert", ids.authority.cert, n=200)
    n, sum_s, _ = exact(got, "tls")
    assert n == 2 == len({line["connection"] for line in server.stop_and_read_fields()})
    assert 0.0002 < sum_s / n < got["duration_s"], "an RSA signature and a round trip"
    assert 0 < percentile_s(tmp_path / "run", "connect", 50) < got["duration_s"]
    n_aged, aged_s, _ = exact(got, "rx_age")
    assert n_aged == 200 and 0 < aged_s / n_aged < got["duration_s"], "the kernel's receive times are there under TLS too"


WRONG = {  # certificate, options, a word of the cause
    "not in the system's store": ("right", [], "unknown authority"),
    "signed by somebody else": ("strange", ["--cacert", "authority"], "unknown authority"),
    "expired": ("expired", ["--cacert", "authority"], "expired"),
    "of another address": ("other", ["--cacert", "authority"], "mismatch"),
    "of another name": ("right", ["--cacert", "authority", "--sni", "other.test"], "mismatch"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_certificate_is_refused_and_said_and_k_takes_it(run, nginx, ids, tmp_path, case):
    name, options, word = WRONG[case]
    options = [ids.authority.cert if option == "authority" else option for option in options]
    server = nginx(certificate=getattr(ids, name))
    assert_refused(run, server, tmp_path / "refused", *options, word=word)
    assert_taken(run, server, tmp_path / "taken", "-k", *options)
    assert len(server.stop_and_read_log()) == 20, "to the server that was refused nothing was sent"


@pytest.mark.parametrize("options, asked", [
    (["--sni", "other.test"], "other.test"),
    ([], ""),  # RFC 6066: an address is not a server name
])
def test_the_server_name_is_asked_for_and_verified(run, nginx, ids, tmp_path, options, asked):
    server = nginx(certificate=ids.other if asked else ids.right, fields=["ssl_server_name", "host"])
    assert_taken(run, server, tmp_path / "run", "--cacert", ids.authority.cert, *options)
    log = server.stop_and_read_fields()
    assert {(line["ssl_server_name"], line["host"]) for line in log} == {(asked, "127.0.0.1")}


@pytest.mark.parametrize("host, resolve, asked", [
    ("right.test", "right.test", "right.test"),
    ("right.test.", "right.test.", "right.test"),  # RFC 6066: without the dot at the end
    ("RIGHT.test.", "right.TEST", "RIGHT.test"),
])
def test_the_host_of_the_url_is_the_server_name(run, nginx, ids, tmp_path, host, resolve, asked):
    server = nginx(certificate=ids.right, fields=["ssl_server_name"])
    assert_taken(run, server, tmp_path / "run", "--cacert", ids.authority.cert, "--resolve", f"{resolve}:{server.port}:127.0.0.1",
                 url=f"https://{host}:{server.port}/")
    assert {line["ssl_server_name"] for line in server.stop_and_read_fields()} == {asked}


@pytest.mark.parametrize("version, word", [(ssl.TLSVersion.TLSv1_2, "handshake failure"), (ssl.TLSVersion.TLSv1_3, "certificate required")])
def test_a_client_certificate_that_is_missing_is_class_tls_and_said_so(run, ids, tmp_path, version, word):
    with Breaker(b"", "keep", tls=ids.right) as server:
        server.context.verify_mode, server.context.maximum_version = ssl.CERT_REQUIRED, version
        server.context.load_verify_locations(ids.authority.cert)
        for name, options in (("k", ["-k"]), ("verified", ["--cacert", ids.authority.cert])):
            assert_refused(run, server, tmp_path / name, *options, word=word)


def test_a_ca_file_that_is_not_there_is_said_so(run, tmp_path):
    done = run("loadgen", "run", "--target", "https://127.0.0.1:1/", "-n", 1, "--cacert", tmp_path / "none.pem", expect=2)
    assert f"cannot use the CA file {tmp_path}/none.pem: No such file or directory" in done.stderr


def test_a_client_certificate_is_shown_where_it_is_asked_for(run, nginx, ids, tmp_path):
    server = nginx(certificate=ids.right, fields=["ssl_client_s_dn", "status"],
                   server=f"ssl_verify_client on; ssl_client_certificate {ids.authority.cert};")
    got, _ = make_run(run, tmp_path / "without", "--target", server.url, "--cacert", ids.authority.cert, "-c", 1, "-n", 5,
                      expect=1)
    assert got["totals"]["errors"]["status_4xx"] == 5
    assert_taken(run, server, tmp_path / "with", "--cacert", ids.authority.cert, "--cert", ids.client.cert, "--key", ids.client.key)
    shown = [(line["ssl_client_s_dn"], line["status"]) for line in server.stop_and_read_fields()]
    assert shown == 5 * [("", "400")] + 20 * [("CN=client", "200")]


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("resumes", [True, False])
def test_sessions_are_resumed_unless_told_not_to(run, nginx, ids, tmp_path, version, resumes):
    server = nginx(certificate=ids.right, fields=["ssl_session_reused", "connection", "ssl_protocol"],
                   server=f"ssl_session_cache shared:sessions:1m; ssl_protocols {version};")
    assert_taken(run, server, tmp_path / "run", "--cacert", ids.authority.cert, "--no-keepalive", *([] if resumes else ["--no-tls-resume"]), n=40)
    log = server.stop_and_read_fields()
    assert {line["ssl_protocol"] for line in log} == {version}
    assert len({line["connection"] for line in log}) == 40
    reused_n = sum(line["ssl_session_reused"] == "r" for line in log)
    # The first handshake of each of the two connections may have nothing to resume yet.
    assert reused_n in (38, 39) if resumes else reused_n == 0, reused_n


def test_the_lowest_version_is_kept(run, nginx, ids, tmp_path):
    old = nginx(certificate=ids.right, server="ssl_protocols TLSv1.2;", fields=["ssl_protocol"])
    assert_refused(run, old, tmp_path / "refused", "--cacert", ids.authority.cert, "--tls-min", "1.3", word="version")
    assert_taken(run, old, tmp_path / "taken", "--cacert", ids.authority.cert, "--tls-min", "1.2")
    assert {line["ssl_protocol"] for line in old.stop_and_read_fields()} == {"TLSv1.2"}


def test_a_plain_server_is_a_tls_error(run, nginx, tmp_path):
    server = nginx()
    server.url = server.url.replace("http", "https")
    assert_refused(run, server, tmp_path / "run", "-k", word="")


def test_a_certificate_file_that_is_none_is_refused_before_anything_is_sent(run, nginx, ids, tmp_path):
    server = nginx(certificate=ids.right)
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("no certificate\n")
    done = run("loadgen", "run", "--target", server.url, "--cacert", nothing, "-n", 5, expect=2)
    assert "nothing.pem" in done.stderr
    assert server.stop_and_read_log() == []
