"""Shared by the AWS tests: the fake account, the environment, and what must exist after `up` and `down`."""

import collections
import json
import threading

from fake_aws import FakeAws
from programs import PATIENCE_S

TOPOLOGIES = {
    "m4x4-t2x5": {"cluster1": ("m4.large", {"us-east-1b": 4}), "cluster2": ("t2.large", {"us-east-1a": 5})},
    "m4x5-t2x4": {"cluster1": ("m4.large", {"us-east-1a": 3, "us-east-1b": 2}), "cluster2": ("t2.large", {"us-east-1a": 2, "us-east-1b": 2})},
}


def plain_environment(programs, folder):
    """The programs' environment without the tester's own AWS settings."""
    for name in [name for name in programs.env if name.startswith("AWS_")]:
        del programs.env[name]
    programs.env["HOME"] = str(folder)
    programs.env["AWS_EC2_METADATA_DISABLED"] = "true"


class Account:
    """A fake account and the commands against it."""

    def __init__(self, programs, folder, **settings):
        self.programs = programs
        self.folder = folder
        self.path = folder / "deployment.json"
        self.fake = FakeAws(**settings)
        self.env = {"LOADGEN_AWS_TIME_SCALE": "0.0005"}

    def __enter__(self):
        self.fake.__enter__()
        plain_environment(self.programs, self.folder)
        key, (secret, token) = next(iter(self.fake.keys.items()))
        self.env |= {"AWS_ENDPOINT_URL": self.fake.url, "AWS_ENDPOINT_URL_CHECKIP": f"{self.fake.url}/checkip",
                     "LOADGEN_AWS_CONNECT_TO": f"127.0.0.1:{self.fake.port}",
                     "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        if token:
            self.env["AWS_SESSION_TOKEN"] = token
        return self

    def __exit__(self, *exc):
        self.fake.__exit__(*exc)

    def run(self, command, *options, expect=0, env=None, **more):
        return self.programs.run("loadgen-provision", command, *options, expect=expect, env={**self.env, **(env or {})}, **more)

    def up(self, *options, expect=0, **more):
        return self.run("up", "--provider", "aws", "--deployment", self.path, *options, expect=expect, **more)

    def down(self, *options, expect=0, **more):
        return self.run("down", "--deployment", self.path, *options, expect=expect, **more)

    def start(self, command, *options):
        return self.programs.start("loadgen-provision", command, "--deployment", self.path, *options, env=self.env)

    def start_up(self, *options):
        return self.start("up", "--provider", "aws", *options)

    @property
    def deployment(self):
        return json.loads(self.path.read_text())

    def counts(self):
        """The number of live resources by kind."""
        fake = self.fake
        return {"instances": len(fake.ec2.alive()), "groups": len(fake.ec2.groups), "balancers": len(fake.elb.balancers),
                "target groups": len(fake.elb.groups), "listeners": len(fake.elb.listeners), "rules": len(fake.elb.rules)}

    def assert_complete(self):
        """Exactly nine instances and one of everything else, all in use."""
        fake = self.fake
        assert self.counts() == {"instances": 9, "groups": 2, "balancers": 1, "target groups": 2, "listeners": 1, "rules": 2}
        deployment = self.deployment
        assert deployment["state"] == "up"
        recorded = collections.Counter(i["id"] for i in deployment["instances"])
        assert recorded == collections.Counter(i["id"] for i in fake.ec2.alive())
        targets = [t for g in fake.elb.groups for t in g["targets"]]
        assert sorted(targets) == sorted(recorded)
        for cluster, (kind, zones) in TOPOLOGIES[deployment["topology"]].items():
            (group,) = [g for g in fake.elb.groups if g["wish"]["Name"].endswith(cluster)]
            members = [fake.ec2.instances[t] for t in group["targets"]]
            assert {m["type"] for m in members} == {kind}
            assert collections.Counter(m["zone"] for m in members) == zones

    def assert_empty(self):
        assert set(self.counts().values()) == {0}, self.counts()
        assert not self.path.exists()
        assert not self.fake.refused

    def hold(self, action):
        """Makes the first request of that kind wait, while others are served. Two events: it has come, and it may go on."""
        reached, go_on = threading.Event(), threading.Event()

        def wait(_number, current):
            if current == action and not reached.is_set():
                reached.set()
                self.fake.lock.release()
                go_on.wait(PATIENCE_S)
                self.fake.lock.acquire()

        self.fake.before = wait
        return reached, go_on
