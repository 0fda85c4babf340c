"""What a decision's answers amount to: the codes and numbers that travel into the workflow.

The answers have already met the form's schema (`forms.for_outcome`); what a schema cannot say is
refused here, one gap per fault, with a pointer into the decision. Whether the outcome is offered,
and what reason and message it needs, is told by `policy.rules.outcomes`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from policy.rules import assurances, checklists, determinations
from policy.rules.forms.findings import is_rated, is_region
from policy.rules.risk import at_least, highest, level_of
from schemas.errors import Gap, Malformed, Refused
from schemas.forms import VOTES, FormContext
from schemas.messages import Facts, Slice
from schemas.proposal import Trigger
from schemas.reusable_records import RecordKind
from schemas.tasks import (
    IN_PART,
    OUTCOMES,
    RISK_LEVELS,
    ConditionFact,
    Effect,
    Gate,
    KeptBy,
    RiskLevel,
    TaskKind,
)
from schemas.values import Money

Answers = Mapping[str, Any]
_Drawn = tuple[Facts, list[Gap]]


def draw(context: FormContext, outcome: str, answers: Answers) -> Facts:
    """The facts of deciding the task with *outcome* and *answers*.

    Raises `Refused("interest_declared")` where the person declares an interest (who has one
    recuses), and `Malformed` with a gap for everything that is missing or inconsistent. What
    only an advancing decision needs is asked of no other.
    """
    effect = OUTCOMES[context.kind].get(outcome)
    if effect is None:
        raise Malformed(Gap(pointer="/outcome", code="unknown_outcome"))
    if answers.get("interest", {}).get("declared"):
        raise Refused("interest_declared")
    read = _READ.get(context.kind)
    if read is None:
        return Facts()
    facts, gaps = read(context, outcome, answers)
    if gaps:
        raise Malformed(*gaps)
    return facts


def with_condition_ids(context: FormContext, answers: Answers) -> dict[str, Any]:
    """The answers with an id on every condition: its own, else one made from the task's id.

    The same answers always get the same ids, which are those of `Facts.conditions`.
    """
    if not answers.get("conditions"):
        return dict(answers)
    task = re.split(r"[-:._~]", context.task_id)[-1]
    conditions = [
        {**condition, "id": condition.get("id") or f"{task}-c{number}"}
        for number, condition in enumerate(answers["conditions"], start=1)
    ]
    return {**answers, "conditions": conditions}


# ---- eligibility and screening


def _eligibility(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    gaps = []
    if outcome == "eligible":
        reasons = {row["code"]: row["reason"] for row in answers.get("failed_checks", ())}
        gaps = [
            Gap(
                pointer="/answers/failed_checks", code="check_reason_missing", facts={"check": code}
            )
            for code in context.failed_checks
            if not str(reasons.get(code, "")).strip()
        ]
    # A tick opens a review, its absence closes none: what the partner declared stays.
    ticked = {code for code, on in answers.get("triggers", {}).items() if on}
    triggers = tuple(t for t in Trigger if t in ticked or t in context.declared)
    return Facts(triggers=triggers), gaps


def _screening(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    lines = answers.get("hits", {})
    judgements = {
        hit.id: str(lines[hit.id]["judgement"]) for hit in context.hits if hit.id in lines
    }
    gaps = [
        Gap(pointer=f"/answers/hits/{hit.id}", code="hit_not_judged", facts={"hit": hit.id})
        for hit in context.hits
        if hit.id not in judgements
    ]
    given = set(judgements.values())
    agreed = "match" if "match" in given else "unsure" if "unsure" in given else "no_match"
    if not gaps and outcome != agreed:
        gaps.append(Gap(pointer="/outcome", code="outcome_disagrees", facts={"expected": agreed}))
    threshold = context.confirm_from
    confirm_needed = threshold is not None and any(
        hit.score >= threshold and judgements.get(hit.id) == "no_match" for hit in context.hits
    )
    return Facts(hits=judgements, confirm_needed=confirm_needed), gaps


# ---- findings


def _rated(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    matrix = context.matrix
    if matrix is None:
        raise ValueError(f"{context.kind.value} needs a risk matrix")
    advances = _advances(context, outcome)
    ratings = answers.get("ratings", ())
    dropped = tuple(row["subject"] for row in answers.get("dropped", ()))
    mitigated = {risk for row in answers.get("conditions", ()) for risk in row["risks"]}
    relied_on = tuple(answers.get("relies_on", ()))
    baselines = _baselines(context, relied_on)

    gaps: list[Gap] = []
    weighed: list[assurances.Weighed] = []
    levels: dict[str, tuple[RiskLevel, RiskLevel]] = {}
    for i, rating in enumerate(ratings):
        at = f"/answers/ratings/{i}"
        subject = rating["subject"]
        if is_region(subject) and not str(rating.get("reason", "")).strip():
            gaps.append(Gap(pointer=f"{at}/reason", code="region_reason_missing"))
        gaps += [
            Gap(pointer=f"{at}/risks", code="risk_twice", facts={"risk": twice})
            for twice in _twice(risk["type"] for risk in rating["risks"])
        ]
        inherents, residuals = [], []
        for j, risk in enumerate(rating["risks"]):
            inherent = level_of(risk["likelihood"], risk["severity"], matrix)
            residual = level_of(risk["residual_likelihood"], risk["residual_severity"], matrix)
            inherents.append(inherent)
            residuals.append(residual)
            at_risk = f"{at}/risks/{j}"
            weighed.append(assurances.Weighed(at_risk, risk["type"], inherent, residual))
            facts = {"risk": risk["type"], "inherent": inherent.value, "residual": residual.value}
            if (least := baselines.get((subject, risk["type"]))) and not at_least(inherent, least):
                gaps.append(
                    Gap(
                        pointer=f"{at}/risks/{j}",
                        code="inherent_below_baseline",
                        facts={**facts, "baseline": least.value},
                    )
                )
            if not at_least(inherent, residual):
                gaps.append(
                    Gap(pointer=f"{at}/risks/{j}", code="residual_above_inherent", facts=facts)
                )
            elif inherent is not residual and risk["type"] not in mitigated:
                gaps.append(
                    Gap(pointer=f"{at}/risks/{j}", code="residual_without_condition", facts=facts)
                )
        levels[subject] = (
            highest(inherents) or RISK_LEVELS[0],
            highest(residuals) or RISK_LEVELS[0],
        )

    gaps += _subject_gaps(context, [r["subject"] for r in ratings], dropped, complete=advances)
    gaps += _checklist_gaps(context, answers, complete=advances)
    gaps += determinations.gaps(context, outcome, answers)
    if advances:
        gaps += assurances.gaps(context, answers, weighed)
    conditions, condition_gaps = _conditions(context, answers)
    facts_drawn = Facts(
        inherent=highest(inherent for inherent, _ in levels.values()),
        residual=highest(residual for _, residual in levels.values()),
        levels=levels,
        conditions=conditions,
        dropped=dropped,
        records=relied_on,
        measures=context.measures_version,
        rests_on=determinations.rests_on(answers),
        authorizations=determinations.authorizations(answers),
    )
    return facts_drawn, gaps + condition_gaps


def _baselines(
    context: FormContext, relied_on: tuple[str, ...]
) -> dict[tuple[str, str], RiskLevel]:
    """What the baselines that are relied on say of a country, by risk: a rating begins there."""
    return {
        (line.subject, risk): level
        for line in context.records
        if line.id in relied_on and line.kind is RecordKind.COUNTRY_BASELINE
        for risk, level in line.levels.items()
    }


def _subject_gaps(
    context: FormContext, rated: list[str], dropped: tuple[str, ...], *, complete: bool
) -> list[Gap]:
    """Every place and unit is rated or dropped, once, and not all are dropped."""

    def gap(pointer: str, code: str, subject: str) -> Gap:
        return Gap(pointer=pointer, code=code, facts={"subject": subject})

    gaps = [gap("/answers/ratings", "subject_rated_twice", one) for one in _twice(rated)]
    gaps += [gap("/answers/dropped", "subject_dropped_twice", one) for one in _twice(dropped)]
    gaps += [
        gap("/answers/dropped", "subject_rated_and_dropped", one)
        for one in dict.fromkeys(dropped)
        if one in rated
    ]
    if complete:
        gaps += [
            gap("/answers/ratings", "subject_not_rated", one)
            for one in context.subjects
            if one not in rated and one not in dropped
        ]
        if set(context.subjects) <= set(dropped):
            gaps.append(Gap(pointer="/answers/dropped", code="nothing_left"))
    return gaps


def _gender(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    advances = _advances(context, outcome)
    gaps = _checklist_gaps(context, answers, complete=advances)
    code = answers.get("code")
    if advances and code == 0 and not str(answers.get("comments", "")).strip():
        gaps.append(Gap(pointer="/answers/comments", code="gender_zero_reason_missing"))
    return Facts(gender_code=code), gaps


def _merit(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    gaps = _checklist_gaps(context, answers, complete=_advances(context, outcome))
    return Facts(rating=answers.get("overall")), gaps


def _checklist_gaps(context: FormContext, answers: Answers, *, complete: bool) -> list[Gap]:
    return list(checklists.gaps(context, answers.get("checklist", {}), complete=complete))


def _conditions(
    context: FormContext, answers: Answers
) -> tuple[tuple[ConditionFact, ...], list[Gap]]:
    rows = with_condition_ids(context, answers).get("conditions", ())
    taken = {condition.id for condition in context.conditions}
    facts, gaps = [], []
    for i, row in enumerate(rows):
        at = f"/answers/conditions/{i}"
        if row["id"] in taken:
            gaps.append(Gap(pointer=f"{at}/id", code="condition_id_taken", facts={"id": row["id"]}))
        taken.add(row["id"])
        if not _is_day(row["due_date"]):
            gaps.append(Gap(pointer=f"{at}/due_date", code="not_a_date"))
        facts.append(
            ConditionFact(
                id=row["id"],
                gates=Gate(row["gates"]),
                due_date=row["due_date"],
                kept_by=KeptBy(row.get("kept_by", KeptBy.PARTNER)),
            )
        )
    return tuple(facts), gaps


# ---- arbitration, legal, desks


def _determination(context: FormContext, outcome: str, answers: Answers) -> _Drawn:  # noqa: ARG001
    return Facts(), list(determinations.of_notice(answers))


def _arbitration(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    level = RiskLevel(answers["level"]) if "level" in answers else None
    judged = context.judged
    if outcome == "proceed" and level is None and judged is not None and is_rated(judged):
        return Facts(), [Gap(pointer="/answers/level", code="level_missing")]
    picked = answers.get("picked") if outcome == "proceed" else None
    if outcome == "proceed" and context.recommendations and picked is None:
        return Facts(), [Gap(pointer="/answers/picked", code="recommendation_not_picked")]
    return Facts(level=level, picked=picked), []


def _legal(context: FormContext, outcome: str, answers: Answers) -> _Drawn:  # noqa: ARG001
    if outcome != "authorized":
        return Facts(), []
    instrument = answers.get("instrument")
    if instrument is None:
        return Facts(), [Gap(pointer="/answers/instrument", code="instrument_missing")]
    if not _is_day(instrument["date"]):
        return Facts(), [Gap(pointer="/answers/instrument/date", code="not_a_date")]
    return Facts(authorization=True), []


def _consultation(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    lines = answers.get("places", {})
    advances = _advances(context, outcome)
    gaps = []
    for place in context.desk_places:
        at = f"/answers/places/{place}"
        given = lines.get(place)
        if given is None:
            if advances:
                gaps.append(Gap(pointer=at, code="place_not_answered", facts={"place": place}))
        elif given["answer"] == "object" and advances:
            gaps.append(
                Gap(
                    pointer="/outcome",
                    code="outcome_disagrees",
                    facts={"expected": "object", "place": place},
                )
            )
        elif given["answer"] != "concur" and not str(given.get("comment", "")).strip():
            gaps.append(Gap(pointer=f"{at}/comment", code="comment_missing"))
    return Facts(), gaps


def _sign_off(context: FormContext, outcome: str, answers: Answers) -> _Drawn:  # noqa: ARG001
    conditions, gaps = _conditions(context, answers)
    return Facts(conditions=conditions), gaps


# ---- money and approval


def _recommendation(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    if outcome != "recommend":
        return Facts(), []
    funds = {fund.id: fund for fund in context.funds}
    instrument = answers["instrument"]
    slices = [
        Slice(fund=row["fund"], cents=Money(**row["amount"]).cents) for row in answers["slices"]
    ]
    gaps: list[Gap] = []
    paid_in: Counter[str] = Counter()
    for i, part in enumerate(slices):
        at = f"/answers/slices/{i}"
        fund = funds.get(part.fund)
        if fund is None:
            gaps.append(Gap(pointer=f"{at}/fund", code="unknown_fund", facts={"fund": part.fund}))
            continue
        paid_in[fund.fiscal_year] += 1
        if part.cents == 0:
            gaps.append(Gap(pointer=f"{at}/amount", code="amount_is_zero"))
        if fund.vote != VOTES[instrument]:
            gaps.append(
                Gap(
                    pointer=f"{at}/fund",
                    code="vote_disagrees",
                    facts={"fund": fund.id, "vote": fund.vote, "instrument": instrument},
                )
            )
    years = set(context.years) or {
        funds[part.fund].fiscal_year for part in context.slices_default if part.fund in funds
    }
    if all(part.fund in funds for part in slices):
        gaps += [
            Gap(pointer="/answers/slices", code="year_needs_one_slice", facts={"fiscal_year": year})
            for year in sorted(years | set(paid_in))
            if paid_in[year] != (1 if year in years else 0)
        ]
    total = sum(part.cents for part in slices)
    if total != context.amount_cents:
        gaps.append(
            Gap(
                pointer="/answers/slices",
                code="slices_do_not_add_up",
                facts={"total_cents": total, "amount_cents": context.amount_cents},
            )
        )
    if gaps:
        return Facts(), gaps
    facts = Facts(
        instrument=instrument,
        slices=tuple(sorted(slices, key=lambda part: funds[part.fund].fiscal_year)),
        priority=answers.get("priority", 0),
        rung=context.rung,
    )
    return facts, []


def _approval(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    document = answers.get("document")
    if document is None and not _advances(context, outcome):
        document = context.document
    if document != context.document:
        return Facts(), [Gap(pointer="/answers/document", code="document_outdated")]
    part, gaps = _part(context, outcome, answers)
    return Facts(document=document, rung=context.rung, slices=part), gaps


def _part(
    context: FormContext, outcome: str, answers: Answers
) -> tuple[tuple[Slice, ...], list[Gap]]:
    """What is approved in part: of each fund no more than is reserved, and less altogether."""
    if outcome not in IN_PART:
        return (), []
    reserved = {part.fund: part.cents for part in context.reserved}
    given = [
        Slice(fund=row["fund"], cents=Money(**row["amount"]).cents)
        for row in answers.get("part", ())
    ]
    gaps = []
    for i, part in enumerate(given):
        of_fund = reserved.get(part.fund, 0)
        if not 0 < part.cents <= of_fund:
            facts = {"fund": part.fund, "most": Money.of_cents(of_fund).value}
            gaps.append(
                Gap(pointer=f"/answers/part/{i}/amount", code="part_above_reserved", facts=facts)
            )
    if twice := _twice(part.fund for part in given):
        gaps.append(Gap(pointer="/answers/part", code="fund_named_twice", facts={"fund": twice[0]}))
    if not given or sum(part.cents for part in given) >= sum(reserved.values()):
        whole = Money.of_cents(sum(reserved.values())).value
        gaps.append(Gap(pointer="/answers/part", code="part_is_no_part", facts={"whole": whole}))
    return tuple(sorted(given, key=lambda part: part.fund)), gaps


def _paper(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    facts, gaps = _approval(context, outcome, answers)
    return facts, gaps + _page_gaps(answers)


def _reconsidered_on_paper(context: FormContext, outcome: str, answers: Answers) -> _Drawn:  # noqa: ARG001
    return Facts(), _page_gaps(answers)


def _page_gaps(answers: Answers) -> list[Gap]:
    page = answers.get("page")
    if page is None:
        return [Gap(pointer="/answers/page", code="signed_page_missing")]
    if not _is_day(page["signed_on"]):
        return [Gap(pointer="/answers/page/signed_on", code="not_a_date")]
    return []


def _certified(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    """What entitlement is certified to: never more than was claimed."""
    if not _advances(context, outcome):
        return Facts(), []
    certified = Money.model_validate(answers["amount"]).cents
    if not 0 < certified <= context.claimed_cents:
        most = Money.of_cents(context.claimed_cents).value
        return Facts(), [
            Gap(pointer="/answers/amount", code="certified_above_claim", facts={"most": most})
        ]
    return Facts(certified_cents=certified), []


def _closed(context: FormContext, outcome: str, answers: Answers) -> _Drawn:
    """What was eligible: another amount than was reported, by a cent, is explained."""
    if not _advances(context, outcome):
        return Facts(), []
    eligible = Money.model_validate(answers["amount"]).cents
    if eligible != context.claimed_cents and not str(answers.get("comments") or "").strip():
        reported = Money.of_cents(context.claimed_cents).value
        gap = Gap(pointer="/answers/comments", code="closing_differs", facts={"reported": reported})
        return Facts(), [gap]
    return Facts(eligible_cents=eligible), []


_READ: dict[TaskKind, Callable[[FormContext, str, Answers], _Drawn]] = {
    TaskKind.ELIGIBILITY: _eligibility,
    TaskKind.ADJUDICATE: _screening,
    **{kind: _rated for kind in TaskKind if kind.is_finding},
    TaskKind.GENDER: _gender,
    TaskKind.MERIT: _merit,
    TaskKind.ARBITRATE: _arbitration,
    TaskKind.LEGAL: _legal,
    TaskKind.DETERMINE: _determination,
    TaskKind.CONSULT: _consultation,
    TaskKind.SIGN_OFF: _sign_off,
    TaskKind.RECOMMEND: _recommendation,
    TaskKind.APPROVE: _approval,
    TaskKind.RECORD_DECISION: _paper,
    TaskKind.CERTIFY: _certified,
    TaskKind.CLOSE: _closed,
    TaskKind.RECORD_RECONSIDERATION: _reconsidered_on_paper,
}


def _advances(context: FormContext, outcome: str) -> bool:
    return OUTCOMES[context.kind][outcome] is Effect.ADVANCE


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
