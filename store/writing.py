"""A session that writes: rows are put into statements as they stand, without the mapper's own work.

It reads like `store.reading.ReadingSession`, and sees each row once. What was changed of a row that
it has read, and what was added or deleted, it brings to the database when it is flushed: tables in
the order of their references, many new rows of one table at once, of a changed row the columns that
changed. The classes of `store.tables` keep account of what was changed of them by themselves.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Delete, Insert, Select, Update, bindparam, delete, insert, inspect, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import SQLModel

from store.reading import ReadingSession, by_key, entity_of


class WritingSession(ReadingSession):
    """Rows and statements within the one transaction of *connection*, which somebody else ends.

    As with the mapper, what a statement changes is not seen in rows that were read before it; they
    are read anew when they are asked for again, unless they were changed here.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection, asks=connection, expire_on_commit=False, autoflush=False)
        self._connection = connection
        self._added: dict[int, SQLModel] = {}
        self._deleted: dict[int, SQLModel] = {}
        self._outdated: dict[int, SQLModel] = {}
        """Rows that a statement has changed since; whoever holds one may still change it."""

    async def connection(self, *_: Any, **__: Any) -> AsyncConnection:
        return self._connection

    # ---- what is asked

    async def exec(self, statement: Any, **options: Any) -> Any:
        if isinstance(statement, Select):
            if statement.get_execution_options().get("populate_existing"):
                self._forget_unchanged()
            return await super().exec(statement, **options)
        found = await self._connection.execute(statement, options.get("params"))
        if isinstance(statement, (Insert, Update, Delete)):
            self._forget_unchanged(statement.table)
        return found

    async def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """A row by its key; with `with_for_update` nobody else changes it until the end."""
        key = ident if isinstance(ident, tuple) else (ident,)
        known = self._read.get((entity, *key))
        for_update = options.pop("with_for_update", None)
        if options.pop("populate_existing", False) and known is not None:
            await self.refresh(known)
        elif known is not None and not for_update:
            return known
        if options:
            raise TypeError(f"get() knows no {', '.join(options)}")
        statement, names = by_key(entity, for_update=bool(for_update))
        found = await super().exec(statement, params=dict(zip(names, key, strict=True)))
        return found.first()

    async def refresh(self, instance: Any, *_: Any, **__: Any) -> None:
        """Read a row anew, whatever was changed of it here."""
        self._added.pop(id(instance), None)
        self._outdated.pop(id(instance), None)
        entity = entity_of(type(instance))
        place = entity.key_of(instance)
        self._read.pop(place, None)
        table: Any = type(instance)
        statement, names = by_key(table)
        found = await super().exec(statement, params=dict(zip(names, place[1:], strict=True)))
        fresh = found.one()
        entity.copy(fresh, instance)
        self._read[place] = instance

    # ---- what is to be written

    def kept(self) -> list[Any]:
        """The rows that were read or written here, and are in the database as they are here."""
        return [row for row in self._read.values() if not instance_state(row).modified]

    def add(self, instance: Any, _warn: bool = True) -> None:  # noqa: FBT001, FBT002 - as it was
        self._added[id(instance)] = instance

    def add_all(self, instances: Iterable[Any]) -> None:
        for instance in instances:
            self.add(instance)

    async def delete(self, instance: Any) -> None:
        self._added.pop(id(instance), None)
        if instance_state(instance).key is not None:
            self._deleted[id(instance)] = instance

    async def merge(self, instance: Any, **_: Any) -> Any:
        """Write *instance* over the row of the same key, or as a new one."""
        entity = entity_of(type(instance))
        known = await self.get(type(instance), entity.key_of(instance)[1:])
        if known is None:
            self.add(instance)
            return instance
        for name in entity.names:
            if name in instance.__dict__:
                setattr(known, name, instance.__dict__[name])
        return known

    async def flush(self, _: Any = None) -> None:
        """Bring what is to be written to the database, within the transaction."""
        new: dict[Any, list[SQLModel]] = {}
        changed: dict[Any, list[SQLModel]] = {}
        known = {id(row): row for row in self._read.values()} | self._outdated | self._added
        for place, row in known.items():
            state = instance_state(row)
            if state.key is None:
                new.setdefault(type(row), []).append(row)
            elif state.modified and place not in self._deleted:
                changed.setdefault(type(row), []).append(row)
        for table in sorted(new.keys() | changed.keys(), key=_order):
            await self._insert(table, new.get(table, ()))
            for row in changed.get(table, ()):
                await self._update(table, row)
        for row in sorted(self._deleted.values(), key=lambda r: _order(type(r)), reverse=True):
            await self._delete(row)
        self._added.clear()
        self._deleted.clear()

    async def commit(self) -> None:
        """Flush; the transaction itself is ended by whoever began it."""
        await self.flush()

    async def begin_nested(self) -> "Savepoint":  # type: ignore[override]
        """What is written from here on may be taken back alone."""
        await self.flush()
        return Savepoint(self, await self._connection.begin_nested())

    async def _insert(self, table: Any, rows: Sequence[SQLModel]) -> None:
        entity = entity_of(table)
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            entity.mapper.dispatch.before_insert(entity.mapper, None, instance_state(row))
            values = entity.to_insert(row)
            alike.setdefault(tuple(values), []).append(values)
        for many in alike.values():
            await self._connection.execute(_insert(table), many if many[1:] else many[0])
        for row in rows:
            place = entity.key_of(row)
            state = instance_state(row)
            state.key = (table, place[1:], None)
            state._commit_all(row.__dict__)  # noqa: SLF001 - what it was is what it is
            self._read[place] = row

    async def _update(self, table: Any, row: SQLModel) -> None:
        state, entity = instance_state(row), entity_of(table)
        entity.mapper.dispatch.before_update(entity.mapper, None, state)
        was = state.committed_state
        values = {
            name: row.__dict__[name]
            for name in entity.names
            if name in was and was[name] != row.__dict__[name]
        }
        if values:
            keys = {f"key_{name}": was.get(name, row.__dict__[name]) for name in entity.keys}
            statement = _update(table, tuple(values))
            written = await self._connection.execute(statement, {**values, **keys})
            if written.rowcount != 1:
                raise StaleDataError(f"a row of {table.__tablename__} is gone")
        state._commit_all(row.__dict__)  # noqa: SLF001
        if id(row) in self._outdated:
            self._read.pop(entity.key_of(row), None)
        else:
            self._read[entity.key_of(row)] = row

    async def _delete(self, row: SQLModel) -> None:
        table: Any = type(row)
        entity = entity_of(table)
        place = entity.key_of(row)
        keys = dict(zip((f"key_{name}" for name in entity.keys), place[1:], strict=True))
        await self._connection.execute(_delete(table), keys)
        self._read.pop(place, None)

    def _forget_unchanged(self, table: Any = None) -> None:
        """A statement has changed rows (of *table*): those that were read are read anew."""
        for place, row in list(self._read.items()):
            is_of_it = table is None or place[0].__tablename__ == table.name
            if is_of_it and not instance_state(row).modified:
                self._outdated[id(row)] = self._read.pop(place)


