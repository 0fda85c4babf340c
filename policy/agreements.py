"""The funding agreement as a document: data frozen at approval, and its sections in words.

The data is a text beside the chain; its digest stands in the events, so that what both sides
sign can be shown for good. It names its edition: what an older edition said, it says for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy import labels, wording
from policy.general_terms import headings
from schemas.values import Bilingual

TEMPLATE = "agreement/1"
EDITION = 2
"""Of the words and the data; frozen with them. Data without an edition are of the first."""


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr.replace(" :", "\u00a0:").replace(" $", "\u00a0$"))


DEPARTMENT = _t(
    "The Department of Foreign Affairs, Trade and Development",
    "Le ministère des Affaires étrangères, du Commerce et du Développement",
)
"""Who speaks in letters and agreements, by its name in law."""

_INSTRUMENTS = {
    "grant": _t("Grant agreement", "Entente de subvention"),
    "contribution": _t("Contribution agreement", "Entente de contribution"),
    "memorandum": _t("Memorandum of understanding", "Protocole d'entente"),
}
_HEADINGS = {
    "parties": _t("1. The parties", "1. Les parties"),
    "purpose": _t("2. The project", "2. Le projet"),
    "funding": _t("3. Maximum funding, by fiscal year", "3. Financement maximal, par exercice"),
    "conditions": _t("4. Conditions", "4. Conditions"),
    "costs": _t("5. Costs and payments", "5. Coûts et paiements"),
    "terms": _t("6. General terms", "6. Conditions générales"),
    "signatures": _t("7. Signatures", "7. Signatures"),
}
_NO_CONDITIONS = _t("There are no special conditions.", "Il n'y a aucune condition particulière.")
_COSTS = _t(
    "No cost before the date of the last signature is eligible. The funding may yield no profit. "
    "Every payment is subject to an appropriation by Parliament for its fiscal year (Financial "
    "Administration Act, section 40).",
    "Aucun coût antérieur à la date de la dernière signature n'est admissible. Le financement ne "
    "peut procurer de profit. Tout paiement est subordonné à l'existence d'un crédit du Parlement "
    "pour l'exercice visé (Loi sur la gestion des finances publiques, article 40).",
)
_SIGNATURES = _t(
    "The partner accepts the conditions and signs; then the department signs. The agreement is in "
    "effect from the second signature.",
    "Le partenaire accepte les conditions et signe; le ministère signe ensuite. L'entente prend "
    "effet à la seconde signature.",
)


def sections(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The agreement in *language*: a title, and sections of a heading with paragraphs.

    A section may hold a `table` of columns and rows, and say that its paragraphs are a list
    (`listed`). What was frozen under an older edition keeps the words of that edition.
    """
    drawn = _second(data, language) if data.get("edition", 1) > 1 else _first(data, language)
    return {"title": _INSTRUMENTS[data["instrument"]].in_language(language), "sections": drawn}


