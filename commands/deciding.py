"""Reviewers' acts on tasks: claim, release, save a draft of answers, decide.

A claim is a courtesy lock in the store; the workflow alone decides which decision counts.
"""

from typing import Any

import structlog
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    agreements,
    approval,
    measures_in_force,
    recusing,
    repairs_of_closed,
    spending,
    taking,
    task_forms,
    task_views,
    views,
)
from commands.answering import Answering, Keep
from commands.office import Office
from policy import labels
from policy.rules import delegation, facts, forms, outcomes
from schemas.errors import Gap, Malformed, NotFound, Refused, Stale, pointer_to
from schemas.forms import FormContext
from schemas.messages import Decision, Facts
from schemas.people import Candidacy, Level, Viewer
from schemas.proposal import Stage
from schemas.repairs import RepairEnd
from schemas.requests import DecisionRequest
from schemas.tasks import Effect, OutcomeChoice, TaskKind
from schemas.values import some_instant
from store import chain, messages, texts
from store.duties import duties_of
from store.tables import ClaimRow, PersonRow, ProposalRow, TaskRow

log = structlog.get_logger()


async def claim(office: Office, viewer: Viewer, task_id: str) -> tuple[dict[str, Any], int]:
    """Hold a task; of many who claim at once one holds it, the others are told who."""
    async with office.database.writing() as session:
        await _claim(office, session, viewer, task_id)
    return await task_views.task_view(office, viewer, task_id)


