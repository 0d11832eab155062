"""What the tests of AWS share."""

import pytest

from aws_account import Account


@pytest.fixture(name="account")
def fixture_account(programs, tmp_path):
    with Account(programs, tmp_path) as account:
        yield account
