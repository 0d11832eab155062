"""The app of an instance, on EC2 and in the local lab: Flask under waitress.

/            answers `Healthy!`, for the load balancer's health checks
the path     and everything below it answer `Instance ID is responding now!`

One process runs on each CPU, since Python uses one at a time; all accept from one socket. The first line of output is the port.
Connections are kept open longer than a load balancer keeps them (60 s by default), so that the instance never closes one while a request
is on its way.
"""

import argparse
import ctypes
import logging
import os
import signal
import socket
import sys
import time
import urllib.request

import flask
import waitress

KEEP_ALIVE_S = 300
CONNECTIONS_MOST = 16384  # of one process; each takes a descriptor
BACKLOG = 4096
PR_SET_PDEATHSIG = 1
# The variable of the AWS SDKs; the link-local address is the same on every instance.
METADATA_URL = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")


def metadata(method, path, headers):
    request = urllib.request.Request(METADATA_URL + path, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.read().decode("ascii")


def instance_id(patience_s=120):
    """Asks the instance metadata service (IMDSv2): for a token, then for the id. Early in the boot it may not answer yet."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            token = metadata("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})
            return metadata("GET", "/latest/meta-data/instance-id", {"X-aws-ec2-metadata-token": token})
        except OSError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(1)


def make_app(path, instance):
    app = flask.Flask(__name__)

    def text(body):
        return flask.Response(body, mimetype="text/plain")

    def answer(**_):
        return text(f"Instance {instance} is responding now!")

    app.add_url_rule("/", "health", lambda: text("Healthy!"))
    for rule in (path, f"{path}/", f"{path}/<path:below>"):
        app.add_url_rule(rule, "answer", answer)
    return app


def serve(app, listener, threads):
    """Answers until the process ends. A line in the log for each request that waits would be work for the machine under test."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(app, sockets=[listener], threads=threads, channel_timeout=KEEP_ALIVE_S, connection_limit=CONNECTIONS_MOST,
                                    backlog=BACKLOG, asyncore_use_poll=True)
    server.run()


def serve_by_children(count, app, listener, threads):
    """Ends with an error when a child ends, and the others with it: whoever started the app starts it again."""
    parent = os.getpid()
    children = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for _ in range(count):
            child = os.fork()
            if child == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() == parent:  # else it ended before it could have taken this child along
                    serve(app, listener, threads)
                os._exit(0)
            children.append(child)
        ended, status = os.wait()
        children.remove(ended)
        sys.exit(f"process {ended} of the app has ended with status {status}")
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def main():
    parser = argparse.ArgumentParser(description="A small web app that says which instance answers.")
    parser.add_argument("--path", required=True, help="the cluster's path, such as /cluster1")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=80, help="0 takes a free one")
    parser.add_argument("--instance", help="the instance's id; without it the metadata service is asked")
    parser.add_argument("--threads", type=int, default=8, help="of each process")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)), help="default: one on each CPU")
    options = parser.parse_args()

    app = make_app(options.path, options.instance or instance_id())
    listener = socket.create_server((options.host, options.port), backlog=BACKLOG)
    print(listener.getsockname()[1], flush=True)
    if options.processes == 1:
        serve(app, listener, options.threads)
    else:
        serve_by_children(options.processes, app, listener, options.threads)


if __name__ == "__main__":
    main()
