"""Templates in a language: what every page may use, and how it becomes an answer."""

import hashlib
import json
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pages import waiting_words
from pages.languages import FOLDER, other, translations
from pages.names import about, name_of, source_of
from policy import labels, wording
from schemas.tasks import TaskKind

TEMPLATES = FOLDER / "templates"
STATIC = FOLDER / "static"
ASSETS = FOLDER / "vendor"
"""What set-up brings from npm; the pages work without it."""

_FILTERS = {
    "day": wording.day,
    "moment": wording.moment,
    "day_of": wording.day_of,
    "lasted": wording.lasted,
    "money": wording.money,
    "number": wording.number,
    "size": wording.size,
    "country": wording.country,
}


@cache
def environment(language: str) -> Environment:
    """The templates in *language*; a name that nobody gave is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    spoken = translations(language)
    made.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)  # type: ignore[attr-defined]
    for name, function in _FILTERS.items():
        made.filters[name] = partial(_said, function, language)
    made.filters["capitalized"] = _capitalized
    made.filters["tojson_text"] = partial(json.dumps, ensure_ascii=False)
    made.globals |= {
        "language": language,
        "other_language": other(language),
        "static": static,
        "has_assets": has_assets,
        "modified": modified(),
        "name_of": partial(_named, language),
        "on_whom": partial(_waits_on, language),
        "role_and_scope": partial(_role, language),
        "source_of": partial(_source, language),
        "about": partial(_about, language),
        "what_next": partial(_next, language),
        "outcome_of": partial(_outcome, language),
    }
    return made


def _named(language: str, group: str, code: str | None) -> str:
    return name_of(group, code, language)


def _source(language: str, source: str) -> str:
    return source_of(source, language)


def _capitalized(text: str) -> str:
    """With a large first letter; names further on keep theirs, unlike with Jinja's own filter."""
    return text[:1].upper() + text[1:]


def _waits_on(language: str, item: Any, organization: str | None) -> str:
    return waiting_words.on_whom(item, organization, language)


def _role(language: str, written: str) -> str:
    return waiting_words.role(written, language)


def _outcome(language: str, task: Any) -> str:
    """What a task was decided as, in words."""
    return labels.label(TaskKind(task["kind"]), task["outcome"]).in_language(language)


def _about(language: str, event: Any) -> str:
    return about(event, language)


def _next(language: str, code: str) -> str:
    return waiting_words.what_next(code, language)


def _said(function: Any, language: str, value: Any) -> str:
    return str(function(value, language))


@cache
def static(name: str) -> str:
    """The address of a file that may be kept for ever: it names the file's own digest."""
    for folder in (STATIC, ASSETS):
        if (folder / name).is_file():
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
            return f"/static/{name}?v={found}"
    raise FileNotFoundError(name)


@cache
def has_assets(name: str) -> bool:
    return (ASSETS / name).is_file()


@cache
def modified() -> date:
    """The day on which these pages were last changed."""
    newest = max(each.stat().st_mtime for each in _sources())
    return datetime.fromtimestamp(newest, UTC).date()


def _sources() -> list[Path]:
    return [*TEMPLATES.rglob("*.html"), *FOLDER.glob("*.py"), *STATIC.glob("*")]
