"""Asking a daemon on a real socket whether a file does harm."""

import io

import pytest

from commands.scanning import ClamdScanner
from schemas.errors import Unavailable
from tests.documents.clamd import EVIL, a_clamd


@pytest.mark.parametrize("local", [False, True], ids=["over TCP", "over a local socket"])
async def test_every_byte_is_looked_at_and_harm_is_named(tmp_path, local):
    harmless, harmful = b"x" * 700_000, b"y" * 300_000 + EVIL
    async with a_clamd(tmp_path / "clamd.sock" if local else None) as clamd:
        scanner = ClamdScanner(clamd.address)

        assert await scanner.answers()
        assert await scanner.scan(io.BytesIO(harmless)) is None
        assert await scanner.scan(io.BytesIO(harmful)) == "Invented.Harm"
        assert clamd.scanned == [harmless, harmful]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"INSTREAM size limit exceeded. ERROR\0", id="it looks at no more"),
        pytest.param(b"", id="it hangs up"),
        pytest.param(b"something else\0", id="it says what is not understood"),
    ],
)
async def test_a_file_that_was_not_looked_at_is_not_called_harmless(answer):
    async with a_clamd() as clamd:
        clamd.says = answer

        with pytest.raises(Unavailable, match="scanner_unavailable"):
            await ClamdScanner(clamd.address).scan(io.BytesIO(b"text"))


async def test_a_daemon_that_is_away_is_unavailable(tmp_path):
    async with a_clamd() as clamd:
        gone = clamd.address

    for address in (gone, str(tmp_path / "no.sock")):
        assert not await ClamdScanner(address).answers()
        with pytest.raises(Unavailable, match="scanner_unavailable"):
            await ClamdScanner(address).scan(io.BytesIO(b"text"))
