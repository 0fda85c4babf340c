"""The forms of an agreement that runs: reports are read, payments certified and requisitioned."""

from __future__ import annotations

from policy import labels
from policy.rules.forms.fields import Draft, flag, labelled, record
from schemas.forms import FormContext
from schemas.values import Money

_AMOUNT = r"^\d{1,13}(\.\d{1,2})?$"


def read_report(context: FormContext, draft: Draft) -> None:
    """What was handed in stands beside; the outcome says whether it will do."""
    draft.comments()
    _beside(context, draft)


def certify(context: FormContext, draft: Draft) -> None:
    """To how much the payee is entitled: the claim, or less where a cost is not eligible."""
    language = draft.language
    money = record(
        {
            "currency": labelled({"const": "CAD"}, "currency", language),
            "value": labelled({"type": "string", "pattern": _AMOUNT}, "value", language),
        },
        required=("currency", "value"),
    )
    draft.answer(
        "amount",
        labelled(money, "certified_amount", language),
        Money.of_cents(context.claimed_cents).model_dump(mode="json"),
    )
    entitled = flag(labels.field("entitled"), language)
    draft.answer("entitled", {**entitled, "const": True}, True)  # noqa: FBT003 - an answer
    draft.comments()
    _beside(context, draft)


def requisition(context: FormContext, draft: Draft) -> None:
    """Comments only: the payment is lawful, within the appropriation, and not made twice."""
    draft.comments()
    _beside(context, draft)


def _beside(context: FormContext, draft: Draft) -> None:
    if context.running is not None:
        draft.properties["comments"]["x-about"] = context.running
