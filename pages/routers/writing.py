"""Writing a proposal section by section: saved by the button, and by itself where scripts run.

Somebody else may write at the same time. What another has changed in other sections stays; what
both changed in one section is shown to whoever comes second, before anything is lost.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.pointers import gaps_of
from commands import calls, documents, drafting, reading
from commands.receiving import policy_of
from pages import reading_content, schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, words_of
from pages.schema_forms import ABSENT
from pages.sections import WRITTEN, Forms, asked_under
from pages.sent import Sent
from pages.totals import totals
from pages.uploading import sent_file
from policy.rules.calls import CallState
from schemas.errors import Malformed, NotFound, Refused, Stale, TooLarge, WrongMediaType
from schemas.proposal import SECTION_FIELDS, Content, Section, Stage
from schemas.values import digest

router = APIRouter()


@dataclass(frozen=True)
class Draft:
    """The working copy of a proposal, as its partner sees it."""

    view: dict[str, Any]
    version: int
    content: Content
    opened: frozenset[Section]
    """The sections that may be written now."""
    asked: tuple[Section, ...]
    """The sections that the terms have a use for, and what was written beside them."""

    def digest_of(self, section: Section) -> str:
        """Stands for what the section said when a form was drawn."""
        dumped = self.content.model_dump(mode="json")
        return digest([dumped[name] for name in SECTION_FIELDS[section]])[:32]


async def _draft(asked: AskedByPerson, reference: str) -> Draft:
    view, version = await reading.proposal(asked.office, asked.viewer, reference)
    if "requests" not in view:
        raise NotFound
    content = Content.model_validate({n: view[n] for n in Content.model_fields if n in view})
    opened = frozenset(Section) if view["stage"] == "draft" else frozenset[Section]()
    if view["stage"] == "returned":
        named = [s for request in view["requests"] for s in request["sections"]]
        opened = frozenset(Section(section) for section in named)
    terms = reading_content.terms_of(asked.office, content.programme, view["policy_version"])
    begun = _begun(content)
    shown = tuple(s for s in Section if s in begun or s in asked_under(terms))
    return Draft(view, version, content, opened, shown)


async def _changed(asked: AskedByPerson, draft: Draft) -> frozenset[Section]:
    """The sections of a returned proposal that say something else than what was submitted."""
    if draft.view["stage"] != Stage.RETURNED:
        return frozenset()
    reference, number = draft.view["reference"], draft.view["revision"]
    submitted = await reading.revision(asked.office, asked.viewer, reference, number)
    before = Content.model_validate(submitted["content"])
    return frozenset(
        section
        for section in draft.opened
        if any(getattr(draft.content, n) != getattr(before, n) for n in SECTION_FIELDS[section])
    )


def _begun(content: Content) -> frozenset[Section]:
    """The sections in which something stands."""
    empty = Content(programme=content.programme, language=content.language)
    return frozenset(
        section
        for section in Section
        if any(getattr(content, name) != getattr(empty, name) for name in SECTION_FIELDS[section])
    )


@router.get("/proposals/{reference}/edit")
async def overview(asked: PersonDep, reference: str) -> Response:
    """The sections with what each still needs."""
    draft = await _draft(asked, reference)
    found = await drafting.check(asked.office, asked.viewer, reference)
    gaps: dict[str, int] = {}
    for gap in reading_content.gaps(found["gaps"]):
        gaps[gap["section"]] = gaps.get(gap["section"], 0) + 1
    return await asked.page(
        "writing.html", view=draft.view, gaps=gaps, begun=_begun(draft.content),
        opened=draft.opened, sections=draft.asked, changed=await _changed(asked, draft),
        done=sum(s.value not in gaps for s in draft.asked),
        may_submit=drafting.may_submit(
            asked.viewer, draft.content.programme, draft.view["organization"]
        ),
        calls=await calls.calls(asked.office, draft.content.programme, CallState.OPEN),
    )  # fmt: skip


@router.post("/proposals/{reference}/call")
async def answer_call(asked: PersonDep, reference: str) -> Response:
    """Choose the call that a draft answers, or none; that it is open counts at its submission."""
    form = await asked.form()
    draft = await _draft(asked, reference)
    if draft.view["stage"] != Stage.DRAFT:
        raise Refused("not_editable")
    content = draft.content.model_copy(update={"call": form.get("call") or None})
    await drafting.save(asked.office, asked.viewer, reference, content, draft.version)
    return asked.see(f"/proposals/{reference}/edit")


@router.get("/proposals/{reference}/edit/documents")
async def documents_page(asked: PersonDep, reference: str) -> Response:
    return await _documents(asked, reference, [])


@router.get("/proposals/{reference}/edit/{section}")
async def section_page(
    asked: PersonDep, reference: str, section: Section, saved: bool = False
) -> Response:
    draft = await _draft(asked, reference)
    return await _section(asked, draft, section, saved=saved)


@router.post("/proposals/{reference}/edit/documents")
async def attach(asked: PersonDep, reference: str) -> Response:
    """Attach a document to the working copy."""
    form = await asked.form()
    try:
        sent = await sent_file(form)
        await documents.attach(asked.office, asked.viewer, reference, sent, asked.request_id(form))
    except Malformed as refused:
        return await _documents(asked, reference, faults_of(refused.gaps, asked.language))
    except (TooLarge, WrongMediaType) as refused:
        fault = Fault("file", words_of(refused, asked.language))
        return await _documents(asked, reference, [fault])
    return asked.see(f"/proposals/{reference}/edit/documents")


@router.post("/proposals/{reference}/edit/documents/{document_id}/remove")
async def detach(asked: PersonDep, reference: str, document_id: str) -> Response:
    await documents.detach(asked.office, asked.viewer, reference, document_id)
    return asked.see(f"/proposals/{reference}/edit/documents")


@router.post("/proposals/{reference}/edit/{section}")
async def save(asked: PersonDep, reference: str, section: Section) -> Response:
    """Save one section; rows may be added and removed without scripts too."""
    if section is Section.DOCUMENTS:
        raise NotFound
    form = await asked.form()
    draft = await _draft(asked, reference)
    if section not in draft.opened:
        raise Refused(
            "section_not_open", sections=[section], open=sorted(s.value for s in draft.opened)
        )
    if form.get("remove"):
        form = schema_forms.without_row(form, form.get("remove"))
    typed = _typed(asked, draft, section, form)
    try:
        content = Content.model_validate({**draft.content.model_dump(mode="json"), **typed})
        says_the_same = content == draft.content
    except ValidationError as failed:
        content, says_the_same = None, False
        faults = faults_of(gaps_of(failed), asked.language)
    # Whoever presses the button while the form saves itself changes nothing and meets nobody.
    is_stale = form.get("base") not in ("", draft.digest_of(section)) and not says_the_same
    if is_stale and not form.get("over"):
        return await _conflict(asked, draft, section, typed)
    if content is None:
        return await _section(asked, draft, section, 422, typed=typed, faults=faults)
    try:
        await drafting.save(asked.office, asked.viewer, reference, content, draft.version)
    except Malformed as refused:
        faults = faults_of(refused.gaps, asked.language)
        return await _section(asked, draft, section, 422, typed=typed, faults=faults)
    except Stale:
        return await _conflict(asked, await _draft(asked, reference), section, typed)
    if asked.by_script:
        saved = await _draft(asked, reference)
        return asked.answer(
            "parts/saved.html", totals=totals(saved.content, section, asked.language),
            base=saved.digest_of(section), at=asked.office.now(), faults=[],
        )  # fmt: skip
    if form.get("add") or form.get("remove"):
        saved = await _draft(asked, reference)
        extra = frozenset([form.get("add")] if form.get("add") else [])
        return await _section(asked, saved, section, extra=extra)
    order = _order(draft)
    if form.get("then") == "next" and section in order:
        return asked.see(f"/proposals/{reference}/edit/{order[order.index(section) + 1].value}")
    return asked.see(f"/proposals/{reference}/edit/{section.value}?saved=true")


def _order(draft: Draft) -> list[Section]:
    """The sections one after the other, as "go on" leads through them."""
    written = [each for each in WRITTEN if each in draft.opened and each in draft.asked]
    return [*written, Section.DOCUMENTS]


def _forms(asked: AskedByPerson, draft: Draft) -> Forms:
    version = draft.view["policy_version"]
    terms = reading_content.terms_of(asked.office, draft.content.programme, version)
    return Forms(asked.office, terms, asked.language, draft.content)


def _typed(asked: AskedByPerson, draft: Draft, section: Section, form: Sent) -> dict[str, Any]:
    """The fields of the section as they were typed; one without an answer is emptied."""
    empty = Content(programme=draft.content.programme).model_dump(mode="json")
    schema = _forms(asked, draft).of(section)
    typed: dict[str, Any] = {}
    for name, part in schema["properties"].items():
        value = schema_forms.read(part, form, name, asked.language)
        typed[name] = empty[name] if value is ABSENT else value
    return typed


async def _section(
    asked: AskedByPerson,
    draft: Draft,
    section: Section,
    status: int = 200,
    *,
    typed: dict[str, Any] | None = None,
    faults: list[Fault] | None = None,
    extra: frozenset[str] = frozenset(),
    saved: bool = False,
    conflict: dict[str, Any] | None = None,
) -> Response:
    held = {**draft.content.model_dump(mode="json"), **(typed or {})}
    schema = _forms(asked, draft).of(section)
    control = schema_forms.draw(schema, held, "", asked.language, required=True, extra=extra)
    placed = schema_forms.placed(faults or [], control)
    if asked.by_script:
        return asked.answer(
            "parts/saved.html", totals=totals(draft.content, section, asked.language),
            base=None, at=None, faults=placed,
        )  # fmt: skip
    order = _order(draft)
    return await asked.page(
        "section.html", status, view=draft.view, section=section, control=control, faults=placed,
        base=draft.digest_of(section), totals=totals(draft.content, section, asked.language),
        saved=saved, conflict=conflict, is_open=section in draft.opened,
        place=order.index(section) + 1 if section in order else None, of=len(order),
    )  # fmt: skip


async def _conflict(
    asked: AskedByPerson, draft: Draft, section: Section, typed: dict[str, Any]
) -> Response:
    """What both wrote: mine stays in the form, theirs stands above it."""
    if asked.by_script:
        text = asked.gettext(
            "Somebody else has changed this section meanwhile. Use the button to see what differs."
        )
        return asked.answer("parts/failed.html", 412, text=text)
    schema = _forms(asked, draft).of(section)
    theirs = schema_forms.draw(schema, draft.content.model_dump(mode="json"), "", asked.language)
    return await _section(asked, draft, section, 412, typed=typed, conflict={"theirs": theirs})


async def _documents(asked: AskedByPerson, reference: str, faults: list[Fault]) -> Response:
    draft = await _draft(asked, reference)
    found = await documents.listed(asked.office, asked.viewer, reference)
    allowed = policy_of(asked.office)
    return await asked.page(
        "documents.html", 422 if faults else 200, view=draft.view, documents=found, faults=faults,
        allowed=allowed, is_open=Section.DOCUMENTS in draft.opened,
    )  # fmt: skip
