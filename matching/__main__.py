"""`python -m matching`: assign, score, explain, generate, replay and learn from files, without the web site."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from matching import output
from matching.assignment import assigned, today
from matching.bench.command import add_options, run_bench
from matching.candidates import score_pairs, scored
from matching.comparison import comparison_json, comparison_text
from matching.evidence import evidence_json, evidence_text
from matching.explain import explain_packed, unmatched_packed
from matching.outcomes import draw_outcomes, read_outcomes
from matching.pack import Problem, pack
from matching.population import AS_OF, generate
from matching.recordings import read_recordings
from matching.replay import replay_runs
from matching.settings import read_idf, read_weights, weights_toml
from matching.standing import InvalidDecision, Standing
from matching.tables import DECISIONS, TableError, read_buddies, read_decided, read_newcomers, read_past
from matching.types import Explanation, Fact, Plan
from matching.understanding import command as interests
from matching.weights import MILLION, Weights

REFUSED = 2
QUIET_SECONDS = 1.0
MOST_OUTCOMES = 10_000


class Meter:
    """Tells on a terminal what is being done, once a run has taken longer than a second."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.shown = False

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Show a stage and how far it is."""
        if not sys.stderr.isatty() or time.monotonic() - self.started < QUIET_SECONDS:
            return
        far = f"{done}/{total}" if total else str(done)
        sys.stderr.write(f"\r\033[K{stage} {far}")
        sys.stderr.flush()
        self.shown = True

    def close(self) -> None:
        """Clear the line."""
        if self.shown:
            sys.stderr.write("\r\033[K")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, or 2 for input that is refused (nothing is written then).

    A bench also ends with 1 when a peer contradicts the optimum.
    """
    options = parser().parse_args(arguments)
    meter = Meter()
    try:
        status: int = options.run(options, meter) or 0
    except TableError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except OSError as error:
        sys.stderr.write(f"{error.filename}: expected a place that can be written ({error.strerror})\n")
        return REFUSED
    finally:
        meter.close()
    return status


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m matching", description=__doc__, allow_abbrev=False)
    commands = top.add_subparsers(required=True, metavar="command")
    one = _command(commands, "assign", run_assign, "the best assignment, with its proof")
    _inputs(one)
    one.add_argument("--objective", choices=["best", "most-people"], default="best")
    one.add_argument("--count", action="store_true", help="count the permitted pairs as well")
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--report", type=Path, required=True)
    one.add_argument("--prices", type=Path)
    one.add_argument("--decided", type=Path, help="pairs that are fixed or refused: the plan around them")
    one = _command(commands, "score", run_score, "every permitted pair, or the best of each newcomer")
    _inputs(one)
    many = one.add_mutually_exclusive_group(required=True)
    many.add_argument("--all", action="store_true")
    many.add_argument("--top", type=_positive)
    one.add_argument("--out", type=Path, required=True)
    one = _command(commands, "explain", run_explain, "why two people fit, or why somebody is left")
    _inputs(one)
    one.add_argument("--newcomer", required=True)
    one.add_argument("--buddy")
    one = _command(commands, "generate", run_generate, "a made-up population")
    one.add_argument("--newcomers", type=_natural, required=True)
    one.add_argument("--buddies", type=_natural, required=True)
    one.add_argument("--seed", type=_natural, default=1)
    one.add_argument(
        "--decide-by", type=Path, help="a weights.toml: also outcomes.csv, made up by these weights"
    )
    one.add_argument("--out", type=Path, required=True)
    add_options(_command(commands, "bench", run_bench, "this matcher and its peers side by side"))
    interests.options(_command(commands, "interests", interests.run, "the interests that phrases mean"))
    _settings_commands(commands)
    return top


def _settings_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = _command(
        commands, "replay", run_replay, "a proposed setting beside the current one, over recorded runs"
    )
    one.add_argument(
        "--runs", type=Path, required=True, help="a folder with a recorded run, or with such folders"
    )
    one.add_argument("--weights", type=Path, required=True, help="the proposed weights.toml")
    one.add_argument(
        "--current", type=Path, help="a weights.toml to compare with, in place of the recorded ones"
    )
    one.add_argument("--out", type=Path, required=True)
    one = _command(
        commands, "learn", run_learn, "weights proposed from what became of pairs, with the evidence"
    )
    one.add_argument("--outcomes", type=Path, required=True)
    one.add_argument("--current", type=Path, help="the weights.toml to do better than")
    one.add_argument("--version", type=_version, help="what to call the proposed setting")
    one.add_argument(
        "--out", type=Path, required=True, help="the proposed weights.toml, if there is a proposal"
    )
    one.add_argument("--evidence", type=Path, required=True)


def run_assign(options: argparse.Namespace, meter: Meter) -> None:
    """`assign`."""
    problem = _problem(options)
    if options.decided:
        plan = _decided(options, problem)
    else:
        plan = assigned(problem, options.objective, count=options.count, progress=meter)
    files = {options.out: output.pairs_csv(plan.pairs), options.report: output.report_json(plan)}
    if options.prices:
        files[options.prices] = output.prices_csv(plan)
    output.write_all(files)


def _decided(options: argparse.Namespace, problem: Problem) -> Plan:
    """The plan around the decisions of a file; what cannot be kept is refused with its line."""
    decisions = read_decided(options.decided)
    pairs = {kind: [pair for pair, (found, _) in decisions.items() if found == kind] for kind in DECISIONS}
    try:
        standing = Standing.over(problem, options.objective)
        return standing.decide(fixed=pairs["fixed"], refused=pairs["refused"])
    except InvalidDecision as error:
        line = decisions[error.newcomer_id, error.buddy_id][1]
        raise TableError(str(options.decided), line, None, error.expected) from error