def _first(data: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    def words(text: Bilingual) -> str:
        return text.in_language(language)

    conditions = [str(c["text"]) for c in data["conditions"]] or [words(_NO_CONDITIONS)]
    bodies: dict[str, list[str]] = {
        "parties": [
            words(DEPARTMENT),
            str(data["organization"]),
        ],
        "purpose": [
            f"{data['reference']} – {data['title']}",  # noqa: RUF001 - a dash between the two
            str(data["expected_results"]),
            f"{data['start_date']} / {data['end_date']}",
        ],
        "funding": [f"{line['fiscal_year']}: {line['amount']} CAD" for line in data["schedule"]],
        "conditions": conditions,
        "costs": [words(_COSTS)],
        "terms": [words(term) for term in headings(1)],
        "signatures": [words(_SIGNATURES)],
    }
    return [
        {"heading": words(_HEADINGS[name]), "paragraphs": paragraphs}
        for name, paragraphs in bodies.items()
    ]


def _second(data: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    def words(text: Bilingual, **values: str) -> str:
        return text.in_language(language).format(**values)

    def day(value: str | None) -> str:
        return wording.day(value, language) or NOTHING

    plan = data["plan"]
    basis = words(labels.option("payment_basis", plan["basis"]))
    bodies: tuple[tuple[Bilingual, dict[str, Any]], ...] = (
        (_PARTIES, {"paragraphs": [words(DEPARTMENT), str(data["organization"])]}),
        (
            _PROJECT,
            {
                "paragraphs": [
                    f"{data['reference']} – {data['title']}",  # noqa: RUF001 - as above
                    str(data["expected_results"]),
                    words(_PERIOD, first=day(data["start_date"]), last=day(data["end_date"])),
                ]
            },
        ),
        (_FUNDING, {"paragraphs": [], "table": _funding(data, language)}),
        (
            _REPORTS,
            {
                "paragraphs": [words(_PLANNED, day=day(plan["drawn_on"]))],
                "table": _reports(plan, language),
            },
        ),
        (
            _PAYMENTS,
            {
                "paragraphs": [words(_BASIS, basis=basis), words(_WAITS)],
                "table": _tranches(plan, language),
            },
        ),
        (_CONDITIONS, _conditions(data, language)),
        (_COSTS_TITLE, {"paragraphs": [words(_COSTS)]}),
        (
            _TERMS,
            {"paragraphs": [words(term) for term in headings(data["edition"])], "listed": True},
        ),
        (_SIGNATURES_TITLE, {"paragraphs": [words(_SIGNATURES), words(_BOTH_LANGUAGES)]}),
    )
    return [
        {"heading": f"{number}. {words(heading)}", **body}
        for number, (heading, body) in enumerate(bodies, start=1)
    ]


def _funding(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "columns": [each.in_language(language) for each in (_YEAR, _AMOUNT)],
        "rows": [
            [line["fiscal_year"], wording.money(line["amount"], language)]
            for line in data["schedule"]
        ],
        "figures": [1],
    }


def _reports(plan: Mapping[str, Any], language: str) -> dict[str, Any]:
    def kind(report: Mapping[str, Any]) -> str:
        said = labels.option("report_kind", report["kind"]).in_language(language)
        return f"{said} ({_FINAL.in_language(language)})" if report["final"] else said

    return {
        "columns": [each.in_language(language) for each in (_NUMBER, _REPORT, _FROM, _TO, _DUE)],
        "rows": [
            [
                each["id"],
                kind(each),
                *(wording.day(each[n], language) for n in ("covers_from", "covers_to", "due_on")),
            ]
            for each in plan["reports"]
        ],
        "figures": [],
    }


def _tranches(plan: Mapping[str, Any], language: str) -> dict[str, Any]:
    def waits(tranche: Mapping[str, Any]) -> str:
        if tranche["holdback"]:
            return _HOLDBACK.in_language(language)
        return ", ".join(tranche["reports"]) or NOTHING

    columns = (_NUMBER, _YEAR, _NOT_BEFORE, _ACCEPTED, _AMOUNT)
    return {
        "columns": [each.in_language(language) for each in columns],
        "rows": [
            [
                each["id"],
                each["fiscal_year"],
                wording.day(each["from_day"], language),
                waits(each),
                wording.money(each["amount"], language),
            ]
            for each in plan["tranches"]
        ],
        "figures": [4],
    }


def _conditions(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    if not data["conditions"]:
        return {"paragraphs": [_NO_CONDITIONS.in_language(language)]}
    columns = (_CONDITION, _BEFORE, _DUE)
    return {
        "paragraphs": [],
        "table": {
            "columns": [each.in_language(language) for each in columns],
            "rows": [
                [
                    str(each["text"]),
                    labels.option("gates", each["gates"]).in_language(language),
                    wording.day(each["due_date"], language) or NOTHING,
                ]
                for each in data["conditions"]
            ],
            "figures": [],
        },
    }


NOTHING = "–"  # noqa: RUF001 - an en dash
_PARTIES = _t("The parties", "Les parties")
_PROJECT = _t("The project", "Le projet")
_PERIOD = _t("From {first} to {last}.", "Du {first} au {last}.")
_FUNDING = _t("Maximum funding, by fiscal year", "Financement maximal, par exercice")
_REPORTS = _t("Reports", "Rapports")
_PLANNED = _t(
    "The reports and payments below are planned as if both parties had signed on {day}. The days "
    "are set by the last signature: no time before it is reported on, and nothing is paid before.",
    "Les rapports et paiements ci-dessous sont prévus comme si les deux parties avaient signé le "
    "{day}. La dernière signature fixe les dates : aucune période antérieure ne fait l'objet d'un "
    "rapport, et rien n'est payé avant.",
)
_PAYMENTS = _t("Payments", "Paiements")
_BASIS = _t("Basis of payment: {basis}.", "Mode de paiement : {basis}.")
_WAITS = _t(
    "Each part is paid on a claim, not before its day, and once the reports that it waits for are "
    "accepted and the conditions that hold payments up are met.",
    "Chaque tranche est versée sur demande, pas avant sa date, une fois que les rapports dont elle "
    "dépend sont acceptés et que les conditions préalables aux paiements sont remplies.",
)
_CONDITIONS = _t("Conditions", "Conditions")
_COSTS_TITLE = _t("Costs", "Coûts")
_TERMS = _t("General terms", "Conditions générales")
_SIGNATURES_TITLE = _t("Signatures", "Signatures")
_BOTH_LANGUAGES = _t(
    "The English and French documents of this agreement are made from the same data, which the "
    "parties sign by their SHA-256; both are of equal value. What the parties wrote stands in the "
    "language in which they wrote it.",
    "Les documents anglais et français de la présente entente sont établis à partir des mêmes "
    "données, que les parties signent par leur SHA-256; ils ont même valeur. Ce que les parties "
    "ont écrit figure dans la langue où elles l'ont écrit.",
)
_YEAR = _t("Fiscal year", "Exercice")
_AMOUNT = _t("Amount", "Montant")
_NUMBER = _t("Number", "Numéro")
_REPORT = _t("Report", "Rapport")
_FINAL = _t("final", "final")
_FROM = _t("From", "Du")
_TO = _t("To", "Au")
_DUE = _t("Due", "Échéance")
_NOT_BEFORE = _t("Not before", "Pas avant")
_ACCEPTED = _t("Waits for", "Dépend de")
_HOLDBACK = _t("Every report (holdback)", "Tous les rapports (retenue)")
_CONDITION = _t("Condition", "Condition")
_BEFORE = _t("To be met before", "À remplir avant")
