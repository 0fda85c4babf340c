"""What `submit` refuses at the door: gaps and inconsistencies, one per problem.

Everything else becomes a check that a person judges (`eligibility`). Codes that are unknown
to every program are gaps here; another program's codes are checks there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from policy.rules.clocks import fiscal_years
from policy.rules.shares import WHOLE, in_percent
from schemas.errors import Gap
from schemas.people import Discipline
from schemas.proposal import Content, CountryShare, RegionShare, Stage
from schemas.values import Value

MOST_PLAUSIBLE_CENTS = 1_000_000_000_00
"""More than a thousand million dollars is a slip of the finger, whatever the program."""

_HUNDREDTH = Decimal("0.01")


class Known(Value):
    """The codes that exist in any program, and what the program at hand has to be told."""

    focus_areas: frozenset[str]
    regions: frozenset[str]
    countries: frozenset[str]
    stages: frozenset[Stage] = frozenset(Stage)
    """Without a desk there are no places and beneficiaries to name (annual contributions)."""
    findings: frozenset[Discipline] = frozenset(Discipline)
    """A question is asked only where a finding rests on its answer."""


def gaps(content: Content, known: Known) -> tuple[Gap, ...]:
    """Everything that keeps *content* from being submitted, in the order of the form."""
    return (
        *_missing(content, known),
        *_unknown_codes(content, known),
        *_shares(content),
        *_dates(content),
        *_money(content),
    )


def _missing(content: Content, known: Known) -> Iterator[Gap]:
    for field in _needed(known):
        if _is_empty(getattr(content, field)):
            yield Gap(pointer=f"/{field}", code="missing")
    if Stage.DESK in known.stages and not (content.countries or content.regions):
        yield Gap(pointer="/countries", code="place_missing")
    needed = ["code_of_conduct", "no_profit"]
    if Stage.AGREEMENT in known.stages:
        needed.append("no_costs_before_signature")
    for declaration in needed:
        if getattr(content.declarations, declaration) is None:
            yield Gap(pointer=f"/declarations/{declaration}", code="answer_missing")


def _needed(known: Known) -> Iterator[str]:
    yield from ("title", "summary", "assistance", "start_date", "end_date", "amount", "budget")
    if Stage.DESK in known.stages:
        yield "beneficiaries"
    if Discipline.ENVIRONMENT in known.findings:
        yield "physical_works"
    if Discipline.INFORMATION_SHARING in known.findings:
        yield "information_sharing"
    if Discipline.HUMAN_RIGHTS in known.findings:
        yield "human_rights_analysis"
    if Discipline.GENDER in known.findings:
        yield from ("gender_analysis", "gender_equality_code")
    yield "expected_results"


def _is_empty(value: object) -> bool:
    """No answer; `False` and `0` are answers."""
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def _unknown_codes(content: Content, known: Known) -> Iterator[Gap]:
    for pointer, code in _each("focus_areas", content.focus_areas):
        if code not in known.focus_areas:
            yield Gap(pointer=pointer, code="focus_area_unknown", facts={"value": code})
    for position, region in enumerate(content.regions):
        if region.code not in known.regions:
            yield Gap(
                pointer=f"/regions/{position}/code",
                code="region_unknown",
                facts={"value": region.code},
            )
    for pointer, country in _countries(content):
        if country is not None and country not in known.countries:
            yield Gap(pointer=pointer, code="country_unknown", facts={"value": country})


def _countries(content: Content) -> Iterator[tuple[str, str | None]]:
    for position, place in enumerate(content.countries):
        yield f"/countries/{position}/code", place.code
    for field in ("beneficiaries", "named_parties", "locations", "sub_partners"):
        for position, item in enumerate(getattr(content, field)):
            yield f"/{field}/{position}/country", item.country


def _each(field: str, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    for position, code in enumerate(codes):
        yield f"/{field}/{position}", code


def _shares(content: Content) -> Iterator[Gap]:
    """`countries` and `regions` together make 100.00, each named once (api.md, Proposals)."""
    seen: set[str] = set()
    for pointer, place in _places(content):
        if place.code in seen:
            yield Gap(pointer=f"{pointer}/code", code="place_twice", facts={"value": place.code})
        seen.add(place.code)

    if content.split == "equal" or not seen:
        return
    total = Decimal(0)
    every_share_given = True
    for pointer, place in _places(content):
        if place.share is None:
            every_share_given = False
            yield Gap(pointer=f"{pointer}/share", code="share_missing", facts={"place": place.code})
        elif place.share != place.share.quantize(_HUNDREDTH):
            yield Gap(
                pointer=f"{pointer}/share", code="share_too_fine", facts={"place": place.code}
            )
        elif place.share == 0:
            yield Gap(pointer=f"{pointer}/share", code="share_zero", facts={"place": place.code})
        total += place.share or 0
    if every_share_given and total * 100 != WHOLE:
        yield Gap(
            pointer="/countries" if content.countries else "/regions",
            code="shares_total",
            facts={"total": in_percent(int(total * 100))},
        )


def _places(content: Content) -> Iterator[tuple[str, CountryShare | RegionShare]]:
    for position, country in enumerate(content.countries):
        yield f"/countries/{position}", country
    for position, region in enumerate(content.regions):
        yield f"/regions/{position}", region


def _dates(content: Content) -> Iterator[Gap]:
    start, end = content.start_date, content.end_date
    if start is None or end is None:
        return
    if end < start:
        yield Gap(
            pointer="/end_date",
            code="end_before_start",
            facts={"start_date": start.isoformat(), "end_date": end.isoformat()},
        )
        return
    touched = frozenset(fiscal_years(start, end))
    for position, line in enumerate(content.budget):
        if line.fiscal_year not in touched:
            yield Gap(
                pointer=f"/budget/{position}/fiscal_year",
                code="fiscal_year_outside_dates",
                facts={
                    "fiscal_year": line.fiscal_year,
                    "start_date": start.isoformat(),
                    "end_date": end.isoformat(),
                },
            )


def _money(content: Content) -> Iterator[Gap]:
    for position, line in enumerate(content.budget):
        if line.category not in content.assistance:
            yield Gap(
                pointer=f"/budget/{position}/category",
                code="category_outside_assistance",
                facts={"category": line.category.value},
            )
    if content.amount is None:
        return
    if content.amount.cents == 0:
        yield Gap(pointer="/amount", code="amount_zero")
    elif content.amount.cents > MOST_PLAUSIBLE_CENTS:
        yield Gap(
            pointer="/amount",
            code="amount_implausible",
            facts={"amount": content.amount.value, "most": "1000000000.00"},
        )
    total = sum(line.amount.cents for line in content.budget)
    if content.budget and total != content.amount.cents:
        yield Gap(
            pointer="/budget",
            code="budget_total",
            facts={
                "total": f"{total // 100}.{total % 100:02d}",
                "amount": content.amount.value,
            },
        )
