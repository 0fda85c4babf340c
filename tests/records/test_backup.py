"""Backing up store and engine together, losing both, and going on from the backup."""

import asyncio
import base64
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from cli.backups import Backup, back_up, restore
from cli.settings import Settings, Unusable
from commands import signing_heads, verifying
from store.trail import StoreTrail
from tests.installation import SECRET, Installation, an_installation, temporal_binary
from tests.policy.proposals import a_proposal
from workflows.gateway import TemporalGateway

JORDAN = a_proposal().model_dump(mode="json")


@asynccontextmanager
async def an_engine_on(folder: Path) -> AsyncIterator[WorkflowEnvironment]:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=temporal_binary(),
        dev_server_log_level="error",
        dev_server_database_filename=str(folder / "temporal.db"),
        search_attributes=[
            SearchAttributeKey.for_keyword("AccordReference"),
            SearchAttributeKey.for_keyword("AccordProgramme"),
        ],
    ) as environment:
        yield environment


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The key is kept elsewhere than the data: it outlives them."""
    path = tmp_path / "safe" / "wrapping.key"
    path.parent.mkdir()
    path.write_bytes(base64.urlsafe_b64encode(SECRET))
    path.chmod(0o600)
    return path


def settings_of(folder: Path, key_file: Path) -> Settings:
    folder.mkdir(exist_ok=True)
    return Settings(data_dir=folder, key_file=key_file)


async def verified(accord: Installation, *, repair: bool = False) -> verifying.Report:
    """The report as soon as nothing is under way."""
    gateway = TemporalGateway(accord.client, StoreTrail(accord.office.database, accord.now))
    for _ in range(300):
        report = await verifying.verify(accord.office, gateway, repair=repair)
        if not [p for p in report.pending if p["what"] != "heads_not_signed"]:
            return report
        await accord.settle()
    raise AssertionError(report.pending)


async def test_after_a_disaster_the_work_goes_on(tmp_path: Path, key_file: Path):
    before, after = (settings_of(tmp_path / name, key_file) for name in ("before", "after"))
    kept = tmp_path / "backup"
    async with (
        an_engine_on(before.data_dir) as engine,
        an_installation(engine, before.data_dir) as accord,
    ):
        queue = accord.queue
        at_rest = await accord.submit(JORDAN)
        busy = [await accord.submit(JORDAN) for _ in range(3)]
        await signing_heads.sign_changed(accord.office)

        await asyncio.gather(
            asyncio.to_thread(back_up, before, kept),
            *(accord.decide(each, "eligibility.confirm") for each in busy),
        )
        await accord.decide(at_rest, "eligibility.confirm")  # this one is lost: it came after
    shutil.rmtree(before.data_dir)

    assert restore(after, kept) == 0

    async with (
        an_engine_on(after.data_dir) as engine,
        an_installation(engine, after.data_dir, restored_on=queue) as accord,
    ):
        await verified(accord, repair=True)
        report = await verified(accord)
        stages = {each: (await accord.view(each))["stage"] for each in busy}
        again = await accord.view(at_rest)
        await accord.advance_to(at_rest, "active")
        fresh = await accord.submit(JORDAN)
        last = await verified(accord)

    assert report.differences == []
    assert set(stages.values()) <= {"eligibility", "compliance"}
    assert again["stage"] == "eligibility"
    assert fresh not in (at_rest, *busy)
    assert last.differences == []
    assert not (kept / "wrapping.key").exists()
    assert all(SECRET not in file.read_bytes() for file in kept.iterdir())


async def test_what_the_engine_knows_and_the_store_lost_is_recorded_again(
    tmp_path: Path, key_file: Path
):
    before, after = (settings_of(tmp_path / name, key_file) for name in ("before", "after"))
    kept = tmp_path / "backup"
    async with (
        an_engine_on(before.data_dir) as engine,
        an_installation(engine, before.data_dir) as accord,
    ):
        queue = accord.queue
        reference = await accord.submit(JORDAN)
        backup = Backup(before, kept)
        backup.begin()
        backup.take_heads()
        backup.take_store()
        await accord.decide(reference, "eligibility.confirm")
        unknown = await accord.submit(JORDAN)
        backup.take_engine()
        backup.take_words()
        backup.finish()
    restore(after, kept)

    async with (
        an_engine_on(after.data_dir) as engine,
        an_installation(engine, after.data_dir, restored_on=queue) as accord,
    ):
        behind = (await accord.view(reference))["stage"]
        repaired = await verified(accord, repair=True)
        report = await verified(accord)
        ahead = (await accord.view(reference))["stage"]
        fresh = await accord.submit(JORDAN)

    assert (behind, ahead) == ("eligibility", "compliance")
    assert [each["subject"] for each in repaired.repaired] in ([reference], [])
    assert report.differences == []
    assert fresh > unknown, "a number that the engine has seen is not given again"


def test_a_backup_that_is_not_whole_or_was_changed_is_not_restored(tmp_path: Path, key_file: Path):
    before, after = (settings_of(tmp_path / name, key_file) for name in ("before", "after"))
    sqlite3.connect(before.data_dir / "accord.db").executescript(
        "CREATE TABLE data_keys (subject, wrapped); CREATE TABLE texts (id)"
    )
    kept = tmp_path / "backup"
    back_up(before, kept)
    with pytest.raises(Unusable, match="not empty"):
        back_up(before, kept)
    (kept / "accord.db").write_bytes(b"another")

    with pytest.raises(Unusable, match="not what the manifest says"):
        restore(after, kept)
    (kept / "manifest.json").unlink()
    with pytest.raises(Unusable, match="no whole backup"):
        restore(after, kept)

    assert list(after.data_dir.iterdir()) == []


def test_nothing_is_restored_over_stores_or_without_the_key(tmp_path: Path, key_file: Path):
    before, after = (settings_of(tmp_path / name, key_file) for name in ("before", "after"))
    with sqlite3.connect(before.data_dir / "accord.db") as store:
        store.execute("CREATE TABLE data_keys (subject, wrapped)")
        store.execute("CREATE TABLE texts (id)")
        store.execute("INSERT INTO data_keys VALUES ('CTCBP-2026-000001', x'00')")
    kept = tmp_path / "backup"
    back_up(before, kept)

    with pytest.raises(Unusable, match="is there"):
        restore(before, kept)
    with pytest.raises(Unusable, match="cannot read this backup"):
        restore(after, kept)
    with pytest.raises(Unusable, match="is missing"):
        restore(settings_of(tmp_path / "third", tmp_path / "no.key"), kept)

    manifest = json.loads((kept / "manifest.json").read_text())
    assert sorted(manifest["files"]) == ["accord.db", "heads.jsonl"]
