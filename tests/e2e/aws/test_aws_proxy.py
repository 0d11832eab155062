"""Before moto stands a proxy that makes things go wrong: `up` comes up at the first try all the same, with nine instances and never a tenth,
and `down` leaves the account as it was, decoys included. Every signature is checked by the proxy's own code."""
# ctest: early truth

import json
import random

import pytest

import moto_lab
from fault_proxy import FAULTS, NOT_FOUND, FaultProxy
from truth import IS_FULL, note

pytestmark = moto_lab.needs_moto

SHARE = 0.15
SEEDS = range(1, 31) if IS_FULL else range(1, 2)
CREDENTIALS = {"AKIAMOTO": ("any", "token+/=")}


@pytest.fixture(name="moto")
def fixture_moto(programs, tmp_path):
    with moto_lab.started(programs, tmp_path) as moto, FaultProxy(moto.url, CREDENTIALS) as proxy:
        moto.env["AWS_ENDPOINT_URL"] = proxy.url
        moto.proxy = proxy
        moto.before = moto.boto3("decoys")
        yield moto
        assert not proxy.refused


def applies(proxy, fault, action):
    """Only what was made can be not found yet."""
    return fault != "missing" or (action in NOT_FOUND and (proxy.has_made or action == "CreateSecurityGroup"))


class Once:
    """A fault at the first attempt of each call: the same one, or one after the other."""

    def __init__(self, proxy, faults):
        self.proxy, self.faults = proxy, faults
        self.known = set()

    def __call__(self, _number, action, params):
        call = json.dumps([action, params], sort_keys=True)
        fault = self.faults[len(self.known) % len(self.faults)]
        if call in self.known or not applies(self.proxy, fault, action):
            return None
        self.known.add(call)
        return fault


class Weather:
    """Each call meets a fault with a fixed probability."""

    def __init__(self, proxy, seed):
        self.proxy = proxy
        self.random = random.Random(seed)

    def __call__(self, _number, action, _params):
        fault = self.random.choice(FAULTS) if self.random.random() < SHARE else None
        return fault if fault and applies(self.proxy, fault, action) else None


def up_and_down(moto, plan):
    """At the first try, nine instances in all, and then nothing."""
    moto.proxy.forget()
    moto.proxy.plan = plan
    moto.run("up", "--provider", "aws", "--my-address", "203.0.113.9", "--any-number")
    deployment = json.loads(moto.path.read_text())
    assert {i["id"] for i in deployment["instances"]} == moto.proxy.launched and len(moto.proxy.launched) == 9
    moto.run("status")
    moto.run("down")
    assert not moto.path.exists()
    assert len(moto.proxy.launched) == 9
    assert moto.boto3() == moto.before


class Turn:
    """Only the call of that number is not found."""

    def __init__(self, proxy, wanted):
        self.proxy, self.wanted = proxy, wanted

    def __call__(self, number, action, _params):
        return "missing" if number == self.wanted and applies(self.proxy, "missing", action) else None


def plans(proxy):
    """Each call goes wrong once, in different ways and in one way; a share of all calls goes wrong; each call in turn is not found."""
    yield "different faults", Once(proxy, FAULTS)
    for fault in FAULTS if IS_FULL else ["missing"]:
        yield fault, Once(proxy, [fault])
        assert proxy.counts().keys() == {fault} and len(proxy.calls) > 40
    for seed in SEEDS:
        yield f"seed {seed}", Weather(proxy, seed)
    if IS_FULL:
        yield "nothing goes wrong", lambda number, action, params: None
        for wanted in range(1, len(proxy.calls) + 1):
            yield f"call {wanted}", Turn(proxy, wanted)


def test_up_comes_up_at_the_first_try_and_down_leaves_nothing(moto):
    struck = calls = 0
    for name, plan in plans(moto.proxy):
        print(name)
        up_and_down(moto, plan)
        struck += sum(moto.proxy.counts().values())
        calls += len(moto.proxy.calls)
    note(f"AWS: faults survived in {calls} calls", struck, "", "")
