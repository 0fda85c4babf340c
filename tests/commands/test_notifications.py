"""Who is told what, who sees it, and that none of it tells more than it may."""

import asyncio
import re
from collections import Counter

import pytest
import pytest_asyncio
from sqlmodel import select

from commands import housekeeping, mailing, notifications, verifying
from commands.partner_acts import withdraw
from policy import notifications as words
from policy import telling
from schemas.errors import Forbidden, NotFound, Refused, Stale
from schemas.events import PARTNER_EVENTS, Event, EventType
from schemas.messages import Batch, Entry
from schemas.notifications import MailState, MailWish, NotificationKind
from schemas.people import Actor
from schemas.values import instant
from store import chain, recording
from store.tables import ClaimRow, EventRow, GrantRow, NotificationRow
from tests.commands import notified
from tests.commands.lives import JORDAN
from tests.commands.notified import (
    REFERENCE,
    a_person,
    an_office,
    cancel,
    happen,
    ledger,
    open_task,
    submitted,
    viewer_of,
)
from tests.installation import a_request
from tests.post_office import a_post_office, html_of, text_of


@pytest_asyncio.fixture
async def office(database_url):
    async with an_office(database_url) as found:
        await submitted(found)
        yield found


async def told(office, name):
    """What stands in somebody's list, as (kind, task), and that the counts agree with it."""
    viewer = await viewer_of(office, name)
    if viewer is None:
        return []
    listed = await notifications.listed(office, viewer, unread=None, limit=200, cursor=None)
    counted = await notifications.counts(office, viewer)
    assert counted["all"] == len(listed["items"])
    return [(item["kind"], item["task"] and item["task"][-3:]) for item in listed["items"]]


# ---- who


async def test_of_approvers_the_lowest_level_that_has_anybody_is_told(office):
    levels = ("director_general", "assistant_deputy_minister", "deputy_minister")
    for level in levels[1:]:
        await a_person(office, level, ("approver", level))

    await open_task(office, 1, "funding.approve", *(("approver", level) for level in levels))

    assert [row.person for row in await ledger(office)] == ["assistant_deputy_minister"]


async def test_money_that_is_offered_is_told_to_finance_without_a_sum(office):
    await a_person(office, "fin", ("finance_officer", "all"))

    await open_task(
        office, 1, "funding.recommend", ("finance_officer", "CTCBP"), detail={"offer": True}
    )

    assert await told(office, "fin") == [("money_offered", "T01")]


async def test_a_return_is_told_to_the_partner_with_its_date_and_once(office):
    await a_person(office, "sig", ("signatory", "org"))
    due_at = instant(notified.NOW)
    await happen(
        office, 3, EventType.RETURNED,
        {"task": "t", "sections": ["summary"], "due_at": due_at, "days_left": 3, "asked_by": []},
    )  # fmt: skip
    letter = {"letter": "L1", "kind": "returned", "template": "returned/1", "told_at": due_at,
              "task": None}  # fmt: skip
    await happen(office, 4, EventType.LETTER_WRITTEN, letter)

    assert await told(office, "sig") == [("returned", None)]


async def test_a_reminder_goes_to_whoever_holds_the_task_or_to_all_who_may_take_it(office):
    for name in ("rosa", "ravi"):
        await a_person(office, name, notified.NORMS)
    for number in (1, 2):
        await open_task(office, number)
    async with office.database.writing() as session:
        session.add(ClaimRow(task=f"{REFERENCE}-T01", person="rosa", version=1))
    for number in (1, 2):
        data = {"task": f"{REFERENCE}-T0{number}", "kind": "compliance.norms", "days": 2,
                "due_at": instant(notified.NOW)}  # fmt: skip
        await happen(office, 300 + number, EventType.TASK_REMINDED, data)
        await happen(office, 310 + number, EventType.TASK_OVERDUE, data)

    assert Counter(await told(office, "rosa")) == Counter(
        [(kind, task) for kind in ("task_opened", "task_reminded", "task_overdue")
         for task in ("T01", "T02")]
    )  # fmt: skip
    assert Counter(await told(office, "ravi")) == Counter(
        [("task_opened", "T01"), ("task_opened", "T02"), ("task_reminded", "T02"),
         ("task_overdue", "T02")]
    )  # fmt: skip


