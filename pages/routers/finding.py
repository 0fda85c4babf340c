"""Finding the program that fits: the programs, and a short guide that gives reasons."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from commands import annual_contributions, catalogue, drafting, fitting
from pages import schema_forms, sections
from pages.asking import PersonDep
from policy import wording
from schemas.proposal import Assistance, Content, PartnerKind
from schemas.values import Money

router = APIRouter()
Several = Annotated[list[str] | None, Query(max_length=20)]


@router.get("/programs")
async def programs(
    *,
    asked: PersonDep,
    kind: str = "",
    focus: Several = None,
    country: str = "",
    assistance: Several = None,
    amount: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The programs; with answers to the guide, which of them fit, and why."""
    found = await catalogue.programmes(asked.office, asked.viewer)
    answers = {
        "kind": kind, "focus": focus or [], "country": country,
        "assistance": assistance or [], "amount": amount,
    }  # fmt: skip
    has_answers = any(answers.values())
    results: list[dict[str, Any]] = []
    if has_answers:
        partner_kind = PartnerKind(kind) if kind in list(PartnerKind) else None
        content = _content(answers, asked.language)
        results = await fitting.fit(asked.office, asked.viewer, content, partner_kind)
    known = {each["code"]: each for each in found}
    forms = sections.Forms(
        asked.office,
        asked.office.catalogue.programmes(asked.office.today())[0],
        asked.language,
        Content(programme="CTCBP"),
    )
    return await asked.page(
        "programs.html",
        programs=known,
        results=results,
        answers=answers,
        kinds=forms.named("partner_kind"),
        assistance=forms.named("assistance"),
        countries=wording.country_names(asked.language),
        filters=asked.request.url.query,
        contributions=drafting.AVC if annual_contributions.may_open(asked.viewer) else None,
    )


def _content(answers: dict[str, Any], language: str) -> Content:
    """What the answers amount to; one that cannot be read counts as not given."""
    sent: dict[str, Any] = {"programme": "CTCBP", "focus_areas": answers["focus"]}
    sent["assistance"] = [each for each in answers["assistance"] if each in list(Assistance)]
    if answers["country"]:
        sent["countries"] = [{"code": answers["country"], "share": 100}]
    try:
        typed = schema_forms.amount(answers["amount"], language)
        sent["amount"] = Money(value=typed).model_dump() if answers["amount"] else None
        return Content.model_validate(sent)
    except ValidationError:
        return Content(programme="CTCBP")
