"""The load generators that are compared: for each how it is told to send, and what it says it completed. Adding one is adding a row."""

import re
import shutil
from collections import namedtuple

Generator = namedtuple("Generator", "name program argv completed version")
# argv(url, connections, seconds) -> arguments for a closed loop of GETs over kept connections on one thread
# completed(stdout) -> how many responses it counted
# version: the arguments that make it say which it is, None where there are none


def number_in(pattern):
    def find(text):
        found = re.search(pattern, text)
        return int(found.group(1)) if found else None
    return find


def sum_of(pattern):
    return lambda text: sum(int(number) for number in re.findall(pattern, text))


LOADGEN = Generator(
    "loadgen", "loadgen",
    lambda url, connections, seconds: ["run", "--target", url, "-c", connections, "-d", f"{seconds}s", "-t", 1, "-k",
                                       "--progress", "none"],
    None, ["--version"])

PEERS = [
    Generator("wrk", "wrk", lambda url, connections, seconds: ["-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url],
              number_in(r"(\d+) requests in"), ["-v"]),
    Generator("h2load", "h2load",
              lambda url, connections, seconds: ["--h1", "-t1", f"-c{connections}", f"-D{seconds}", url],
              number_in(r"requests: \d+ total, \d+ started, (\d+) done"), ["--version"]),
    Generator("ab", "ab",
              lambda url, connections, seconds: ["-k", "-q", "-t", seconds, "-n", 1_000_000 * seconds, "-c", connections, url],
              number_in(r"Complete requests:\s+(\d+)"), ["-V"]),
    Generator("hey", "hey", lambda url, connections, seconds: ["-cpus", 1, "-z", f"{seconds}s", "-c", connections, url],
              sum_of(r"\[200\]\s+(\d+) responses"), None),
    Generator("bombardier", "bombardier",
              lambda url, connections, seconds: ["-k", "-c", connections, "-d", f"{seconds}s", "-p", "r", url],
              number_in(r"2xx - (\d+)"), ["--version"]),
    Generator("oha", "oha", lambda url, connections, seconds: ["--insecure", "--no-tui", "-c", connections, "-z", f"{seconds}s", url],
              sum_of(r"\[200\] (\d+) responses"), ["--version"]),
]


def http2_options(is_tls, load):
    """Loadgen's, for connections and streams of each."""
    return ["--http2" if is_tls else "--http2-prior-knowledge", "-c", load[0], "--streams", load[1]]


# Over HTTP/2, where `connections` is a pair, connections and streams of each.
HTTP2_LOADGEN = LOADGEN._replace(
    argv=lambda url, load, seconds: ["run", "--target", url, *http2_options(url.startswith("https"), load), "-d", f"{seconds}s", "-t", 1, "-k",
                                     "--progress", "none"])

HTTP2_PEERS = [
    Generator("h2load", "h2load", lambda url, load, seconds: ["-t1", f"-c{load[0]}", f"-m{load[1]}", f"-D{seconds}", url],
              number_in(r"requests: .* (\d+) succeeded"), ["--version"]),
]


def found(peers):
    """Those that are on PATH."""
    return [peer for peer in peers if shutil.which(peer.program)]