async def test_an_escalation_goes_to_those_who_are_asked_in_turn(office):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "dora", ("approver", "director"))
    await open_task(office, 1)
    who = [
        {"role": "reviewer", "scope": "norms"}, {"role": "approver", "scope": "director"},
    ]  # fmt: skip
    data = {"task": f"{REFERENCE}-T01", "kind": "compliance.norms", "days": 5, "to": "director",
            "due_at": instant(notified.NOW), "candidates": who}  # fmt: skip

    await happen(office, 300, EventType.TASK_ESCALATED, data)

    assert await told(office, "dora") == [("task_escalated", "T01")]
    assert await told(office, "rosa") == [("task_opened", "T01")]


@pytest.mark.parametrize(
    "kind", [EventType.STANDARD_NEARING, EventType.STANDARD_MISSED, EventType.STANDARD_ESCALATED]
)
async def test_the_officers_of_the_program_are_told_of_a_service_standard(office, kind):
    await a_person(office, "olga", ("programme_officer", "CTCBP"))
    await a_person(office, "otto", ("programme_officer", "ACCBP"))
    await a_person(office, "sig", ("signatory", "org"))
    await open_task(office, 1)

    data = {"standard": "eligibility", "due_at": instant(notified.NOW), "days": 5}
    for _ in range(2):
        await happen(office, 300, kind, data)

    assert await told(office, "olga") == [(kind.value, None)]
    assert await told(office, "otto") == await told(office, "sig") == []


async def test_a_task_that_is_given_is_told_to_the_one_who_gets_it(office):
    for name in ("rosa", "ravi"):
        await a_person(office, name, notified.NORMS)
    await open_task(office, 1)

    data = {"task": f"{REFERENCE}-T01", "from": None, "to": "ravi"}
    await happen(office, 300, EventType.TASK_REASSIGNED, data, actor=Actor(id="rosa"))

    assert ("task_given", "T01") in await told(office, "ravi")
    assert await told(office, "rosa") == [("task_opened", "T01")]


async def test_a_withdrawal_is_told_to_those_who_had_work_and_to_the_partners_others(office):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "gina", ("reviewer", "gender"))
    for name in ("sig", "con"):
        await a_person(office, name, ("signatory", "org"))
    await open_task(office, 1)
    await open_task(office, 2, "compliance.gender", ("reviewer", "gender"))
    await cancel(office, 2)

    await happen(
        office, 3, EventType.WITHDRAWN, {"stage": "compliance", "outcome": "withdrawn"},
        actor=Actor(id="sig", role="signatory", organization="org"),
    )  # fmt: skip
    await cancel(office, 1)

    assert await told(office, "rosa") == [("proposal_withdrawn", None)]
    assert await told(office, "con") == [("proposal_withdrawn", None)]
    assert await told(office, "gina") == []
    assert await told(office, "sig") == []


async def test_every_kind_has_words_in_both_languages_and_every_failure_too():
    for kind in NotificationKind:
        found = [
            words.in_words(kind, language, reference=REFERENCE, task=None, due_at=notified.NOW)
            for language in ("en", "fr")
        ]
        assert found[0].subject != found[1].subject
        assert found[0].text != found[1].text
        assert "{" not in "".join(each.text + each.subject for each in found)
    for failure in words.FAILURES.values():
        assert failure.en != failure.fr


# ---- who sees it


async def test_losing_the_role_takes_the_notification_out_of_list_and_counts(office):
    await a_person(office, "rosa", notified.NORMS, ("reviewer", "gender"))
    await open_task(office, 1)
    await open_task(office, 2, "compliance.gender", ("reviewer", "gender"))
    assert len(await told(office, "rosa")) == 2

    async with office.database.writing() as session:
        await session.delete(await session.get_one(GrantRow, "rosa-reviewer-norms"))

    assert await told(office, "rosa") == [("task_opened", "T02")]


async def test_separation_of_duties_takes_it_out_too(office):
    await a_person(office, "ana", ("programme_officer", "all"), ("finance_officer", "all"))
    await open_task(office, 1, "eligibility.confirm", ("programme_officer", "CTCBP"))
    await open_task(office, 2, "funding.recommend", ("finance_officer", "CTCBP"))
    assert len(await told(office, "ana")) == 2

    decided = {
        "task": f"{REFERENCE}-T01", "kind": "eligibility.confirm", "outcome": "eligible",
        "effect": "advance", "sections": [], "facts": {},
    }  # fmt: skip
    await happen(office, 300, EventType.TASK_DECIDED, decided, actor=Actor(id="ana"))

    assert await told(office, "ana") == []


