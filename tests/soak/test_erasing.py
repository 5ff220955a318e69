"""The long form of B16 in small, and that it sees what is left."""

import pytest

from app.services import erasures
from app.services.erasures.columns import AT_ONCE
from tests.soak import erasing
from tests.soak.clusters import two_files


def measured(folder):
    return erasing.erased(two_files(folder)[0], folder, 6)


@pytest.mark.sqlite
def test_b16_in_small(tmp_path):
    found = measured(tmp_path)
    assert found.kept(), found


@pytest.mark.sqlite
def test_b16_sees_what_one_rule_leaves(tmp_path, monkeypatch):
    """The negative control: the word is found in the rows and in the file of the database."""
    less = tuple(rule for rule in AT_ONCE if rule.table.name != "staff_note")
    monkeypatch.setattr(erasures, "AT_ONCE", less)
    found = measured(tmp_path)
    assert not found.kept()
    assert found.traces == ("('staff_note', 'text')", "full.sqlite3")


@pytest.mark.parametrize(
    "broken", [{"export": 31.0}, {"whole": False}, {"before": 80}, {"traces": ("x",)}, {"minutes": False}]
)
def test_a_bar_that_is_not_kept_is_seen(broken):
    right = {"export": 1.0, "whole": True, "erasing": 9.0, "before": 91, "traces": (), "minutes": True}
    assert erasing.Measured(**right).kept()
    assert not erasing.Measured(**right | broken).kept()
