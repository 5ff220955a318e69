"""Small faults put into one function at a time: a test of who may do what that does not notice one is worth nothing."""

import ast
import copy
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType

OTHER_OPERATOR: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
}  # fmt: skip
OTHER_NAME = {"or_": "and_", "and_": "or_", "true": "false", "false": "true", "any": "all", "all": "any"}
OTHER_METHOD = {"in_": "not_in", "not_in": "in_", "is_": "is_not", "is_not": "is_"}
LOSES_ARGUMENTS = {"or_", "and_", "where"}
WIDEST = "SEE_PUBLIC"  # a permission that everybody has for everything


@dataclass(frozen=True)
class Mutant:
    """One fault in one function: `what` says which and in which line of it."""

    function: FunctionType
    what: str
    code: CodeType

    @property
    def name(self) -> str:
        """How it is called in the list of equivalents."""
        return f"{self.function.__module__}.{self.function.__qualname__}: {self.what}"

    @contextmanager
    def alive(self) -> Iterator[None]:
        """The function with the fault, wherever it is used."""
        sound, self.function.__code__ = self.function.__code__, self.code
        try:
            yield
        finally:
            self.function.__code__ = sound


def mutants_of(function: FunctionType) -> list[Mutant]:
    """Every fault that we know how to make in that function, each once."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list, found = [], {}
    for at, node in enumerate(_body(tree)):
        for what, change in _changes(node):
            faulty = copy.deepcopy(tree)
            change(next(other for place, other in enumerate(_body(faulty)) if place == at))
            code = _compiled(faulty, function)
            found[f"{what} in line {getattr(node, 'lineno', 0)}"] = code
    return [Mutant(function, what, code) for what, code in found.items()]


def _body(tree: ast.Module) -> Iterator[ast.AST]:
    """What the function does; its defaults are no part of its code."""
    for statement in tree.body[0].body:  # type: ignore[attr-defined]
        yield from ast.walk(statement)


def _compiled(tree: ast.Module, function: FunctionType) -> CodeType:
    # Future statements of the module change nothing here: annotations are not looked at.
    names = dict(vars(sys.modules[function.__module__]))
    exec(compile(ast.fix_missing_locations(tree), function.__code__.co_filename, "exec"), names)
    code: CodeType = names[function.__name__].__code__
    return code


Change = Callable[[ast.AST], None]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for other in OTHER_OPERATOR[type(operator)]:
                yield f"{type(operator).__name__} becomes {other.__name__}", _operator(at, other)
    elif isinstance(node, ast.BoolOp):
        yield "and is or" if isinstance(node.op, ast.And) else "or is and", _other_bool
        for at in range(len(node.values)):
            yield f"loses operand {at} of {ast.unparse(node)[:60]}", _neutral(at)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        yield "& and | change places", _other_bits
    elif isinstance(node, ast.Dict):
        for at, key in enumerate(node.keys):
            yield f"loses {ast.unparse(key) if key else '**'}", _without("keys", at, "values")
    elif isinstance(node, ast.Call):
        yield from _changes_of_call(node)
    elif isinstance(node, ast.Attribute) and ast.unparse(node).startswith(("P.", "Permission.")):
        yield f"asks for the widest instead of {node.attr}", _attribute(WIDEST)
    elif isinstance(node, ast.If | ast.IfExp):
        yield f"if not {ast.unparse(node.test)[:60]}", _negated
    elif isinstance(node, ast.comprehension) and node.ifs:
        for at in range(len(node.ifs)):
            yield f"loses the condition {ast.unparse(node.ifs[at])[:60]}", _without("ifs", at)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} becomes {not node.value}", _flipped


def _changes_of_call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in OTHER_NAME:
        yield f"{called.id} becomes {OTHER_NAME[called.id]}", _name(OTHER_NAME[called.id])
    if isinstance(called, ast.Attribute) and called.attr in OTHER_METHOD:
        yield (
            f"{called.attr} becomes {OTHER_METHOD[called.attr]} of {ast.unparse(called.value)[:60]}",
            _method(OTHER_METHOD[called.attr]),
        )
    name = (
        called.id
        if isinstance(called, ast.Name)
        else called.attr
        if isinstance(called, ast.Attribute)
        else ""
    )
    if name in LOSES_ARGUMENTS and (len(node.args) > 1 or name == "where"):
        for at, given in enumerate(node.args):
            yield f"{name} loses {ast.unparse(given)[:80]}", _without("args", at)


def _operator(at: int, other: type[ast.cmpop]) -> Change:
    return lambda node: node.ops.__setitem__(at, other())  # type: ignore[attr-defined]


def _without(part: str, at: int, beside: str = "") -> Change:
    def change(node: ast.AST) -> None:
        for name in filter(None, (part, beside)):
            getattr(node, name).pop(at)

    return change


def _neutral(at: int) -> Change:
    return lambda node: node.values.__setitem__(at, ast.Constant(isinstance(node.op, ast.And)))  # type: ignore[attr-defined]


def _other_bool(node: ast.AST) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()  # type: ignore[attr-defined]


def _other_bits(node: ast.AST) -> None:
    node.op = ast.BitOr() if isinstance(node.op, ast.BitAnd) else ast.BitAnd()  # type: ignore[attr-defined]


def _negated(node: ast.AST) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]


def _flipped(node: ast.AST) -> None:
    node.value = not node.value  # type: ignore[attr-defined]


def _name(other: str) -> Change:
    return lambda node: setattr(node.func, "id", other)  # type: ignore[attr-defined]


def _method(other: str) -> Change:
    return lambda node: setattr(node.func, "attr", other)  # type: ignore[attr-defined]


def _attribute(other: str) -> Change:
    return lambda node: setattr(node, "attr", other)
