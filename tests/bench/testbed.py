"""Servers on one core, generators on another, and what loadgen wrote."""

import csv
import json
import pathlib
import shutil
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e/lib"))

from measure import run_pinned  # noqa: E402
from programs import BIN  # noqa: E402
from servers import start_haproxy, start_nginx  # noqa: E402

GENERATOR_CORE, SERVER_CORE = 0, 1
BODY = "Instance i is responding now!"


class Bench:
    """The server under load, and a folder for the generators to work in."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.loadgen = str(BIN / "loadgen")
        self.certificate = folder / "certificate.pem", folder / "key.pem"
        programs.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                     "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", self.certificate[0], "-keyout", self.certificate[1])

    def nginx(self, tls, **how):
        return start_nginx(self.programs, self.folder / f"nginx-{uuid.uuid4().hex[:8]}", body=BODY, log=False,
                           main=f"worker_cpu_affinity {1 << SERVER_CORE:b};", certificate=self.certificate if tls else None, **how)

    def http2_server(self, kind, tls):
        if kind == "nginx":
            return self.nginx(tls, http2=True, keepalive_requests=100_000_000)
        return start_haproxy(self.programs, self.folder / f"haproxy-{uuid.uuid4().hex[:8]}", (), certificate=self.certificate if tls else None,
                             main=f"nbthread 1\n  cpu-map 1/1 {SERVER_CORE}",
                             front=f'http-request return status 200 content-type text/plain string "{BODY}"')

    def run(self, argv, limit_s=300):
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        return run_pinned(argv, GENERATOR_CORE, self.folder, limit_s, self.programs.env, self.programs.urgent)

    def totals(self):
        return json.loads((self.folder / "results/latest/run.json").read_text())["totals"]

    def rows(self, name):
        with open(self.folder / "results/latest" / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
