"""Repairs by four eyes: an administrator proposes one, and reads what became of each.

Its confirmation is a task as any other (`commands.deciding`); the proposal's workflow does what
was agreed. Of a proposal that has ended only letters are sent again: `commands.repairs_of_closed`.
"""

from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import repairs_of_closed, taking
from commands.office import Office
from commands.reassigning import givable
from commands.taking import find_task
from policy.rules import on_behalf
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused
from schemas.events import EventType
from schemas.people import ALL, Candidate, Role, Viewer
from schemas.proposal import Stage
from schemas.repairs import Repair, RepairKind, RepairPlan
from schemas.requests import RepairRequest
from schemas.values import instant
from store import chain, messages, people, texts, visibility
from store.tables import EventRow, LetterRow, ProposalRow, TaskRow

log = structlog.get_logger()
_ADMINISTRATOR = Candidate(role=Role.ADMINISTRATOR, scope=ALL)
_NEEDS: dict[RepairKind, tuple[str, ...]] = {
    RepairKind.UNSTICK: (),
    RepairKind.REWIND: ("stage",),
    RepairKind.REASSIGN: ("task", "person"),
    RepairKind.CANCEL_DUPLICATE: ("duplicate_of",),
    RepairKind.RESEND: ("letter",),
}


async def propose(
    office: Office, viewer: Viewer, reference: str, request: RepairRequest, request_id: str
) -> dict[str, Any]:
    """Propose a repair: who owns the stage is asked to confirm it, and nothing is done before.

    Refused while another repair of the proposal waits, with which one it is.
    """
    async with office.database.reading() as session:
        row = await _found(session, viewer, reference)
        if not viewer.holds(Role.ADMINISTRATOR):
            raise Forbidden("administrators_only")
        done = await chain.recorded_request(session, reference, request_id)
        if not done:
            plan = await _plan(office, session, viewer, row, request)
    if not done:
        if row.stage in (Stage.CLOSED, Stage.ACTIVE):
            await repairs_of_closed.propose(
                office,
                viewer.acting_as(_ADMINISTRATOR),
                reference,
                plan,
                request.reason,
                request_id,
            )
        else:
            await _deliver(office, viewer, reference, plan, request.reason, request_id)
        log.info("repair_proposed", proposal=reference, kind=plan.kind.value)
    async with office.database.reading() as session:
        row = await _found(session, viewer, reference)
        event = await session.exec(
            select(EventRow).where(
                EventRow.subject == reference,
                EventRow.request_id == request_id,
                col(EventRow.type) == EventType.REPAIR_PROPOSED.value,
            )
        )
        proposed = event.one()
        return await _view(session, row, _known(row, proposed.data["repair"]))


async def repairs(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """Every repair of the proposal, oldest first; for administrators and auditors."""
    async with office.database.reading() as session:
        row = await _found(session, viewer, reference)
        if not _oversees(viewer):
            raise Forbidden("administrators_and_auditors_only")
        return [await _view(session, row, each) for each in row.state.get("repairs", ())]


async def repair(office: Office, viewer: Viewer, reference: str, repair_id: str) -> dict[str, Any]:
    """One repair; also for those who are asked to confirm it."""
    async with office.database.reading() as session:
        row = await _found(session, viewer, reference)
        found = next((r for r in row.state.get("repairs", ()) if r["id"] == repair_id), None)
        if not _oversees(viewer):
            task = await session.get(TaskRow, found["confirm"]) if found else None
            asked = taking.candidates_of(task) if task else ()
            if not on_behalf.candidacies(viewer, asked, reference):
                raise Forbidden("administrators_and_auditors_only")
        if found is None:
            raise NotFound
        return await _view(session, row, found)


def _oversees(viewer: Viewer) -> bool:
    return viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)


async def _found(session: AsyncSession, viewer: Viewer, reference: str) -> ProposalRow:
    row = await visibility.find(session, viewer, reference)
    if visibility.sees_partner_view(viewer, row):
        raise Forbidden("staff_only")
    return row


def _known(row: ProposalRow, repair_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in row.state["repairs"] if r["id"] == repair_id)
    return found


async def _plan(
    office: Office, session: AsyncSession, viewer: Viewer, row: ProposalRow, request: RepairRequest
) -> RepairPlan:
    """What is proposed, with every part that its kind needs, and no other."""
    wanted = _NEEDS[request.kind]
    named = ("stage", "task", "person", "letter", "duplicate_of")
    gaps = [
        Gap(pointer=f"/{name}", code="repair_needs" if name in wanted else "repair_takes_no_such")
        for name in named
        if (getattr(request, name) is None) == (name in wanted)
    ]
    if gaps:
        raise Malformed(*gaps)
    if request.kind is RepairKind.REASSIGN:
        of, task = await find_task(session, viewer, request.task or "")
        if of.reference != row.reference:
            raise NotFound
        await givable(office, session, viewer, task, request.person or "")
    if request.kind is RepairKind.RESEND:
        letter = await session.get(LetterRow, request.letter)
        if letter is None or letter.reference != row.reference:
            raise Malformed(Gap(pointer="/letter", code="unknown_letter"))
        if letter.told_at > office.now():
            raise Refused("letter_not_told", at=instant(letter.told_at))
    if request.kind is RepairKind.CANCEL_DUPLICATE:
        other = await session.get(ProposalRow, request.duplicate_of)
        is_another = other is not None and other.reference != row.reference
        if other is None or not is_another or other.organization != row.organization:
            raise Malformed(Gap(pointer="/duplicate_of", code="not_a_duplicate"))
        if other.submitted_at is None or other.stage == Stage.CLOSED:
            raise Refused("duplicate_not_alive", reference=other.reference)
    return RepairPlan.model_validate(request.model_dump(exclude={"reason"}))


async def _deliver(
    office: Office, viewer: Viewer, reference: str, plan: RepairPlan, reason: str, request_id: str
) -> None:
    text = f"{request_id}-reason"
    async with office.database.writing() as session:
        await messages.begin(session, request_id, reference, office.now())
        words = {"reason": await texts.put(session, reference, text, reason, now=office.now())}
    said = Repair(
        plan=plan, actor=viewer.acting_as(_ADMINISTRATOR), request_id=request_id, texts=words
    )
    try:
        await office.gateway.repair(reference, said)
    except Refused as refused:
        async with office.database.writing() as session:
            await messages.end(session, request_id)
            await texts.drop_unused(session, [text])
        if refused.facts.get("hold") == "seal":
            refused.facts["hold"] = "hold"  # "paused, ask legal" is all that administrators know
        raise


async def _view(session: AsyncSession, row: ProposalRow, repair: dict[str, Any]) -> dict[str, Any]:
    reason = repair["reason"]
    bodies = await texts.read(session, [reason["id"]]) if reason else {}
    ids = {name: repair.get(name) for name in ("person", "proposed_by", "ended_by")}
    names = await people.names_of(session, {each for each in ids.values() if each})
    persons = {
        name: {"id": each, "name": names.get(each, each)} if each and each != "system" else None
        for name, each in ids.items()
    }
    return {
        "id": repair["id"],
        "reference": row.reference,
        "kind": repair["kind"],
        "state": repair["state"],
        **{name: repair.get(name) for name in ("stage", "task", "letter", "duplicate_of")},
        **persons,
        "reason": bodies.get(reason["id"]) if reason else None,
        "stood_at": repair["stands_at"],
        "proposed_at": repair["proposed_at"],
        "confirm": repair["confirm"],
        "due_at": repair["due_at"],
        "ended_at": repair["ended_at"],
        "why": repair["why"],
        "changed": repair["changed"],
    }
