"""Values as people read them: codes by their names, money, days and countries in their language.

What has no name of its own is shown as it is kept, so that nothing of a file is left out.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from commands.office import Office
from policy import content_labels, labels, wording
from schemas.values import Bilingual

NOTHING = "–"  # noqa: RUF001 - an en dash
_LONG = 200
_MONEY_FIELDS = {"currency", "value"}


class Reader:
    """The language of a reader, and the names that policy files give to codes."""

    def __init__(self, office: Office, language: str) -> None:
        self.language = language
        self._names: dict[str, Bilingual] = {
            region.code: region.name
            for region in office.catalogue.in_force(office.today()).regions.regions
        }
        for terms in office.catalogue.versions():
            self._names |= {area.code: area.name for area in terms.focus_areas}

    def words(self, text: Bilingual) -> str:
        return text.in_language(self.language)

    def label(self, field: str) -> str:
        """The label of a field of the content or of a task's form, else its code."""
        for known in (content_labels.field, labels.field):
            try:
                return self.words(known(field))
            except KeyError:
                continue
        return field

    def code(self, field: str, value: str) -> str:
        """The name of a code of *field*, else the code."""
        named = content_labels.code(field, value) or _option(field, value)
        named = named or (self._names.get(value) if field in _NAMED_BY_POLICY else None)
        if named is not None:
            return self.words(named)
        return wording.country(value, self.language) if field in _COUNTRIES else value

    def money(self, amount: Mapping[str, Any]) -> str:
        """An amount of Canadian dollars, such as $1,250,000.00."""
        return wording.money(str(amount["value"]), self.language)

    def moment(self, moment: datetime | str | None) -> str:
        """An instant by the department's clock (America/Toronto), to the minute."""
        return wording.moment(moment, self.language) or NOTHING

    def value(self, field: str, value: Any) -> str:
        """A value in words, on one or several lines."""
        match value:
            case None | "" | () | []:
                return NOTHING
            case bool():
                return self.words(_YES if value else _NO)
            case int() | float() | Decimal():
                named = _option(field, str(value))
                number = wording.number(value, self.language)
                return self.words(named) if named is not None else number
            case str():
                return self._text(field, value)
            case Mapping():
                if set(value) == _MONEY_FIELDS:
                    return self.money(value)
                return "\n".join(f"{self.label(k)}: {self.value(k, v)}" for k, v in value.items())
            case Sequence():
                parts = [self.value(field, each) for each in value]
                return ("; " if all(len(part) < _LONG for part in parts) else "\n").join(parts)
            case _:
                return str(value)

    def _text(self, field: str, value: str) -> str:
        if field.endswith("_at"):
            return self.moment(value)
        if field.endswith(("_date", "_on")) or field == "date":
            try:
                return wording.day(date.fromisoformat(value), self.language)
            except ValueError:
                return value
        return self.code(field, value)


_YES = Bilingual(en="Yes", fr="Oui")
_NO = Bilingual(en="No", fr="Non")
_COUNTRIES = frozenset({"country", "code", "subject"})
_NAMED_BY_POLICY = frozenset({"focus_areas", "regions", "code", "subject"})


def _option(field: str, value: str) -> Bilingual | None:
    """A form's field may bear another name than its list of codes."""
    name = {
        "likelihood": "likelihood",
        "residual_likelihood": "likelihood",
        "residual_severity": "severity",
        "residual": "level",
        "inherent": "level",
        "residual_risk": "level",
        "gender_equality_code": "gender_code",
        "overall": "rating",
    }.get(field, field)
    try:
        return labels.option(name, value)
    except KeyError:
        return None
