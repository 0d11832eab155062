"""A proxy before moto_server that makes things go wrong: delays, connections that end before or after a call was carried out, throttling,
errors and pages of servers, garbage, replies that break off, and "not found" for what is there. It checks every signature by code of its
own, and adds what EC2 has and moto lacks: a launch that is repeated with its token launches nothing.

A test decides the fault of each call: `plan(number, action, params)` returns its name or None."""

import collections
import http.client
import http.server
import random
import re
import socket
import struct
import threading
import time
import urllib.parse

from fake_aws import sigv4
from fake_aws.server import SERVICES, Server
from fake_aws.wire import xml

# What AWS answers, of each call, for an object that it does not know yet.
NOT_FOUND = {
    "DescribeSecurityGroups": "InvalidGroup.NotFound", "CreateSecurityGroup": "InvalidVpcID.NotFound",
    "AuthorizeSecurityGroupIngress": "InvalidGroup.NotFound", "DeleteSecurityGroup": "InvalidGroup.NotFound",
    "RunInstances": "InvalidGroup.NotFound", "DescribeInstances": "InvalidInstanceID.NotFound",
    "StartInstances": "InvalidInstanceID.NotFound", "TerminateInstances": "InvalidInstanceID.NotFound",
    "DescribeNetworkInterfaces": "InvalidNetworkInterfaceID.NotFound",
    "CreateTargetGroup": "InvalidVpcID.NotFound", "DescribeTargetGroups": "TargetGroupNotFound",
    "ModifyTargetGroupAttributes": "TargetGroupNotFound", "RegisterTargets": "TargetGroupNotFound",
    "DescribeTargetHealth": "TargetGroupNotFound", "DeleteTargetGroup": "TargetGroupNotFound",
    "CreateLoadBalancer": "InvalidSecurityGroup", "DescribeLoadBalancers": "LoadBalancerNotFound",
    "DeleteLoadBalancer": "LoadBalancerNotFound", "ModifyLoadBalancerAttributes": "LoadBalancerNotFound",
    "DescribeTags": "TargetGroupNotFound", "CreateListener": "LoadBalancerNotFound",
    "DescribeListeners": "LoadBalancerNotFound", "CreateRule": "ListenerNotFound", "DescribeRules": "ListenerNotFound",
    "GetMetricData": "ResourceNotFound",
}
CARRIED_OUT = ("delay", "lost", "error-after", "broken-off")
FAULTS = (*CARRIED_OUT, "dropped", "throttled", "error", "html", "garbage", "missing")
MAKING = ("CreateSecurityGroup", "CreateTargetGroup", "CreateLoadBalancer", "RunInstances")
TIMEOUT_S = 60


def error_reply(service, code, message):
    """As EC2 and as the other query services say it."""
    inner = xml("Error", {"Code": code, "Message": message})
    if service == "ec2":
        return f"<Response><Errors>{inner}</Errors><RequestID>req-proxy</RequestID></Response>".encode()
    return f"<ErrorResponse>{inner}<RequestId>req-proxy</RequestId></ErrorResponse>".encode()


class FaultProxy:
    """On a free port, before the server at `upstream`. Use as a context manager."""

    def __init__(self, upstream, keys, region="us-east-1", plan=None):
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.keys, self.region = keys, region
        self.plan = plan or (lambda number, action, params: None)
        self.calls = []      # (action, parameters, fault), as they come
        self.refused = []    # wrong signatures, for the test's last check
        self.launched = set()  # instances, those included whose ids no reply told
        self.tokens = {}     # of RunInstances: (parameters, reply)
        self.has_made = False
        self.lock = threading.Lock()

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), type("Handler", (Handler,), {"proxy": self}))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()

    def forget(self):
        self.calls.clear()
        self.launched.clear()
        self.has_made = False

    def counts(self):
        """How often each fault struck."""
        return collections.Counter(fault for _, _, fault in self.calls if fault)

    def forward(self, path, headers, body):
        connection = http.client.HTTPConnection(self.upstream, timeout=TIMEOUT_S)
        try:
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def carry_out(self, action, params, path, headers, body):
        """One launch for each token, as EC2 has it."""
        token = params.get("ClientToken") if action == "RunInstances" else None
        if token in self.tokens:
            before, reply = self.tokens[token]
            return reply if before == params else (400, error_reply("ec2", "IdempotentParameterMismatch", "another request had this token"))
        reply = self.forward(path, headers, body)
        if action == "RunInstances" and reply[0] == 200:
            self.launched.update(re.findall(r"<instanceId>(.*?)</instanceId>", reply[1].decode()))
        if token and reply[0] == 200:
            self.tokens[token] = (params, reply)
        return reply


class Handler(http.server.BaseHTTPRequestHandler):
    proxy = None
    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT_S
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_POST(self):
        proxy = self.proxy
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target")
        params = {} if target else dict(urllib.parse.parse_qsl(body.decode("ascii"), keep_blank_values=True))
        service = "ssm" if target else SERVICES[params["Version"]]
        action = target.partition(".")[2] if target else params.pop("Action")
        with proxy.lock:
            try:
                sigv4.check(self.command, self.path, self.headers.items(), body, proxy.keys, proxy.region, service)
            except sigv4.Refused as refused:
                proxy.refused.append(str(refused))
                self.reply(403, error_reply(service, "AuthFailure", refused.code))
                return
            fault = proxy.plan(len(proxy.calls) + 1, action, params)
            proxy.calls.append((action, params, fault))
            made = (500, b"")
            if fault is None or fault in CARRIED_OUT:
                made = proxy.carry_out(action, params, self.path, dict(self.headers.items()), body)
            proxy.has_made |= action in MAKING and "DryRun" not in params
        self.answer(fault, service, action, *made)

    def answer(self, fault, service, action, status, body):
        if fault in ("lost", "dropped"):
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif fault == "throttled":
            self.reply(503, error_reply(service, "RequestLimitExceeded" if service == "ec2" else "Throttling", "Rate exceeded"))
        elif fault in ("error", "error-after"):
            self.reply(500, error_reply(service, "InternalError", "An internal error has occurred"))
        elif fault == "html":
            self.reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
        elif fault == "garbage":
            self.reply(200, bytes(random.Random(action).randbytes(300)))
        elif fault == "missing":
            self.reply(400, error_reply(service, NOT_FOUND[action], "The ID or ARN does not exist"))
        elif fault == "broken-off":
            self.close_connection = True
            self.reply(status, body[:len(body) // 2], declared_bytes=len(body))
        else:
            time.sleep(0.05 if fault == "delay" else 0)
            self.reply(status, body)

    def reply(self, status, body, kind="text/xml", declared_bytes=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if declared_bytes is None else declared_bytes))
        self.end_headers()
        self.wfile.write(body)
