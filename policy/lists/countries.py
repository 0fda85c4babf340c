"""Countries as lists write them, in English words, told as codes where that is certain."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_WRITTEN_OTHERWISE = {
    "antigua and barbuda": "AG", "bolivia plurinational state of": "BO", "brunei darussalam": "BN",
    "burma": "MM", "myanmar": "MM", "cabo verde": "CV", "central african republic": "CF",
    "cote d ivoire": "CI", "ivory coast": "CI", "czechia": "CZ",
    "democratic people s republic of korea": "KP", "north korea": "KP", "dprk": "KP",
    "democratic republic of the congo": "CD", "drc": "CD", "congo": "CG",
    "republic of the congo": "CG", "eswatini": "SZ", "swaziland": "SZ", "great britain": "GB",
    "britain": "GB", "united kingdom": "GB", "lao people s democratic republic": "LA",
    "micronesia": "FM", "republic of korea": "KR", "south korea": "KR", "russian federation": "RU",
    "sao tome and principe": "ST", "saint lucia": "LC", "saint vincent and the grenadines": "VC",
    "saint kitts and nevis": "KN", "samoa": "WS", "syrian arab republic": "SY",
    "timor leste": "TL", "turkiye": "TR", "united republic of tanzania": "TZ", "viet nam": "VN",
}  # fmt: skip
"""What the tz database's table of ISO 3166-1 names in another way."""


def codes_of(text: str) -> tuple[str, ...]:
    """The countries named in *text*, the longest names first read; none where none is certain."""
    left, found = f" {_plain(text)} ", []
    for name, code in _names():
        if f" {name} " in left:
            left = left.replace(f" {name} ", "  ")
            found.append(code)
    return tuple(dict.fromkeys(found))


@cache
def _names() -> tuple[tuple[str, str], ...]:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    told = {_plain(name): code for code, name in rows if "(" not in name} | _WRITTEN_OTHERWISE
    return tuple(sorted(told.items(), key=lambda named: (-len(named[0]), named[0])))


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z]+", letters))
