"""Small values are read from JSON as they are written, and in no other way."""

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.values import Day


def read(written):
    """As a request's body is read: JSON, without coercion."""
    return TypeAdapter(Day).validate_json(json.dumps(written), strict=True)


def test_a_day_is_read_from_strict_json():
    assert read("2027-04-01").isoformat() == "2027-04-01"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("2027-02-30", id="no such day"),
        pytest.param("2027-4-1", id="short"),
        pytest.param("20270401", id="without hyphens"),
        pytest.param("2027-04-01T00:00:00", id="an instant"),
        pytest.param("٢٠٢٧-04-01", id="other digits"),
        pytest.param(1806537600, id="seconds"),
    ],
)
def test_a_day_written_otherwise_is_refused(written):
    with pytest.raises(ValidationError, match="not a date written as YYYY-MM-DD"):
        read(written)
