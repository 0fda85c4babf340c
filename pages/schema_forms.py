"""Forms drawn from a JSON Schema, and what was typed into them read back as JSON.

One renderer for every task's form and for every section of a proposal: objects, tables of rows,
choices, yes or no, days, numbers, money, text. It knows no rule: what is typed and cannot be read
is handed on as it stands, and whoever checks it says what is wrong.

A control is named by its place: `answers.ratings.0.subject`, which is its JSON Pointer with dots.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pages.failing import Fault
from pages.languages import translations
from pages.sent import Sent
from policy import wording

Schema = Mapping[str, Any]
FEW_OPTIONS = 3
MANY_OPTIONS = 7
"""From here on a list that opens is read more easily than so many buttons."""
LONG_OPTION = 60
MOST_LONG_OPTIONS = 12
_BESIDE = ("x-hit", "x-sections", "x-lines", "x-condition")
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,2})?")


class Absent:
    """Nothing was answered."""


ABSENT = Absent()


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    """One question, with what was answered so far."""

    kind: str
    """line, words, lines, day, money, integer, number, yes_no, choice, select, choices, fixed,
    group, rows"""
    name: str
    label: str
    required: bool = False
    value: str = ""
    shown: str = ""
    """The answer as it is read, where nobody writes."""
    hint: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple["Control", ...] = ()
    is_answered: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    """What the schema says beside (`x-hit`, `x-sections`)."""

    def walk(self) -> Iterator["Control"]:
        yield self
        for part in self.parts:
            yield from part.walk()


# ---- drawing


def draw(
    schema: Schema,
    value: Any,
    name: str,
    language: str,
    *,
    required: bool = False,
    extra: frozenset[str] = frozenset(),
    label: str | None = None,
    in_row: bool = False,
) -> Control:
    """The control for *schema* at *name*; tables named in *extra* get an empty row more."""
    kind = kind_of(schema)
    if kind == "choice" and in_row and len(schema["oneOf"]) > FEW_OPTIONS:
        kind = "select"
    common: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "label": label if label is not None else str(schema.get("title", "")),
        "required": required,
        "hint": str(schema.get("x-hint", "")),
        "is_answered": value is not ABSENT and value is not None,
        "more": {key: schema[key] for key in _BESIDE if key in schema},
    }
    if kind == "group":
        parts = _parts(schema, value, name, language, extra, in_row=in_row)
        return Control(**common, parts=parts)
    if kind == "rows":
        return Control(**common, parts=_rows(schema, value, name, language, required, extra))
    if kind in ("choice", "select", "choices"):
        options = _options(schema, value)
        shown = ", ".join(option.label for option in options if option.chosen)
        return Control(**common, options=options, shown=shown)
    if kind == "yes_no":
        yes, no = (translations(language).gettext(each) for each in ("Yes", "No"))
        options = (Option("true", yes, value is True), Option("false", no, value is False))
        shown = yes if value is True else no if value is False else ""
        return Control(**common, options=options, shown=shown)
    if kind == "fixed":
        return Control(**common, value=str(schema["const"]), shown=str(schema["const"]))
    typed = _typed(kind, value, language)
    return Control(**common, value=typed, shown=_shown(kind, value, typed, language))


def kind_of(schema: Schema) -> str:
    if "const" in schema:
        return "fixed"
    if "oneOf" in schema:
        options = schema["oneOf"]
        is_long = any(len(str(each.get("title", ""))) > LONG_OPTION for each in options)
        return (
            "choice"
            if len(options) < MANY_OPTIONS or (is_long and len(options) < MOST_LONG_OPTIONS)
            else "select"
        )
    kind = schema.get("type")
    if kind == "boolean":
        return "yes_no"
    if kind in ("integer", "number"):
        return str(kind)
    if kind == "array":
        items = schema["items"]
        if "oneOf" in items:
            return "choices"
        return "rows" if items.get("type") == "object" else "lines"
    if kind == "object":
        is_money = set(schema.get("properties", {})) == {"currency", "value"}
        return "money" if is_money else "group"
    if schema.get("format") == "date":
        return "day"
    return "words" if "x-lines" in schema else "line"


def _parts(
    schema: Schema, value: Any, name: str, language: str, extra: frozenset[str], *, in_row: bool
) -> tuple[Control, ...]:
    held = value if isinstance(value, Mapping) else {}
    needed = set(schema.get("required", ()))
    return tuple(
        draw(
            part, held.get(each, ABSENT), f"{name}.{each}" if name else each, language,
            required=each in needed, extra=extra, in_row=in_row,
        )
        for each, part in schema.get("properties", {}).items()
    )  # fmt: skip


def _rows(
    schema: Schema, value: Any, name: str, language: str, required: bool, extra: frozenset[str]
) -> tuple[Control, ...]:
    held = list(value) if isinstance(value, list | tuple) else []
    empty = 1 if name in extra or (not held and (required or schema.get("minItems", 0))) else 0
    titles = translations(language).gettext("%(title)s, number %(number)s")
    return tuple(
        draw(
            schema["items"], row, f"{name}.{number}", language, extra=extra,
            label=titles % {"title": schema.get("title", ""), "number": number + 1}, in_row=True,
        )
        for number, row in enumerate([*held, *[ABSENT] * empty])
    )  # fmt: skip


def _options(schema: Schema, value: Any) -> tuple[Option, ...]:
    choices = schema["items"]["oneOf"] if schema.get("type") == "array" else schema["oneOf"]
    chosen = value if isinstance(value, list | tuple) else [value]
    held = {str(each) for each in chosen if each is not ABSENT and each is not None}
    return tuple(
        Option(
            str(each["const"]), str(each.get("title", each["const"])), str(each["const"]) in held
        )
        for each in choices
    )


def _typed(kind: str, value: Any, language: str) -> str:
    """What stands in a field."""
    if value is ABSENT or value is None:
        return ""
    if kind == "money" and isinstance(value, Mapping):
        amount = str(value.get("value", ""))
        return wording.amount_typed(amount, language) if _AMOUNT.fullmatch(amount) else amount
    if kind == "number" and isinstance(value, int | float):
        return wording.number(value, language)
    if kind == "lines" and isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return str(value)


def _shown(kind: str, value: Any, typed: str, language: str) -> str:
    if kind == "money" and isinstance(value, Mapping) and _AMOUNT.fullmatch(str(value["value"])):
        return wording.money(dict(value), language)
    if kind == "day" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        try:
            return wording.day(typed, language)
        except ValueError:
            return typed
    return typed


# ---- reading


def read(schema: Schema, form: Sent, name: str, language: str) -> Any:
    """What *form* says for *schema* at *name*; ABSENT where nothing was answered.

    Rows in which nothing was answered are left out.
    """
    kind = kind_of(schema)
    if kind == "group":
        parts = {
            each: read(part, form, f"{name}.{each}" if name else each, language)
            for each, part in schema.get("properties", {}).items()
        }
        found = {each: part for each, part in parts.items() if part is not ABSENT}
        fixed = {e for e, part in schema.get("properties", {}).items() if kind_of(part) == "fixed"}
        return found if set(found) - fixed or (fixed and set(found) == fixed) else ABSENT
    if kind == "rows":
        rows = [
            read(schema["items"], form, f"{name}.{number}", language)
            for number in numbers(form, name)
        ]
        found_rows = [row for row in rows if row is not ABSENT]
        return found_rows or ABSENT
    if kind == "choices":
        chosen = form.all(name)
        return [_const(schema["items"], each) for each in chosen] or ABSENT
    if kind == "fixed":
        return schema["const"]
    typed = form.get(name)
    if not typed:
        return ABSENT
    if kind in ("choice", "select"):
        return _const(schema, typed)
    if kind == "yes_no":
        return {"true": True, "false": False}.get(typed, typed)
    if kind == "lines":
        return [line.strip() for line in typed.split("\n") if line.strip()]
    if kind == "money":
        return {"currency": "CAD", "value": amount(typed, language)}
    if kind in ("integer", "number"):
        return _number(typed, language, whole=kind == "integer")
    return typed


def numbers(form: Sent, name: str) -> list[int]:
    """The rows of the table *name* that the form has, in their order."""
    rows = re.compile(rf"^{re.escape(name)}\.(\d{{1,5}})\.")
    return sorted({int(found[1]) for each in form if (found := rows.match(each))})


def without_row(form: Sent, row: str) -> Sent:
    """The form as if the row *row* had never been there."""
    return Sent(pair for pair in form.pairs() if not pair[0].startswith(f"{row}."))


def amount(typed: str, language: str) -> str:
    """An amount in the form of the API, however the language groups its digits."""
    plain = re.sub(r"[\s\u00a0\u202f$]|CAD", "", typed)
    if language == "fr":
        plain = plain.replace(",", ".", 1) if "." not in plain else plain
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", plain):
        plain = plain.replace(",", "")
    return plain if _AMOUNT.fullmatch(plain) else typed


def _number(typed: str, language: str, *, whole: bool) -> Any:
    plain = re.sub(r"[\s\u00a0\u202f%]", "", typed)
    plain = plain.replace(",", ".") if language == "fr" else plain.replace(",", "")
    try:
        return int(plain) if whole or re.fullmatch(r"-?\d{1,12}", plain) else float(plain)
    except ValueError:
        return typed


def _const(schema: Schema, typed: str) -> Any:
    """The option itself: a code may be a number."""
    return next((o["const"] for o in schema["oneOf"] if str(o["const"]) == typed), typed)


# ---- what is wrong


def placed(faults: Iterable[Fault], control: Control) -> list[Fault]:
    """The faults at controls that exist: what is wrong with a part may stand at the whole."""
    known = {each.name for each in control.walk() if each.name}
    found = []
    for fault in faults:
        where = fault.field
        while where and where not in known:
            where = where.rpartition(".")[0]
        found.append(Fault(where, fault.text))
    return list(dict.fromkeys(found))


def unanswered(control: Control) -> list[Control]:
    """The needed questions that have no answer, of what was begun or must be there."""
    if control.kind == "rows":
        if control.required and not any(row.is_answered for row in control.parts):
            return [control]
        return [gap for row in control.parts if row.is_answered for gap in unanswered(row)]
    if control.kind == "group":
        if not control.required and not control.is_answered:
            return []
        return [gap for part in control.parts for gap in unanswered(part)]
    is_missing = control.required and control.kind != "fixed" and not control.is_answered
    return [control] if is_missing else []
