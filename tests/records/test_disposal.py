"""Retention, disposal, legal hold, and what a destroyed or replaced key still reads."""

import shutil
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from temporalio.converter import WorkflowSerializationContext

from commands import reading, records, rotating_keys, verifying
from commands.partner_acts import withdraw
from policy.catalogue import Catalogue, PolicyProblems
from schemas.errors import NotFound, Refused
from schemas.in_force import TextKind
from store.keys import KeyRing, RotatingWrappingKey, SecretWrappingKey
from store.signing import Signer
from store.tables import DraftRow, EventRow, KeyRow, TextRow
from store.trail import StoreTrail
from tests.installation import AN_AUDITOR, SECRET, Installation, a_request
from tests.policy.proposals import a_proposal
from workflows.gateway import TemporalGateway
from workflows.operating import Operations

JORDAN = a_proposal().model_dump(mode="json")
YEARS = timedelta(days=4 * 366)


async def a_withdrawn_proposal(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")
    await withdraw(accord.office, accord.signatory, reference, "We changed plans.", a_request())
    return reference


async def a_forgotten_proposal(accord: Installation) -> str:
    """Closed so long ago that its texts may go."""
    reference = await a_withdrawn_proposal(accord)
    accord.ahead += YEARS
    return reference


async def until_ended(accord: Installation, reference: str) -> None:
    operations = Operations(accord.client)
    for _ in range(500):
        if not await operations.is_running(reference):
            return
        await accord.settle()
    raise AssertionError(f"{reference} still runs")


async def differences(accord: Installation) -> list[dict[str, object]]:
    gateway = TemporalGateway(accord.client, StoreTrail(accord.office.database, accord.now))
    return (await verifying.verify(accord.office, gateway)).differences


async def test_nothing_is_due_before_its_time(accord: Installation):
    await a_withdrawn_proposal(accord)

    assert (await records.plan(accord.office)).due == ()


async def test_what_is_due_is_shown_and_only_then_disposed_of(accord: Installation):
    reference = await a_forgotten_proposal(accord)

    planned = await records.plan(accord.office)
    before = await reading.revision(accord.office, AN_AUDITOR, reference, 1)
    done = await records.dispose(accord.office)

    assert done.due == planned.due
    assert {each.kind for each in planned.due} >= {TextKind.CONTENT, TextKind.ANSWERS}
    assert before["content"]["title"] == JORDAN["title"]
    assert (await records.dispose(accord.office)).due == ()


async def test_views_and_history_say_when_and_under_which_rule(accord: Installation):
    reference = await a_forgotten_proposal(accord)
    await records.dispose(accord.office)

    view = await accord.view(reference)
    own = await accord.view(reference, accord.signatory)
    history = await reading.history(accord.office, AN_AUDITOR, reference, limit=200, cursor=None)

    day = accord.now().astimezone(UTC).date().isoformat()
    assert view["title"] is None or view["title"] == ""
    assert view["disposed"][0]["under"] == "retention/2026-04-01#refused_cases"
    assert view["disposed"][0]["detail"] == (
        f"Disposed of on {day} under retention/2026-04-01#refused_cases."
    )
    assert "answers" in view["disposed"][0]["texts"]
    assert "answers" not in own["disposed"][0]["texts"]
    withdrawn = next(each for each in history["items"] if each["type"] == "proposal_withdrawn")
    assert withdrawn["reason"] is None
    assert withdrawn["disposed"]["reason"]["under"] == "retention/2026-04-01#refused_cases"


async def test_chains_stay_valid_and_no_word_is_left_in_the_database(
    accord: Installation,
):
    reference = await a_forgotten_proposal(accord)

    await records.dispose(accord.office)

    assert await differences(accord) == []
    async with accord.office.database.reading() as session:
        texts = (await session.exec(select(TextRow).where(TextRow.subject == reference))).all()
        draft = await session.get_one(DraftRow, reference)
    assert {text.body for text in texts} == {None}
    assert {text.salt for text in texts} == {""}
    assert JORDAN["title"] not in str(draft.content)


async def test_the_disposal_is_an_event_of_the_installation(accord: Installation):
    reference = await a_forgotten_proposal(accord)

    done = await records.dispose(accord.office)

    async with accord.office.database.reading() as session:
        rows = await session.exec(select(EventRow).where(EventRow.type == "texts_disposed"))
        (event,) = rows.all()
    assert event.data["reference"] == reference
    assert sorted(event.data["texts"]) == sorted(t for each in done.due for t in each.texts)


async def test_a_legal_hold_keeps_everything(accord: Installation):
    reference = await a_forgotten_proposal(accord)
    await records.hold(accord.office, reference, "A court has asked for it.")

    held = await records.dispose(accord.office)
    with pytest.raises(Refused, match="on_hold"):
        await records.destroy_key(accord.office, Operations(accord.client), reference)
    holds = await records.legal_holds(accord.office)
    await records.release(accord.office, reference)

    assert (held.due, held.held) == ((), (reference,))
    assert [(h["reference"], h["reason"]) for h in holds] == [
        (reference, "A court has asked for it.")
    ]
    assert (await records.dispose(accord.office)).due != ()
    with pytest.raises(Refused, match="not_on_legal_hold"):
        await records.release(accord.office, reference)


async def test_a_key_is_destroyed_only_once_the_workflow_has_ended(accord: Installation):
    operations = Operations(accord.client)
    running = await accord.submit(JORDAN)

    with pytest.raises(Refused, match="not_closed"):
        await records.destroy_key(accord.office, operations, running)
    with pytest.raises(NotFound, match="proposal_unknown"):
        await records.destroy_key(accord.office, operations, "CTCBP-2026-999999")


async def test_without_its_key_the_engine_says_nothing_and_the_store_everything(
    accord: Installation,
):
    reference = await a_forgotten_proposal(accord)
    await until_ended(accord, reference)
    handle = accord.client.get_workflow_handle(f"proposal:{reference}")
    readable = await handle.fetch_history()

    await records.destroy_key(accord.office, Operations(accord.client), reference)

    assert await accord.office.keys.find(reference) is None
    started = readable.events[0].workflow_execution_started_event_attributes
    bound = accord.client.data_converter.with_context(a_context(reference))
    (payload,) = await bound.payload_codec.decode(started.input.payloads)
    assert payload.metadata["encoding"] == b"binary/refused"
    assert (await accord.view(reference))["outcome"] == "withdrawn"
    assert await differences(accord) == []
    with pytest.raises(NotFound, match="key_unknown"):
        await records.destroy_key(accord.office, Operations(accord.client), reference)


def a_context(reference):
    return WorkflowSerializationContext(namespace="default", workflow_id=f"proposal:{reference}")


async def test_a_text_or_a_key_that_goes_past_the_record_is_noticed(accord: Installation):
    reference = await a_forgotten_proposal(accord)
    async with accord.office.database.writing() as session:
        text = (await session.exec(select(TextRow).where(TextRow.subject == reference))).first()
        text.body, text.salt = None, ""
        text.disposed_at, text.disposed_under = accord.now(), "a rule of mine"
        session.add(text)
        await session.delete(await session.get_one(KeyRow, reference))

    found = await differences(accord)

    assert [(each["what"], each["subject"]) for each in found] == [
        ("key_missing", reference),
        ("disposal_not_recorded", reference),
    ]


@pytest.mark.parametrize("cut_off_after", [0, 1, None])
async def test_a_new_wrapping_key_takes_over_even_when_cut_off(accord: Installation, cut_off_after):
    references = [await accord.submit(JORDAN) for _ in range(3)]
    new = b"f" * 32
    secrets = [new, SECRET]
    office = accord.office
    office.keys = KeyRing(office.database, RotatingWrappingKey(lambda: secrets))
    if cut_off_after is not None:
        async with office.database.writing() as session:
            for row in (await session.exec(select(KeyRow))).all()[:cut_off_after]:
                row.wrapped = office.keys.rewrapped(row, SecretWrappingKey(new)) or row.wrapped
                session.add(row)

    count = await rotating_keys.rewrap_all(office, new)
    await rotating_keys.record(office, new)
    await rotating_keys.record(office, new)

    assert count == 3 - (cut_off_after or 0)
    assert await rotating_keys.rewrap_all(office, new) == 0
    alone = KeyRing(office.database, RotatingWrappingKey(lambda: [new]))
    assert all([await alone.find(reference) for reference in references])
    office.signer = Signer(new)
    assert await differences(accord) == []


def test_a_rule_that_keeps_personal_information_too_short_is_a_problem(tmp_path):
    shutil.copytree(Path("policy"), tmp_path / "policy")
    file = tmp_path / "policy/in_force/retention/2026-04-01.yaml"
    file.write_text(file.read_text().replace("closing: 36", "closing: 6"))

    with pytest.raises(PolicyProblems) as problems:
        Catalogue.load(tmp_path / "policy")

    assert "months_after_closing" in str(problems.value.problems[0])


def test_two_rules_for_one_kind_are_a_problem(tmp_path):
    shutil.copytree(Path("policy"), tmp_path / "policy")
    file = tmp_path / "policy/in_force/retention/2026-04-01.yaml"
    file.write_text(file.read_text().replace("texts: [evidence]", "texts: [evidence, answers]"))

    with pytest.raises(PolicyProblems) as problems:
        Catalogue.load(tmp_path / "policy")

    assert "already covers answers" in str(problems.value.problems[0])


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2026, 11, 30), 3, date(2027, 3, 1)),
        (date(2024, 2, 29), 36, date(2027, 3, 1)),
        (date(2026, 4, 1), 24, date(2028, 4, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_first_after(day, months, later):
    assert records.months_later(day, months) == later
