"""What tests of services in several modules begin with."""

import pytest

from tests.activity_lists import Desk


@pytest.fixture
def desk(site):
    """A coordinator at work with lists of activities."""
    return Desk()
