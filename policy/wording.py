"""Days, times, money and places as the two languages of Canada write them."""

# ruff: noqa: RUF001 - apostrophes as they are written

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

LOCALES = {"en": "en_CA", "fr": "fr_CA"}
TORONTO = ZoneInfo("America/Toronto")
KILOBYTE = 1024
_NO_BREAK = "\u00a0"
_NAMES = {
    # CLDR's names are in the nominative of a list; these are what the department writes.
    "en": {"CI": "Côte d’Ivoire", "TR": "Türkiye"},
    "fr": {"CI": "Côte d’Ivoire", "TR": "Türkiye"},
}


def day(value: date | str | None, language: str) -> str:
    """A date in full: April 1, 2027; 1er avril 2027 (which CLDR writes without its ending)."""
    if not value:
        return ""
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    written = dates.format_date(moment, "long", locale=LOCALES[language])
    if language == "fr" and moment.day == 1:
        written = f"1er{written[1:]}"
    return written.replace(" ", _NO_BREAK, 1) if language == "fr" else written


def moment(value: datetime | str | None, language: str) -> str:
    """An instant in the department's own time, which is that of Toronto."""
    if not value:
        return ""
    local = _instant(value).astimezone(TORONTO)
    time = dates.format_time(local, "short", tzinfo=TORONTO, locale=LOCALES[language])
    whole = time.replace(" ", "\u00a0")  # "18 h 15" stays on one line
    return f"{day(local.date(), language)}, {whole}"


def day_of(value: datetime | str | None, language: str) -> str:
    """The day of an instant, in the department's own time."""
    return day(_instant(value).astimezone(TORONTO).date(), language) if value else ""


def lasted(value: timedelta | None, language: str) -> str:
    """How long something took, in the unit that says it best and at least a minute: 3 days."""
    if value is None:
        return ""
    return dates.format_timedelta(
        value, granularity="minute", threshold=1.5, locale=LOCALES[language]
    )


def _instant(value: datetime | str) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def money(value: dict[str, str] | Decimal | str | None, language: str) -> str:
    """Canadian dollars: $1,250,000.00; 1 250 000,00 $."""
    if not value:
        return ""
    amount = value["value"] if isinstance(value, dict) else value
    return numbers.format_currency(Decimal(amount), "CAD", locale=LOCALES[language])


def amount_typed(value: str, language: str) -> str:
    """An amount as it stands in a field: the same digits, without the sign."""
    return numbers.format_decimal(Decimal(value), format="#,##0.00", locale=LOCALES[language])


def number(value: float | Decimal, language: str) -> str:
    return numbers.format_decimal(value, locale=LOCALES[language])


def size(octets: int, language: str) -> str:
    """The size of a file: KB and MB; Ko et Mo."""
    unit, by = ("M", KILOBYTE * KILOBYTE) if octets >= KILOBYTE * KILOBYTE else ("K", KILOBYTE)
    shown = numbers.format_decimal(max(octets / by, 0.1), format="0.#", locale=LOCALES[language])
    return f"{shown}{_NO_BREAK}{unit}{'o' if language == 'fr' else 'B'}"


def country(code: str | None, language: str) -> str:
    """The name of a country or territory; its code where it has none."""
    return country_names(language).get(code or "", code or "")


@cache
def country_names(language: str) -> dict[str, str]:
    """Every territory of CLDR that has a code of two letters, by name."""
    names = {
        code: name.replace("'", "’")
        for code, name in Locale.parse(LOCALES[language]).territories.items()
        if len(code) == 2 and code.isalpha()  # noqa: PLR2004 - ISO 3166-1 alpha-2
    } | _NAMES[language]
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def sort_key(text: str) -> str:
    """Words in the order of a dictionary: an accent does not send a name behind Z."""
    return unicodedata.normalize("NFKD", text).casefold()