async def claim_within(
    office: Office, session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[dict[str, Any], int] | None:
    """`claim` within the caller's transaction; None where the task is to be read after it."""
    await _claim(office, session, viewer, task_id)
    return await task_views.task_view_within(office, session, viewer, task_id)


async def _claim(office: Office, session: AsyncSession, viewer: Viewer, task_id: str) -> None:
    held = await claim_of(session, task_id)
    row, task, ways = await check_may_claim(session, viewer, held)
    if held.person is None:
        way = await taking.candidacy(session, viewer, row, task, ways)
        taking.hold(held, viewer.id, way, office.now())
    session.add(held)


async def check_may_claim(
    session: AsyncSession, viewer: Viewer, held: ClaimRow
) -> tuple[ProposalRow, TaskRow, tuple[Candidacy, ...]]:
    """Refuses what `claim` refuses; else as what the person may hold which task."""
    row, task = await taking.find_task(session, viewer, held.task)
    ways = taking.candidacies(viewer, task)
    await check_open(session, task)
    await _check_not_held(session, held, viewer)
    await _check_not_barred(session, viewer, row, task, ways)
    return row, task, ways


async def _check_not_barred(
    session: AsyncSession,
    viewer: Viewer,
    row: ProposalRow,
    task: TaskRow,
    ways: tuple[Candidacy, ...],
) -> None:
    """Refuses whom separation of duties bars: holding it they would keep everybody else from it."""
    way = await taking.candidacy(session, viewer, row, task, ways)
    done = await duties_of(session, row)
    try:
        done.check_may_decide(task, viewer.id, viewer.organization, way)
    except Refused as refused:
        await _name_earlier(session, viewer, refused)
        raise


async def release(office: Office, viewer: Viewer, task_id: str) -> tuple[dict[str, Any], int]:
    """Give a task back; the draft of its answers stays with it."""
    async with office.database.writing() as session:
        await _release(session, viewer, task_id)
    return await task_views.task_view(office, viewer, task_id)


async def release_within(
    office: Office, session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[dict[str, Any], int] | None:
    """`release` within the caller's transaction; None where the task is to be read after it."""
    await _release(session, viewer, task_id)
    return await task_views.task_view_within(office, session, viewer, task_id)


async def _release(session: AsyncSession, viewer: Viewer, task_id: str) -> None:
    held = await claim_of(session, task_id)
    await check_may_release(session, viewer, held)
    taking.let_go(held)
    session.add(held)


async def check_may_release(session: AsyncSession, viewer: Viewer, held: ClaimRow) -> None:
    """Refuses what `release` refuses."""
    _, task = await taking.find_task(session, viewer, held.task)
    if held.person != viewer.id:
        taking.candidacies(viewer, task)
    await check_open(session, task)
    if held.person is None:
        raise Refused("not_held")
    await _check_not_held(session, held, viewer)


async def save_answers(
    office: Office, viewer: Viewer, task_id: str, answers: dict[str, Any], version: int
) -> tuple[dict[str, Any], int]:
    """Keep answers as a draft, valid or not; only a decision is checked."""
    async with office.database.writing() as session:
        _, task, _ = await taking.find_as_candidate(session, viewer, task_id)
        await check_open(session, task)
        held = await claim_of(session, task_id)
        await _check_not_held(session, held, viewer)
        if version != held.version:
            raise Stale("stale_version", version=held.version)
        held.answers, held.answers_by = answers, viewer.id
        held.version += 1
        session.add(held)
    return await task_views.task_view(office, viewer, task_id)


async def decide(
    office: Office,
    viewer: Viewer,
    task_id: str,
    request: DecisionRequest,
    request_id: str,
    version: int | None,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Decide a task; returns `{task, proposal}` once the decision is in the store.

    *keep* is given that answer in the transaction that records the decision, where it is made
    there; who shall repeat it keeps it otherwise.
    """
    answering = Answering(office, viewer, task_id, keep)
    async with office.database.reading() as session:
        found = await session.get(TaskRow, task_id)
        done = found is not None and await chain.recorded_request(
            session, found.reference, request_id
        )
        if not done:
            row, task, ways = await taking.find_as_candidate(session, viewer, task_id)
            context, way = await _decidable(office, session, viewer, row, task, ways, version)
            await measures_in_force.check(office, session, row, context.kind, request.outcome)
            if not _declared(request):
                choice = _choice(context, request)
                await _check_money(office, session, row, context, request)
    if interest := _declared(request):
        await recusing.recuse(office, viewer, task_id, interest, request_id, declared=True)
        raise Refused("interest_declared")
    if not done:
        drawn = _facts(context, choice, request)
        await _deliver(
            office, viewer, row, task, request, request_id, context, drawn, way, answering
        )
        log.info("task_decided", proposal=row.reference, task=task_id, outcome=request.outcome)
    return answering.answer or await task_views.task_and_proposal(office, viewer, task_id)


async def check_decision(
    office: Office, session: AsyncSession, viewer: Viewer, task_id: str, request: DecisionRequest
) -> None:
    """Refuses what `decide` would refuse without asking the engine."""
    row, task, ways = await taking.find_as_candidate(session, viewer, task_id)
    context, _ = await _decidable(office, session, viewer, row, task, ways, None)
    await measures_in_force.check(office, session, row, context.kind, request.outcome)
    if _declared(request):
        raise Refused("interest_declared")
    choice = _choice(context, request)
    await _check_money(office, session, row, context, request)
    _facts(context, choice, request)


async def _check_money(
    office: Office,
    session: AsyncSession,
    row: ProposalRow,
    context: FormContext,
    request: DecisionRequest,
) -> None:
    """What makes money firm needs a year whose money is voted."""
    signs = (context.kind, request.outcome) == (TaskKind.SIGN_AGREEMENT, "sign")
    approves = (context.kind, request.outcome) == (TaskKind.APPROVE, "approve")
    terms = office.catalogue.terms(row.policy_version or "") if approves else None
    if signs or (terms is not None and Stage.AGREEMENT not in terms.rules.stages):
        await spending.check_may_commit(session, row.reference, office.today())


async def _decidable(
    office: Office,
    session: AsyncSession,
    viewer: Viewer,
    row: ProposalRow,
    task: TaskRow,
    ways: tuple[Candidacy, ...],
    version: int | None,
) -> tuple[FormContext, Candidacy]:
    await check_open(session, task)
    held = await session.get(ClaimRow, task.id) or ClaimRow(task=task.id)
    await _check_not_held(session, held, viewer)
    if version is not None and version != held.version:
        raise Stale("stale_version", version=held.version)
    context = await task_forms.context_for(office, session, viewer, row, task)
    # Who took the task for somebody decides it for them.
    ways = tuple(sorted(ways, key=lambda w: w.delegation != held.delegation))
    ways = _of_rung_in_force(office, context, ways)
    return context, await taking.candidacy(session, viewer, row, task, ways)


async def _name_earlier(session: AsyncSession, viewer: Viewer, refused: Refused) -> None:
    """Name whose act stands in the way; one that the person may not know of is not told."""
    earlier = refused.facts.get("earlier")
    if not earlier:
        return
    task = await session.get(TaskRow, earlier["task"])
    if task is None or not task_views.shows_task(viewer, task):
        refused.facts["earlier"] = None
        return
    refused.facts["earlier"] = {
        **earlier,
        "name": labels.kind_title(TaskKind(task.kind)).in_language(viewer.language),
        "at": some_instant(task.decided_at),
        "person": await named(session, earlier["person"]),
        "on_behalf_of": await named(session, earlier["on_behalf_of"])
        if earlier["on_behalf_of"]
        else None,
    }


async def check_free(session: AsyncSession, task: TaskRow, viewer: Viewer) -> None:
    """Refuses a task that is over or that another holds, with who and since when."""
    await check_open(session, task)
    held = await session.get(ClaimRow, task.id) or ClaimRow(task=task.id)
    await _check_not_held(session, held, viewer)


async def check_open(session: AsyncSession, task: TaskRow) -> None:
    """Refuses what is decided or cancelled, with who and when."""
    if task.state == "open":
        return
    if task.state == "cancelled":
        if task.detail.get("repair"):
            await _check_not_stale(session, task)
        raise Refused("task_cancelled", at=some_instant(task.decided_at))
    raise Refused(
        "already_decided",
        by=await named(session, task.decided_by),
        at=some_instant(task.decided_at),
        # What one of several has said is not told while the others are asked.
        outcome=None if (task.facts or {}).get("joined") else task.outcome,
    )


async def _check_not_stale(session: AsyncSession, task: TaskRow) -> None:
    """Who would confirm a repair that the proposal has left behind is told what has changed."""
    row = await session.get_one(ProposalRow, task.reference)
    for repair in row.state.get("repairs", ()):
        if repair["id"] == task.detail["repair"] and repair["why"] == RepairEnd.STALE:
            raise Refused("repair_stale", changed=repair["changed"])


async def _check_not_held(session: AsyncSession, held: ClaimRow, viewer: Viewer) -> None:
    if held.person not in (None, viewer.id):
        raise Refused("held", by=await named(session, held.person), since=some_instant(held.since))


async def claim_of(session: AsyncSession, task_id: str) -> ClaimRow:
    """Who holds the task, locked until the transaction ends; a new row where nobody ever did."""
    found = await session.exec(select(ClaimRow).where(ClaimRow.task == task_id).with_for_update())
    return found.first() or ClaimRow(task=task_id)


async def named(session: AsyncSession, person: str | None) -> dict[str, str | None]:
    """A person as refusals name them."""
    row = await session.get(PersonRow, person) if person else None
    return {"id": person, "name": row.name if row else None}


def _choice(context: FormContext, request: DecisionRequest) -> OutcomeChoice:
    choice = outcomes.choice(
        context.kind,
        request.outcome,
        sealing=context.sealing,
        offer=context.offer,
        in_part=context.in_part,
    )
    if choice is None:
        offered = outcomes.offered(
            context.kind, sealing=context.sealing, offer=context.offer, in_part=context.in_part
        )
        raise Malformed(
            Gap(
                pointer="/outcome",
                code="unknown_outcome",
                facts={"offered": ", ".join(c.code for c in offered)},
            )
        )
    return choice


def _words_missing(choice: OutcomeChoice, request: DecisionRequest) -> tuple[Gap, ...]:
    gaps = []
    if choice.needs_reason and not (request.reason or "").strip():
        gaps.append(Gap(pointer="/reason", code="reason_missing"))
    if choice.needs_message and not (request.message_to_partner or "").strip():
        gaps.append(Gap(pointer="/message_to_partner", code="message_missing"))
    return tuple(gaps)


def _facts(context: FormContext, choice: OutcomeChoice, request: DecisionRequest) -> Facts:
    schema = forms.for_outcome(forms.form(context, "en"), choice.effect)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    answers = request.answers or {}
    wrong = sorted(validator.iter_errors(answers), key=lambda e: str(e.json_path))
    # One gap per answer that is missing; the library tells each beside the list of all.
    told = {(gap.pointer, gap.code): gap for error in wrong for gap in _gaps(error)}
    gaps = (*_words_missing(choice, request), *told.values())
    if gaps:
        raise Malformed(*gaps)
    return facts.draw(context, request.outcome, request.answers or {})


def _gaps(error: ValidationError) -> list[Gap]:
    """What a wrong answer is told, at its own place; for one that is missing, at its field."""
    code = f"answer_{error.validator}"
    if error.validator == "required":
        needed: Any = error.validator_value
        present: Any = error.instance
        missing = [name for name in needed if name not in present]
        places = [("answers", *error.absolute_path, name) for name in missing]
        return [Gap(pointer=pointer_to(place), code=code) for place in places]
    facts = {"allowed": _allowed(str(error.validator), error.validator_value)}
    return [Gap(pointer=pointer_to(("answers", *error.absolute_path)), code=code, facts=facts)]


def _allowed(validator: str, value: Any) -> str:
    if validator in ("enum", "type"):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return str(value) if isinstance(value, (int, str)) else ""


def _message_name(context: FormContext, request: DecisionRequest) -> str:
    """Under which name the words to the partner are kept.

    The letter of a refusal over a match is neutral (product.md, section 5): what is written all
    the same stays in the file, and the letter is the template alone.
    """
    choice = _choice(context, request)
    is_neutral = context.sealing and choice.effect is Effect.STOP
    return "withheld_message" if is_neutral else "message_to_partner"


async def _deliver(
    office: Office,
    viewer: Viewer,
    row: ProposalRow,
    task: TaskRow,
    request: DecisionRequest,
    request_id: str,
    context: FormContext,
    drawn: Facts,
    way: Candidacy,
    answering: Answering,
) -> None:
    drawn = _under_authority_in_force(office, context, drawn)
    words = {
        "reason": request.reason,
        _message_name(context, request): request.message_to_partner,
        "answers": facts.with_condition_ids(context, request.answers or {}),
    }
    async with office.database.writing(row.reference) as session:
        if await taking.is_recused(session, row.reference, viewer.id, way.on_behalf_of):
            raise NotFound
        await messages.begin(session, request_id, row.reference, office.now())
        said = {
            f"{request_id}-{name}": body for name, body in words.items() if body not in (None, "")
        }
        refs = await texts.put_all(session, row.reference, said, now=office.now())
        kept = {text_id.removeprefix(f"{request_id}-"): ref for text_id, ref in refs.items()}
        if context.document is not None:
            kept["document"] = await texts.put(
                session,
                row.reference,
                f"{row.reference}-approval-{context.document}",
                await approval.document(office, session, row),
                now=office.now(),
            )
            kept["agreement"] = await texts.put(
                session,
                row.reference,
                f"{request_id}-agreement",
                await agreements.data(office, session, row, drawn.slices or None),
                now=office.now(),
            )
        standing = await chain.standing(session, row.reference)
    decision = Decision(
        task=task.id,
        outcome=request.outcome,
        actor=viewer.acting_as(way, delegation=drawn.delegation),
        principal_organization=way.principal_organization,
        request_id=request_id,
        facts=drawn,
        sections=request.sections,
        texts=kept,
    )
    try:
        if repairs_of_closed.is_one(task):
            await repairs_of_closed.decide(office, task, decision)
        else:
            # That somebody was shown the evidence of screening is recorded before they are.
            then = None if context.kind is TaskKind.ADJUDICATE else answering
            await office.gateway.decide(row.reference, decision, standing=standing, then=then)
    except Refused as refused:
        async with office.database.writing(row.reference) as session:
            await messages.end(session, request_id)
            await texts.drop_unused(
                session, [f"{request_id}-{name}" for name in (*words, "agreement")]
            )
            if refused.code == "already_decided" and isinstance(refused.facts.get("by"), str):
                refused.facts["by"] = await named(session, refused.facts["by"])
        async with office.database.reading() as session:
            await _name_earlier(session, viewer, refused)
        views.mask_seal(viewer, refused, row.reference)
        raise


def _under_authority_in_force(office: Office, context: FormContext, drawn: Facts) -> Facts:
    """Draw the rung from the delegation of authority in force now; the facts name its version."""
    if context.kind not in (TaskKind.RECOMMEND, TaskKind.APPROVE):
        return drawn
    table = office.catalogue.in_force(office.today()).delegation
    rung = delegation.rung_for_amount(context.amount_cents, table)
    return drawn.model_copy(update={"rung": rung, "delegation": table.version})


def _of_rung_in_force(
    office: Office, context: FormContext, ways: tuple[Candidacy, ...]
) -> tuple[Candidacy, ...]:
    """The candidacies whose level is high enough now; who has none is refused."""
    if context.kind is not TaskKind.APPROVE:
        return ways
    table = office.catalogue.in_force(office.today()).delegation
    rung = delegation.rung_for_amount(context.amount_cents, table)
    enough = set(delegation.levels_from(rung))
    found = tuple(way for way in ways if Level(way.candidate.scope) in enough)
    if not found:
        raise Refused("below_rung_in_force", rung=rung, delegation=table.version)
    return found


def _declared(request: DecisionRequest) -> str | None:
    """The interest that the person declares, in their words."""
    answer = request.answers.get("interest")
    if not isinstance(answer, dict) or answer.get("declared") is not True:
        return None
    detail = answer.get("detail")
    return detail.strip() or None if isinstance(detail, str) else None