async def test_somebody_elses_notification_is_not_found(office):
    for name in ("rosa", "ravi"):
        await a_person(office, name, notified.NORMS)
    await open_task(office, 1)
    of_rosa = next(row for row in await ledger(office) if row.person == "rosa")

    with pytest.raises(NotFound):
        await notifications.read(office, await viewer_of(office, "ravi"), of_rosa.id)

    assert (await ledger(office))[1].read_at is None


async def test_what_was_read_is_counted_no_more(office):
    await a_person(office, "rosa", notified.NORMS)
    rosa = await viewer_of(office, "rosa")
    for number in range(1, 6):
        await open_task(office, number)
        notified.later(office, seconds=1)
    first = await notifications.listed(office, rosa, unread=True, limit=2, cursor=None)
    second = await notifications.listed(office, rosa, unread=True, limit=9, cursor=first["next"])
    tasks = [item["task"][-3:] for item in first["items"] + second["items"]]
    assert tasks == ["T05", "T04", "T03", "T02", "T01"]

    for _ in range(2):
        read = await notifications.read(office, rosa, first["items"][0]["id"])
        assert read["read_at"] is not None
    assert await notifications.counts(office, rosa) == {"unread": 4, "all": 5}
    assert await notifications.read_all(office, rosa) == {"read": 4}
    assert await notifications.counts(office, rosa) == {"unread": 0, "all": 5}


async def test_a_choice_is_on_record_and_an_old_one_does_not_win(office):
    await a_person(office, "rosa", notified.NORMS)
    rosa = await viewer_of(office, "rosa")
    chosen, version = await notifications.choose(office, rosa, MailWish.DIGEST, 0, a_request())
    assert (chosen["email"], version) == ("digest", 1)

    with pytest.raises(Stale):
        await notifications.choose(office, rosa, MailWish.NONE, 0, a_request())

    assert (await notifications.preferences(office, rosa))[0]["email"] == "digest"
    async with office.database.reading() as session:
        kinds = await session.exec(select(EventRow.type).where(EventRow.subject == "installation"))
        assert list(kinds) == ["notifications_chosen"]


# ---- a possible match


SCREENING = ("reviewer", "screening")


async def test_a_task_that_tells_of_a_possible_match_is_a_task_and_no_more(office):
    await a_person(office, "sara", SCREENING)
    await a_person(office, "adam", ("administrator", "all"))
    await a_person(office, "aude", ("auditor", "all"))
    async with a_post_office() as post:
        office.mail = post.mail()
        await open_task(office, 1, "screening.adjudicate", SCREENING)
        await mailing.dispatch(office)

    (message,) = post.taken
    for each in (str(message["Subject"]), text_of(message), html_of(message)):
        assert not re.search(r"screen|match|adjud|judge", each, re.IGNORECASE)
    for name, seen in (("adam", None), ("aude", REFERENCE)):
        found = await notifications.ledger(
            office, await viewer_of(office, name), state=None, limit=50, cursor=None
        )
        (item,) = found["items"]
        assert item["reference"] == seen
        assert (item["task"] is None) == (seen is None)


async def test_an_approver_who_may_not_see_a_match_is_not_told_of_the_task(office):
    await a_person(office, "adm", ("approver", "assistant_deputy_minister"))
    await open_task(office, 1, "screening.adjudicate", SCREENING)

    await open_task(
        office, 2, "arbitrate",
        ("approver", "director_general"), ("approver", "assistant_deputy_minister"),
        arbitrates=f"{REFERENCE}-T01",
    )  # fmt: skip

    async with a_post_office() as post:
        office.mail = post.mail()
        await mailing.dispatch(office)
    assert post.taken == []
    assert await told(office, "adm") == []


async def test_only_administrators_and_auditors_read_the_ledger_and_only_the_first_send_again(
    office,
):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "adam", ("administrator", "all"))
    await a_person(office, "aude", ("auditor", "all"))
    await open_task(office, 1)
    (row,) = await ledger(office)

    with pytest.raises(Forbidden):
        await notifications.ledger(
            office, await viewer_of(office, "rosa"), state=None, limit=50, cursor=None
        )
    with pytest.raises(Forbidden):
        await notifications.send_again(office, await viewer_of(office, "aude"), row.id, a_request())
    with pytest.raises(Refused, match="mail_not_unsent"):
        await notifications.send_again(office, await viewer_of(office, "adam"), row.id, a_request())
    with pytest.raises(NotFound):
        await notifications.send_again(office, await viewer_of(office, "adam"), "x", a_request())
    waiting = await notifications.ledger(
        office, await viewer_of(office, "adam"), state=MailState.WAITING, limit=50, cursor=None
    )
    assert [item["id"] for item in waiting["items"]] == [row.id]


