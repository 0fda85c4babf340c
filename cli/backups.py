"""`accord backup` and `accord restore`: store and engine together, while everything runs.

The signed heads first, then the store, then the engine: what lies between two copies is then known
to the later one, and recorded again from there; last, the words of those acts, which the engine
never has. The wrapping key is never part of it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.secrets import wrapping_key
from cli.settings import Settings, Unusable, make_private_folder
from store.keys import SecretWrappingKey
from store.signing import Signer

FORMAT = "accord-backup/1"
MANIFEST = "manifest.json"
HEADS, STORE, ENGINE = "heads.jsonl", "accord.db", "temporal.db"


class Backup:
    """One backup in the making; its steps are in this order, and the manifest makes it one."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._began = datetime.now(UTC)

    def begin(self) -> None:
        """Refuse what cannot be backed up, and a folder in which something lies already."""
        if self._settings.database_file is None or self._settings.temporal_address:
            raise Unusable(
                "`accord backup` copies the files of an installation on one machine. Elsewhere: "
                "heads.jsonl, then pg_dump of the store, then of the engine's databases; see "
                "docs/operations.md."
            )
        if not self._settings.database_file.exists():
            raise Unusable(f"There is no store at {self._settings.database_file}.")
        if self._folder.exists() and any(self._folder.iterdir()):
            raise Unusable(f"{self._folder} is not empty; name a new folder for each backup.")
        make_private_folder(self._folder)

    def take_heads(self) -> None:
        source = self._settings.data_dir / HEADS
        data = source.read_bytes() if source.exists() else b""
        # What is just being written is the next backup's.
        (self._folder / HEADS).write_bytes(data[: data.rfind(b"\n") + 1])

    def take_store(self) -> None:
        assert self._settings.database_file is not None  # noqa: S101 - `begin` has looked
        _copy_database(self._settings.database_file, self._folder / STORE)

    def take_engine(self) -> None:
        source = self._settings.data_dir / ENGINE
        if source.exists():
            _copy_database(source, self._folder / ENGINE)

    def take_words(self) -> None:
        """The words of acts that the engine has by now: they are in the store alone."""
        live = f"file:{self._settings.database_file}?mode=ro"
        with closing(sqlite3.connect(f"file:{self._folder / STORE}", uri=True)) as copy:
            copy.execute("ATTACH ? AS live", (live,))
            with copy:
                copy.execute(
                    "INSERT INTO texts SELECT * FROM live.texts AS late "
                    "WHERE NOT EXISTS (SELECT 1 FROM texts WHERE texts.id = late.id)"
                )
        _sync(self._folder / STORE)

    def finish(self) -> dict[str, Any]:
        """Write the manifest: without it, nothing is restored."""
        names = [n for n in (HEADS, STORE, ENGINE) if (self._folder / n).exists()]
        manifest = {
            "format": FORMAT,
            "began_at": self._began.isoformat(),
            "ended_at": datetime.now(UTC).isoformat(),
            "signed_by": Signer(wrapping_key(self._settings)).public_key,
            "files": {name: _described(self._folder / name) for name in names},
        }
        _write(self._folder / MANIFEST, json.dumps(manifest, indent=2).encode())
        return manifest


def back_up(settings: Settings, folder: Path) -> int:
    """Make a backup in *folder*; prints what it holds."""
    backup = Backup(settings, folder)
    backup.begin()
    backup.take_heads()
    backup.take_store()
    backup.take_engine()
    backup.take_words()
    manifest = backup.finish()
    for name, facts in manifest["files"].items():
        print(f"{name}  {facts['bytes']} bytes  sha256 {facts['sha256']}")  # noqa: T201
    print(  # noqa: T201 - for the operator
        f"{folder} holds the backup; the key file {settings.key_file} is not in it: keep a copy "
        "of that elsewhere."
    )
    return 0


