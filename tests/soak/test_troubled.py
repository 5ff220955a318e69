"""What counts as kept of B4 and B8, and that a disk that is full is seen to be full."""

import pytest

from tests.soak.filling import READ, fill
from tests.soak.looking import Found
from tests.soak.served import Answer
from tests.soak.troubled import Reads, Trouble
from tests.soak.writing import PATIENCE, Told

WELL = Found(acknowledged=5, unanswered=1, lost=0, doubled=0, halves=0, orphans=0, wrong_sums=0, damage="")
RIGHT = {"refusals": 3, "odd": [], "read": 1.0, "recovery": 2.0, "found": WELL}


@pytest.mark.parametrize(
    "broken",
    [
        {"refusals": 0},
        {"odd": [500]},
        {"read": 0.98},
        {"recovery": 10.1},
        {"found": Found(5, 0, 1, 0, 0, 0, 0, "")},
    ],
)
def test_whatever_is_beyond_the_bar_is_seen(broken):
    assert Trouble(**RIGHT).kept(READ)
    assert not Trouble(**RIGHT | broken).kept(READ)


@pytest.mark.parametrize(
    ("status", "headers", "acknowledged", "unsure", "odd"),
    [
        (303, {"location": "/nl/hours/1"}, True, False, None),
        (303, {"location": "/nl/sign-in?next=x"}, False, False, 303),
        (503, {"retry-after": "5"}, False, True, PATIENCE),
        (503, {}, False, True, 503),
        (500, {}, False, False, 500),
        (422, {}, False, False, 422),
    ],
)
def test_only_what_was_acknowledged_counts_as_written(status, headers, acknowledged, unsure, odd):
    told = Told()
    assert told.hear("a", lambda: Answer(status, headers, "", 0.1))
    assert ("a" in told.acknowledged, "a" in told.unsure) == (acknowledged, unsure)
    assert dict(told.odd) == ({} if odd is None else {odd: 1})


def test_what_gets_no_answer_stays_unsure():
    def gone():
        raise ConnectionResetError

    told = Told()
    assert not told.hear("a", gone)
    assert told.unsure == {"a"}


def test_pages_without_an_answer_are_not_read():
    reads = Reads()
    reads.statuses.update({200: 97, PATIENCE: 1, -1: 1, 500: 1})
    assert reads.well == 0.97


def test_a_full_disk_takes_nothing_more(tmp_path, monkeypatch):
    """Without a small disk: a file that is refused more and more."""
    written = []

    class Small:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def write(self, block):
            if sum(written) + len(block) > (1 << 20) + 700:
                raise OSError(28, "No space left on device")
            written.append(len(block))

    monkeypatch.setattr("pathlib.Path.open", lambda *_given, **_more: Small())
    fill(tmp_path / "ballast")
    assert sum(written) == (1 << 20) + 512
