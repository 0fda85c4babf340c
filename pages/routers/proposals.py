"""Proposals: the list, where one stands, what a partner is asked for, and what it does."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from commands import (
    annual_contributions,
    approval_papers,
    case_files,
    documents,
    drafting,
    looking,
    partner_acts,
    questions,
    reading,
    submitting,
    watching,
)
from pages import proposal_files, reading_content, spreadsheets
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, words_of
from pages.uploading import attached
from schemas.errors import Gap, Malformed, TooLarge, WrongMediaType
from schemas.people import Role
from schemas.proposal import Content, Outcome, PartnerStatus, Stage
from schemas.requests import AnswerRequest

router = APIRouter()
A_PAGE = 25
MOST_EVENTS = 200
MOST_REASON = 20_000

Number = Annotated[int, Path(ge=1, le=1_000_000)]
Choice = Annotated[str, Query(max_length=100)]
Words = Annotated[str, Query(max_length=400)]


@router.get("/proposals")
async def proposals(
    *,
    asked: PersonDep,
    q: Words = "",
    programme: Choice = "",
    stage: Choice = "",
    outcome: Choice = "",
    partner_status: Choice = "",
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """The proposals that one sees; the filters stand in the address."""
    wanted = _wanted(q, programme, stage, outcome, partner_status)
    filters = {name: value for name, value in wanted.items() if value}
    found = await reading.proposals(
        asked.office, asked.viewer, limit=A_PAGE, cursor=cursor, sort="-created_at", filters=filters
    )
    following = urlencode({**filters, "cursor": found["next"]}) if found["next"] else None
    programmes = [t.code for t in asked.office.catalogue.programmes(asked.office.today())]
    return await asked.page(
        "proposals.html", found=found["items"], filters=wanted, following=following,
        programmes=programmes, has_filters=bool(filters), may_write=asked.viewer.is_partner,
        opens_contributions=annual_contributions.may_open(asked.viewer),
        file=f"/proposals.csv?{urlencode(filters)}" if filters else "/proposals.csv",
    )  # fmt: skip


@router.get("/proposals.csv")
async def proposals_file(
    *,
    asked: PersonDep,
    q: Words = "",
    programme: Choice = "",
    stage: Choice = "",
    outcome: Choice = "",
    partner_status: Choice = "",
) -> Response:
    """The whole list under the same filters, for spreadsheets."""
    wanted = _wanted(q, programme, stage, outcome, partner_status)
    parts = proposal_files.parts(asked, {name: value for name, value in wanted.items() if value})
    first = await anext(parts)  # a refusal becomes a page, as of any other
    return StreamingResponse(
        _one_after_another(first, parts),
        media_type=spreadsheets.MEDIA_TYPE,
        headers=spreadsheets.attachment(f"accord-proposals-{asked.office.today().isoformat()}.csv"),
    )


async def _one_after_another(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for each in rest:
        yield each


def _wanted(
    q: str, programme: str, stage: str, outcome: str, partner_status: str
) -> dict[str, str]:
    """The filters; one that is none shows everything."""
    return {
        "q": q,
        "programme": programme,
        "stage": stage if stage in [*Stage, "review"] else "",
        "outcome": outcome if outcome in list(Outcome) else "",
        "partner_status": partner_status if partner_status in list(PartnerStatus) else "",
    }


@router.post("/proposals")
async def create(asked: PersonDep) -> Response:
    """Open a draft under a program."""
    form = await asked.form()
    try:
        content = Content(programme=form.get("programme"), call=form.get("call") or None)
    except ValidationError:
        raise Malformed(Gap(pointer="/programme", code="unknown_value")) from None
    made, _ = await drafting.create(
        asked.office, asked.viewer, content, None, asked.request_id(form)
    )
    return asked.see(f"/proposals/{made['reference']}/edit")


@router.get("/proposals/{reference}")
async def proposal(asked: PersonDep, reference: str) -> Response:
    """Where it stands, whose turn it is, and what it says."""
    return await _page(asked, reference)


async def _page(
    asked: AskedByPerson,
    reference: str,
    answers: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
) -> Response:
    """The page of a proposal; again with *answers* to questions as typed, and what they lack."""
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    waiting = await reading.waiting(asked.office, asked.viewer, reference)
    history = await reading.history(
        asked.office, asked.viewer, reference, limit=MOST_EVENTS, cursor=None
    )
    found = await documents.listed(asked.office, asked.viewer, reference)
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    news = await looking.since_last_look(asked.office, asked.viewer, reference, keeps=asked.looks)
    own = is_own(asked, view)
    view["mark"] = watching.proposal_mark(view, history["items"], tasks["items"])
    return await asked.page(
        "proposal.html" if own else "proposal_staff.html", 422 if faults else 200,
        view=view, waiting=waiting["items"], history=history["items"], documents=found,
        tasks=tasks["items"], news=news,
        titles={each["id"]: each["title"] for each in tasks["items"]},
        acts={*waiting["acts"], *(act for each in waiting["items"] for act in each["acts"])},
        has_questions=own and bool(
            await questions.of_proposal(asked.office, asked.viewer, reference)
        ),
        now=asked.office.now(), since=datetime.fromisoformat,
        may_sign=asked.viewer.holds(Role.SIGNATORY, view["organization"]),
        takes_case=own or case_files.takes_whole_cases(asked.viewer),
        approvals=[] if own else [
            each for each in tasks["items"]
            if approval_papers.is_offered(asked.viewer, each["kind"], each["state"])
        ],
        sections=reading_content.sections(asked.office, view, asked.language),
        answers=answers or {}, faults=faults or [],
    )  # fmt: skip


def is_own(asked: AskedByPerson, view: dict[str, Any]) -> bool:
    """Whether the view is the partner's, which a member of its organization is given."""
    return "requests" in view and asked.viewer.is_partner


