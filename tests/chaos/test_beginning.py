"""An agreement begins once, whoever dies between the signature and its first event."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from commands import beginning_agreements, housekeeping, undoing, verifying
from commands.partner_acts import accept_conditions, sign
from schemas.errors import Unavailable
from schemas.events import EventType
from schemas.messages import Notice, NoticeKind, ProposalStart
from store import messages
from store.tables import MessageRow
from tests.chaos.test_engine_first import LATER, a_dying_asker, types_of
from tests.installation import Installation, a_request
from tests.journeys.test_undo_window import without_agreement
from tests.policy import newer_terms
from tests.policy.proposals import a_proposal

JORDAN = a_proposal().model_dump(mode="json")


async def about_to_be_signed(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "agreement")
    for act in (accept_conditions, sign):
        await act(accord.office, accord.signatory, reference, a_request())
    return reference


async def signed(accord: Installation) -> str:
    """Both have signed; nobody has relayed since."""
    reference = await about_to_be_signed(accord)
    await accord.decide(reference, "agreement.sign")
    return reference


async def to_begin(accord: Installation) -> list[MessageRow]:
    async with accord.office.database.reading() as session:
        found = await session.exec(
            select(MessageRow).where(
                MessageRow.kind == messages.BEGIN,
                MessageRow.delivered_at == None,  # noqa: E711
            )
        )
        return list(found)


async def verified(accord: Installation, *, repair: bool = False) -> verifying.Report:
    return await verifying.verify(accord.office, accord.office.gateway, repair=repair)


async def began_once(accord: Installation, reference: str) -> bool:
    await accord.agreement_began(reference)
    report = await verified(accord)
    told = await types_of(accord, reference)
    return report.differences == [] and told.count(EventType.AGREEMENT_BEGAN) == 1


async def test_the_agreement_begins_with_what_is_relayed(accord: Installation) -> None:
    reference = await signed(accord)
    pending = [each["what"] for each in (await verified(accord)).pending]
    assert {"agreement", "message"} <= set(pending)
    assert EventType.AGREEMENT_BEGAN not in await types_of(accord, reference)

    await housekeeping.relay(accord.office)

    assert await began_once(accord, reference)
    pending = [each["what"] for each in (await verified(accord)).pending]
    assert not {"agreement", "message"} & set(pending)
    assert await to_begin(accord) == []


async def test_it_begins_when_who_signed_died_with_the_answer(accord: Installation) -> None:
    reference = await about_to_be_signed(accord)
    async with a_dying_asker(accord):
        await accord.decide(reference, "agreement.sign")
    assert await to_begin(accord) == []

    accord.ahead += LATER
    await housekeeping.relay(accord.office)  # finds what was signed

    assert len(await to_begin(accord)) == 1
    assert await began_once(accord, reference)


@asynccontextmanager
async def failing(target: Any, name: str) -> AsyncIterator[None]:
    """Whoever relays gets no further than *name*."""

    async def dies(*_: Any, **__: Any) -> None:
        raise Unavailable("engine_unavailable")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, name, dies)
        yield


async def test_it_begins_when_a_relay_died_before_it_had_begun_it(accord: Installation) -> None:
    reference = await signed(accord)
    async with failing(accord.office.gateway, "_start"):
        await housekeeping.relay(accord.office)
    [left] = await to_begin(accord)
    assert (left.tries, left.failure) == (1, "engine_unavailable")

    accord.ahead += LATER

    assert await began_once(accord, reference)


async def test_it_begins_once_when_a_relay_died_after_it_had_begun_it(accord: Installation) -> None:
    reference = await signed(accord)
    async with failing(beginning_agreements.messages, "delivered"):
        await housekeeping.relay(accord.office)
    assert len(await to_begin(accord)) == 1
    await accord.agreement_began(reference)

    accord.ahead += LATER
    await housekeeping.relay(accord.office)

    assert await to_begin(accord) == []
    assert await began_once(accord, reference)


@pytest.mark.parametrize("mended_by", ["verify", "begin"])
async def test_one_that_nobody_is_left_to_begin_is_missed_and_begun(
    accord: Installation, mended_by: str
) -> None:
    reference = await signed(accord)
    async with accord.office.database.writing() as session:
        for row in await session.exec(select(MessageRow).where(MessageRow.kind == messages.BEGIN)):
            await session.delete(row)
    missing = {"what": "agreement_missing", "subject": reference}
    assert (await verified(accord)).differences == [missing]

    if mended_by == "verify":
        assert (await verified(accord, repair=True)).repaired == [missing]
    else:
        assert await beginning_agreements.begin_all(accord.office) == [reference]

    assert await began_once(accord, reference)


async def test_what_is_told_before_it_has_begun_is_told_again(accord: Installation) -> None:
    reference = await signed(accord)
    seal = Notice(id="seal-1", kind=NoticeKind.SEAL, data={"seal": "other-T01"})
    with pytest.raises(Unavailable):
        await accord.office.gateway.notify(reference, seal)

    assert await began_once(accord, reference)
    await accord.office.gateway.notify(reference, seal)

    assert EventType.HOLD_SET in await types_of(accord, reference)


async def test_an_approval_that_may_be_taken_back_begins_nothing(
    accord: Installation, tmp_path: Any
) -> None:
    accord.office.catalogue = newer_terms.catalogue_with(
        tmp_path, newer_terms.together(newer_terms.an_hour, without_agreement)
    )
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")
    approved = await accord.decide(reference, "funding.approve", "approve")
    [waiting] = await to_begin(accord)
    assert waiting.next_at > accord.now() + timedelta(minutes=50)

    person = await accord.viewer(approved["task"]["decided_by"]["id"].removeprefix("demo-"))
    task = approved["task"]["id"]
    await undoing.undo(accord.office, person, task, "The wrong file.", a_request())
    await accord.pass_time(reference, timedelta(hours=2))
    await accord.settle()
    assert (await to_begin(accord), (await verified(accord)).differences) == ([], [])

    await accord.decide(reference, "funding.approve", "approve")
    await accord.pass_time(reference, timedelta(hours=2))

    assert await began_once(accord, reference)


async def test_who_signed_and_died_loses_no_word_to_an_agreement_that_spoke_first(
    accord: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proposals of the version before begin their agreements by themselves."""
    submit = accord.office.gateway.submit

    async def as_before(start: ProposalStart) -> None:
        await submit(start.model_copy(update={"relays_agreement": False}))

    monkeypatch.setattr(accord.office.gateway, "submit", as_before)
    reference = await about_to_be_signed(accord)
    task, request = await accord.task(reference, "agreement.sign"), a_request()
    async with a_dying_asker(accord):
        await accord.decide_task(task, request=request)
    await accord.agreement_began(reference)
    assert EventType.DEPARTMENT_SIGNED not in await types_of(accord, reference)

    answer = await accord.decide_task(task, request=request)

    assert answer["task"]["state"] == "done"
    assert await began_once(accord, reference)
