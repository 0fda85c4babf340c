"""What one version of a program's terms says otherwise than another, and what that makes void."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.tasks import TaskKind, finding_kind
from schemas.terms import Checklist, FindingRule, ProcessRules, TermChange, Terms

PARTS = (
    *(name for name in Terms.model_fields if name not in ("code", "effective", "quorum", "rules")),
    *(name for name in ProcessRules.model_fields if name not in ("programme", "version", "digest")),
)
"""Every part of the terms that two versions can differ in, in the order of a file."""

_PASS = "pass"  # noqa: S105 - a result


def changes(before: Terms, after: Terms) -> tuple[TermChange, ...]:
    """Every difference, down to what stands in lists under a code; the same version has none."""
    old, new = _parts(before), _parts(after)
    return tuple(
        TermChange(part=part, at=at, before=was, after=becomes)
        for part in PARTS
        for at, was, becomes in _differences(old[part], new[part])
    )


def void_kinds(before: Terms, after: Terms) -> tuple[TaskKind, ...]:
    """The findings whose answers no longer answer what the terms ask.

    An answer rests on its checklist and, where it is rated, on the table that gave the level:
    another wording voids nothing, another question, risk type or level does. So does what the
    terms before did not ask at all: an answer to that is one to still older terms.
    """
    old = {rule.code: rule for rule in before.rules.findings}
    return tuple(
        finding_kind(rule.code)
        for rule in after.rules.findings
        if rule.code not in old or _asks_otherwise(old[rule.code], rule, before, after)
    )


def worse_checks(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The automatic checks of which nobody has judged what they say now.

    Whoever confirmed eligibility weighed what did not pass; what passes now needs no one.
    """
    return tuple(
        code
        for code, result in after.items()
        if result != _PASS and result != before.get(code, _PASS)
    )


def _asks_otherwise(old: FindingRule, new: FindingRule, before: Terms, after: Terms) -> bool:
    if new.rated and (not old.rated or before.matrix.levels != after.matrix.levels):
        return True
    return _questions(before.checklists[old.code]) != _questions(after.checklists[new.code])


def _questions(checklist: Checklist) -> tuple[dict[str, Any], dict[str, str | None]]:
    items = {item.code: (item.required, item.when, item.evidence) for item in checklist.items}
    return items, {risk.code: risk.assured_by for risk in checklist.risk_types}


def _parts(terms: Terms) -> dict[str, Any]:
    written = terms.model_dump(mode="json")
    return {**written, **written["rules"]}


def _differences(old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if old == new:
        return
    old_entries, new_entries = _entries(old), _entries(new)
    if old_entries is None or new_entries is None or old_entries == new_entries:
        yield (), old, new  # a plain value, or the same entries in another order
        return
    for name in dict.fromkeys((*old_entries, *new_entries)):
        was, becomes = old_entries.get(name), new_entries.get(name)
        if name not in old_entries or name not in new_entries:
            yield (name,), was, becomes
            continue
        for at, *pair in _differences(was, becomes):
            yield (name, *at), *pair


def _entries(value: Any) -> dict[str, Any] | None:
    """What stands in *value*, by its names; None for what has none."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return dict.fromkeys(value, True)
    if isinstance(value, list) and all(isinstance(e, dict) and "code" in e for e in value):
        return {each["code"]: each for each in value}
    return None
