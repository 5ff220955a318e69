"""The judgement of the long races: what is within B1, B2 and B6, and what is not; and a guard that is taken out of a site."""

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.architecture.source import ROOT
from tests.soak import killed_matcher, last_places, same_hours
from tests.soak.crowds import Heard, weakened

ONE, ALL = Heard(1, 199, (), 2.0), Heard(50, 0, (), 2.0)
RIGHT = last_places.Race([1, 1], [ONE, ONE])
TWO = last_places.Race([1], [Heard(1, 1, (), 1.0)])
OVERSOLD = last_places.Race([5], [Heard(5, 5, (), 1.0)])


@pytest.mark.parametrize(
    ("sold", "said"),
    [(2, ONE), (0, ONE), (1, replace(ONE, done=2)), (1, replace(ONE, refused=198)), (1, replace(ONE, refused=198, odd=(500,))),
     (1, replace(ONE, slowest=31.0))],
)  # fmt: skip
def test_a_round_that_goes_wrong_is_seen(sold, said):
    assert RIGHT.kept(200)
    assert not last_places.Race([1, sold], [ONE, said]).kept(200)


def test_the_last_place_is_kept_only_when_the_control_oversells():
    found = last_places.Measured(RIGHT, TWO, TWO, OVERSOLD, 200)
    assert found.kept()
    assert not replace(found, control=TWO).kept()
    assert not replace(found, activity=OVERSOLD).kept()


def test_hours_are_kept_only_when_the_control_doubles():
    same = last_places.Race([1], [ALL])
    overlapping = last_places.Race([1], [Heard(1, 49, (), 1.0)])
    doubled = last_places.Race([50], [ALL])
    found = same_hours.Measured(same, overlapping, doubled, 50)
    assert found.kept()
    for fault in ({"control": same}, {"same": doubled}, {"overlapping": same}):
        assert not replace(found, **fault).kept()


def test_the_matcher_is_kept_only_when_all_is():
    found = killed_matcher.Measured(20, 0, "plan", "plan", 1, 9, 10)
    assert found.kept()
    for fault in ({"kills": 19}, {"half_done": 1}, {"result": "other"}, {"result": "none", "clean": "none"}, {"runs": 2}, {"told": 8}, {"unguarded": 1}):  # fmt: skip
        assert not replace(found, **fault).kept()


def test_a_guard_is_taken_out_of_one_program_alone(tmp_path):
    code = "def weaken(matches):\n    matches.PlaceTaken = 'nothing guards'\n"
    settings = weakened(tmp_path, "app.services.matches", code)
    ask = [sys.executable, "-c", "from app.services import matches; print(matches.PlaceTaken)"]
    said = [
        subprocess.run(ask, cwd=ROOT, env=more, capture_output=True, text=True, check=True).stdout
        for more in ({**settings, "PATH": "/usr/bin:/bin"}, {"PATH": "/usr/bin:/bin"})
    ]
    assert said[0] == "nothing guards\n"
    assert "PlaceTaken" in said[1]
