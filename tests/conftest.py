"""What every test may ask for."""

import pytest

pytest_plugins = ("tests.database", "tests.site", "tests.browsing")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long to try at random: few requests with every change, many by hand or at night."""
    parser.addoption(
        "--fuzz", type=int, default=0, help="how many random requests for each address of the open API"
    )
