"""The sections of a proposal as forms: schemas like those of tasks, with labels and hints.

They ask for what `schemas.proposal.Content` holds, section by section (api.md, Tasks), and name
the choices that the program's terms and what is in force today give.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from commands.office import Office
from pages.languages import translations
from pages.names import name_of
from policy import content_labels, labels, wording
from policy.rules.clocks import fiscal_years, toronto_day
from schemas.people import Discipline
from schemas.proposal import SECTION_FIELDS, Content, Section, Stage
from schemas.terms import Terms

Schema = dict[str, Any]
WRITTEN = tuple(section for section in Section if section is not Section.DOCUMENTS)
"""The sections that are written; documents are attached."""
YEARS_AHEAD = 6
_OF_DESKS = (Section.COUNTRIES, Section.BENEFICIARIES, Section.EQUIPMENT)
_OF_FINDINGS = {
    Section.WORKS: Discipline.ENVIRONMENT,
    Section.INFORMATION_SHARING: Discipline.INFORMATION_SHARING,
    Section.GENDER: Discipline.GENDER,
}


def asked_under(terms: Terms) -> tuple[Section, ...]:
    """The sections that *terms* have a use for: an annual contribution names no places, and nobody
    judges its equipment or works (api.md, Content)."""
    findings = {finding.code for finding in terms.rules.findings}
    unused = {section for section, code in _OF_FINDINGS.items() if code not in findings}
    if Stage.DESK not in terms.rules.stages:
        unused.update(_OF_DESKS)
    return tuple(section for section in Section if section not in unused)


class Forms:
    """The forms of one program's proposal in one language."""

    def __init__(self, office: Office, terms: Terms, language: str, content: Content) -> None:
        self._office = office
        self._terms = terms
        self._content = content
        self.language = language
        self._ = translations(language).gettext

    def of(self, section: Section) -> Schema:
        """The schema of one section; what a submission needs is marked as required."""
        properties, needed = _SECTIONS[section](self)
        return {
            "type": "object",
            "title": name_of("section", section.value, self.language),
            "properties": {
                name: properties[name] for name in SECTION_FIELDS[section] if name in properties
            },
            "required": needed,
        }

    @property
    def _is_contribution(self) -> bool:
        """Whether it goes to an organization that policy names, without an agreement of its own."""
        return Stage.AGREEMENT not in self._terms.rules.stages

    # ---- pieces

    def line(self, title: str, hint: str = "") -> Schema:
        return {"type": "string", "title": title, "x-hint": hint}

    def words(self, title: str, hint: str = "", lines: int = 8) -> Schema:
        return {"type": "string", "title": title, "x-hint": hint, "x-lines": lines}

    def day(self, title: str) -> Schema:
        return {"type": "string", "format": "date", "title": title}

    def yes_no(self, title: str, hint: str = "") -> Schema:
        return {"type": "boolean", "title": title, "x-hint": hint}

    def money(self, title: str, hint: str = "") -> Schema:
        properties = {"currency": {"const": "CAD"}, "value": {"type": "string"}}
        return {"type": "object", "title": title, "x-hint": hint, "properties": properties}

    def choice(self, title: str, options: Iterable[tuple[Any, str]], hint: str = "") -> Schema:
        shown = [{"const": code, "title": name} for code, name in options]
        return {"title": title, "oneOf": shown, "x-hint": hint}

    def choices(self, title: str, options: Iterable[tuple[str, str]], hint: str = "") -> Schema:
        return {"type": "array", "title": title, "items": self.choice("", options), "x-hint": hint}

    def rows(
        self, title: str, properties: Mapping[str, Schema], needed: Iterable[str], hint: str = ""
    ) -> Schema:
        item = {"type": "object", "properties": dict(properties), "required": list(needed)}
        return {"type": "array", "title": title, "items": item, "x-hint": hint}

    def named(self, group: str, codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
        known = codes if codes is not None else content_labels.options(group)
        return [(str(code), name_of(group, str(code), self.language)) for code in known]

    def country(self, title: str) -> Schema:
        known = self._office.catalogue.known_countries
        names = wording.country_names(self.language)
        return self.choice(title, [(c, n) for c, n in names.items() if c in known])

    # ---- sections

    def summary(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        return {
            "title": self.line(_("Title"), _("What the project is about, in one line.")),
            "summary": self.words(
                _("Summary"), _("What you want to do, where, with whom and why now.")
            ),
            "language": self.choice(
                _("Language of this proposal"), [("en", _("English")), ("fr", _("French"))]
            ),
            "canadian_interest": self.words(
                _("Why this matters for Canada"),
                _("How the project reduces a threat to the security of Canada or Canadians."), 5,
            ),
        }, ["title", "summary", "language"]  # fmt: skip

    def focus(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        areas = [(a.code, a.name.in_language(self.language)) for a in self._terms.focus_areas]
        properties = {
            "focus_areas": self.choices(_("Focus areas"), areas, _("Choose what applies.")),
            "assistance": self.choices(
                _("Forms of assistance"), self.named("assistance", self._terms.assistance),
                _("Each line of the budget is one of these."),
            ),
        }  # fmt: skip
        if "envelope_fit" in self._terms.checks or self._content.smuggling is not None:
            properties["smuggling"] = self._smuggling()
        return properties, ["assistance"] if self._is_contribution else [
            "focus_areas",
            "assistance",
        ]

    def _smuggling(self) -> Schema:
        _ = self._
        return {
            "type": "object",
            "title": _("Migrant smuggling"),
            "properties": {
                "route": self.choice(
                    _("Route"),
                    [("maritime", _("By sea")), ("land", _("By land")), ("air", _("By air"))],
                ),
                "bound_for_canada": self.yes_no(_("Is it bound for Canada?")),
                "roles": self.choices(
                    _("What the countries are"),
                    [("origin", _("Countries of origin")), ("transit", _("Countries of transit"))],
                ),
            },
            "required": ["route", "bound_for_canada"],
        }

    def countries(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        share = {"type": "number", "title": _("Share in percent")}
        regions = self._office.catalogue.in_force(self._office.today()).regions.regions
        names = [(region.code, region.name.in_language(self.language)) for region in regions]
        return {
            "countries": self.rows(
                _("Countries"), {"code": self.country(_("Country")), "share": share}, ["code"],
                _("With each country's share of the work. All shares together make 100."),
            ),
            "regions": self.rows(
                _("Regions"), {"code": self.choice(_("Region"), names), "share": share}, ["code"],
                _("Where the work is for a whole region and not for single countries."),
            ),
            "split": self.choice(
                _("Shares"),
                [("given", _("As I have entered them")), ("equal", _("In equal parts"))],
            ),
            "locations": self.rows(
                _("Places"),
                {"name": self.line(_("Name")), "country": self.country(_("Country"))},
                ["name", "country"],
                _("Towns, ports, border crossings or sites, if you know them."),
            ),
        }, ["countries", "split"]  # fmt: skip

    def dates(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        return {
            "start_date": self.day(_("First day of the work")),
            "end_date": self.day(_("Last day of the work")),
        }, ["start_date", "end_date"]

    def budget(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        amount = _("Amount in Canadian dollars")
        categories = self._content.assistance or self._terms.assistance
        line = {
            "fiscal_year": self.choice(
                _("Fiscal year"), [(year, year) for year in self._fiscal_years()]
            ),
            "category": self.choice(_("For"), self.named("assistance", categories)),
            "amount": self.money(amount),
        }
        other = {"source": self.line(_("Who gives it")), "amount": self.money(amount)}
        return {
            "amount": self.money(_("Amount that you ask for, in Canadian dollars")),
            "budget": self.rows(
                _("Budget"), line, ["fiscal_year", "category", "amount"],
                _("A line for each fiscal year (April to March) and form of assistance."),
            ),
            "other_funding": self.rows(_("Other funding"), other, ["source", "amount"]),
        }, ["amount", "budget"]  # fmt: skip

    def _fiscal_years(self) -> list[str]:
        content = self._content
        if content.start_date and content.end_date and content.start_date <= content.end_date:
            years = list(fiscal_years(content.start_date, content.end_date))
        else:
            first = toronto_day(self._office.now())
            years = list(fiscal_years(first, first.replace(day=1, year=first.year + YEARS_AHEAD)))
        return sorted({*years, *(line.fiscal_year for line in content.budget)})

    def beneficiaries(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        line = {
            "name": self.line(_("Name")),
            "kind": self.choice(_("Kind"), self.named("beneficiary_kind")),
            "country": self.country(_("Country")),
            "parent": self.line(_("Part of"), _("Of a security unit: what it belongs to.")),
            "location": self.line(_("Place"), _("Of a security unit.")),
            "commander": self.line(_("Commander"), _("Of a security unit.")),
        }
        return {
            "beneficiaries": self.rows(
                _("Beneficiaries"), line, ["name", "kind"],
                _("Who receives the training, the equipment or the advice."),
            )
        }, ["beneficiaries"]  # fmt: skip

    def parties(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        party = {
            "name": self.line(_("Name")),
            "kind": self.choice(_("Kind"), self.named("party_kind")),
            "relation": self.choice(_("Relation"), self.named("relation")),
            "birth_date": self.day(_("Date of birth")),
            "country": self.country(_("Country")),
            "share_percent": {"type": "number", "title": _("Share owned in percent")},
        }
        sub = {
            "name": self.line(_("Name")),
            "country": self.country(_("Country")),
            "role": self.line(_("What it does")),
        }
        return {
            "named_parties": self.rows(
                _("People and organizations"), party, ["name", "kind", "relation"],
                _("Directors, owners, trainers and others with a part in the project."),
            ),
            "sub_partners": self.rows(_("Sub-partners"), sub, ["name"]),
        }, []  # fmt: skip

    def equipment(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        line = {
            "description": self.line(_("Description")),
            "quantity": {"type": "integer", "title": _("Quantity")},
            "value": self.money(_("Value in Canadian dollars")),
            "controlled": self.yes_no(_("Is its export controlled?")),
        }
        needed = ["description", "quantity", "value"]
        return {"equipment": self.rows(_("Equipment"), line, needed)}, []

    def works(self) -> tuple[dict[str, Schema], list[str]]:
        return {
            "physical_works": self.yes_no(
                self._("Does the project build, renovate or demolish anything?")
            )
        }, ["physical_works"]

    def information_sharing(self) -> tuple[dict[str, Schema], list[str]]:
        return {
            "information_sharing": self.yes_no(
                self._("Is information about people exchanged between authorities?")
            )
        }, ["information_sharing"]

    def human_rights(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        risk = {
            "description": self.words(_("Risk"), lines=3),
            "mitigation": self.words(_("What you do about it"), lines=3),
        }
        return {
            "human_rights_analysis": self.words(
                _("Human rights analysis"),
                _("What could go wrong for people's rights, and how you would know."),
            ),
            "risks": self.rows(_("Risks"), risk, ["description"]),
        }, ["human_rights_analysis"]

    def gender(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        codes = [
            (int(code), name.in_language(self.language))
            for code, name in labels.options("gender_code").items()
        ]
        return {
            "gender_analysis": self.words(
                _("Gender analysis"),
                _("What the project means for women, men and gender-diverse people."),
            ),
            "gender_equality_code": self.choice(_("Gender equality code that you propose"), codes),
        }, ["gender_analysis", "gender_equality_code"]

    def results(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        levels = [
            ("ultimate", _("Ultimate")), ("intermediate", _("Intermediate")),
            ("immediate", _("Immediate")), ("output", _("Output")),
        ]  # fmt: skip
        result = {
            "level": self.choice(_("Level"), levels),
            "statement": self.words(_("Result"), lines=3),
            "indicators": {
                "type": "array", "items": {"type": "string"}, "title": _("Indicators"),
                "x-hint": _("One on each line."),
            },
        }  # fmt: skip
        return {
            "expected_results": self.words(
                _("Expected results"), _("What is different at the end, and for whom.")
            ),
            "results": self.rows(_("Results one by one"), result, ["level", "statement"]),
        }, ["expected_results"]

    def declarations(self) -> tuple[dict[str, Schema], list[str]]:
        _ = self._
        needed = ["code_of_conduct", "no_profit"]
        if not self._is_contribution:
            needed.append("no_costs_before_signature")
        return {
            "declarations": {
                "type": "object",
                "title": _("Declarations"),
                "properties": {
                    "code_of_conduct": self.yes_no(
                        _("We have a code of conduct against sexual exploitation and abuse")
                    ),
                    "no_profit": self.yes_no(_("We make no profit from the funding")),
                    "no_costs_before_signature": self.yes_no(
                        _("We ask for no costs from before the signature")
                    ),
                    "conflict_of_interest": self.words(
                        _("Interests that could conflict, if there are any"), lines=3
                    ),
                },
                "required": needed,
            }
        }, ["declarations"]


_SECTIONS: dict[Section, Callable[[Forms], tuple[dict[str, Schema], list[str]]]] = {
    Section.SUMMARY: Forms.summary,
    Section.FOCUS: Forms.focus,
    Section.COUNTRIES: Forms.countries,
    Section.DATES: Forms.dates,
    Section.BUDGET: Forms.budget,
    Section.BENEFICIARIES: Forms.beneficiaries,
    Section.PARTIES: Forms.parties,
    Section.EQUIPMENT: Forms.equipment,
    Section.WORKS: Forms.works,
    Section.INFORMATION_SHARING: Forms.information_sharing,
    Section.HUMAN_RIGHTS: Forms.human_rights,
    Section.GENDER: Forms.gender,
    Section.RESULTS: Forms.results,
    Section.DECLARATIONS: Forms.declarations,
}


def section_of(pointer: str) -> Section | None:
    """The section in which a gap of the content is mended."""
    first = pointer.strip("/").split("/")[0]
    return next((s for s, fields in SECTION_FIELDS.items() if first in fields), None)
