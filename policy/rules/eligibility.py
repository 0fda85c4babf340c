"""The automatic eligibility checks: each passes, fails, or needs a person's judgement.

A fail refuses nothing: it goes to the programme officer, who gives a reason for each
(product.md, section 3, Eligibility). A check says what it found as a code with facts, and
names the rule it rests on; which checks apply is told by the program's terms.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from pydantic import Field

from policy.rules.clocks import fiscal_year, fiscal_years
from schemas.in_force import GLOBAL, Regions
from schemas.proposal import Check, CheckResult, Content, PartnerKind
from schemas.terms import Terms
from schemas.values import Money, Value

_PASS, _FAIL, _JUDGE = CheckResult.PASS, CheckResult.FAIL, CheckResult.NEEDS_JUDGEMENT
_MONTHS_A_YEAR = 12


class Case(Value):
    """What a check looks at."""

    content: Content
    partner_kind: PartnerKind
    organization_name: str
    terms: Terms
    regions: Regions
    today: date


class Found(Value):
    """What a check found; `rule` is the part of the program file, or the Act, it rests on."""

    result: CheckResult
    detail: str
    rule: str
    facts: dict[str, str] = Field(default_factory=dict)


def run_checks(
    content: Content,
    partner_kind: PartnerKind,
    organization_name: str,
    terms: Terms,
    regions: Regions,
    today: date,
) -> tuple[Check, ...]:
    """The checks that the terms name, in their order. *today* is a Toronto date."""
    case = Case(
        content=content,
        partner_kind=partner_kind,
        organization_name=organization_name,
        terms=terms,
        regions=regions,
        today=today,
    )
    return tuple(_check(code, CHECKS[code](case), terms) for code in terms.checks)


def worst(checks: Iterable[Check]) -> CheckResult:
    """What the checks come to together: a fail, else a judgement, else a pass."""
    results = {check.result for check in checks}
    return next((result for result in (_FAIL, _JUDGE) if result in results), _PASS)


def _check(code: str, found: Found, terms: Terms) -> Check:
    return Check(
        code=code,
        result=found.result,
        detail=found.detail,
        source=f"{terms.version}: {found.rule}",
        facts=found.facts,
    )


def _programme_fit(case: Case) -> Found:
    own = [code for code in case.content.focus_areas if code in _focus_areas(case.terms)]
    if own:
        return Found(
            result=_PASS,
            detail="programme_fits",
            rule="mandate",
            facts={"programme": case.terms.code, "focus_areas": _listed(own)},
        )
    if not case.content.focus_areas:
        return Found(
            result=_JUDGE,
            detail="programme_fit_unclear",
            rule="mandate",
            facts={"programme": case.terms.code},
        )
    return Found(
        result=_FAIL,
        detail="programme_does_not_fit",
        rule="mandate",
        facts={"programme": case.terms.code},
    )


def _envelope_fit(case: Case) -> Found:
    """The smuggling envelope: only maritime migrant smuggling bound for Canada (seed page)."""
    smuggling = case.content.smuggling
    if smuggling is None:
        return Found(result=_JUDGE, detail="smuggling_not_described", rule="mandate")
    if smuggling.route != "maritime":
        return Found(
            result=_FAIL,
            detail="route_not_maritime",
            rule="mandate",
            facts={"route": smuggling.route},
        )
    if not smuggling.bound_for_canada:
        return Found(result=_FAIL, detail="not_bound_for_canada", rule="mandate")
    if not smuggling.roles:
        return Found(result=_JUDGE, detail="neither_origin_nor_transit", rule="mandate")
    return Found(
        result=_PASS,
        detail="envelope_fits",
        rule="mandate",
        facts={"roles": _listed(smuggling.roles)},
    )


def _named_organization(case: Case) -> Found:
    """Annual contributions go only to organizations that policy names."""
    fits = is_named(case.organization_name, case.terms.organizations)
    return Found(
        result=_PASS if fits else _FAIL,
        detail="organization_named" if fits else "organization_not_named",
        rule="organizations",
        facts={
            "organization": case.organization_name,
            "organizations": _listed(case.terms.organizations),
        },
    )


def is_named(organization: str, admitted: Iterable[str]) -> bool:
    """Whether *organization*, under any of its spellings, is one of those that policy names."""
    return bool({_plain(name) for name in admitted} & _spellings(organization))


def _partner_kind(case: Case) -> Found:
    fits = case.partner_kind in case.terms.partner_kinds
    return Found(
        result=_PASS if fits else _FAIL,
        detail="partner_kind_eligible" if fits else "partner_kind_not_eligible",
        rule="partner_kinds",
        facts={"partner_kind": case.partner_kind},
    )


def _places(case: Case) -> Found:
    """Outside the focus is a judgement where the program is flexible, else a failure."""
    outside = _places_outside(case)
    if not outside:
        return Found(result=_PASS, detail="places_in_focus", rule="regions, countries")
    return Found(
        result=_JUDGE if case.terms.flexible else _FAIL,
        detail="places_outside_focus" if case.terms.flexible else "places_not_eligible",
        rule="regions, countries",
        facts={"places": _listed(outside)},
    )


def _places_outside(case: Case) -> tuple[str, ...]:
    terms, regions = case.terms, case.regions
    if GLOBAL in terms.regions:
        return ()
    focus = {
        *terms.countries,
        *(country for region in terms.regions for country in regions.countries_of(region)),
    }
    countries = tuple(place.code for place in case.content.countries if place.code not in focus)
    wider = tuple(
        place.code
        for place in case.content.regions
        if place.code not in terms.regions
        and not _lies_within(regions.countries_of(place.code), focus)
    )
    return (*countries, *wider)


def _lies_within(countries: tuple[str, ...], focus: set[str]) -> bool:
    return bool(countries) and focus.issuperset(countries)


def _focus_area(case: Case) -> Found:
    asked = case.content.focus_areas
    if not asked:
        return Found(result=_FAIL, detail="focus_area_missing", rule="focus_areas")
    other = [code for code in asked if code not in _focus_areas(case.terms)]
    if other:
        return Found(
            result=_FAIL,
            detail="focus_area_of_another_programme",
            rule="focus_areas",
            facts={"focus_areas": _listed(other), "programme": case.terms.code},
        )
    return Found(
        result=_PASS,
        detail="focus_area_fits",
        rule="focus_areas",
        facts={"focus_areas": _listed(asked)},
    )


def _assistance(case: Case) -> Found:
    other = [form for form in case.content.assistance if form not in case.terms.assistance]
    if other:
        return Found(
            result=_FAIL,
            detail="assistance_not_eligible",
            rule="assistance",
            facts={"assistance": _listed(other)},
        )
    return Found(
        result=_PASS,
        detail="assistance_eligible",
        rule="assistance",
        facts={"assistance": _listed(case.content.assistance)},
    )


def _amount(case: Case) -> Found:
    limits, amount = case.terms.limits, case.content.amount
    if amount is None:
        return Found(result=_JUDGE, detail="amount_not_stated", rule="limits")
    if limits.least is not None and amount.cents < limits.least.cents:
        return Found(
            result=_FAIL,
            detail="amount_below_least",
            rule="limits.least",
            facts={"amount": amount.value, "least": Money.of_cents(limits.least.cents).value},
        )
    if limits.most is not None and amount.cents > limits.most.cents:
        return Found(
            result=_FAIL,
            detail="amount_above_most",
            rule="limits.most",
            facts={"amount": amount.value, "most": Money.of_cents(limits.most.cents).value},
        )
    return Found(
        result=_PASS,
        detail="amount_within_limits",
        rule="limits",
        facts={"amount": amount.value},
    )


def _dates(case: Case) -> Found:
    start, end = case.content.start_date, case.content.end_date
    most = case.terms.most_months
    if start is None or end is None:
        return Found(result=_JUDGE, detail="dates_not_stated", rule="most_months")
    if end < case.today:
        return Found(
            result=_FAIL,
            detail="dates_in_the_past",
            rule="clocks",
            facts={"end_date": end.isoformat()},
        )
    if most is not None and end >= _months_after(start, most):
        return Found(
            result=_FAIL,
            detail="dates_too_long",
            rule="most_months",
            facts={"most_months": str(most)},
        )
    if start < case.today:
        return Found(
            result=_JUDGE,
            detail="starts_before_today",
            rule="clocks",
            facts={"start_date": start.isoformat()},
        )
    return Found(
        result=_PASS,
        detail="dates_fit",
        rule="most_months",
        facts={"start_date": start.isoformat(), "end_date": end.isoformat()},
    )


def _costs_before_signature(case: Case) -> Found:
    """Costs before the agreement is signed are not eligible (GAC, How to apply for funding)."""
    return _declared(
        case.content.declarations.no_costs_before_signature,
        ("no_costs_before_signature", "costs_before_signature", "costs_not_declared"),
        "GAC, How to apply for funding through a call: costs before signature",
    )


def _profit(case: Case) -> Found:
    """A contribution cannot provide a profit to its recipient (GAC, funding processes)."""
    return _declared(
        case.content.declarations.no_profit,
        ("no_profit", "profit", "profit_not_declared"),
        "GAC, Funding processes: no profit to the recipient",
    )


def _conduct(case: Case) -> Found:
    """A code of conduct against sexual exploitation and abuse, and no undeclared interest."""
    declarations = case.content.declarations
    rule = "GAC, General Terms: code of conduct; conflict of interest"
    if declarations.code_of_conduct and (declarations.conflict_of_interest or "").strip():
        return Found(result=_JUDGE, detail="conflict_of_interest_declared", rule=rule)
    return _declared(
        declarations.code_of_conduct,
        ("code_of_conduct", "no_code_of_conduct", "conduct_not_declared"),
        rule,
    )


def _declared(answer: bool | None, details: tuple[str, str, str], rule: str) -> Found:  # noqa: FBT001
    """Yes passes, no fails, silence is for a person."""
    passes, fails, unclear = details
    if answer is None:
        return Found(result=_JUDGE, detail=unclear, rule=rule)
    return Found(result=_PASS if answer else _FAIL, detail=passes if answer else fails, rule=rule)


def _budget_by_fiscal_year(case: Case) -> Found:
    """Money is committed per fiscal year (Financial Administration Act, sections 32 and 40)."""
    content, rule = case.content, "Financial Administration Act, s. 32 and 40"
    if content.start_date is None or content.end_date is None or not content.budget:
        return Found(result=_JUDGE, detail="budget_not_stated", rule=rule)
    budgeted = {line.fiscal_year for line in content.budget if line.amount.cents}
    this_year = fiscal_year(case.today)
    past = sorted(year for year in budgeted if year < this_year)
    if past:
        return Found(
            result=_FAIL,
            detail="budget_in_a_past_year",
            rule=rule,
            facts={"fiscal_years": _listed(past)},
        )
    empty = [
        year for year in fiscal_years(content.start_date, content.end_date) if year not in budgeted
    ]
    if empty:
        return Found(
            result=_JUDGE,
            detail="year_without_budget",
            rule=rule,
            facts={"fiscal_years": _listed(empty)},
        )
    return Found(
        result=_PASS,
        detail="budget_covers_every_year",
        rule=rule,
        facts={"fiscal_years": _listed(sorted(budgeted))},
    )


def _instrument(case: Case) -> Found:
    """A federal department is funded by memorandum, everybody else by transfer payment."""
    federal = case.partner_kind is PartnerKind.CANADIAN_FEDERAL
    usable = [
        instrument
        for instrument in case.terms.instruments
        if (instrument == "memorandum") is federal
    ]
    if not usable:
        return Found(
            result=_FAIL,
            detail="no_instrument_for_partner",
            rule="instruments",
            facts={"partner_kind": case.partner_kind},
        )
    return Found(
        result=_PASS,
        detail="instrument_available",
        rule="instruments",
        facts={"instruments": _listed(usable)},
    )


def _other_funding(case: Case) -> Found:
    """Stacking: other money is looked at by a person, whatever its share."""
    others = case.content.other_funding
    if not others:
        return Found(result=_PASS, detail="no_other_funding", rule="stacking_percent")
    total = sum(other.amount.cents for other in others)
    facts = {
        "total": Money.of_cents(total).value,
        "sources": _listed(other.source for other in others),
    }
    limit, amount = case.terms.stacking_percent, case.content.amount
    if limit is None or amount is None:
        return Found(
            result=_JUDGE, detail="other_funding_to_weigh", rule="stacking_percent", facts=facts
        )
    over = amount.cents * 100 > limit * (amount.cents + total)
    return Found(
        result=_JUDGE,
        detail="stacking_above_limit" if over else "stacking_within_limit",
        rule="stacking_percent",
        facts={**facts, "stacking_percent": str(limit)},
    )


CHECKS: dict[str, Callable[[Case], Found]] = {
    "programme_fit": _programme_fit,
    "envelope_fit": _envelope_fit,
    "named_organization": _named_organization,
    "partner_kind": _partner_kind,
    "places": _places,
    "focus_area": _focus_area,
    "assistance": _assistance,
    "amount": _amount,
    "dates": _dates,
    "costs_before_signature": _costs_before_signature,
    "profit": _profit,
    "conduct": _conduct,
    "budget_by_fiscal_year": _budget_by_fiscal_year,
    "instrument": _instrument,
    "other_funding": _other_funding,
}
"""Every check that a program's terms may name."""


def _focus_areas(terms: Terms) -> frozenset[str]:
    return frozenset(area.code for area in terms.focus_areas)


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)


def _months_after(day: date, months: int) -> date:
    """The first day that is *months* whole months after *day* (the 31st counts as the 1st)."""
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    try:
        return date(day.year + years, month + 1, day.day)
    except ValueError:
        years, month = divmod(day.month + months, _MONTHS_A_YEAR)
        return date(day.year + years, month + 1, 1)


def _plain(name: str) -> str:
    """A name without case, accents and double spaces, for comparison with policy's list."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def _spellings(name: str) -> frozenset[str]:
    """A name, and its two halves where it is written `Full Name (ABBREVIATION)`."""
    full, _, abbreviation = name.partition("(")
    spellings = {name, full, abbreviation.removesuffix(")")}
    return frozenset(plain for plain in map(_plain, spellings) if plain)