# ---- submitting


@router.get("/proposals/{reference}/submit")
async def check(asked: PersonDep, reference: str) -> Response:
    return await _check(asked, reference)


@router.post("/proposals/{reference}/submit")
async def submit(asked: PersonDep, reference: str) -> Response:
    """Submit, and show the receipt; what is missing is told as a list of things to do."""
    form = await asked.form()
    version = int(form.get("version")) if form.get("version").isdigit() else None
    try:
        await submitting.submit(
            asked.office, asked.viewer, reference, asked.request_id(form), version
        )
    except Malformed as refused:
        return await _check(asked, reference, 422, faults_of(refused.gaps, asked.language))
    return asked.see(f"/proposals/{reference}/receipt?new=true")


async def _check(
    asked: AskedByPerson, reference: str, status: int = 200, faults: list[Fault] | None = None
) -> Response:
    view, version = await reading.proposal(asked.office, asked.viewer, reference)
    found = await drafting.check(asked.office, asked.viewer, reference)
    return await asked.page(
        "submit.html", status, view=view, version=version, checks=found["checks"],
        gaps=reading_content.gaps(found["gaps"]), faults=faults or [],
        may_submit=drafting.may_submit(asked.viewer, view["programme"], view["organization"]),
    )  # fmt: skip


@router.get("/proposals/{reference}/receipt")
async def receipt(asked: PersonDep, reference: str, new: bool = False) -> Response:
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    found = await reading.receipt(asked.office, asked.viewer, reference)
    return await asked.page("receipt.html", receipt=found, view=view, new=new)


# ---- revisions


@router.get("/proposals/{reference}/revisions/{number}")
async def revision(asked: PersonDep, reference: str, number: Number) -> Response:
    """A submitted revision, as it was submitted."""
    found = await reading.revision(asked.office, asked.viewer, reference, number)
    return await asked.page(
        "revision.html", revision=found,
        sections=reading_content.of_revision(asked.office, found, asked.language),
    )  # fmt: skip


@router.get("/proposals/{reference}/compare")
async def compare(
    asked: PersonDep,
    reference: str,
    older: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    newer: Annotated[int, Query(ge=1, le=1_000_000)] = 2,
) -> Response:
    """What differs between two revisions."""
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    first = await reading.revision(asked.office, asked.viewer, reference, older)
    second = await reading.revision(asked.office, asked.viewer, reference, newer)
    return await asked.page(
        "compare.html", view=view, older=first, newer=second,
        changes=reading_content.changes(asked.office, first, second, asked.language),
    )  # fmt: skip


# ---- what a partner does


@router.get("/proposals/{reference}/withdraw")
async def withdraw_page(asked: PersonDep, reference: str) -> Response:
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    return await asked.page("withdraw.html", view=view, reason="", faults=[])


@router.post("/proposals/{reference}/withdraw")
async def withdraw(asked: PersonDep, reference: str) -> Response:
    form = await asked.form()
    reason = form.get("reason")
    faults = []
    if not reason or len(reason) > MOST_REASON:
        faults = [Fault("reason", asked.gettext("Say why, in a few words."))]
        view, _ = await reading.proposal(asked.office, asked.viewer, reference)
        return await asked.page("withdraw.html", 422, view=view, reason=reason, faults=faults)
    await partner_acts.withdraw(
        asked.office, asked.viewer, reference, reason, asked.request_id(form)
    )
    return asked.see(f"/proposals/{reference}")


@router.post("/proposals/{reference}/accept-conditions")
async def accept_conditions(asked: PersonDep, reference: str) -> Response:
    form = await asked.form()
    await partner_acts.accept_conditions(
        asked.office, asked.viewer, reference, asked.request_id(form)
    )
    return asked.see(f"/proposals/{reference}#agreement")


@router.post("/proposals/{reference}/sign")
async def sign(asked: PersonDep, reference: str) -> Response:
    form = await asked.form()
    await partner_acts.sign(asked.office, asked.viewer, reference, asked.request_id(form))
    return asked.see(f"/proposals/{reference}#agreement")


@router.post("/proposals/{reference}/questions/{question_id}")
async def answer(asked: PersonDep, reference: str, question_id: str) -> Response:
    """Answer a question of the department in place, with a document where the form brings one."""
    form = await asked.form()
    field = f"answer-{question_id}"
    words, request_id = form.get(field), asked.request_id(form)
    try:
        if not words or len(words) > MOST_REASON:
            raise Malformed(Gap(pointer="/answer", code="required"))
        given = await attached(asked, reference, form)
        request = AnswerRequest(answer=words, documents=given)
        await questions.answer(
            asked.office, asked.viewer, reference, question_id, request, request_id
        )
    except Malformed as refused:
        faults = [
            Fault(field if fault.field == "answer" else f"file-{question_id}", fault.text)
            for fault in faults_of(refused.gaps, asked.language)
        ]
        return await _page(asked, reference, {question_id: words or ""}, faults)
    except (TooLarge, WrongMediaType) as refused:
        fault = Fault(f"file-{question_id}", words_of(refused, asked.language))
        return await _page(asked, reference, {question_id: words or ""}, [fault])
    return asked.see(f"/proposals/{reference}")


@router.post("/proposals/{reference}/delete")
async def delete(asked: PersonDep, reference: str) -> Response:
    """A draft that was never submitted."""
    await drafting.delete(asked.office, asked.viewer, reference)
    return asked.see("/proposals")
