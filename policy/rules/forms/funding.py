"""The forms of the money and of the approval: recommendation, approval, paper, agreement."""

from __future__ import annotations

from policy import labels
from policy.rules.forms.fields import (
    Draft,
    Schema,
    choice,
    day,
    labelled,
    line,
    record,
    rows,
    text,
)
from schemas.forms import VOTES, FormContext, Instrument
from schemas.values import Bilingual, Money

MOST_PRIORITY = 9
_SHA256 = r"^[0-9a-f]{64}$"
_AMOUNT = r"^\d{1,13}(\.\d{1,2})?$"


def recommend(context: FormContext, draft: Draft) -> None:
    """Instrument, and the money by fund; the example is the budget on its default funds."""
    language = draft.language
    instruments = {code: labels.option("instrument", code) for code in context.instruments}
    funds = {
        fund.id: Bilingual(en=name, fr=name)
        for fund in context.funds
        for name in [f"{fund.id} ({fund.fiscal_year})"]
    }
    slice_ = _slice(funds, language)
    draft.answer(
        "instrument", choice("instrument", instruments, language), _default_instrument(context)
    )
    draft.answer(
        "slices",
        rows("slices", slice_, language, least=1, most=max(1, len(context.funds))),
        [
            {"fund": part.fund, "amount": Money.of_cents(part.cents).model_dump(mode="json")}
            for part in context.slices_default
        ],
    )
    priority = {"type": "integer", "minimum": 0, "maximum": MOST_PRIORITY, "default": 0}
    draft.ask("priority", labelled(priority, "priority", language))
    draft.comments()


def approve(context: FormContext, draft: Draft) -> None:
    """The digest of the approval document says what exactly is approved; a part is named."""
    _ask_document(context, draft)
    _ask_part(context, draft)
    draft.comments()


def record_decision(context: FormContext, draft: Draft) -> None:
    """The signed page that carries a decision of those who do not sign in."""
    _ask_document(context, draft)
    _ask_part(context, draft)
    _ask_page(draft)


def record_reconsideration(context: FormContext, draft: Draft) -> None:  # noqa: ARG001
    """The signed page that carries what those who do not sign in decided anew."""
    _ask_page(draft)


def _ask_page(draft: Draft) -> None:
    language = draft.language
    page = record(
        {
            "number": line("page_number", language, needed=True),
            "signed_by": line("signed_by", language, needed=True),
            "signed_on": day("signed_on", language),
        },
        required=("number", "signed_by", "signed_on"),
    )
    draft.answer(
        "page",
        labelled(page, "page", language),
        {
            "number": "1",
            "signed_by": "Ministre" if language == "fr" else "Minister",
            "signed_on": "2026-01-15",
        },
    )
    draft.ask("comments", text("comments", language))


def sign_agreement(context: FormContext, draft: Draft) -> None:  # noqa: ARG001
    draft.comments()


def _slice(funds: dict[str, Bilingual], language: str) -> Schema:
    money = record(
        {
            "currency": labelled({"const": "CAD"}, "currency", language),
            "value": labelled({"type": "string", "pattern": _AMOUNT}, "value", language),
        },
        required=("currency", "value"),
    )
    return record(
        {
            "fund": choice("fund", funds, language),
            "amount": labelled(money, "amount", language),
        },
        required=("fund", "amount"),
    )


def _ask_part(context: FormContext, draft: Draft) -> None:
    """What is approved where it is less than what is reserved; nobody else answers it."""
    if not context.in_part:
        return
    funds = {part.fund: Bilingual(en=part.fund, fr=part.fund) for part in context.reserved}
    slice_ = _slice(funds, draft.language)
    most = max(1, len(context.reserved))
    draft.ask("part", rows("part", slice_, draft.language, least=0, most=most))


def _ask_document(context: FormContext, draft: Draft) -> None:
    if context.document is None:
        schema: Schema = {"type": "string", "pattern": _SHA256}
        draft.ask("document", labelled(schema, "document", draft.language))
    else:
        schema = {"const": context.document}
        draft.answer("document", labelled(schema, "document", draft.language), context.document)


def _default_instrument(context: FormContext) -> Instrument | None:
    drawn_on = {part.fund for part in context.slices_default}
    votes = {fund.vote for fund in context.funds if fund.id in drawn_on}
    matching = (code for code in context.instruments if VOTES[code] in votes)
    return next(matching, next(iter(context.instruments), None))