class Savepoint:
    """Ends what began with `begin_nested`: for good, or as if it had never been."""

    def __init__(self, session: WritingSession, transaction: AsyncTransaction) -> None:
        self._session = session
        self._transaction = transaction

    async def commit(self) -> None:
        await self._session.flush()
        await self._transaction.commit()

    async def rollback(self) -> None:
        await self._transaction.rollback()
        self._session._forget_unchanged()  # noqa: SLF001 - of one kind


def _order(table: Any) -> int:
    """Where a table stands among all: what it refers to comes before it."""
    return _places()[table.__tablename__]


@cache
def _places() -> dict[str, int]:
    return {table.name: n for n, table in enumerate(SQLModel.metadata.sorted_tables)}


@cache
def _insert(table: Any) -> Insert:
    return insert(table.__table__)


@cache
def _update(table: Any, names: tuple[str, ...]) -> Update:
    columns = inspect(table).columns
    return (
        update(table.__table__)
        .where(*_of_key(table))
        .values({columns[name]: bindparam(name) for name in names})
    )


@cache
def _delete(table: Any) -> Delete:
    return delete(table.__table__).where(*_of_key(table))


def _of_key(table: Any) -> list[Any]:
    entity = entity_of(table)
    columns = inspect(table).columns
    return [columns[name] == bindparam(f"key_{name}") for name in entity.keys]