# ---- a whole life, with a real engine


WORDS_OF_THE_FILE = (
    JORDAN["title"], JORDAN["summary"], "King Hussein", "Public Security Directorate",
    "For the file", "For the partner", "3400000", "3,400,000", "1700000", "CAD",
    "Demonstration", "medium", "residual", "no_objection", "recommend_refusal", "barred",
    "declined", "refus", "Screening", "filtrage", "sanction",
)  # fmt: skip


async def test_a_life_from_draft_to_agreement_is_told_once_and_tells_nothing(accord):
    office = accord.office
    async with a_post_office() as post:
        office.mail = post.mail()
        reference = await accord.submit(JORDAN)
        await mailing.dispatch(office)
        await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
        while await mailing.dispatch(office):
            pass
        returned = [m for m in post.taken if "signatory" in m["To"] or "contributor" in m["To"]]
        other = await accord.submit(JORDAN)
        await accord.advance_to(other, "active")
        while await mailing.dispatch(office):
            pass

    assert len(returned) == 2
    assert {str(m["Subject"]) for m in returned} == {f"{reference}: changes are asked for"}
    partner = post.subjects_of("signatory.1@")
    assert sorted(partner) == sorted(
        [
            f"{reference}: changes are asked for",
            f"{other}: a letter for you",
            f"{other}: an agreement to sign",
            f"{other}: the agreement is signed",
        ]
    )
    assert not [s for s in post.subjects_of("contributor.1@") if "to sign" in s]
    assert len(set(post.message_ids)) == len(post.taken)
    people = [str(p.name) for p in await accord.staff()]
    for message in post.taken:
        for text in (str(message["Subject"]), text_of(message), html_of(message)):
            found = [each for each in (*WORDS_OF_THE_FILE, *people) if each in text]
            assert not found, (found, text)
    report = await verifying.verify(office, office.gateway)
    assert report.differences == []


async def test_recording_a_life_again_tells_nobody_anything_twice(accord):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "active")
    await accord.screened(reference)
    before = [row.model_dump() for row in await ledger(accord.office)]
    assert before
    async with accord.office.database.writing() as session:
        events = await chain.events_of(session, reference)
        for event in events:
            entry = Entry(
                event=Event(**{name: getattr(event, name) for name in Event.model_fields})
            )
            await recording.record(
                session, Batch(reference=reference, entries=(entry,)), now=accord.now()
            )

    assert [row.model_dump() for row in await ledger(accord.office)] == before


async def test_a_withdrawal_leaves_no_task_to_be_told_of(accord):
    office = accord.office
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    await withdraw(office, accord.signatory, reference, "No more.", a_request())

    async with a_post_office() as post:
        office.mail = post.mail()
        while await mailing.dispatch(office):
            pass

    subjects = {str(m["Subject"]) for m in post.taken}
    assert subjects == {f"{reference}: the proposal was withdrawn"}
    roles = {re.split(r"[.\d]", str(m["To"]))[0] for m in post.taken}
    assert roles == {"programme", "signatory", "contributor"}
    async with office.database.reading() as session:
        rows = list(await session.exec(select(NotificationRow)))
    assert not [r for r in rows if r.task and r.mail_state in ("waiting", "failed")]


async def test_the_loop_of_the_worker_sends_and_ends(office):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    async with a_post_office() as post:
        office.mail = post.mail()
        stop = asyncio.Event()
        running = asyncio.create_task(housekeeping.keep_house(office, "one", stop))
        await post.asked.wait()
        stop.set()
        await running

    assert post.recipients == ["rosa@dept.example"]
    assert [row.mail_state for row in await ledger(office)] == ["sent"]


def test_a_partner_is_told_of_nothing_that_its_own_history_does_not_show():
    of_staff = (
        "task_", "standard_", "role_", "substitute_", "nobody_", "authority_", "delegation_",
        "acting_",
        "repair_", "police_", "authorization_", "reusable_record_", "fund_", "money_lapsing",
        "payment_certified", "payment_requisitioned", "payment_late",
        "incident_",  # of which a partner reads what it reported itself, outside of any proposal
    )  # fmt: skip
    partners = {type_ for type_ in telling.RULES if not type_.value.startswith(of_staff)}

    assert partners <= PARTNER_EVENTS
