"""What a section adds up to while it is written: the budget by year, the shares."""

from dataclasses import dataclass
from decimal import Decimal

from pages.languages import translations
from policy import wording
from schemas.proposal import Content, Section
from schemas.values import Money

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Totals:
    """Lines with their sums; `text` says whether they come to what they must."""

    caption: str
    lines: tuple[tuple[str, str], ...]
    total: str
    text: str
    is_right: bool


def totals(content: Content, section: Section, language: str) -> Totals | None:
    if section is Section.BUDGET and content.budget:
        return _budget(content, language)
    if section is Section.COUNTRIES and content.split == "given":
        return _shares(content, language)
    return None


def _budget(content: Content, language: str) -> Totals:
    _ = translations(language).gettext
    years: dict[str, int] = {}
    for line in content.budget:
        years[line.fiscal_year] = years.get(line.fiscal_year, 0) + line.amount.cents
    total, wanted = sum(years.values()), content.amount.cents if content.amount else None
    lines = tuple((year, _cents(cents, language)) for year, cents in sorted(years.items()))
    if wanted is None:
        text = _("Enter the amount that you ask for; the budget has to come to it.")
    elif total == wanted:
        text = _("The budget comes to the amount that you ask for.")
    elif total < wanted:
        text = _("%(amount)s of the amount are not in the budget yet.")
    else:
        text = _("The budget is %(amount)s above the amount that you ask for.")
    differs = _cents(abs(total - (wanted or 0)), language)
    return Totals(
        _("Budget by fiscal year"),
        lines,
        _cents(total, language),
        text % {"amount": differs},
        total == wanted,
    )


def _shares(content: Content, language: str) -> Totals | None:
    _ = translations(language).gettext
    shares = [
        *(country.share or Decimal(0) for country in content.countries),
        *(region.share or Decimal(0) for region in content.regions),
    ]
    if not shares:
        return None
    total = sum(shares, Decimal(0))
    if total == WHOLE:
        text = _("The shares come to 100 percent.")
    else:
        left = wording.number(WHOLE - total, language)
        text = _("The shares have to come to 100 percent; %(left)s are left.") % {"left": left}
    shown = wording.number(total, language)
    return Totals(_("Shares"), (), shown, text, total == WHOLE)


def _cents(cents: int, language: str) -> str:
    return wording.money(Money.of_cents(cents).value, language)
