"""A local lab for one test of `loadgen provision`."""

import csv
import json
import pathlib
import urllib.error
import urllib.request

from programs import PATIENCE_S, accepts, processes_marked

N_PROCESSES = 11  # of the shipped topologies: nine instances, HAProxy's master and its worker
SHIPPED = pathlib.Path(__file__).parents[3] / "provision/topologies/m4x4-t2x5.yaml"


class Deployment:
    """`loadgen provision` with the test's own deployment file and folder for temporary files."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.path = folder / "deployment.json"
        self.temporary = pathlib.Path(f"/tmp/t-{programs.mark[:12]}")
        self.temporary.mkdir()

    def provision(self, command, *arguments, **options):
        env = {"TMPDIR": str(self.temporary), **options.pop("env", {})}
        return self.programs.run("loadgen-provision", command, *arguments, "--deployment", self.path, env=env, **options)

    def up(self, *arguments, **options):
        return self.provision("up", *arguments, **options)

    def down(self, *arguments, **options):
        return self.provision("down", *arguments, **options)

    @property
    def json(self):
        return json.loads(self.path.read_text())

    def resources(self, kind, role=None):
        return [r for r in self.json["resources"] if r["kind"] == kind and role in (None, r["role"])]

    def processes(self):
        return processes_marked(self.programs.mark)

    def unrecorded(self, recorded):
        """Processes that are not recorded and whose parent is not either (HAProxy's worker is the child of a recorded one)."""
        def parent(pid):
            try:
                return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                return None  # it has ended
        return {pid for pid in self.processes() if pid not in recorded and parent(pid) not in recorded}

    def access_log(self):
        with open(self.resources("log")[0]["id"], encoding="ascii", newline="") as log:
            return list(csv.DictReader(log))

    def nothing_is_left(self, ports=()):
        assert not self.processes()
        assert not list(self.temporary.iterdir())
        assert not self.path.exists() and not self.path.with_name("deployment.json.lock").exists()
        assert not any(accepts(port) for port in ports)


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def instances_of(deployment, cluster):
    return {i["id"] for i in deployment.json["instances"] if i["cluster"] == cluster}