def restore(settings: Settings, folder: Path) -> int:
    """Bring a backup into an empty data folder; prints what is left to be done."""
    manifest = _manifest(folder)
    _check_empty(settings)
    if not settings.key_file.exists():
        raise Unusable(
            f"The key file {settings.key_file} is missing: put the key that the backup was "
            "written with there first, or set ACCORD_KEY_FILE."
        )
    _check_key(settings, folder / STORE, manifest)
    make_private_folder(settings.data_dir)
    names = sorted(manifest["files"])
    for name in names:
        _put(folder / name, settings.data_dir / f".restoring-{name}")
    store, engine = (settings.data_dir / f".restoring-{name}" for name in (STORE, ENGINE))
    unknown = _skip_numbers(store, engine)
    for name in names:
        (settings.data_dir / f".restoring-{name}").replace(settings.data_dir / name)
    _sync_folder(settings.data_dir)
    print(  # noqa: T201 - for the operator
        f"Restored what was there on {manifest['ended_at']}. Start Accord (`accord up`), then run "
        "`accord verify --repair`: it records again what the engine knows and the store does not."
    )
    for reference in unknown:
        print(  # noqa: T201
            f"{reference} was begun while the backup was made and is in the engine alone; its "
            f"number is not given again. End it: temporal workflow terminate "
            f"-w proposal:{reference}"
        )
    return 0


# ---- files


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a database that is being written to, checked page by page."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as origin,
        closing(sqlite3.connect(target)) as copy,
    ):
        origin.execute("PRAGMA busy_timeout=30000")
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (said,) = copy.execute("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise Unusable(f"The copy of {source} is damaged: {said}.")
    target.chmod(0o600)
    _sync(target)


def _described(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": _digest(path)}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        files: dict[str, dict[str, Any]] = manifest["files"]
        if manifest["format"] != FORMAT or not files.keys() <= {HEADS, STORE, ENGINE}:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Unusable(
            f"{folder} holds no whole backup: {MANIFEST} is missing or no manifest."
        ) from None
    for name, facts in files.items():
        if not (folder / name).exists() or _digest(folder / name) != facts["sha256"]:
            raise Unusable(f"{folder / name} is missing, or not what the manifest says.")
    if STORE not in files:
        raise Unusable(f"{folder} holds no store.")
    return manifest


def _check_empty(settings: Settings) -> None:
    if settings.database_file != settings.data_dir / STORE:
        raise Unusable("A backup is restored into the data folder; unset ACCORD_DATABASE_URL.")
    for name in (HEADS, STORE, ENGINE):
        if (settings.data_dir / name).exists():
            raise Unusable(
                f"{settings.data_dir / name} is there: a backup is restored into a data folder "
                "without stores. Move them away, or set ACCORD_DATA_DIR."
            )


def _check_key(settings: Settings, store: Path, manifest: dict[str, Any]) -> None:
    """The key reads what the backup holds; one from before a rotation is told from a wrong one."""
    key = wrapping_key(settings)
    with closing(sqlite3.connect(f"file:{store}?mode=ro&immutable=1", uri=True)) as database:
        row = database.execute("SELECT subject, wrapped FROM data_keys LIMIT 1").fetchone()
    try:
        if row is not None:
            SecretWrappingKey(key).unwrap(row[1], row[0])
    except Exception:  # noqa: BLE001 - whatever a wrong key raises
        raise Unusable(
            f"The key file {settings.key_file} cannot read this backup. It was made under the "
            f"wrapping key whose signatures are checked against {manifest['signed_by']}."
        ) from None


def _put(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o600)
    _sync(target)


def _skip_numbers(store: Path, engine: Path) -> list[str]:
    """Proposals that the engine knows and the store does not; their numbers are not given again."""
    if not engine.exists():
        return []
    with closing(sqlite3.connect(engine)) as database:
        rows = database.execute(
            "SELECT DISTINCT workflow_id FROM current_executions "
            "WHERE workflow_id LIKE 'proposal:%'"
        ).fetchall()
    known = sorted(row[0].removeprefix("proposal:") for row in rows)
    with closing(sqlite3.connect(store)) as database, database:
        unknown = [
            reference
            for reference in known
            if database.execute(
                "SELECT 1 FROM proposals WHERE reference = ?", (reference,)
            ).fetchone()
            is None
        ]
        for reference in unknown:
            series, _, number = reference.rpartition("-")
            database.execute(
                "INSERT INTO reference_numbers (series, last) VALUES (?1, ?2) "
                "ON CONFLICT (series) DO UPDATE SET last = max(last, ?2)",
                (series, int(number)),
            )
    return unknown


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
    _sync(path)
    _sync_folder(path.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
