"""Who watches is told when what they read has changed, and of nothing else."""

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest

from commands import recusing, signing_in, watching
from commands.watching import TooManyStreams
from schemas.errors import NotFound, NotSignedIn
from tests.installation import PASSWORD, a_request
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)


async def a_token(accord, account):
    token, _ = await signing_in.sign_in(accord.office, f"{account}@accord.example", PASSWORD)
    return token


@asynccontextmanager
async def watched(accord, token, *subjects, known=None):
    """The stream behind its first word, with what it said first."""
    async with aclosing(watching.watch(accord.office, token, "en", subjects, known or {})) as said:
        first = await anext(said)
        house = watching.watch_of(accord.office)
        looked = house.looks
        # The first look only learns what is there.
        while house.looks < looked + 2:  # noqa: ASYNC110 - it counts, and tells nobody
            await asyncio.sleep(0.01)
        yield first, said


async def screened(accord):
    """A submission whose screening is recorded: nothing more happens to it by itself."""
    reference = await accord.submit(SMALL)
    while (await accord.view(reference))["screening"]["state"] != "done":
        await accord.settle()
    return reference


async def looks(accord, count=20):
    """So many looks at the store, in which something could have been said."""
    house = watching.watch_of(accord.office)
    until = house.looks + count
    while house.looks < until:  # noqa: ASYNC110 - it counts, and tells nobody
        await asyncio.sleep(0.01)


async def test_a_watcher_is_told_of_a_change_that_another_makes(accord):
    reference = await screened(accord)
    token = await a_token(accord, "auditor.1")

    async with watched(accord, token, f"proposal:{reference}") as (first, said):
        await accord.decide(reference, "eligibility.confirm", "eligible")
        told = await anext(said)

    assert first.changed == ()
    assert told.changed == (f"proposal:{reference}",)
    assert told.marks != first.marks


async def test_an_inbox_is_told_of_tasks_that_open(accord):
    token = await a_token(accord, "programme.officer.1")

    async with watched(accord, token, "inbox") as (_, said):
        await accord.submit(SMALL)
        told = await anext(said)

    assert told.changed == ("inbox",)


async def test_who_comes_back_is_told_at_once_of_what_they_missed(accord):
    reference = await screened(accord)
    subject = f"proposal:{reference}"
    token = await a_token(accord, "auditor.1")
    async with watched(accord, token, subject) as (first, _):
        pass
    async with watched(accord, token, subject, known=first.marks) as (same, _):
        pass
    await accord.decide(reference, "eligibility.confirm", "eligible")

    async with watched(accord, token, subject, known=first.marks) as (missed, _):
        pass

    assert same.changed == ()
    assert missed.changed == (subject,)


async def test_a_partner_of_a_proposal_in_compliance_hears_nothing_of_a_finding(accord):
    reference = await screened(accord)
    await accord.decide(reference, "eligibility.confirm", "eligible")
    token = await a_token(accord, "signatory.1")

    async with watched(accord, token, f"proposal:{reference}") as (_, said):
        heard = asyncio.ensure_future(anext(said))
        await accord.decide(reference, "compliance.norms")
        await looks(accord)

        assert not heard.done()
        heard.cancel()
        await asyncio.gather(heard, return_exceptions=True)


async def test_a_stream_ends_with_its_session(accord):
    token = await a_token(accord, "auditor.1")

    async with watched(accord, token, "inbox") as (_, said):
        await signing_in.sign_out(accord.office, token)

        with pytest.raises(StopAsyncIteration):
            await anext(said)


async def test_a_recused_person_is_told_that_it_is_gone_and_then_nothing(accord):
    reference = await screened(accord)
    officer = await accord.viewer("programme-officer-1")
    token = await a_token(accord, "programme.officer.1")
    subject = f"proposal:{reference}"
    task = await accord.task(reference, "eligibility.confirm")

    async with watched(accord, token, subject) as (_, said):
        await recusing.recuse(accord.office, officer, task["id"], "A cousin.", a_request())
        told = await anext(said)
        heard = asyncio.ensure_future(anext(said))
        await accord.decide(reference, "eligibility.confirm", "eligible")
        await looks(accord)

        assert told.marks == {subject: "gone"}
        assert not heard.done()
        heard.cancel()
        await asyncio.gather(heard, return_exceptions=True)


async def test_many_streams_cost_one_look(accord):
    tokens = [await a_token(accord, "auditor.1") for _ in range(4)]
    streams = [
        watching.watch(accord.office, token, "en", ["inbox"], {})
        for token in tokens
        for _ in range(watching.MOST_OF_A_SESSION)
    ]
    for each in streams:
        await anext(each)
    house = watching.watch_of(accord.office)

    looking = [t for t in asyncio.all_tasks() if "Watch._look" in repr(t.get_coro())]
    with pytest.raises(TooManyStreams, match="too_many_streams"):
        await anext(watching.watch(accord.office, tokens[0], "en", ["inbox"], {}))

    assert len(looking) == 1
    for each in streams:
        await each.aclose()
    await asyncio.gather(*looking, return_exceptions=True)
    assert looking[0].cancelled()
    assert not house._sessions


@pytest.mark.parametrize("subject", ["everything", "installation", ""])
async def test_what_may_not_be_watched_is_not_found(accord, subject):
    token = await a_token(accord, "programme.officer.1")

    with pytest.raises(NotFound):
        await anext(watching.watch(accord.office, token, "en", [subject], {}))


async def test_administrators_watch_the_installation(accord):
    token = await a_token(accord, "administrator.1")

    async with watched(accord, token, "installation") as (_, said):
        await a_token(accord, "signatory.1")
        told = await anext(said)

    assert told.changed == ("installation",)


async def test_nobody_watches_without_being_signed_in(accord):
    with pytest.raises(NotSignedIn):
        await anext(watching.watch(accord.office, "nobody", "en", ["inbox"], {}))
