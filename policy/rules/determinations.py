"""What a conditional review rests on, and whether that lets the proposal go on.

No level lifts a bar (product.md, section 3): a substantial risk that remains after mitigation is
answered with `barred`, and an embargo is answered by an exception that the dated data name or by an
authorization on file, never by a low rating.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from policy.rules import checklists
from schemas.errors import Gap
from schemas.forms import FormContext
from schemas.tasks import Gate, KeptBy, TaskKind

Answers = Mapping[str, Any]
LAPSES = "exception_lapses"
"""The risk type of country measures that a condition names where an authorization ends early."""


def gaps(context: FormContext, outcome: str, answers: Answers) -> Iterator[Gap]:
    """What keeps *outcome* from being taken; only `no_objection` must rest on everything."""
    if outcome == "no_objection":
        yield from _measures(context, answers)
        yield from _territory(context, answers)
        yield from _environment(answers)
    yield from _substantial_risks(outcome, answers)


def rests_on(answers: Answers) -> dict[str, str]:
    """What each measure, area or risk was answered with, as codes."""
    found = {
        code: ":".join(filter(None, (row["basis"], row.get("exception"))))
        for code, row in answers.get("measures", {}).items()
    }
    for name in ("territory", "environment"):
        if name in answers:
            found[name] = answers[name]["basis"]
    for code, row in answers.get("substantial_risks", {}).items():
        found[code] = row["remains"]
    return found


def authorizations(answers: Answers) -> dict[str, date]:
    """The last day of each authorization that the answers rest on, by its measure or `territory`.

    Days that cannot be read are none: `gaps` names them.
    """
    rows = {**answers.get("measures", {}), "territory": answers.get("territory") or {}}
    found = {}
    for code, row in rows.items():
        held = row.get("authorization")
        if row.get("basis") != "authorization" or not held:
            continue
        with suppress(ValueError):
            found[code] = date.fromisoformat(held["valid_until"])
    return found


def _measures(context: FormContext, answers: Answers) -> Iterator[Gap]:
    given = answers.get("measures", {})
    for measure in context.measures:
        at, row = f"/answers/measures/{measure.code}", given.get(measure.code)
        if row is None:
            yield Gap(pointer=at, code="measure_not_answered", facts={"measure": measure.code})
        elif row["basis"] == "exception":
            if not row.get("exception"):
                yield Gap(
                    pointer=f"{at}/exception",
                    code="exception_not_cited",
                    facts={"measure": measure.code},
                )
        else:
            yield from _authorization(context, answers, row, at)


def _territory(context: FormContext, answers: Answers) -> Iterator[Gap]:
    row = answers.get("territory")
    if context.kind is not TaskKind.TERRITORY or row is None:
        return
    if row["basis"] == "authorization":
        yield from _authorization(context, answers, row, "/answers/territory")
    if row["basis"] == "department_seeks" and not any(
        each["gates"] == Gate.AGREEMENT and each.get("kept_by") == KeptBy.DEPARTMENT
        for each in answers.get("conditions", ())
    ):
        yield Gap(pointer="/answers/conditions", code="authorization_not_sought")


def _environment(answers: Answers) -> Iterator[Gap]:
    """An exclusion or exemption is cited, and the draft of a notice is there to be cleared."""
    row = answers.get("environment")
    if row is None:
        return
    cites = row["basis"] in ("class_exclusion", "exemption")
    if cites and not str(row.get("provision", "")).strip():
        yield Gap(pointer="/answers/environment/provision", code="provision_not_cited")
    if row["basis"] == "notice" and not checklists.is_proved({"evidence": row}):
        yield Gap(pointer="/answers/environment/reference", code="notice_not_drafted")


def of_notice(answers: Answers) -> Iterator[Gap]:
    """Comments that came are answered before effects are determined."""
    received = answers.get("comments_received", 0)
    if received and not str(answers.get("comments_answered", "")).strip():
        yield Gap(pointer="/answers/comments_answered", code="comments_not_answered")


def _authorization(context: FormContext, answers: Answers, row: Answers, at: str) -> Iterator[Gap]:
    """Number, issuer, dates and the paper; in force now, and to the end or with a condition."""
    held = row.get("authorization")
    if held is None:
        yield Gap(pointer=f"{at}/authorization", code="authorization_missing")
        return
    days = {}
    for name in ("issued_on", "valid_until"):
        try:
            days[name] = date.fromisoformat(held[name])
        except ValueError:
            yield Gap(pointer=f"{at}/authorization/{name}", code="not_a_date")
    if len(days) < 2:  # noqa: PLR2004 - both days
        return
    if not checklists.is_proved({"evidence": held}):
        yield Gap(pointer=f"{at}/authorization/reference", code="authorization_not_on_file")
    today = context.today
    if today is not None and not days["issued_on"] <= today <= days["valid_until"]:
        yield Gap(pointer=f"{at}/authorization/valid_until", code="authorization_not_in_force")
    ends_first = context.ends_on is not None and days["valid_until"] < context.ends_on
    renewed = any(LAPSES in each["risks"] for each in answers.get("conditions", ()))
    if ends_first and not renewed and _weighs(context, LAPSES):
        yield Gap(
            pointer=f"{at}/authorization/valid_until",
            code="authorization_ends_early",
            facts={"risk": LAPSES},
        )


def _substantial_risks(outcome: str, answers: Answers) -> Iterator[Gap]:
    """After every mitigation; what remains bars, what nobody can tell is referred."""
    said = {row["remains"] for row in answers.get("substantial_risks", {}).values()}
    if outcome == "no_objection" and "yes" in said:
        yield Gap(pointer="/outcome", code="outcome_disagrees", facts={"expected": "barred"})
    elif outcome == "no_objection" and "undecided" in said:
        yield Gap(pointer="/outcome", code="outcome_disagrees", facts={"expected": "refer"})
    elif outcome == "refer" and ("undecided" not in said or "yes" in said):
        expected = "barred" if "yes" in said else "no_objection"
        yield Gap(pointer="/outcome", code="outcome_disagrees", facts={"expected": expected})


def _weighs(context: FormContext, risk: str) -> bool:
    return context.checklist is not None and any(
        each.code == risk for each in context.checklist.risk_types
    )
