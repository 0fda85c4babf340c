"""A session that only reads: rows without the mapper's own bookkeeping.

Most of what a request costs is reading, and most of what reading cost was the mapper keeping
track of changes that nobody makes. Here a statement is asked of the connection itself, and its
rows are put into the classes of `store.tables` as they come: they read like any others, and
belong to no session afterwards.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, inspect
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapper
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar


class ReadingSession(AsyncSession):
    """Reads only, and holds on to the rows that it has read, so that each is made once.

    What else a session can do goes the mapper's own way.
    """

    def __init__(
        self, *arguments: Any, asks: AsyncConnection | None = None, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self._read: dict[tuple[Any, ...], Any] = {}
        self._asked = asks

    async def exec(self, statement: Any, **options: Any) -> Any:
        columns = _columns_of(statement) if isinstance(statement, Select) else None
        if columns is None or options.keys() - {"params"}:
            return await super().exec(statement, **options)
        if self._asked is None:
            self._asked = await self.connection()
        found: Any = await self._asked.execute(statement, options.get("params"))
        if any(isinstance(each, _Entity) for each in columns):
            names = _names(tuple([each.name for each in columns]))
            found = IteratorResult(names, self._rows(columns, found.all()))
        return found.scalars() if isinstance(statement, SelectOfScalar) else found

    async def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        if options:
            return await super().get(entity, ident, **options)
        key = ident if isinstance(ident, tuple) else (ident,)
        known = self._read.get((entity, *key))
        if known is not None:
            return known
        statement, names = by_key(entity)
        found = await self.exec(statement, params=dict(zip(names, key, strict=True)))
        return found.first()

    async def get_one(self, entity: Any, ident: Any, **options: Any) -> Any:
        found = await self.get(entity, ident, **options)
        if found is None:
            raise NoResultFound("No row was found when one was required")
        return found

    def know(self, rows: Iterable[Any]) -> None:
        """Take over rows that were read within the same transaction, so as not to ask for them."""
        self._read.update((entity_of(type(row)).key_of(row), row) for row in rows)

    def expunge(self, instance: object) -> None:
        """Let go of a row that is not wanted again."""
        self._read.pop(entity_of(type(instance)).key_of(instance), None)

    def expunge_all(self) -> None:
        self._read.clear()
        super().expunge_all()

    def _rows(
        self, columns: "tuple[_Entity | _Value, ...]", found: Any
    ) -> Iterator[tuple[Any, ...]]:
        for row in found:
            start, made = 0, []
            for each in columns:
                end = start + each.width
                made.append(each.take(row[start:end], self._read))
                start = end
            yield tuple(made)


@cache
def _names(of: tuple[str, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData(of)


class _Value:
    """One column of an answer."""

    name, width = "value", 1

    def take(self, values: Any, _: dict[tuple[Any, ...], Any]) -> Any:
        return values[0]


_VALUE = _Value()


class _Entity:
    """A row of one table, as part of an answer; columns come in the order of the table."""

    def __init__(self, mapper: Mapper[Any]) -> None:
        self.mapper = mapper
        self._class = mapper.class_
        self._make = mapper.class_manager.new_instance
        self._state = mapper.class_manager.state_getter()
        columns = mapper.local_table.columns
        self.columns = [column.name for column in columns]
        self.names = [mapper.get_property_by_column(c).key for c in columns]
        self.keys = [mapper.get_property_by_column(c).key for c in mapper.primary_key]
        self._key = [self.names.index(name) for name in self.keys]
        self._to_insert = [
            (name, column.name, column.default is not None)
            for name, column in zip(self.names, columns, strict=True)
        ]
        self.name = self._class.__name__
        self.width = len(self.names)

    def take(self, values: Any, read: dict[tuple[Any, ...], Any]) -> Any:
        ident = tuple([values[place] for place in self._key])
        if None in ident:
            return None  # the other side of an outer join
        known = read.get((self._class, *ident))
        if known is not None:
            return known
        made = self._make()
        made.__dict__.update(zip(self.names, values, strict=True))
        # Known to the mapper as a row that exists: who adds it to a session changes that row.
        self._state(made).key = (self._class, ident, None)
        read[(self._class, *ident)] = made
        return made

    def key_of(self, instance: Any) -> tuple[Any, ...]:
        return (self._class, *[instance.__dict__[name] for name in self.keys])

    def to_insert(self, instance: Any) -> dict[str, Any]:
        """The values of a new row, by column; one that has none is left to its default."""
        values = instance.__dict__
        return {
            column: values[name]
            for name, column, has_default in self._to_insert
            if name in values and not (has_default and values[name] is None)
        }

    def copy(self, fresh: Any, instance: Any) -> None:
        """Let *instance* be what was read as *fresh*."""
        instance.__dict__.update({name: fresh.__dict__[name] for name in self.names})
        self._state(instance)._commit_all(instance.__dict__)  # noqa: SLF001


@cache
def _entity(mapper: Mapper[Any]) -> _Entity:
    return _Entity(mapper)


def entity_of(table: type[Any]) -> _Entity:
    """How rows of *table* are made of an answer's columns."""
    return _entity(inspect(table))


def _columns_of(statement: Select[Any]) -> tuple[_Entity | _Value, ...] | None:
    """What an answer is made of; None where the mapper must be asked.

    The mapper's public description of a statement costs more than asking the database does.
    """
    columns: list[_Entity | _Value] = []
    for each in statement._raw_columns:  # noqa: SLF001
        if not isinstance(each, FromClause):
            columns.append(_VALUE)
            continue
        entity = each._annotations.get("parententity")  # noqa: SLF001
        if entity is None:
            return None
        columns.append(_entity(entity.mapper))
    return tuple(columns)


@cache
def by_key(entity: Any, *, for_update: bool = False) -> tuple[Any, list[str]]:
    """The question for one row, and how the parts of its key are named in it."""
    keys = inspect(entity).primary_key
    names = [f"key_{number}" for number, _ in enumerate(keys)]
    same = [column == bindparam(name) for column, name in zip(keys, names, strict=True)]
    statement = select(entity).where(*same)
    return statement.with_for_update() if for_update else statement, names
