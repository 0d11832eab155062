"""The HTTP side: routing, signatures, faults, and a record of every request."""

import http.server
import json
import re
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
from email.utils import formatdate

from . import sigv4
from .cloudwatch import CloudWatch
from .ec2 import Ec2
from .elb import Elb
from .wire import ApiError, tree, xml

SERVICES = {"2016-11-15": "ec2", "2015-12-01": "elasticloadbalancing", "2010-08-01": "monitoring", "2011-06-15": "sts"}
CANONICAL_PARAMETER = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that is killed is part of the tests; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Fault:
    """What goes wrong with a call. `act` says whether the call is carried out all the same. A dry run is another action:
    "RunInstances.DryRun"."""

    def __init__(self, action, *, times=1, skip=0, code=None, message="as the script says", status=400, body=None, lose=False, act=False,
                 declared_bytes=None, headers=()):
        self.action, self.times, self.skip = action, times, skip
        self.code, self.message, self.status = code, message, status
        self.body, self.lose, self.act, self.declared_bytes, self.headers = body, lose, act, declared_bytes, headers


def snake(action):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()


class FakeAws:
    """The account, and a server on a free port. Use as a context manager."""

    def __init__(self, region="us-east-1", account="123412349012", host="127.0.0.1"):
        self.region, self.account, self.host = region, account, host
        self.keys = {"AKIAFAKE": ("fakeSecret/with+signs=", None)}
        self.expired = set()
        self.ec2 = Ec2(region, account)
        self.elb = Elb(region, account, self.ec2)
        self.others = {}  # region -> (Ec2, Elb), further regions of the account
        self.cloudwatch = CloudWatch()
        self.parameters = {CANONICAL_PARAMETER: "ami-noble"}
        self.arn = f"arn:aws:sts::{account}:assumed-role/voclabs/user1=Somebody"
        self.faults = []
        self.requests = []  # (service, action, parameters), as they come
        self.signers = set()  # access key ids of right signatures
        self.refused = []   # signatures that were wrong, for the test's last check
        self.skew_s = 0
        self.before = None  # called with (number, action) before a call is carried out
        self.after = None   # the same, after it was carried out and before the reply
        self.stale = None   # called with (action, result) of a call that was carried out: the result to reply, if another
        self.lock = threading.RLock()
        self.app_answers = True
        self.tls_server = None

    def __enter__(self):
        handler = type("Handler", (Handler,), {"fake": self})
        self.server = Server((self.host, 0), handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        for server in filter(None, (self.server, self.tls_server)):
            server.shutdown()
            server.server_close()

    def serve_tls(self, certificate, key):
        """The same server behind TLS, on a port of its own, which is returned."""
        handler = type("Handler", (Handler,), {"fake": self})
        self.tls_server = Server(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.tls_server.socket = context.wrap_socket(self.tls_server.socket, server_side=True)
        threading.Thread(target=self.tls_server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self.tls_server.server_address[1]

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    def fault(self, action, **details):
        self.faults.append(Fault(action, **details))

    def take_fault(self, action):
        for fault in self.faults:
            if fault.action != action:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            return fault
        return None

    def actions(self, *names):
        return [action for _, action, _ in self.requests if not names or action in names]

    def add_region(self, region):
        ec2 = Ec2(region, self.account)
        self.others[region] = ec2, Elb(region, self.account, ec2)

    def describe_regions(self, _params):
        return {"regionInfo": [{"regionName": region, "optInStatus": "opt-in-not-required"} for region in [self.region, *self.others]]}

    def get_caller_identity(self, _params):
        return {"Account": self.account, "Arn": self.arn, "UserId": "AROA:user"}

    def get_parameter(self, params):
        if params["Name"] not in self.parameters:
            raise ApiError("ParameterNotFound")
        return {"Parameter": {"Name": params["Name"], "Value": self.parameters[params["Name"]]}}

    def carry_out(self, service, action, params, region=None):
        ec2, elb = self.others.get(region, (self.ec2, self.elb))
        owner = {"ec2": ec2, "elasticloadbalancing": elb, "monitoring": self.cloudwatch}.get(service, self)
        method = getattr(owner, snake(action), None) or getattr(self, snake(action), None)
        if not method:
            raise ApiError("InvalidAction", f"{action} is not known here")
        return method(params)


class Handler(http.server.BaseHTTPRequestHandler):
    fake = None
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return formatdate((timestamp or time.time()) + self.fake.skew_s, usegmt=True)

    def do_GET(self):
        """The deployed app, seen through the load balancer's name, and the service that tells a caller's address."""
        listener = bool(self.fake.elb.listeners) and self.fake.app_answers
        if self.path == "/checkip" or self.headers["Host"] == "checkip.amazonaws.com":
            self.reply(200, b"203.0.113.9\n", "text/plain")
        elif self.path == "/" and listener:
            self.reply(200, b"Healthy!", "text/plain")
        elif listener and any(self.path in rule["paths"] for rule in self.fake.elb.rules):
            self.reply(200, b"Instance i-0 is responding now!", "text/plain")
        else:
            self.reply(503, b"<html>503</html>", "text/html")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target")
        if target:
            service, action, params = "ssm", target.partition(".")[2], json.loads(body)
        else:
            pairs = urllib.parse.parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
            params = tree(pairs)
            service, action = SERVICES[params.pop("Version")], params.pop("Action")
        with self.fake.lock:
            self.fake.requests.append((service, action, params))
            number = len(self.fake.requests)
            try:
                self.check(service, body)
                if self.fake.before:
                    self.fake.before(number, action)
                fault = self.fake.take_fault(action + ".DryRun" if "DryRun" in params else action)
                if fault and not fault.act and not fault.lose and fault.body is None:
                    raise ApiError(fault.code, fault.message, fault.status)
                result = self.fake.carry_out(service, action, params, self.region_signed()) if not fault or fault.act else {}
                if self.fake.after:
                    self.fake.after(number, action)
                if self.fake.stale:
                    result = self.fake.stale(action, result) or result
            except ApiError as error:
                self.reply_error(service, error, fault.headers if "fault" in locals() and fault else ())
                return
        if fault and fault.lose:
            self.reset()
        elif fault and fault.body is not None:
            self.reply_raw(fault)
        elif service == "ssm":
            self.reply(200, json.dumps(result).encode(), "application/x-amz-json-1.1")
        else:
            self.reply(200, self.render(service, action, result), "text/xml")

    def region_signed(self):
        """Of the credential scope; the check compares it."""
        scope = self.headers.get("Authorization", "").partition("Credential=")[2].split("/")
        return scope[2] if len(scope) > 2 and scope[2] in self.fake.others else self.fake.region

    def check(self, service, body):
        fake = self.fake
        try:
            key = sigv4.check(self.command, self.path, self.headers.items(), body, fake.keys, self.region_signed(), service,
                              time.time() + fake.skew_s)
        except sigv4.Refused as refused:
            fake.refused.append(str(refused))
            code = {"SignatureDoesNotMatch": "AuthFailure"}.get(refused.code, refused.code) if service == "ec2" else refused.code
            raise ApiError(code, refused.message, 403) from refused
        fake.signers.add(key)
        if key in fake.expired:
            code = {"ec2": "RequestExpired", "ssm": "ExpiredTokenException"}.get(service, "ExpiredToken")
            raise ApiError(code, "The security token included in the request is expired", 400)

    def render(self, service, action, result):
        inner = "".join(xml(key, value) for key, value in result.items())
        if service == "ec2":
            space = "http://ec2.amazonaws.com/doc/2016-11-15/"
            return f'<?xml version="1.0" encoding="UTF-8"?><{action}Response xmlns="{space}"><requestId>req-1</requestId>{inner}</{action}Response>'.encode()
        space = f"http://{service}.amazonaws.com/doc/"
        return (f'<{action}Response xmlns="{space}"><{action}Result>{inner}</{action}Result>'
                f"<ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></{action}Response>").encode()

    def reply_error(self, service, error, headers=()):
        if service == "ssm":
            body = json.dumps({"__type": f"com.amazon#{error.code}", "message": error.message}).encode()
        elif service == "ec2":
            body = (f"<Response><Errors>{xml('Error', {'Code': error.code, 'Message': error.message})}</Errors>"
                    "<RequestID>req-error</RequestID></Response>").encode()
        else:
            body = (f'<ErrorResponse xmlns="http://x/">{xml("Error", {"Type": "Sender", "Code": error.code, "Message": error.message})}'
                    "<RequestId>req-error</RequestId></ErrorResponse>").encode()
        self.reply(error.status, body, "text/xml", headers)

    def reply(self, status, body, kind, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reply_raw(self, fault):
        """A body as it is, or one made while it is sent; with a declared length that may be a lie."""
        chunks = fault.body if not isinstance(fault.body, bytes) else [fault.body]
        self.close_connection = True
        self.send_response(fault.status)
        self.send_header("Content-Type", "text/html")
        if fault.declared_bytes is not None:
            self.send_header("Content-Length", str(fault.declared_bytes))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for chunk in chunks:
                self.wfile.write(chunk)
        except OSError:
            pass  # the client has seen enough

    def reset(self):
        """Ends the connection as a crash does: without a reply."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
