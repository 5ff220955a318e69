"""Whether the tests of who may do what notice every small fault: `python -m tests.security.mutants [module …]`.

Puts each fault that `mutating` knows into each function that decides, into every condition of reach and into every
cell of the map, and asks the checks of `rules`, `scopes` and the matrix whether they notice. Prints how many, and the
survivors; ends with 1 when one of them is not among the equivalents below.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType

from app import create_app, db
from app.config import Settings
from app.queries import accounts, admin, criteria, hours, organisations, reach, safety, today
from app.security import identity, one_time, passwords, permission_map, predicates, secrets, sign_in_limits
from app.security.permission_map import EVERYBODY, PERMISSION_MAP
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from tests import factories
from tests.database import SqliteGround
from tests.security import coming_in, rules
from tests.security.mutating import Mutant, mutants_of
from tests.security.scopes import SCOPES, wrong
from tests.security.sides import Side, both_sides

MATRIX = Path(__file__).with_name("authz_matrix.csv")
# Faults that change nothing, each with why.
NO_KEY = "no newcomer has the key 0, and False is 0 to a database"
EQUIVALENT: dict[str, str] = {
    "app.queries.proofs.proofs_for: loses operand 1 of viewer.newcomer_id or 0 in line 6": NO_KEY,
    "app.queries.wishes.wishes_for: loses operand 1 of viewer.newcomer_id or 0 in line 5": NO_KEY,
    "app.queries.network_programmes.own_programmes: where loses Programme.network_slug.is_not(None) in line 6": (
        "the permission reaches networks only, and the programme of all of them is in none"
    ),
    "app.queries.admin.audit_for: True becomes False in line 9": "a folded word has letters and digits only, and nothing to escape",
    "app.security.passwords.easy_to_guess: loses the condition word in line 0": "an empty word stands in no password",
}

Check = Callable[[], bool]


class Judge:
    """Two networks, and whether everything in them is seen by whom it should be."""

    def __init__(self) -> None:
        self.sides: dict[str, Side] = both_sides()
        self.viewers = {name: side.viewers() for name, side in self.sides.items()}
        self.keeper = factories.viewer(factories.administrator())

    def targets(self) -> Iterator[tuple[FunctionType, Check]]:
        """Each function that decides, with the check that has to notice a fault in it."""
        by_function: dict[FunctionType, list[int]] = {}
        for at, row in enumerate(SCOPES):
            by_function.setdefault(row.function, []).append(at)
        for function, places in by_function.items():
            if function in (safety.reports_for, admin.audit_for, today.messages_to_do):
                yield function, lambda places=places: self._rules() and self._rows(places)
            else:
                yield function, lambda places=places: self._rows(places)
        judged = [at for at, row in enumerate(SCOPES) if row.function is criteria.offers_to_judge]
        for function in (criteria._judged_by, criteria._of_own_newcomers, criteria._caseload):
            yield function, lambda: self._rows(judged)
        yield hours.is_told_by_somebody, lambda: self._rows(by_function[hours.entries_for])
        yield admin.standing, lambda: self._rules() and self._rows(by_function[admin.requests_for])
        houses = [at for at, row in enumerate(SCOPES) if row.function is organisations.organisations_for]
        yield organisations._reached, lambda: self._rows(houses)
        everywhere = (
            reach.reach,
            reach.one,
            permission_map.scopes,
            accounts._viewer,
            accounts.sign_in_by_token,
        )
        viewer = (Viewer.can, Viewer.scopes, Viewer.role_for, Viewer.signed_in.fget)
        for function in (*everywhere, *viewer, predicates.demand, predicates.not_about_oneself):
            yield function, lambda: self._rules() and self._rows(range(len(SCOPES)))
        for module in (identity, passwords, secrets, one_time, sign_in_limits):
            for function in vars(module).values():
                if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                    yield function, self._rules

    def _rows(self, places: object) -> bool:
        """Whether all is as it should be; a query that cannot be asked at all is noticed too."""
        try:
            return not any(
                True
                for at in places
                for _ in wrong(SCOPES[at], self.sides, self.viewers, self.keeper)  # type: ignore[attr-defined]
            )
        except Exception:  # noqa: BLE001 - whatever a fault raises, it was noticed
            db.session().rollback()
            return False

    def _rules(self) -> bool:
        try:
            for rule in (*coming_in.RULES, *rules.RULES):
                rule(self.sides)
        except Exception:  # noqa: BLE001 - whatever a fault raises, it was noticed
            db.session().rollback()
            return False
        return True


def cells() -> Iterator[tuple[str, bool]]:
    """(fault, noticed) of every cell of the map: taken away, given to somebody else, or reaching everything."""
    with MATRIX.open(encoding="utf-8") as lines:
        matrix = {
            row.pop("permission"): {role: scope for role, scope in row.items() if scope}
            for row in csv.DictReader(lines)
        }
    for permission in Permission:
        row = dict(PERMISSION_MAP[permission])
        for holder in EVERYBODY:
            for scope in {None, Scope.ALL} - {row.get(holder)}:
                faulty = (
                    {**row, holder: scope}
                    if scope
                    else {key: value for key, value in row.items() if key != holder}
                )
                written = {
                    "anonymous" if role is None else role.value: reached.value
                    for role, reached in faulty.items()
                }
                yield f"{permission.value} of {holder}: {scope}", written != matrix[permission.value]


def survivors(judge: Judge, every: int = 1, only: Sequence[str] = ()) -> tuple[int, list[str]]:
    """How many faults were made, one of `every` so many, and the names of those that nobody noticed.

    `only` narrows to functions whose module or name holds one of these words.
    """
    made, left, at = 0, [], 0
    for function, check in judge.targets():
        where = f"{function.__module__}.{function.__qualname__}"
        for mutant in mutants_of(function) if not only or any(word in where for word in only) else ():
            at += 1
            if at % every:
                continue
            made += 1
            if _lives(mutant, check):
                left.append(mutant.name)
    for name, noticed in cells():
        made += 1
        left += [] if noticed else [name]
    return made, left


def _lives(mutant: Mutant, check: Check) -> bool:
    with mutant.alive():
        return check()


def main(only: Sequence[str]) -> int:
    """Try every fault on a fresh database, print the figures and return the exit code."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ground = SqliteGround(Path(folder))
        site = create_app(
            Settings(
                secret_key="for-mutants-only-0123456789-abcdefgh",
                database_url=ground.url,
                data_dir=folder,
                testing=True,
                base_url="http://localhost",
            )
        )
        with site.app_context():
            judge = Judge()
            broken = [function.__qualname__ for function, check in judge.targets() if not check()]
            if broken:
                print(f"Without any fault these checks fail: {broken}")
                return 2
            made, left = survivors(judge, only=only)
            db.release()
        db.bind(None)
        ground.close()
    wrong_ones = [name for name in left if name not in EQUIVALENT]
    gone = [] if only else [name for name in EQUIVALENT if name not in left]
    print(
        f"{made} faults, {made - len(left)} noticed, {len(left) - len(wrong_ones)} equivalent, {time.monotonic() - started:.0f} s"
    )
    for name in wrong_ones:
        print(f"  survives: {name}")
    for name in gone:
        print(f"  in the list of equivalents, and noticed or gone: {name}")
    return 1 if wrong_ones or gone else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
