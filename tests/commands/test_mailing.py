"""Every message leaves once, however the mail server behaves; and nothing waits for it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from commands import gauges, health, housekeeping, mailing, notifications
from commands.mail import MailFailure
from schemas.events import EventType
from schemas.notifications import MailState, MailWish
from schemas.people import Actor
from schemas.values import instant
from store import mails
from tests.commands import notified
from tests.commands.notified import (
    REFERENCE,
    a_person,
    an_office,
    cancel,
    happen,
    later,
    ledger,
    open_task,
    states,
    submitted,
    viewer_of,
)
from tests.installation import a_request
from tests.post_office import a_post_office, html_of, text_of

pytestmark = pytest.mark.on_both_databases


@pytest_asyncio.fixture
async def post():
    async with a_post_office() as found:
        yield found


@pytest_asyncio.fixture
async def office(database_url, post):
    async with an_office(database_url) as found:
        found.mail = post.mail()
        await submitted(found)
        yield found


async def send(office):
    """One round of the dispatcher: everything that can leave now."""
    while await mailing.dispatch(office):
        pass


async def try_to_send(office):
    try:
        await send(office)
    except MailFailure as failure:
        return failure.code
    return None


async def ask_for_help(office, wish, name):
    viewer = await viewer_of(office, name)
    return await notifications.choose(office, viewer, wish, 0, a_request())


# ---- each message once


async def test_who_may_take_a_task_is_told_once(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "ravi", notified.NORMS)
    await a_person(office, "gina", ("reviewer", "gender"))
    await open_task(office, 1)

    await send(office)
    await open_task(office, 1)  # recorded again
    await send(office)

    assert sorted(post.recipients) == ["ravi@dept.example", "rosa@dept.example"]
    assert await states(office) == ["sent", "sent"]


async def test_the_message_is_readable_names_itself_and_says_no_more_than_it_may(office, post):
    await a_person(office, "rosa", notified.NORMS)
    task = await open_task(office, 1)

    await send(office)

    (message,) = post.taken
    (row,) = await ledger(office)
    assert message["Message-ID"] == f"<{row.id}@dept.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == f"{REFERENCE}: a task for you"
    assert "“Finding: international norms” waits for you" in text_of(message)
    assert "Due on 2026-12-08." in text_of(message)
    assert f"https://accord.example/en/tasks/{task}\n" in text_of(message)
    assert '<html lang="en">' in html_of(message)
    assert html_of(message).count("<h1>") == 1


async def test_a_person_is_written_to_in_their_language(office, post):
    await a_person(office, "rose", notified.NORMS, language="fr")
    task = await open_task(office, 1)

    await send(office)

    (message,) = post.taken
    assert message["Subject"] == f"{REFERENCE}\u00a0: une tâche pour vous"
    assert message["Content-Language"] == "fr-CA"
    assert "Échéance\u00a0: 2026-12-08." in text_of(message)
    assert f"https://accord.example/fr/tasks/{task}" in text_of(message)
    assert '<html lang="fr">' in html_of(message)


async def test_thirty_dispatchers_at_once_send_each_message_once(office, post):
    await a_person(office, "rosa", notified.NORMS)
    for number in range(1, 41):
        await open_task(office, number)

    await asyncio.gather(*(send(office) for _ in range(30)))

    assert len(post.taken) == 40
    assert len(set(post.message_ids)) == 40
    assert set(await states(office)) == {"sent"}


async def test_a_server_that_refuses_for_three_days_gets_every_message_once(office, post):
    await a_person(office, "rosa", notified.NORMS)
    for number in range(1, 6):
        await open_task(office, number)
    post.manner = "greylisting"
    end = office.now() + timedelta(days=3)
    while office.now() < end:
        await send(office)
        rows = await ledger(office)
        assert {row.mail_state for row in rows} == {"failed"}
        office.memory["now"] = max(office.now(), min(row.next_at for row in rows))
    assert {(row.failure, row.answer) for row in rows} == {("recipient_refused", 451)}
    assert all(row.tries > 30 for row in rows)

    post.manner = "friendly"
    later(office, hours=2)
    await send(office)
    later(office, days=1)
    await send(office)

    assert len(post.taken) == 5
    assert len(set(post.message_ids)) == 5
    assert set(await states(office)) == {"sent"}


async def test_the_pauses_grow_up_to_two_hours(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    post.manner = "refusing"
    pauses = []
    for _ in range(10):
        await send(office)
        (row,) = await ledger(office)
        pauses.append((row.next_at - office.now()).total_seconds() / 60)
        office.memory["now"] = row.next_at

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]


async def test_after_five_days_it_is_given_up_seen_and_may_be_sent_again(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "adam", ("administrator", "all"))
    admin = await viewer_of(office, "adam")
    await open_task(office, 1)
    post.manner = "refusing"
    await send(office)
    later(office, days=5, minutes=1)
    await send(office)

    found = await notifications.ledger(
        office, admin, state=MailState.GIVEN_UP, limit=50, cursor=None
    )
    (item,) = found["items"]
    assert item["failure"] == {
        "code": "recipient_refused",
        "text": "The mail server refused the recipient.",
        "answer": 554,
    }
    assert {g.labels["state"]: g.value for g in await gauges.look(office)
            if g.name == "accord_mail"}["given_up"] == 1  # fmt: skip
    later(office, days=1)
    await send(office)
    assert post.taken == []

    post.manner = "friendly"
    request = a_request()
    for _ in range(2):
        again = await notifications.send_again(office, admin, item["id"], request)
        assert again["state"] == "waiting"
    await send(office)

    assert len(post.taken) == 1
    assert await states(office) == ["sent"]


async def test_an_address_that_does_not_exist_is_given_up_at_once(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    post.manner = "unknown"

    await send(office)

    (row,) = await ledger(office)
    assert (row.mail_state, row.failure, row.answer) == ("given_up", "address_unknown", 550)


async def test_a_connection_that_drops_after_the_data_is_repeated_under_the_same_id(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    post.manner = "dropping"
    assert await try_to_send(office) == "connection_lost"
    (row,) = await ledger(office)
    assert (row.mail_state, row.failure) == ("failed", "connection_lost")

    post.manner = "friendly"
    later(office, minutes=2)
    await send(office)

    # Only the server knows that it had taken the first: both bear the ledger's own id.
    assert len(post.taken) == 2
    assert len(set(post.message_ids)) == 1
    assert await states(office) == ["sent"]


async def test_one_message_that_loses_the_connection_holds_up_no_other(office, post):
    await a_person(office, "rosa", notified.NORMS)
    for number in range(1, 4):
        await open_task(office, number)
        later(office, seconds=1)
    post.manner = "dropping"
    assert await try_to_send(office) == "connection_lost"
    post.manner = "friendly"

    await send(office)

    rows = sorted(await ledger(office), key=lambda row: row.task)
    assert [row.mail_state for row in rows] == ["failed", "sent", "sent"]
    assert [row.tries for row in rows] == [1, 1, 1]


async def test_a_dispatcher_killed_between_sending_and_marking_leaves_a_known_message(
    office, post, monkeypatch
):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)

    class Killed(BaseException):
        """The process ends here."""

    async def killed(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "_mark_sent", killed)
        with pytest.raises(Killed):
            await mailing.dispatch(office)
    assert await states(office) == ["sending"]
    await send(office)
    assert len(post.taken) == 1  # another one may still be at it

    later(office, minutes=15)
    await send(office)
    later(office, days=1)
    await send(office)

    assert len(post.taken) == 2
    assert len(set(post.message_ids)) == 1
    assert await states(office) == ["sent"]


async def test_a_slow_server_delays_neither_decisions_nor_the_relay(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    post.manner = "slow"
    postman = mailing.Postman(office, grace_seconds=0)
    postman.go_on()
    await post.asked.wait()

    assert await housekeeping.relay(office) == 0
    await open_task(office, 2)
    await cancel(office, 1)  # even of what is on its way
    postman.go_on()  # a round is under way: no second one begins
    assert post.connections == 1
    await postman.stop()

    post.manner = "friendly"
    later(office, minutes=15)
    await send(office)
    assert [row.mail_state for row in sorted(await ledger(office), key=lambda row: row.task)] == [
        "withdrawn", "sent",
    ]  # fmt: skip


async def test_a_server_that_answers_too_slowly_is_tried_again(office, post):
    office.mail = post.mail(seconds=0.05)
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    post.manner = "slow"

    assert await try_to_send(office) == "server_slow"

    (row,) = await ledger(office)
    assert (row.mail_state, row.failure, row.tries) == ("failed", "server_slow", 1)
    assert row.next_at == office.now() + timedelta(minutes=1)


async def test_while_nobody_answers_the_postman_rests_longer_and_longer(office, post):
    await a_person(office, "rosa", notified.NORMS)
    for number in range(1, 60):
        await open_task(office, number)
    away = post.mail()
    office.mail = type(away)(
        mailer=type(away.mailer)(host="127.0.0.1", port=1, tls="none"),
        sender=away.sender,
        public_url=away.public_url,
    )
    postman = mailing.Postman(office)
    for _ in range(50):
        postman.go_on()
        if postman._round:
            await postman._round
        later(office, seconds=0.5)

    tried = [row for row in await ledger(office) if row.tries]
    assert 0 < len(tried) <= 4 * mails.AT_A_TIME
    assert {row.failure for row in tried} == {"server_away"}
    assert (await health.ready(office))[1]["mail"] == "e-mails wait to be sent again"

    office.mail = post.mail()
    later(office, hours=1)
    await send(office)
    assert len(post.taken) == 59


# ---- what has passed is not sent


async def test_a_task_that_was_cancelled_or_decided_is_not_told(office, post):
    await a_person(office, "rosa", notified.NORMS)
    for number in (1, 2):
        await open_task(office, number)
    await cancel(office, 1)
    decided = {
        "task": f"{REFERENCE}-T02", "kind": "compliance.norms", "outcome": "no_objection",
        "effect": "advance", "sections": [], "facts": {},
    }  # fmt: skip
    await happen(office, 300, EventType.TASK_DECIDED, decided, actor=Actor(id="ravi"))

    await send(office)

    assert post.taken == []
    assert await states(office) == ["withdrawn", "withdrawn"]


async def test_who_lost_the_role_before_the_message_left_is_not_told(office, post):
    await a_person(office, "rosa", notified.NORMS, ("reviewer", "gender"))
    await open_task(office, 1)
    async with office.database.writing() as session:
        grant = await session.get_one(notified.GrantRow, "rosa-reviewer-norms")
        grant.ends_on = office.today() - timedelta(days=1)
        session.add(grant)

    await send(office)

    assert post.taken == []
    assert await states(office) == ["withdrawn"]


async def test_a_letter_leaves_when_its_undo_window_is_over(office, post):
    await a_person(office, "sig", ("signatory", "org"))
    await a_person(office, "con", ("contributor", "org"))
    told_at = office.now() + timedelta(minutes=30)
    letter = {"letter": f"{REFERENCE}-L01", "kind": "declined", "template": "declined/1",
              "told_at": instant(told_at), "task": None}  # fmt: skip
    await happen(office, 3, EventType.LETTER_WRITTEN, letter)
    await send(office)
    viewer = await viewer_of(office, "sig")
    listed = await notifications.listed(office, viewer, unread=None, limit=50, cursor=None)
    assert (post.taken, listed["items"]) == ([], [])

    office.memory["now"] = told_at
    await send(office)

    assert sorted(post.recipients) == ["con@dept.example", "sig@dept.example"]
    listed = await notifications.listed(office, viewer, unread=None, limit=50, cursor=None)
    assert [item["kind"] for item in listed["items"]] == ["letter"]
    assert "declined" not in text_of(post.taken[0])


async def test_a_letter_that_is_no_more_is_not_told(office, post):
    await a_person(office, "sig", ("signatory", "org"))
    told_at = office.now() + timedelta(minutes=30)
    letter = {"letter": f"{REFERENCE}-L01", "kind": "declined", "template": "declined/1",
              "told_at": instant(told_at), "task": None}  # fmt: skip
    await happen(office, 3, EventType.LETTER_WRITTEN, letter)
    async with office.database.writing() as session:
        await session.delete(await session.get_one(mailing.LetterRow, f"{REFERENCE}-L01"))

    office.memory["now"] = told_at
    await send(office)

    assert (post.taken, await states(office)) == ([], ["withdrawn"])


# ---- by each person's choice


async def test_a_digest_leaves_once_a_day_at_its_hour_with_everything_since(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await ask_for_help(office, MailWish.DIGEST, "rosa")
    for number in (1, 2, 3):
        await open_task(office, number)
    await cancel(office, 3)
    await send(office)
    assert post.taken == []

    office.memory["now"] = datetime(2026, 11, 25, 11, 59, tzinfo=UTC)  # 6:59 in Toronto
    await send(office)
    assert post.taken == []
    later(office, minutes=2)
    await open_task(office, 4)  # after the hour: tomorrow's
    await asyncio.gather(*(send(office) for _ in range(5)))

    (message,) = post.taken
    assert message["Subject"] == "Accord: 2 for you today"
    assert f"/en/tasks/{REFERENCE}-T01" in text_of(message)
    assert f"/en/tasks/{REFERENCE}-T02" in text_of(message)
    assert html_of(message).count("<h2>") == 2
    later(office, days=1)
    await send(office)
    assert post.subjects_of("rosa") == ["Accord: 2 for you today", f"{REFERENCE}: a task for you"]
    assert len(set(post.message_ids)) == 2


async def test_who_wants_no_mail_gets_none_and_is_told_in_accord(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    await ask_for_help(office, MailWish.NONE, "rosa")
    await open_task(office, 2)

    await send(office)
    later(office, days=2)
    await send(office)

    assert post.taken == []
    counted = await notifications.counts(office, await viewer_of(office, "rosa"))
    assert counted == {"unread": 2, "all": 2}


async def test_a_large_group_is_told_once_a_day(office, post):
    for number in range(30):
        await a_person(office, f"r{number}", notified.NORMS)
    for number in range(1, 6):
        await open_task(office, number)
    assert len(await ledger(office)) == 30
    await send(office)
    assert post.taken == []

    later(office, days=1)
    await send(office)

    assert len(post.taken) == 30
    assert set(map(str, (m["Subject"] for m in post.taken))) == {"New tasks for your group"}


async def test_without_a_mail_server_people_are_told_in_accord_and_nothing_piles_up(office, post):
    office.mail = None
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)

    await mailing.keep_in_app(office)
    office.mail = post.mail()
    await send(office)

    assert (post.taken, await states(office)) == ([], ["none"])
    counted = await notifications.counts(office, await viewer_of(office, "rosa"))
    assert counted["unread"] == 1


async def test_what_was_told_long_ago_is_forgotten_unless_it_was_given_up(office, post):
    await a_person(office, "rosa", notified.NORMS)
    await open_task(office, 1)
    await send(office)
    post.manner = "unknown"
    await open_task(office, 2)
    await send(office)

    later(office, days=401)
    await housekeeping.forget(office)

    assert await states(office) == ["given_up"]
