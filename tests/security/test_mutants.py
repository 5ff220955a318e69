"""The quick form of the mutants: some of the faults in each function that decides, and every cell of the map."""

import pytest

from tests.security.mutants import EQUIVALENT, Judge, cells, survivors
from tests.security.mutating import mutants_of
from tests.security.scopes import SCOPES

ONE_OF = 12  # `python -m tests.security.mutants` tries them all


def test_small_faults_are_noticed(site):
    judge = Judge()
    assert all(check() for _function, check in judge.targets()), "a check fails without any fault"
    made, left = survivors(judge, every=ONE_OF)
    assert not set(left) - set(EQUIVALENT)
    assert made > 500


def test_every_cell_of_the_map_is_tried(site):
    tried = list(cells())
    assert len(tried) > 500
    assert all(noticed for _name, noticed in tried)


def test_a_fault_lives_only_inside_its_block(site):
    """The function is whole again afterwards, also when the check fails; and a fault that nobody looks for survives."""
    function = SCOPES[0].function
    sound = function.__code__
    mutant = mutants_of(function)[0]
    with mutant.alive():
        assert function.__code__ is mutant.code
    with pytest.raises(ArithmeticError), mutant.alive():
        raise ArithmeticError
    assert function.__code__ is sound
