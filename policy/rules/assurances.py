"""Written assurances: sought before anything is signed where the death penalty may follow.

Who holds them cites them in the checklist; who does not either sets a condition that the signature
waits for, or leaves the risk high, so that the minister decides (domain.md, 2.1: OSJA).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from policy.rules import checklists
from policy.rules.risk import at_least
from schemas.errors import Gap
from schemas.forms import FormContext
from schemas.tasks import Gate, RiskLevel
from schemas.terms import RiskType


class Weighed(NamedTuple):
    """A risk as a finding weighs it, and where in the answers."""

    at: str
    risk: str
    inherent: RiskLevel
    residual: RiskLevel


def gaps(
    context: FormContext, answers: Mapping[str, Any], weighed: Collection[Weighed]
) -> Iterator[Gap]:
    """What an advancing finding leaves open of the risks that written assurances answer."""
    if context.checklist is None:
        return
    for risk in context.checklist.risk_types:
        if risk.assured_by is not None:
            of_this = [each for each in weighed if each.risk == risk.code]
            yield from _of_risk(context, answers, risk, of_this)


def _of_risk(
    context: FormContext, answers: Mapping[str, Any], risk: RiskType, weighed: list[Weighed]
) -> Iterator[Gap]:
    items = {item.code: item for item in checklists.items_for(context)}
    said = answers.get("checklist", {})
    assurance = items.get(risk.assured_by or "")
    asked = assurance is not None and checklists.is_asked(assurance, said, items)
    may_follow = any(at_least(each.inherent, RiskLevel.MEDIUM) for each in weighed)
    if asked and not weighed:
        yield Gap(
            pointer="/answers/ratings", code="assured_risk_not_rated", facts={"risk": risk.code}
        )
    if may_follow and not asked and assurance is not None and assurance.when is not None:
        # The risk is weighed, so the question that leads to the assurance is answered yes.
        earlier = str(assurance.when.item)
        yield Gap(
            pointer=f"/answers/checklist/{earlier}",
            code="checklist_disagrees",
            facts={"risk": risk.code, "item": earlier},
        )
    if not (asked or may_follow) or _is_assured(answers, risk):
        return
    if any(each.residual is RiskLevel.HIGH for each in weighed):
        return
    for each in weighed:
        yield Gap(pointer=each.at, code="assurance_missing", facts={"risk": risk.code})


def _is_assured(answers: Mapping[str, Any], risk: RiskType) -> bool:
    """Whether the assurance is held, or is a condition without which nothing is signed."""
    if checklists.says_yes(answers.get("checklist", {}), str(risk.assured_by)):
        return True
    return any(
        row["gates"] == Gate.AGREEMENT and risk.code in row["risks"]
        for row in answers.get("conditions", ())
    )
