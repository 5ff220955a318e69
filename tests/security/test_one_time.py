"""Codes of a phone: those of the standard, near their moment only, and other ones for each site and person."""

from datetime import UTC, datetime, timedelta

import pytest

from app.security import secrets
from app.security.one_time import (
    app_address,
    digits_of,
    factor_secret,
    recovery_codes,
    recovery_hash,
    step_of,
)

STANDARD = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" of RFC 6238, appendix B
CODES = {
    59: "287082",
    1111111109: "081804",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize(("second", "code"), CODES.items())
def test_the_codes_of_the_standard(second, code):
    assert step_of(STANDARD, code, datetime.fromtimestamp(second, UTC)) == second // 30


@pytest.mark.parametrize(
    ("seconds", "fits"), [(-61, False), (-29, True), (0, True), (59, True), (61, False), (86400, False)]
)
def test_a_code_fits_half_a_minute_around_its_own(seconds, fits):
    at = datetime.fromtimestamp(1111111110, UTC)  # the first second of a step
    found = step_of(STANDARD, "050471", at + timedelta(seconds=seconds))
    assert found == (1111111110 // 30 if fits else None)


@pytest.mark.parametrize("typed", ["", "00000", "0000000", "ABCDEF", "12 34 5", "１２３４５６", "-12345"])
def test_what_is_no_code_of_an_app(typed):
    assert digits_of(typed) is None


def test_blanks_do_not_count():
    assert digits_of(" 287 082 ") == "287082"


def test_a_stolen_table_is_worth_nothing_without_the_secret_of_the_site():
    secrets.bind("one site" * 8)
    here = factor_secret("salt"), recovery_hash("ABCDE-23456")
    secrets.bind("other site" * 8)
    assert not set(here) & {factor_secret("salt"), recovery_hash("ABCDE-23456")}
    secrets.bind("one site" * 8)
    assert here == (factor_secret("salt"), recovery_hash("abcde 23456"))
    assert factor_secret("salt") != factor_secret("other salt")
    assert len(factor_secret("salt")) == 32


def test_recovery_codes_differ_and_the_address_names_the_site():
    assert len(set(recovery_codes())) == 10
    address = app_address(STANDARD, "els@example.be")
    assert address.startswith("otpauth://totp/Samenspoor:els%40example.be?")
    assert f"secret={STANDARD}" in address
    assert "issuer=Samenspoor" in address
