"""The app of an instance, on EC2 and in the local lab: Flask under waitress.

/            answers `Healthy!`, for the load balancer's health checks
the path     and everything below it answer `Instance ID is responding now!`

The first line of output is the port. Connections are kept open longer than a load balancer keeps them (60 s by default), so that the
instance never closes one while a request is on its way.
"""

import argparse
import os
import time
import urllib.request

import flask
import waitress

KEEP_ALIVE_S = 300
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


def main():
    parser = argparse.ArgumentParser(description="A small web app that says which instance answers.")
    parser.add_argument("--path", required=True, help="the cluster's path, such as /cluster1")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=80, help="0 takes a free one")
    parser.add_argument("--instance", help="the instance's id; without it the metadata service is asked")
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()

    app = make_app(options.path, options.instance or instance_id())
    server = waitress.create_server(app, host=options.host, port=options.port, threads=options.threads,
                                    channel_timeout=KEEP_ALIVE_S, connection_limit=1000, backlog=1024)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
