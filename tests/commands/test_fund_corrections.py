"""A fund is corrected by two finance officers: nothing before the second, and once."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import col, select

from commands import fund_corrections, verifying_money
from commands.office import Office
from policy.catalogue import Catalogue
from schemas.errors import Forbidden, Malformed, NotFound, Refused
from schemas.events import INSTALLATION, EventType
from schemas.messages import MoneyMove, MoneyRequest, NoticeKind, Slice
from schemas.people import Candidate, Role, Viewer
from schemas.requests import FundCorrectionRequest
from schemas.values import Money
from store import chain, money, recording, schema
from store.database import Database
from store.tables import (
    EventRow,
    FundCorrectionLineRow,
    FundCorrectionRow,
    FundRow,
    GrantRow,
    MessageRow,
    NotificationRow,
    PersonRow,
)
from tests.store.others import NOW, an_event

FUND, NEXT = "CTCBP-contributions-2026-27", "CTCBP-contributions-2027-28"
GRANTS = "CTCBP-grants-2026-27"


def a_viewer(name, *grants):
    return Viewer(
        id=name,
        name=name.title(),
        email=f"{name}@accord.example",
        organization=None,
        grants=tuple(Candidate(role=Role(role), scope=scope) for role, scope in grants),
    )


ANA = a_viewer("ana", ("finance_officer", "CTCBP"))
BEN = a_viewer("ben", ("finance_officer", "all"))


class Found:
    def __init__(self):
        self.differences = []

    def differs(self, what, subject, **facts):
        self.differences.append({"what": what, "subject": subject, **facts})


@pytest_asyncio.fixture
async def office(database_url):
    database = Database(database_url)
    await schema.migrate(database)
    now = [NOW]
    found = Office(
        database=database,
        catalogue=Catalogue.load(),
        gateway=None,
        keys=None,
        signer=None,
        hasher=None,
        clock=lambda: now[0],
    )
    found.memory["now"] = now
    async with database.writing() as session:
        for viewer in (ANA, BEN):
            session.add(
                PersonRow(id=viewer.id, email=viewer.email, name=viewer.name, password_hash="x")
            )
        await session.flush()
        for viewer in (ANA, BEN):
            session.add(
                GrantRow(
                    id=f"grant-{viewer.id}", person=viewer.id, role="finance_officer",
                    scope=viewer.grants[0].scope, starts_on=NOW.date(), granted_by="adm",
                    ends_on=NOW.date() + timedelta(days=300),
                    confirmed_by="two", confirmed_on=NOW.date(),
                )
            )  # fmt: skip
        for fund, budget in ((FUND, 100), (NEXT, 50), (GRANTS, 30)):
            programme, vote, year = fund.split("-", 2)
            session.add(
                FundRow(id=fund, programme=programme, vote=vote, fiscal_year=year, budget=budget)
            )
            event = chain.installation_event(
                EventType.FUND_OPENED, found_actor(), f"fund:{fund}", NOW,
                data={"fund": fund, "budget": Money.of_cents(budget).model_dump()},
            )  # fmt: skip
            await chain.append(session, event, now=NOW)
    yield found
    await database.close()


def found_actor():
    return ANA.acting_as(ANA.grants[0])


def asked(**plan):
    for name in ("budget", "amount"):
        if name in plan:
            plan[name] = Money.of_cents(plan[name]).model_dump()
    return FundCorrectionRequest.model_validate({"reason": "The estimates.", **plan})


async def propose(office, by=ANA, fund=FUND, request="p", **plan):
    return await fund_corrections.propose(office, by, fund, asked(**plan), request)


async def confirm(office, correction, by=BEN, fund=FUND, request="c"):
    return await fund_corrections.confirm(office, by, fund, correction["id"], request)


async def rows(office, table):
    async with office.database.reading() as session:
        return list(await session.exec(select(table)))


async def funds(office):
    return {row.id: (row.budget, row.state, row.deficit) for row in await rows(office, FundRow)}


async def waits(office, name, cents, funds=(FUND,)):
    request = MoneyRequest(
        reservation=f"{name}:1",
        move=MoneyMove.RESERVE,
        slices=tuple(Slice(fund=fund, cents=cents) for fund in funds),
    )
    async with office.database.writing() as session:
        created = an_event(
            subject=name,
            type=EventType.CREATED,
            data={"organization": "org", "programme": "CTCBP"},
        )
        await recording.record_event(session, created, now=NOW)
        return (await money.apply(session, request, name, NOW))[0]


async def events(office, *types):
    async with office.database.reading() as session:
        found = await session.exec(
            select(EventRow)
            .where(EventRow.subject == INSTALLATION, col(EventRow.type).in_(types))
            .order_by(col(EventRow.position))
        )
        return [chain.event_of(row) for row in found]


async def differences(office):
    found = Found()
    async with office.database.reading() as session:
        await verifying_money.check(session, found)
    return found.differences


# ---- the way


async def test_nothing_changes_before_a_second_finance_officer_has_confirmed_it(office):
    proposed = await propose(office, kind="budget", budget=250)

    assert await funds(office) == {
        FUND: (100, "voted", 0),
        NEXT: (50, "voted", 0),
        GRANTS: (30, "voted", 0),
    }
    assert (proposed["state"], proposed["stood_at"]["budget"]["value"]) == ("proposed", "1.00")

    done = await confirm(office, proposed)

    assert (await funds(office))[FUND] == (250, "voted", 0)
    assert (done["state"], done["proposed_by"]["name"], done["ended_by"]["name"]) == (
        "done",
        "Ana",
        "Ben",
    )
    assert await fund_corrections.corrections(office, ANA, FUND) == [done]
    assert await differences(office) == []


async def test_the_installation_tells_both_names_the_reason_and_what_changed(office):
    await confirm(office, await propose(office, kind="state", fund_state="frozen"))

    proposed, done = await events(
        office, EventType.FUND_CORRECTION_PROPOSED, EventType.FUND_CORRECTED
    )

    assert (proposed.actor.id, done.actor.id, done.data["proposed_by"]) == ("ana", "ben", "ana")
    assert proposed.texts["reason"] == done.texts["reason"]
    assert done.data["changes"] == [
        {
            "fund": FUND,
            "number": 1,
            "budget_before": {"currency": "CAD", "value": "1.00"},
            "budget": {"currency": "CAD", "value": "1.00"},
            "state_before": "voted",
            "state": "frozen",
        }
    ]


async def test_whoever_proposed_it_never_confirms_it(office):
    proposed = await propose(office, kind="budget", budget=250)

    with pytest.raises(Refused, match="separation_of_duties"):
        await confirm(office, proposed, by=ANA)

    assert (await funds(office))[FUND][0] == 100


async def test_a_transfer_stays_within_the_program_and_the_vote_line(office):
    with pytest.raises(Malformed) as refused:
        await propose(office, kind="transfer", to=GRANTS, amount=10)
    assert [gap.code for gap in refused.value.gaps] == ["transfer_within_vote_line"]

    await confirm(office, await propose(office, kind="transfer", to=NEXT, amount=40))

    assert {fund: held[0] for fund, held in (await funds(office)).items()} == {
        FUND: 60,
        NEXT: 90,
        GRANTS: 30,
    }
    assert await differences(office) == []


async def test_money_that_somebody_has_taken_meanwhile_is_not_transferred(office):
    proposed = await propose(office, kind="transfer", to=NEXT, amount=40)
    await waits(office, "taken", 70)

    with pytest.raises(Refused, match="fund_has_not_as_much"):
        await confirm(office, proposed)

    assert (await funds(office))[FUND] == (100, "voted", 0)
    assert [row.state for row in await rows(office, FundCorrectionRow)] == ["proposed"]
    assert await rows(office, FundCorrectionLineRow) == []


async def test_another_correction_waits_until_the_first_has_ended(office):
    first = await propose(office, kind="transfer", to=NEXT, amount=40)

    for fund in (FUND, NEXT):
        with pytest.raises(Refused, match="correction_under_way") as refused:
            await propose(office, fund=fund, request="other", kind="budget", budget=7)
        assert refused.value.facts["correction"] == first["id"]
    ended = await fund_corrections.refuse(office, BEN, FUND, first["id"], "Not now.", "r")
    assert (ended["state"], ended["answer"]) == ("refused", "Not now.")
    with pytest.raises(Refused, match="correction_over"):
        await confirm(office, first)

    own = await propose(office, request="again", kind="budget", budget=7)
    ended = await fund_corrections.refuse(office, ANA, FUND, own["id"], "A slip.", "w")
    assert ended["state"] == "withdrawn"
    assert await differences(office) == []


async def test_what_nobody_confirms_by_its_date_lapses(office):
    proposed = await propose(office, kind="budget", budget=250)
    assert await fund_corrections.end_silent(office) == 0
    office.memory["now"][0] = NOW + timedelta(days=60)

    with pytest.raises(Refused, match="correction_over"):
        await confirm(office, proposed)
    assert await fund_corrections.end_silent(office) == 1

    [ended] = await fund_corrections.corrections(office, ANA, FUND)
    assert (ended["state"], ended["ended_by"]) == ("lapsed", None)
    assert [e.data["why"] for e in await events(office, EventType.FUND_CORRECTION_ENDED)] == [
        "lapsed"
    ]
    assert await differences(office) == []


async def test_one_that_was_left_unanswered_does_not_stand_in_the_way_of_the_next(office):
    await propose(office, kind="budget", budget=250)
    office.memory["now"][0] = NOW + timedelta(days=60)

    await propose(office, request="next", kind="budget", budget=300)

    found = await fund_corrections.corrections(office, ANA, FUND)
    assert [each["state"] for each in found] == ["lapsed", "proposed"]


async def test_a_raised_budget_is_offered_in_the_recorded_order(office):
    for name, cents in (("taken", 100), ("first", 60), ("second", 60), ("third", 10)):
        await waits(office, name, cents)

    await confirm(office, await propose(office, kind="budget", budget=225))

    offered = [
        row.payload["reservation"]
        for row in await rows(office, MessageRow)
        if row.kind == NoticeKind.OFFER
    ]
    assert offered == ["first:1", "second:1"]
    async with office.database.reading() as session:
        history = await chain.events_of(session, "first")
    assert [event.type for event in history] == [EventType.CREATED, EventType.OFFERED]


async def test_who_needs_two_years_waits_until_both_have_the_money(office):
    await waits(office, "both", 110, funds=(FUND, NEXT))

    await confirm(office, await propose(office, kind="budget", budget=150))
    assert await rows(office, MessageRow) == []
    raised = await propose(office, fund=NEXT, request="p2", kind="budget", budget=110)
    await confirm(office, raised, fund=NEXT, request="c2")

    assert [row.payload for row in await rows(office, MessageRow)] == [{"reservation": "both:1"}]
    assert await differences(office) == []


async def test_the_others_are_told_that_it_waits_and_the_proposer_what_became_of_it(office):
    await confirm(office, await propose(office, kind="budget", budget=250))

    told = {(row.person, row.kind) for row in await rows(office, NotificationRow)}

    assert told == {("ben", "fund_to_confirm"), ("ana", "fund_corrected")}


# ---- who, and what is missing


async def test_only_finance_officers_of_the_program_propose_confirm_and_refuse(office):
    other = a_viewer("eve", ("finance_officer", "ACCBP"))
    proposed = await propose(office, kind="budget", budget=250)

    for nobody in (other, a_viewer("adm", ("administrator", "all"))):
        with pytest.raises(Forbidden):
            await propose(office, by=nobody, kind="budget", budget=3)
        with pytest.raises(Forbidden):
            await confirm(office, proposed, by=nobody)
        with pytest.raises(Forbidden):
            await fund_corrections.refuse(office, nobody, FUND, proposed["id"], "No.", "r")
        assert len(await fund_corrections.corrections(office, nobody, FUND)) == 1
    with pytest.raises(Forbidden, match="staff_only"):
        await fund_corrections.corrections(office, a_viewer("sig", ("signatory", "o")), FUND)
    with pytest.raises(NotFound):
        await fund_corrections.corrections(office, ANA, "nothing")
    with pytest.raises(NotFound):
        await confirm(office, proposed, fund=NEXT)


@pytest.mark.parametrize(
    ("plan", "gaps"),
    [
        ({"kind": "budget"}, {"/budget": "correction_needs"}),
        (
            {"kind": "budget", "budget": 5, "to": NEXT},
            {"/to": "correction_takes_no_such"},
        ),
        (
            {"kind": "transfer", "fund_state": "frozen"},
            {
                "/fund_state": "correction_takes_no_such",
                "/to": "correction_needs",
                "/amount": "correction_needs",
            },
        ),
        ({"kind": "budget", "budget": 100}, {"/budget": "correction_changes_nothing"}),
        ({"kind": "state", "fund_state": "voted"}, {"/fund_state": "correction_changes_nothing"}),
        ({"kind": "transfer", "to": NEXT, "amount": 0}, {"/amount": "correction_changes_nothing"}),
        ({"kind": "transfer", "to": FUND, "amount": 1}, {"/to": "transfer_within_vote_line"}),
        ({"kind": "transfer", "to": "nowhere", "amount": 1}, {"/to": "unknown_fund"}),
    ],
    ids=str,
)
async def test_each_kind_takes_what_it_needs_and_no_more(office, plan, gaps):
    with pytest.raises(Malformed) as refused:
        await propose(office, **plan)

    assert {gap.pointer: gap.code for gap in refused.value.gaps} == gaps
    assert await rows(office, FundCorrectionRow) == []


# ---- repeats and races


async def test_a_repeated_request_is_answered_as_the_first_was(office):
    proposed = await propose(office, kind="budget", budget=250)
    assert await propose(office, kind="budget", budget=250) == proposed

    done = await confirm(office, proposed)

    assert await confirm(office, proposed) == done
    assert len(await rows(office, FundCorrectionLineRow)) == 1


@pytest.mark.on_both_databases
async def test_of_thirty_who_confirm_at_once_one_corrects_the_fund(office):
    proposed = await propose(office, kind="transfer", to=NEXT, amount=60)
    officers = [a_viewer(f"officer-{n}", ("finance_officer", "CTCBP")) for n in range(30)]

    answers = await asyncio.gather(
        *(confirm(office, proposed, by=each, request=f"c-{each.id}") for each in officers),
        return_exceptions=True,
    )

    refused = [each for each in answers if isinstance(each, Refused)]
    assert len(refused) == 29
    assert {(each.code, each.facts["state"]) for each in refused} == {("correction_over", "done")}
    assert {fund: held[0] for fund, held in (await funds(office)).items()} == {
        FUND: 40,
        NEXT: 110,
        GRANTS: 30,
    }
    assert await differences(office) == []


@pytest.mark.on_both_databases
async def test_of_thirty_proposed_at_once_one_waits(office):
    answers = await asyncio.gather(
        *(
            propose(office, request=f"p-{n}", kind="budget", budget=200 + n, by=(ANA, BEN)[n % 2])
            for n in range(30)
        ),
        return_exceptions=True,
    )

    assert sorted(getattr(each, "code", "taken") for each in answers) == [
        *["correction_under_way"] * 29,
        "taken",
    ]


# ---- what verification says


@pytest.mark.parametrize("damage", [{"budget": 999}, {"state": "planned"}, {"deficit": 5}], ids=str)
async def test_a_fund_that_was_changed_without_an_event_is_named(office, damage):
    await confirm(office, await propose(office, kind="budget", budget=250))
    async with office.database.writing() as session:
        row = await session.get_one(FundRow, FUND)
        for name, value in damage.items():
            setattr(row, name, value)
        session.add(row)

    [found] = await differences(office)

    assert (found["what"], found["subject"]) == ("fund", FUND)


async def test_a_correction_that_no_event_tells_of_is_named(office):
    proposed = await propose(office, kind="budget", budget=250)
    async with office.database.writing() as session:
        row = await session.get_one(FundCorrectionRow, proposed["id"])
        row.state = "done"
        session.add(row)
        session.add(
            FundCorrectionLineRow(
                correction=row.id, fund=FUND, number=1, kind="budget", budget_before=100,
                budget_after=250, state_before="voted", state_after="voted", recorded_at=NOW,
            )
        )  # fmt: skip

    found = await differences(office)

    assert [each["what"] for each in found] == ["fund_correction", "fund_correction"]
