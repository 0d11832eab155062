"""`up`, `status` and `down` against the scripted AWS: what is made, in which states, and that nothing is left."""
# ctest: timeout=180

import json

import pytest

from aws_account import TOPOLOGIES, Account


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
        assert not account.fake.refused


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_up_makes_everything_and_down_leaves_nothing(account, topology):
    account.up(topology)
    account.assert_complete()
    account.down()
    account.assert_empty()
