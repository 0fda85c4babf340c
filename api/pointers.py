"""What Pydantic says about a body, as gaps: a JSON Pointer, a stable code, and facts.

What was sent is never repeated in an answer.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from schemas.errors import Gap, pointer_to

MOST_GAPS = 100

CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "required",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "wrong_format",
    "too_long": "too_many",
    "too_short": "too_few",
    "enum": "unknown_value",
    "literal_error": "unknown_value",
    "greater_than": "number_too_small",
    "greater_than_equal": "number_too_small",
    "less_than": "number_too_large",
    "less_than_equal": "number_too_large",
    "finite_number": "not_a_number",
    "int_parsing": "not_a_whole_number",
    "int_parsing_size": "number_too_large",
    "int_from_float": "not_a_whole_number",
    "int_type": "not_a_whole_number",
    "float_type": "not_a_number",
    "float_parsing": "not_a_number",
    "bool_type": "not_a_boolean",
    "bool_parsing": "not_a_boolean",
    "decimal_type": "not_a_number",
    "decimal_parsing": "not_a_number",
    "decimal_max_digits": "too_many_digits",
    "decimal_whole_digits": "number_too_large",
    "decimal_max_places": "too_many_decimals",
    "date_type": "not_a_date",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "datetime_type": "not_an_instant",
    "datetime_parsing": "not_an_instant",
    "datetime_from_date_parsing": "not_an_instant",
    "timezone_aware": "not_an_instant",
    "string_type": "not_a_text",
    "list_type": "not_a_list",
    "tuple_type": "not_a_list",
    "dict_type": "not_an_object",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
}
OUTSIDE = ("query", "header", "cookie")
LIMITS = {
    "max_length": "most",
    "le": "most",
    "lt": "most",
    "decimal_places": "most",
    "max_digits": "most",
    "min_length": "least",
    "ge": "least",
    "gt": "least",
    "expected": "expected",
}


def gaps_of(failed: ValidationError) -> tuple[Gap, ...]:
    return gaps_in(failed.errors(include_url=False, include_input=False))


def gaps_in(errors: Iterable[Mapping[str, Any]]) -> tuple[Gap, ...]:
    """One gap per error, at most a hundred; `in` tells what lies outside the body."""
    gaps = []
    for error in list(errors)[:MOST_GAPS]:
        place, *rest = error["loc"] or ("",)
        outside = place in OUTSIDE
        where = rest if outside or place == "body" else error["loc"]
        facts = {
            LIMITS[name]: value if isinstance(value, int | str) else str(value)
            for name, value in (error.get("ctx") or {}).items()
            if name in LIMITS
        }
        if outside:
            facts["in"] = str(place)
        gaps.append(Gap(pointer=pointer_to(where), code=_code(error), facts=facts))
    return tuple(gaps)


def _code(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if kind == "value_error" and error["loc"][-1:] == ("value",):
        return "not_an_amount"
    return CODES.get(kind, "wrong_value")
