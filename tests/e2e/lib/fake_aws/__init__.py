"""A scripted stand-in for AWS: the calls that `loadgen provision` makes, with their slow states, dependencies and idempotency, faults
on demand, and a strict check of every signature. Written from the API references; shares no code with the program under test."""

from .server import FakeAws, Fault

__all__ = ["FakeAws", "Fault"]
