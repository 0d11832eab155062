"""Real servers on free ports of 127.0.0.1, configured in the test's folder: nginx and HAProxy."""

import json
import os
import re
import signal
import subprocess
from collections import namedtuple

from programs import PATIENCE_S, accepts, free_port, wait_until

NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes {workers};
worker_rlimit_nofile 20000;
{main}
events {{ worker_connections 16384; }}
http {{
  log_format requests '$msec $connection $connection_requests $status $request_length $bytes_sent "$request" $http_x_request_id';
  log_format fields escape=json '{{{fields}}}';
  access_log {access_log};
  {fields_log}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests {keepalive_requests};
  default_type text/plain;
  server {{
    {listen}
    {server}
    location / {{ return 200 "{body}"; }}
  }}
}}
"""

HAPROXY = """\
global
  maxconn 4096
  {main}
defaults
  mode http
  timeout connect 30s
  retries 0
  timeout client 30s
  timeout server 30s
  http-error status 503 content-type text/plain string "nobody" hdr Server haproxy
frontend front
  bind 127.0.0.1:{port} {tls}
  {front}
  default_backend back
backend back
{servers}
"""

LogLine = namedtuple("LogLine", "time_s connection request_on_connection status bytes_in bytes_out method target request_id")
LOG_LINE = re.compile(r'(\S+) (\d+) (\d+) (\d+) (\d+) (\d+) "(\S+) (\S+)[^"]*" (\S+)')


class Server:
    """Something that listens: `url`, `port`, `running`."""

    def __init__(self, running, port, scheme="http", address="127.0.0.1"):
        self.running, self.port = running, port
        self.url = f"{scheme}://{address}:{port}"
        self.pid = running.pid

    def stop(self, number=signal.SIGTERM):
        return self.running.stop(number)


class Nginx(Server):
    def __init__(self, running, port, scheme, folder, address):
        super().__init__(running, port, scheme, address)
        self.folder = folder

    def workers(self):
        """Process ids of the workers."""
        with open(f"/proc/{self.pid}/task/{self.pid}/children", encoding="ascii") as children:
            return [int(pid) for pid in children.read().split()]

    def kill(self):
        """Kills it, like a crash."""
        workers = self.workers()
        self.running.send_signal(signal.SIGKILL)  # the master first: it would restart the workers
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        self.running.wait()

    def stop_and_read_log(self):
        """Ends it gracefully, which flushes the log, and returns a LogLine per request."""
        self.stop(signal.SIGQUIT)
        with open(self.folder / "access.log", encoding="ascii") as log:
            return [LogLine(*LOG_LINE.fullmatch(line.rstrip("\n")).groups()) for line in log]

    def stop_and_read_fields(self):
        """The same with the nginx variables requested as `fields`: a dict of strings per request."""
        self.stop(signal.SIGQUIT)
        with open(self.folder / "fields.log", encoding="utf-8") as log:
            return [json.loads(line) for line in log]


def start_listening(programs, make_argv, listens=accepts):
    """Starts a server on a free port, and on another if that one is taken first. Returns (Running, port)."""
    for _ in range(5):
        port = free_port()
        running = programs.start(*make_argv(port))
        wait_until(lambda: listens(port) or running.process.poll() is not None, "the server to listen")
        if running.process.poll() is None:
            return running, port
    raise AssertionError(f"the server ended with {running.process.returncode}: {running.stderr}")


def issued(folder, name):
    """A certificate for that DNS name which is its own issuer: (certificate file, key file)."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", cert],
                   check=True, capture_output=True, timeout=PATIENCE_S)
    return cert, key


def start_nginx(programs, folder, workers=1, keepalive_requests=1_000_000, body="ok", server="", main="", log=True, certificate=None,
                http2=False, addresses=("127.0.0.1",), fields=(), on=()):
    """`server` and `main` are further lines of configuration; `certificate` is (certificate file, key file) and makes it TLS; `http2`:
    over TLS beside HTTP/1.1, without TLS instead of it; `fields` are variables of nginx to log per request. It listens on all
    `addresses`, on one port. `on` are the words that start a program on one of several hosts (hosts.py)."""
    folder.mkdir()
    if os.getuid() == 0:
        main += "\nuser root;"
    if certificate:
        server += "\nssl_certificate {}; ssl_certificate_key {};".format(*certificate)

    def make_argv(port):
        how = (" ssl" if certificate else "") + (" http2" if http2 else "")
        (folder / "nginx.conf").write_text(NGINX.format(
            folder=folder, workers=workers, main=main, keepalive_requests=keepalive_requests, port=port, server=server, body=body,
            listen=" ".join(f"listen {a}:{port}{how} backlog=4096;" for a in addresses),
            fields=", ".join(f'"{field}": "${field}"' for field in fields),
            fields_log=f"access_log {folder}/fields.log fields buffer=64k;" if fields else "",
            access_log=f"{folder}/access.log requests buffer=64k" if log else "off"))
        return [*on, "nginx", "-e", folder / "error.log", "-p", folder, "-c", folder / "nginx.conf"]

    def listens(port):
        return (folder / "nginx.pid").exists() if on else accepts(port)  # on another host, where this process connects to nothing

    running, port = start_listening(programs, make_argv, listens)
    return Nginx(running, port, "https" if certificate else "http", folder, addresses[0])


def start_haproxy(programs, folder, server_ports, server_options="", main="", front="", certificate=None):
    """A round-robin load balancer. Its own 503 identifies itself, like an ALB's and the local lab's. `main` and `front` are further lines of
    the configuration's global section and frontend. `certificate` is (certificate file, key file): then it speaks TLS, with HTTP/2 and
    HTTP/1.1. Without, it also takes HTTP/2 with prior knowledge."""
    folder.mkdir()
    if certificate:
        (folder / "both.pem").write_text("".join(file.read_text() for file in certificate))
    tls = f"ssl crt {folder}/both.pem alpn h2,http/1.1" if certificate else ""

    def make_argv(port):
        servers = "\n".join(f"  server s{i} 127.0.0.1:{p} {server_options}" for i, p in enumerate(server_ports, 1))
        (folder / "haproxy.cfg").write_text(HAPROXY.format(port=port, servers=servers, main=main, front=front, tls=tls))
        return ["haproxy", "-db", "-f", folder / "haproxy.cfg"]

    running, port = start_listening(programs, make_argv)
    return Server(running, port, "https" if certificate else "http")
