"""What part of a proposal each place has: exact hundredths of a percent that make 100.00."""

from __future__ import annotations

from decimal import Decimal

from schemas.in_force import Regions
from schemas.proposal import Content, CountryShare, RegionShare
from schemas.values import Value

WHOLE = 100_00
"""One hundred percent, in hundredths of a percent."""


class Part(Value):
    """A country or region code and its part, in hundredths of a percent."""

    place: str
    hundredths: int

    @property
    def share(self) -> str:
        return in_percent(self.hundredths)


def in_percent(hundredths: int) -> str:
    """`8000` -> `"80.00"`."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def equal_parts(whole: int, count: int) -> tuple[int, ...]:
    """*whole* in *count* parts that differ by at most one; the first take what is left over."""
    part, left_over = divmod(whole, count)
    return tuple(part + (position < left_over) for position in range(count))


def listed(content: Content) -> tuple[Part, ...]:
    """The places as the proposal lists them, countries first.

    With `split: equal` the shares that were typed count for nothing; with `given` a share
    that is missing counts as zero (`completeness` refuses it).
    """
    places: tuple[CountryShare | RegionShare, ...] = (*content.countries, *content.regions)
    if content.split == "equal" and places:
        parts = equal_parts(WHOLE, len(places))
        return tuple(
            Part(place=place.code, hundredths=part)
            for place, part in zip(places, parts, strict=True)
        )
    return tuple(
        Part(place=place.code, hundredths=_hundredths(place.share or Decimal(0)))
        for place in places
    )


def by_country(content: Content, regions: Regions) -> tuple[Part, ...]:
    """The places with every region replaced by its countries, in equal parts.

    A region without countries (`global`) stays as it is. A country that is named beside its
    region has both parts. (api.md, Proposals: a region stands for its countries.)
    """
    sums: dict[str, int] = {}
    for part in listed(content):
        countries = regions.countries_of(part.place) or (part.place,)
        for place, hundredths in zip(
            countries, equal_parts(part.hundredths, len(countries)), strict=True
        ):
            sums[place] = sums.get(place, 0) + hundredths
    return tuple(Part(place=place, hundredths=hundredths) for place, hundredths in sums.items())


def _hundredths(share: Decimal) -> int:
    return int(share * 100)
