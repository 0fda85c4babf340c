"""What a rewritten database cannot hide: heads signed outside of it, and receipts."""

import json

import pytest
from sqlmodel import col, select

from commands import signing_heads, verifying
from store import chain
from store.heads import Head, HeadsFile
from store.signing import Signer
from store.tables import ChainHeadRow, EventRow, ProposalRow, RevisionRow
from tests.installation import SECRET, Installation
from tests.policy.proposals import a_proposal

SIGNED = {"chain_rewritten", "chain_truncated", "receipt_not_signed", "receipt_changed"}
JORDAN = a_proposal().model_dump(mode="json")


async def found(accord: Installation) -> set[tuple[str, str]]:
    """What is told of what was signed."""
    report = await verifying.verify(accord.office, None)
    return {
        (each["what"], each["subject"])
        for each in report.differences
        if each["what"] in SIGNED or each["what"].startswith("heads_")
    }


async def without_triggers(session) -> None:
    """What somebody does who has the database: nothing refuses a change any more."""
    connection = await session.connection()
    found = await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")
    for (name,) in found.all():
        await connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


async def rewritten(accord: Installation, reference: str, *, drop_last: int = 0) -> None:
    """Change the first event of a chain, and make every hash agree with it."""
    async with accord.office.database.writing() as session:
        await without_triggers(session)
        rows = (
            await session.exec(
                select(EventRow)
                .where(EventRow.subject == reference)
                .order_by(col(EventRow.position))
            )
        ).all()
        kept, gone = rows[: len(rows) - drop_last], rows[len(rows) - drop_last :]
        for row in gone:
            await session.delete(row)
        if not drop_last:
            kept[0].actor = "somebody-else"
        previous = chain.GENESIS
        for row in kept:
            event = chain.event_of(row)
            row.previous_hash = previous
            row.hash = previous = chain.link_hash(
                event,
                event_id=row.id,
                position=row.position,
                recorded_at=row.recorded_at,
                previous=previous,
            )
            session.add(row)
        head = await session.get_one(ChainHeadRow, reference)
        head.position, head.hash = kept[-1].position, previous
        proposal = await session.get_one(ProposalRow, reference)
        proposal.chain_position, proposal.chain_head = head.position, head.hash
        session.add(head)
        session.add(proposal)


async def test_changed_heads_are_signed_and_verified(accord: Installation):
    reference = await accord.submit(JORDAN)

    assert await signing_heads.sign_changed(accord.office) > 0
    assert await signing_heads.sign_changed(accord.office) == 0
    await accord.decide(reference, "eligibility.confirm")
    again = await signing_heads.sign_changed(accord.office)

    report = await verifying.verify(accord.office, None)
    assert again == 1
    assert await found(accord) == set()
    assert report.signed_heads > 1
    assert report.public_key == Signer(SECRET).public_key


@pytest.mark.on_sqlite
async def test_a_chain_that_was_rewritten_from_end_to_end_is_noticed(accord: Installation):
    reference = await accord.submit(JORDAN)
    await signing_heads.sign_changed(accord.office)

    await rewritten(accord, reference)

    assert await found(accord) == {("chain_rewritten", reference)}


@pytest.mark.on_sqlite
async def test_a_rewritten_chain_is_noticed_after_its_new_head_was_signed_too(
    accord: Installation,
):
    reference = await accord.submit(JORDAN)
    await signing_heads.sign_changed(accord.office)
    await rewritten(accord, reference)
    await accord.decide(reference, "eligibility.confirm")

    await signing_heads.sign_changed(accord.office)

    assert ("chain_rewritten", reference) in await found(accord)


@pytest.mark.on_sqlite
async def test_a_truncated_chain_is_noticed(accord: Installation):
    reference = await accord.draft(JORDAN)
    await accord.submit(JORDAN)
    await signing_heads.sign_changed(accord.office)

    async with accord.office.database.writing() as session:
        await without_triggers(session)
        for row in await session.exec(select(EventRow).where(EventRow.subject == reference)):
            await session.delete(row)
        for table in (ChainHeadRow, ProposalRow):
            await session.delete(await session.get_one(table, reference))

    assert await found(accord) == {("chain_truncated", reference)}


@pytest.mark.on_sqlite
async def test_the_last_events_of_a_chain_cannot_be_taken_away(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    await signing_heads.sign_changed(accord.office)

    await rewritten(accord, reference, drop_last=1)

    assert {subject for _, subject in await found(accord)} == {reference}


async def test_a_receipt_that_its_key_did_not_sign_is_noticed(accord: Installation):
    reference = await accord.submit(JORDAN)
    async with accord.office.database.writing() as session:
        row = await session.get_one(RevisionRow, (reference, 1))
        statement = {k: row.receipt[k] for k in ("reference", "revision", "sha256", "received_at")}
        row.receipt = {**row.receipt, "signature": Signer(b"another").sign(statement)}
        session.add(row)

    assert await found(accord) == {("receipt_not_signed", reference)}


async def test_a_file_without_a_line_or_with_a_foreign_one_is_noticed(accord: Installation):
    heads = accord.office.heads
    assert heads is not None
    for _ in range(3):
        await accord.submit(JORDAN)
        await signing_heads.sign_changed(accord.office)
    lines = heads.path.read_bytes().splitlines(keepends=True)
    forged = json.loads(lines[1])
    forged["heads"] = forged["heads"][:-1]

    heads.path.write_bytes(lines[0] + lines[2])
    assert await found(accord) == {("heads_line_missing", "installation")}
    heads.path.write_bytes(lines[0] + json.dumps(forged).encode() + b"\n" + lines[2])
    assert ("heads_not_signed", "installation") in await found(accord)


def test_a_line_that_a_crash_left_unfinished_is_passed_over(tmp_path, now):
    heads, signer = HeadsFile(tmp_path / "heads.jsonl"), Signer(SECRET)
    heads.add_heads(signer, [chain_head(1)], now)
    with heads.path.open("ab") as file:
        file.write(b'{"kind":"heads","at"')

    heads.add_heads(signer, [chain_head(2)], now)

    assert [line.wrong for line in heads.lines(signer.public_key)] == [None, None]
    assert heads.last()["heads"] == [["CTCBP-2026-000001", 2, "hash-2"]]


def test_a_key_is_trusted_when_the_next_one_vouches_for_it(tmp_path, now):
    heads, old, new = HeadsFile(tmp_path / "heads.jsonl"), Signer(b"old"), Signer(b"new")
    heads.add_heads(old, [chain_head(1)], now)
    heads.add_key(old, new, now)
    heads.add_heads(new, [chain_head(2)], now)

    assert heads.trusted(new.public_key) == {old.public_key, new.public_key}
    assert heads.trusted(Signer(b"third").public_key) == {Signer(b"third").public_key}
    assert [line.wrong for line in heads.lines(new.public_key)] == [None, None, None]


@pytest.mark.parametrize("count", [1, 199, 200, 201, 900])
def test_many_heads_are_signed_in_several_lines(tmp_path, now, count):
    heads, signer = HeadsFile(tmp_path / "heads.jsonl"), Signer(SECRET)

    heads.add_heads(signer, [chain_head(number) for number in range(count)], now)

    lines = list(heads.lines(signer.public_key))
    assert sum(len(line.said["heads"]) for line in lines) == count
    assert [line.said["more"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert heads.last() == lines[-1].said


def chain_head(position):

    return Head("CTCBP-2026-000001", position, f"hash-{position}")
