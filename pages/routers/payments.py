"""Reports and payments of an agreement on a page: handed in, claimed, advised as paid."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import payment_views, payments, reading
from pages import schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of
from pages.languages import N_
from pages.sent import Sent
from pages.uploading import attached
from schemas.errors import AccordError
from schemas.people import Role
from schemas.proposal import Assistance
from schemas.requests import ClaimRequest, PaidRequest, ReceivedRequest, ReportRequest

router = APIRouter()
SAYS = {
    "words": N_("Say what was done."),
    "costs": N_("Write at least one cost, as an amount such as 2500.00."),
    "tranche": N_("Choose the tranche."),
    "number": N_("Write the number that the financial system gave the payment."),
    "received_on": N_("Write the day as YYYY-MM-DD."),
    "paid_on": N_("Write the day as YYYY-MM-DD."),
    "amount": N_("Write an amount, such as 250000."),
}


@router.get("/proposals/{reference}/payments")
async def shown(asked: PersonDep, reference: str) -> Response:
    return await _page(asked, reference)


@router.post("/proposals/{reference}/reports/{report}")
async def hand_in(asked: PersonDep, reference: str, report: str) -> Response:
    """Hand a report in, in words, and with a document where the form brings one."""
    form = await asked.form()

    async def act(given: tuple[str, ...]) -> None:
        request = ReportRequest.model_validate(
            {**_handed_in(form, report, asked.language), "documents": given}
        )
        await payments.hand_in(
            asked.office, asked.viewer, reference, report, request, asked.request_id(form)
        )

    return await _done(asked, reference, form, report, act)


@router.post("/proposals/{reference}/payments")
async def claim(asked: PersonDep, reference: str) -> Response:
    """Claim a payment, with its costs by category."""
    form = await asked.form()

    async def act(given: tuple[str, ...]) -> None:
        request = ClaimRequest.model_validate(
            {
                "tranche": form.get("tranche"),
                **_handed_in(form, "claim", asked.language),
                "documents": given,
            }
        )
        await payments.claim(asked.office, asked.viewer, reference, request, asked.request_id(form))

    return await _done(asked, reference, form, "claim", act)


@router.post("/proposals/{reference}/payments/{payment}/paid")
async def advise_paid(asked: PersonDep, reference: str, payment: str) -> Response:
    """Take in the financial system's advice that a payment was made."""
    form = await asked.form()

    async def act(_attached: tuple[str, ...]) -> None:
        typed = {n: form.get(f"{n}-{payment}") for n in ("number", "paid_on", "amount")}
        value = schema_forms.amount(typed["amount"], asked.language)
        request = PaidRequest.model_validate(
            {**typed, "amount": {"currency": "CAD", "value": value}}
        )
        await payments.advise_paid(
            asked.office, asked.viewer, reference, payment, request, asked.request_id(form)
        )

    return await _done(asked, reference, form, payment, act)


@router.post("/proposals/{reference}/receipts")
async def take_in_receipt(asked: PersonDep, reference: str) -> Response:
    """Take in that an overpayment came back."""
    form = await asked.form()

    async def act(_attached: tuple[str, ...]) -> None:
        typed = {n: form.get(f"{n}-receipt") for n in ("number", "received_on", "amount")}
        value = schema_forms.amount(typed["amount"], asked.language)
        request = ReceivedRequest.model_validate(
            {**typed, "amount": {"currency": "CAD", "value": value}}
        )
        await payments.take_in_receipt(
            asked.office, asked.viewer, reference, request, asked.request_id(form)
        )

    return await _done(asked, reference, form, "receipt", act)


async def _done(
    asked: AskedByPerson,
    reference: str,
    form: Sent,
    name: str,
    act: Callable[[tuple[str, ...]], Awaitable[None]],
) -> Response:
    """The page again: anew once it is done, or with what was typed and what is wrong with it."""
    try:
        await act(await attached(asked, reference, form))
    except (ValidationError, AccordError) as wrong:
        faults, status = told_of(asked, wrong, SAYS)
        own = [Fault(f"{f.field}-{name}" if f.field else "", f.text) for f in faults]
        return await _page(asked, reference, own, {**_typed(form, name), "form": name}, status)
    return asked.see(f"/proposals/{reference}/payments")


def _handed_in(form: Sent, name: str, language: str) -> dict[str, Any]:
    """The words, and every cost that was written."""
    written = {each.value: form.get(f"{each.value}-{name}").strip() for each in Assistance}
    costs = [
        {
            "category": category,
            "amount": {"currency": "CAD", "value": schema_forms.amount(typed, language)},
        }
        for category, typed in written.items()
        if typed
    ]
    return {"words": form.get(f"words-{name}"), "costs": costs}


def _typed(form: Sent, name: str) -> dict[str, str]:
    fields = (
        "words",
        "number",
        "paid_on",
        "received_on",
        "amount",
        *(each.value for each in Assistance),
    )
    return {field: form.get(f"{field}-{name}") for field in fields}


async def _page(
    asked: AskedByPerson,
    reference: str,
    faults: list[Fault] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    running = await payment_views.of_agreement(asked.office, asked.viewer, reference)
    viewer, programme = asked.viewer, view["programme"]
    own = viewer.is_partner and "requests" in view
    return await asked.page(
        "payments.html", status, view=view, running=running, own=own,
        may_sign=viewer.holds(Role.SIGNATORY, view["organization"]),
        may_advise=not own and any(
            viewer.holds(role, programme) for role in payments.ADVISERS
        ),
        may_receive=not own and any(
            viewer.holds(role, programme) for role in payments.RECEIVERS
        ),
        categories=[each.value for each in Assistance], faults=faults or [], typed=typed or {},
    )  # fmt: skip
