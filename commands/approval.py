"""The approval document: what the approver decides on, assembled from the store.

Its hash is what is approved. It holds what, for whom, the results, the risk per country with
every dissent, the gender equality code, the desks' answers, the conditions, the money by year
and the delegation relied on.
"""

from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from schemas.values import digest
from store.tables import FundRow, OrganizationRow, ProposalRow, ReservationRow, RevisionRow, TaskRow

TEMPLATE = "approval/1"


async def document(office: Office, session: AsyncSession, row: ProposalRow) -> dict[str, Any]:
    """The approval document of the proposal as it stands now, as canonical data."""
    revision = await session.get(RevisionRow, (row.reference, row.revision))
    organization = await session.get(OrganizationRow, row.organization)
    tasks = (
        await session.exec(
            select(TaskRow).where(TaskRow.reference == row.reference, TaskRow.state == "done")
        )
    ).all()
    before = [t for t in tasks if not t.kind.startswith(("funding.approve", "funding.record"))]
    answers = [_answer(t) for t in sorted(before, key=lambda t: t.number) if t.kind != "confirm"]
    reservation = (row.state.get("money") or {}).get("reservation")
    return {
        "template": TEMPLATE,
        "reference": row.reference,
        "revision": row.revision,
        "content_sha256": revision.sha256 if revision else None,
        "policy_version": row.policy_version,
        "organization": organization.name if organization else row.organization,
        "amount_cents": row.state.get("amount_cents"),
        "residual_risk": row.residual_risk,
        "answers": answers,
        "dissent": [a for a in answers if a["outcome"] in _DISSENT],
        "conditions": row.state.get("conditions", []),
        "money": await _money(session, reservation),
        "delegation": office.catalogue.in_force(office.today()).delegation.version,
    }


def digest_of(approval: dict[str, Any]) -> str:
    """What is approved: the SHA-256 of the document."""
    return digest(approval)


_DISSENT = frozenset(
    {"object", "disagree", "recommend_refusal", "barred", "refer", "concur_with_comments"}
)


def _answer(task: TaskRow) -> dict[str, Any]:
    facts = task.facts or {}
    named = ("inherent", "residual", "levels", "gender_code", "level", "instrument")
    return {
        "task": task.id,
        "kind": task.kind,
        "subject": task.subject if task.kind.startswith("desk.") else None,
        "outcome": task.outcome,
        "stands": task.stands,
        "decided_by": task.decided_by,
        **{name: facts[name] for name in named if name in facts},
        "answers": task.texts.get("answers", {}).get("digest"),
        "reason": task.texts.get("reason", {}).get("digest"),
    }


async def _money(session: AsyncSession, reservation: str | None) -> list[dict[str, Any]]:
    row = await session.get(ReservationRow, reservation) if reservation else None
    lines = []
    for part in row.slices if row else ():
        fund = await session.get(FundRow, part["fund"])
        lines.append(
            {
                "fund": part["fund"],
                "fiscal_year": fund.fiscal_year if fund else None,
                "cents": part["cents"],
            }
        )
    return lines
