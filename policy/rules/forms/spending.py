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
    _amount(draft, "certified_amount", context.claimed_cents)
    entitled = flag(labels.field("entitled"), language)
    draft.answer("entitled", {**entitled, "const": True}, True)  # noqa: FBT003 - an answer
    draft.comments()
    _beside(context, draft)


def requisition(context: FormContext, draft: Draft) -> None:
    """Comments only: the payment is lawful, within the appropriation, and not made twice."""
    draft.comments()
    _beside(context, draft)


def close(context: FormContext, draft: Draft) -> None:
    """What the costs are accepted as in all; beside it stands what was reported and paid."""
    _amount(draft, "eligible_amount", context.claimed_cents)
    draft.comments()
    _beside(context, draft)


def _amount(draft: Draft, name: str, cents: int) -> None:
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
        labelled(money, name, language),
        Money.of_cents(cents).model_dump(mode="json"),
    )


def _beside(context: FormContext, draft: Draft) -> None:
    if context.running is not None:
        draft.properties["comments"]["x-about"] = context.running
