"""Writes the corpus of agreements: one kept history per execution of each life.

    .venv/bin/python -m tests.histories.make_agreements [LIFE]

As with the histories of proposals (`tests.histories.make`), run it when a way is added, and only
after the old ones have replayed.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from activities import agreements
from commands import conditions, payment_views, payments
from schemas.messages import Notice, NoticeKind
from schemas.people import Viewer
from schemas.requests import ClaimRequest, EvidenceRequest, PaidRequest, ReportRequest
from schemas.values import Money
from tests.histories.make import JORDAN, keep
from tests.installation import Installation, a_request, an_engine, an_installation
from workflows.ids import agreement_id

HERE = Path(__file__).parent / "agreements"
WORDS = "As was agreed."
COSTS = [{"category": "training", "amount": {"currency": "CAD", "value": "1000.00"}}]


async def reported_and_paid(accord: Installation) -> str:
    """Reports are returned and accepted; a payment is given back, certified again and paid."""
    reference = await _running(accord)
    await report(accord, reference, "R01")
    await accord.decide(reference, "report.review", "return")
    for each in ("R01", "F01"):
        await report(accord, reference, each)
        await accord.decide(reference, "report.review", "accept")
    await claim(accord, reference, "T01")
    await accord.decide(reference, "payment.certify", "certify")
    await accord.decide(reference, "payment.requisition", "give_back")
    await accord.decide(reference, "payment.certify", "certify")
    await accord.decide(reference, "payment.requisition", "requisition")
    await advise(accord, reference)
    await claim(accord, reference, "T01")
    await accord.decide(reference, "payment.certify", "return")
    return reference


async def carried_with_open_tasks(accord: Installation) -> str:
    """Continued as new between almost any two acts, with a report being read and a claim open."""
    agreements.MOST_HISTORY = 30
    reference = await _running(accord)
    await claim(accord, reference, "T01")
    await report(accord, reference, "R01")
    await report(accord, reference, "F01")
    await accord.pass_time(reference, timedelta(days=60))
    while "report.review" in await accord.open_kinds(reference):
        await accord.decide(reference, "report.review", "accept")
    await accord.decide(reference, "payment.certify", "certify")
    await accord.decide(reference, "payment.requisition", "requisition")
    await advise(accord, reference)
    agreements.MOST_HISTORY = 2000
    return reference


async def suspended_sealed_and_assessed_anew(accord: Installation) -> str:
    """An incident, a seal of another's, and a record that lapses; then a payment is certified."""
    reference = await _running(accord)
    await claim(accord, reference, "T01")
    finding = next(
        t for t in await accord.tasks_of(reference) if t["kind"] == "compliance.human_rights"
    )
    for kind, data in (
        (NoticeKind.SUSPEND, {"incident": "incident-1"}),
        (NoticeKind.SEAL, {"seal": "other-1"}),
        (NoticeKind.RESUME, {"incident": "incident-1"}),
        (NoticeKind.UNSEAL, {"seal": "other-1"}),
        (NoticeKind.RECORD, {"record": "baseline", "why": "expired", "tasks": [finding["id"]]}),
    ):
        notice = Notice(id=a_request(), kind=kind, data=data)
        await accord.office.gateway.notify(reference, notice)
        await accord.settle()
    await accord.decide(reference, "compliance.human_rights")
    while "confirm" in await accord.open_kinds(reference):
        await accord.decide(reference, "confirm", "agree")
    await _keep_conditions(accord, reference)
    await accord.decide(reference, "payment.certify", "certify")
    return reference


async def _running(accord: Installation) -> str:
    """It runs since half a year; what its payments waited for is met."""
    accord.ahead = timedelta(0)
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "active")
    await accord.pass_time(reference, timedelta(days=200))
    await _keep_conditions(accord, reference)
    return reference


async def _keep_conditions(accord: Installation, reference: str) -> None:
    for each in await conditions.of_proposal(accord.office, accord.signatory, reference):
        if each["state"] not in ("met", "waived"):
            await conditions.give_evidence(
                accord.office, accord.signatory, reference, each["id"],
                EvidenceRequest(words=WORDS), a_request(),
            )  # fmt: skip
            await accord.decide(reference, "condition.judge", "met")


async def report(accord: Installation, reference: str, which: str) -> None:
    """The partner hands a report in."""
    costs = COSTS if which.startswith("F") else []
    request = ReportRequest.model_validate({"words": WORDS, "costs": costs})
    await payments.hand_in(accord.office, accord.signatory, reference, which, request, a_request())


async def claim(accord: Installation, reference: str, tranche: str) -> None:
    """The partner claims a part of *tranche*."""
    request = ClaimRequest.model_validate({"tranche": tranche, "words": WORDS, "costs": COSTS})
    await payments.claim(accord.office, accord.signatory, reference, request, a_request())


async def advise(accord: Installation, reference: str) -> None:
    """Whatever is requisitioned is advised as paid."""
    officer = await accord.viewer("finance-officer-1")
    for each in await payments_of(accord, officer, reference):
        if each["state"] == "requisitioned":
            advice = PaidRequest(
                number=f"19-{each['id']}",
                paid_on=accord.office.today(),
                amount=Money.model_validate(each["certified"]),
            )
            await payments.advise_paid(
                accord.office, officer, reference, each["id"], advice, a_request()
            )


async def payments_of(accord: Installation, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """The payments as *viewer* reads them."""
    found = await payment_views.of_agreement(accord.office, viewer, reference)
    return list(found["payments"])


LIVES: tuple[Callable[[Installation], Awaitable[str]], ...] = (
    reported_and_paid,
    carried_with_open_tasks,
    suspended_sealed_and_assessed_anew,
)


async def executions(accord: Installation, reference: str) -> AsyncIterator[WorkflowHistory]:
    """The history of every execution of an agreement, the last one first."""
    run: str | None = None
    while run != "":
        handle = accord.client.get_workflow_handle(agreement_id(reference), run_id=run)
        history = await handle.fetch_history()
        yield history
        run = history.events[
            0
        ].workflow_execution_started_event_attributes.continued_execution_run_id


async def main() -> None:
    async with an_engine() as engine:
        with tempfile.TemporaryDirectory() as folder:
            async with an_installation(engine, Path(folder), encrypted=False) as accord:
                for life in LIVES if len(sys.argv) == 1 else [globals()[sys.argv[1]]]:
                    reference = await life(accord)
                    found = [history async for history in executions(accord, reference)]
                    for number, history in enumerate(reversed(found), start=1):
                        keep(accord, history, HERE / f"{life.__name__}_{number}.json")
    await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)