def run_score(options: argparse.Namespace, meter: Meter) -> None:
    """`score`."""
    problem = _problem(options)
    meter("score", 0, None)
    output.write_all({options.out: output.pairs_csv(scored(problem, options.top))})


def run_explain(options: argparse.Namespace, meter: Meter) -> None:
    """`explain`."""
    problem = _problem(options)
    row = _row_of(options.newcomer, [n.id for n in problem.newcomers], options.newcomers, "--newcomer")
    if options.buddy is None:
        entry = unmatched_packed(problem, problem.newcomers[row].id)
        sys.stdout.write(f"newcomer {entry.newcomer_id}\nreason {entry.reason}\n")
        for unlock in output.unmatched_entry(entry)["unlocks"]:  # type: ignore[attr-defined]
            sys.stdout.write("unlock " + " ".join(f"{key}={value}" for key, value in unlock.items()) + "\n")
        return
    column = _row_of(options.buddy, [b.id for b in problem.buddies], options.buddies, "--buddy")
    sys.stdout.write(explained(explain_packed(problem, row, column)))


def explained(found: Explanation) -> str:
    """An explanation as lines of codes and facts."""
    lines = [
        f"pair {found.newcomer_id} {found.buddy_id} {'permitted' if found.permitted else 'not permitted'}"
    ]
    lines += [f"rule {rule.code} {'met' if rule.passed else 'FAILED'} {_facts(rule)}" for rule in found.rules]
    lines += [
        f"criterion {item.code} value={item.value} part={item.part} loss={item.loss} {_facts(item)}"
        for item in found.criteria
    ]
    lines.append(f"score {found.score}")
    lines.append(f"turn {found.turn}")
    lines.append(f"utility {found.utility}")
    lines.append(f"strongest_for {found.strongest_for}")
    lines.append(f"strongest_against {found.strongest_against}")
    return "\n".join(lines) + "\n"


def _facts(fact: Fact) -> str:
    shown = {key: ";".join(value) if isinstance(value, tuple) else value for key, value in fact.facts.items()}
    return " ".join(f"{key}={value}" for key, value in shown.items())


def run_generate(options: argparse.Namespace, meter: Meter) -> None:
    """`generate`."""
    meter("generate", 0, None)
    newcomers, buddies = generate(options.newcomers, options.buddies, options.seed)
    files = {"newcomers.csv": output.newcomers_csv(newcomers), "buddies.csv": output.buddies_csv(buddies)}
    if options.decide_by:
        setting = read_weights(options.decide_by)
        pairs = score_pairs(newcomers, buddies, weights=setting, as_of=AS_OF)
        drawn = draw_outcomes(pairs, setting.weights, most=MOST_OUTCOMES, seed=options.seed)
        files["outcomes.csv"] = output.outcomes_csv(drawn)
    options.out.mkdir(parents=True, exist_ok=True)
    output.write_all({options.out / name: text for name, text in files.items()})


def run_replay(options: argparse.Namespace, meter: Meter) -> None:
    """`replay`."""
    proposed = read_weights(options.weights)
    current = read_weights(options.current) if options.current else None
    found = replay_runs(read_recordings(options.runs, current), proposed, progress=meter)
    output.write_all({options.out: comparison_json(found)})
    meter.close()
    sys.stdout.write(comparison_text(found))


def run_learn(options: argparse.Namespace, meter: Meter) -> None:
    """`learn`; without a proposal only the evidence is written."""
    from matching.learning import learn

    current = read_weights(options.current) if options.current else Weights()
    found = learn(read_outcomes(options.outcomes), current=current, version=options.version, progress=meter)
    files = {options.evidence: evidence_json(found.evidence)}
    if found.proposal is not None:
        files[options.out] = weights_toml(found.proposal)
    output.write_all(files)
    meter.close()
    sys.stdout.write(evidence_text(found.evidence))


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace, Meter], int | None],
    words: str,
) -> argparse.ArgumentParser:
    one = commands.add_parser(name, help=words, description=words, allow_abbrev=False)
    one.set_defaults(run=run)
    return one


def _inputs(one: argparse.ArgumentParser) -> None:
    one.add_argument("--newcomers", type=Path, required=True)
    one.add_argument("--buddies", type=Path, required=True)
    one.add_argument("--past", type=Path)
    one.add_argument("--weights", type=Path)
    one.add_argument("--idf", type=Path, help="a report.json whose interest counts are used again")
    one.add_argument("--as-of", type=_day, default=None)
    one.add_argument("--min-score", type=_millionths)


def _problem(options: argparse.Namespace) -> Problem:
    as_of = options.as_of or today()
    weights = read_weights(options.weights) if options.weights else Weights()
    if options.min_score is not None:
        weights = replace(weights, rules=replace(weights.rules, min_score=options.min_score))
    newcomers = read_newcomers(options.newcomers, as_of)
    buddies = read_buddies(options.buddies)
    past = read_past(options.past) if options.past else ()
    idf = read_idf(options.idf) if options.idf else None
    return pack(newcomers, buddies, past=past, weights=weights, as_of=as_of, idf=idf)


def _row_of(name: str, ids: Sequence[str], file: Path, option: str) -> int:
    if name not in ids:
        raise TableError(str(file), None, "id", f"a row with the id of {option}, {name!r}")
    return ids.index(name)


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, found {text!r}")
    return int(text)


def _positive(text: str) -> int:
    if _natural(text) == 0:
        raise argparse.ArgumentTypeError("expected a whole number from 1")
    return int(text)


def _millionths(text: str) -> int:
    if _natural(text) > MILLION:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {MILLION}, found {text!r}")
    return int(text)


def _version(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a non-empty text")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected an ISO date such as 2026-11-20, found {text!r}"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
