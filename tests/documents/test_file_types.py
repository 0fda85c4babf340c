"""What a file is, told by its bytes."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.inspecting import file_type
from policy.rules.file_names import clean, extension, named
from schemas.documents import MEDIA_TYPES, FileType
from schemas.errors import WrongMediaType
from tests.documents.files import ACTIVE_PDF, PDF, REFUSED, TAKEN, archive


@pytest.mark.parametrize("name", TAKEN)
def test_a_type_that_is_taken_is_recognized(name):
    data, media_type = TAKEN[name]

    found = file_type(io.BytesIO(data), extension(name))

    assert MEDIA_TYPES[found] == media_type
    assert named(clean(name), found) is not None


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_none_of_them_is_refused_whatever_its_name(name):
    data, code = REFUSED[name]

    if code == "document_name_differs":
        assert named(clean(name), file_type(io.BytesIO(data), extension(name))) is None
        return
    with pytest.raises(WrongMediaType) as refused:
        file_type(io.BytesIO(data), extension(name))
    assert refused.value.code == code


def test_what_acts_in_a_pdf_is_found_across_the_parts_it_is_read_in():
    padding = b"%" + b"x" * (1024 * 1024 - len(PDF) - 6) + b"\n"

    with pytest.raises(WrongMediaType):
        file_type(io.BytesIO(PDF + padding + b"/JavaScript"), "pdf")
    with pytest.raises(WrongMediaType):
        file_type(io.BytesIO(ACTIVE_PDF), "pdf")


def test_wide_text_that_cannot_be_read_is_refused():
    with pytest.raises(WrongMediaType):
        file_type(io.BytesIO(b"\xff\xfe" + b"\x00\xdc" * 4), "txt")


@settings(deadline=None)
@given(
    name=st.sampled_from(sorted(TAKEN)),
    cut=st.integers(0, 2000),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
)
def test_whatever_is_sent_is_told_or_refused(name, cut, changes):
    data = bytearray(TAKEN[name][0])
    for place, value in changes:
        data[place % len(data)] = value

    for sent in (bytes(data), bytes(data[: cut % len(data)])):
        try:
            found = file_type(io.BytesIO(sent), extension(name))
        except WrongMediaType:
            continue
        assert found in FileType


@settings(deadline=None)
@given(name=st.text(max_size=400))
def test_a_cleaned_name_is_a_name_and_stays_what_it_is(name):
    kept = clean(name)

    assert kept
    assert not set(kept) & set('/\\<>:"|?*\r\n\t\x00\u202e\u200f')
    assert not kept.startswith(".")
    assert clean(kept) == kept


def test_parts_with_one_name_are_ambiguous():
    types = '<Override ContentType="{}.main+xml"/>'
    with pytest.warns(UserWarning, match="Duplicate name"):
        sent = archive(
            ("[Content_Types].xml", types.format("wordprocessingml.document")),
            ("[Content_Types].xml", types.format("macroEnabled")),
        )

    with pytest.raises(WrongMediaType):
        file_type(io.BytesIO(sent), "docx")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param("plan.pdf", "plan.pdf", id="a plain name"),
        pytest.param("Évaluation n° 2.PDF", "Évaluation n° 2.PDF", id="letters of any language"),
        pytest.param("../../etc/passwd", "passwd", id="folders above"),
        pytest.param("C:\\Users\\me\\plan.pdf", "plan.pdf", id="folders of Windows"),
        pytest.param("plan\u202efdp.exe", "planfdp.exe", id="text that is turned around"),
        pytest.param("a\r\nSet-Cookie: b.pdf", "aSet-Cookie_ b.pdf", id="lines of a header"),
        pytest.param("a\tb\u00a0c.pdf", "a b c.pdf", id="all kinds of spaces"),
        pytest.param(" ... ", "document", id="nothing but dots"),
        pytest.param(".htaccess", "htaccess", id="a hidden file"),
        pytest.param('a"<b>|?*.pdf', "a__b____.pdf", id="what file systems do not allow"),
        pytest.param("x" * 300 + ".pdf", "x" * 120 + ".pdf", id="a long name keeps its ending"),
    ],
)
def test_names_are_cleaned(sent, kept):
    assert clean(sent) == kept


def test_a_name_without_an_ending_gets_that_of_its_type():
    assert named(clean("plan"), FileType.PDF) == "plan.pdf"
    assert named(clean("photo"), FileType.JPEG) == "photo.jpg"
