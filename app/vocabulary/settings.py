"""A setting of the matcher, its evidence and what it would change, as whole sentences in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from app.i18n import gettext, ngettext, number, percent
from app.vocabulary.people import DutchLevel

_MILLION = 1_000_000


def setting_sentences(setting: Mapping[str, Any]) -> list[str]:
    """The rules, the turn and what was not told, of a setting as `matching` keeps it."""
    rules, turn, neutral = setting["rules"], setting["turn"], setting["neutral"]
    return [
        _language_rule(rules),
        gettext("Who does not say how far to travel, travels at most %(km)s km.", km=number(rules["max_km"])),
        gettext("Two people must fit for at least %(score)s.", score=_share(rules["min_score"])),
        ngettext(
            "Who waits gets more and more: half of %(most)s after %(num)s day.",
            "Who waits gets more and more: half of %(most)s after %(num)s days.",
            turn["half_days"],
            most=_share(turn["waiting"]),
        ),
        gettext(
            "Who still owes hours gets %(owes)s more, and up to %(term)s on top when the contract ends soon.",
            owes=_share(turn["owes"]),
            term=_share(turn["term"]),
        ),
        gettext(
            "What somebody did not tell counts as %(interests)s for interests and %(moments)s for free moments.",
            interests=_share(neutral["interests"]),
            moments=_share(neutral["availability"]),
        ),
    ]


def _language_rule(rules: Mapping[str, Any]) -> str:
    level = str(DutchLevel(rules["min_dutch"]).label)
    if rules["shared_language"]:
        return gettext(
            "Two people must share a language. Dutch counts from this level on: %(level)s.", level=level
        )
    return gettext(
        "Two people need not share a language. Dutch counts from this level on: %(level)s.", level=level
    )


def _share(millionths: float) -> str:
    return percent(millionths / _MILLION)


def shares_of(setting: Mapping[str, Any]) -> dict[str, float]:
    """How much of the score each criterion makes, 0..1, by code."""
    weights = setting["weights"]
    return {code: weight / sum(weights.values()) for code, weight in weights.items()}


def evidence_sentences(evidence: Mapping[str, Any]) -> list[str]:
    """What the evidence of learned weights says."""
    if not evidence:
        return [gettext("This setting was written by hand. No evidence was sent with it.")]
    said = [
        ngettext(
            "Learned from %(num)s pair that was decided, compared with version %(version)s.",
            "Learned from %(num)s pairs that were decided, compared with version %(version)s.",
            evidence["outcomes"],
            version=evidence["current_version"],
        ),
        gettext(
            "Of these pairs %(good)s went on and %(bad)s did not.",
            good=number(evidence["went_on"]),
            bad=number(evidence["did_not"]),
        ),
        _VERDICTS[evidence["verdict"]](),
    ]
    before, after = evidence["auc_current"], evidence["auc_learned"]
    if before and after:
        said.append(
            gettext(
                "Of two pairs, one that went on and one that did not, it names the right one in %(after)s of cases. "
                "The weights that it was compared with do so in %(before)s.",
                after=percent(after["mean"]),
                before=percent(before["mean"]),
            )
        )
    return said


_VERDICTS: Mapping[str, Callable[[], str]] = {
    "too_few": lambda: gettext("There are too few outcomes to learn from."),
    "not_better": lambda: gettext("It is not shown that other weights would do better."),
    "too_uncertain": lambda: gettext("It is not known well enough how much each criterion counts."),
    "proposed": lambda: gettext("Pairs that were kept apart for a test are foretold better than before."),
}


def worse_sentence(entry: Mapping[str, Any], dimension: str = "", group: str = "") -> str:
    """Something that a proposed setting makes worse; `dimension` and `group` name the people where it is one group."""
    before, after = entry["current"], entry["proposed"]
    if entry["code"] == "group":
        return gettext(
            "%(dimension)s, %(group)s: %(after)s of these people get a buddy instead of %(before)s.",
            dimension=dimension, group=group, after=percent(after), before=percent(before),
        )  # fmt: skip
    return _WORSE[entry["code"]](before, after)


_WORSE: Mapping[str, Callable[[float, float], str]] = {
    "reached": lambda before, after: gettext(
        "Fewer people get a buddy: %(after)s instead of %(before)s.", after=number(after), before=number(before)
    ),
    "fit_by_current": lambda before, after: gettext(
        "By the weights of now, pairs fit less well: %(after)s instead of %(before)s.",
        after=_share(after), before=_share(before),
    ),
    "fit_by_proposed": lambda before, after: gettext(
        "By the proposed weights, pairs fit less well: %(after)s instead of %(before)s.",
        after=_share(after), before=_share(before),
    ),
    "waited_reached": lambda before, after: gettext(
        "Who gets a buddy has waited less long: %(after)s days instead of %(before)s.",
        after=number(round(after, 1)), before=number(round(before, 1)),
    ),
    "waited_left": lambda before, after: gettext(
        "Who is left has waited longer: %(after)s days instead of %(before)s.",
        after=number(round(after, 1)), before=number(round(before, 1)),
    ),
}  # fmt: skip
