"""The case file as people read it: the same case as the JSON file, in words and on paper.

The JSON file is what a stranger can check; this one is what is put before somebody. It shows
nothing that the JSON file of the same reader does not, and bears that file's digest.
"""

from datetime import UTC, datetime
from typing import Any

from commands import case_files
from commands.in_words import NOTHING, Reader
from commands.office import Office
from commands.printing import Printed, language_of, printed
from papers.paper import Block, Facts, Heading, Paper, Table, Words
from policy import content_labels, labels
from schemas.people import Viewer
from schemas.proposal import SECTION_FIELDS
from schemas.tasks import TaskKind
from schemas.values import Bilingual

_MARKINGS = ("unclassified", "protected_a", "protected_b")


async def case_paper(office: Office, viewer: Viewer, reference: str) -> Printed:
    """The case as this person may have it, as PDF; that it was taken is recorded.

    Forbidden and NotFound as for the JSON file.
    """
    case = await case_files.case_file(office, viewer, reference)
    reader = Reader(office, viewer.language)
    proposal = case["proposal"]
    marking = max(
        (d["marking"] for d in case["documents"]), key=_MARKINGS.index, default=_MARKINGS[0]
    )
    paper = Paper(
        title=f"{reference}: {proposal['title'] or reader.words(_UNTITLED)}",
        language=language_of(viewer),
        at=datetime.fromisoformat(case["exported_at"]).astimezone(UTC),
        foot=f"{reference} · {reader.moment(case['exported_at'])}",
        marking="" if marking == _MARKINGS[0] else reader.words(labels.option("marking", marking)),
        blocks=[
            *_summary(reader, case),
            *_content(reader, proposal),
            *_checks(reader, proposal),
            *_documents(reader, case["documents"]),
            *_tasks(reader, case.get("tasks", ())),
            *_money(reader, proposal.get("commitments", ())),
            *_history(reader, case["events"]),
            *_proof(reader, case),
        ],
    )
    return await printed(f"{reference}-case", paper)


def _summary(reader: Reader, case: dict[str, Any]) -> list[Block]:
    proposal = case["proposal"]
    rows = [
        (_PROGRAMME, proposal["programme"]),
        (_ORGANIZATION, proposal["organization_name"]),
        (_STAGE, reader.code("stage", proposal["stage"])),
        (_OUTCOME, reader.value("outcome", proposal["outcome"])),
        (_SUBMITTED, reader.moment(proposal["submitted_at"])),
        (_DECIDED, reader.moment(proposal["decided_at"])),
        (_REVISION, str(proposal["revision"])),
        (_TERMS, proposal["policy_version"]),
    ]
    if "residual_risk" in proposal:
        rows.append((_RISK, reader.value("residual_risk", proposal["residual_risk"])))
    return [Facts([(reader.words(name), value or NOTHING) for name, value in rows])]


def _content(reader: Reader, proposal: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading(reader.words(_PROPOSAL))]
    for section, fields in SECTION_FIELDS.items():
        written = [name for name in fields if name != "documents" and _is_given(proposal[name])]
        if not written:
            continue
        blocks.append(Heading(reader.words(content_labels.section(section)), 2))
        short: list[tuple[str, str]] = []
        for name in written:
            value = proposal[name]
            if _is_table(value):
                titled = [] if len(written) == 1 else [Heading(reader.label(name), 3)]
                blocks += [*_facts(short), *titled, _table(reader, name, value)]
                short = []
            else:
                short.append((reader.label(name), reader.value(name, value)))
        blocks += _facts(short)
    return blocks


def _is_given(value: Any) -> bool:
    return value not in (None, "", [], {})


def _facts(rows: list[tuple[str, str]]) -> list[Block]:
    return [Facts(list(rows))] if rows else []


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _table(reader: Reader, name: str, rows: list[dict[str, Any]]) -> Table:
    columns = [key for key in rows[0] if any(_is_given(row[key]) for row in rows)]
    figures = [n for n, key in enumerate(columns) if key in _FIGURES]
    return Table(
        [reader.words(_PLACE) if key == "code" else reader.label(key) for key in columns],
        [[reader.value(_field(name, key), row[key]) for key in columns] for row in rows],
        figures,
    )


def _field(name: str, key: str) -> str:
    return "regions" if (name, key) == ("regions", "code") else key


_FIGURES = frozenset({"share", "amount", "quantity", "value", "share_percent"})


def _checks(reader: Reader, proposal: dict[str, Any]) -> list[Block]:
    if not proposal["checks"]:
        return []
    return [
        Heading(reader.words(_CHECKS)),
        Table(
            [reader.words(each) for each in (_RESULT, _FOUND, _SOURCE)],
            [
                [reader.code("result", each["result"]), each["detail"], each["source"]]
                for each in proposal["checks"]
            ],
        ),
    ]


def _documents(reader: Reader, documents: list[dict[str, Any]]) -> list[Block]:
    if not documents:
        return []
    return [
        Heading(reader.words(_DOCUMENTS)),
        Table(
            [reader.words(each) for each in (_NAME, _KIND, _MARKING, _DIGEST)],
            [
                [each["name"] or NOTHING, each["kind_name"], each["marking_name"], each["sha256"]]
                for each in documents
            ],
        ),
    ]


def _tasks(reader: Reader, tasks: Any) -> list[Block]:
    if not tasks:
        return []
    blocks: list[Block] = [Heading(reader.words(_TASKS))]
    for task in tasks:
        kind = TaskKind(task["kind"])
        title = task["title"] + (f" ({task['subject']})" if task["subject"] else "")
        rows = [
            (reader.words(_NUMBER), task["id"]),
            (reader.words(_OPENED), reader.moment(task["opened_at"])),
        ]
        if task["outcome"]:
            rows += [
                (
                    reader.words(_OUTCOME),
                    reader.words(labels.label(kind, task["outcome"])),
                ),
                (reader.words(_BY), (task["decided_by"] or {}).get("name", NOTHING)),
                (reader.words(_DECIDED), reader.moment(task["decided_at"])),
            ]
        for name, value in (task["facts"] or {}).items():
            if _is_given(value):
                rows.append((reader.label(name), reader.value(name, value)))
        blocks += [Heading(title, 2), Facts(rows)]
    return blocks


def _money(reader: Reader, commitments: Any) -> list[Block]:
    if not commitments:
        return []
    return [
        Heading(reader.words(_MONEY)),
        Table(
            [reader.words(each) for each in (_FUND, _YEAR, _AMOUNT)],
            [
                [each["fund"], each["fiscal_year"] or NOTHING, reader.money(each["amount"])]
                for each in commitments
            ],
            figures=[2],
        ),
    ]


def _history(reader: Reader, events: list[dict[str, Any]]) -> list[Block]:
    return [
        Heading(reader.words(_HISTORY)),
        Table(
            [reader.words(each) for each in (_WHEN, _WHAT, _BY, _REASON)],
            [
                [
                    reader.moment(each["at"]),
                    each["title"],
                    (each["actor"] or {}).get("name") or "Accord",
                    each["reason"] or "",
                ]
                for each in events
            ],
        ),
    ]


def _proof(reader: Reader, case: dict[str, Any]) -> list[Block]:
    return [
        Heading(reader.words(_PROOF)),
        Words(reader.words(_WHAT_IT_IS)),
        Facts([("SHA-256", case["seal"]["sha256"])]),
    ]


_t = Bilingual.spaced


_UNTITLED = _t("Untitled", "Sans titre")
_PROGRAMME = _t("Program", "Programme")
_ORGANIZATION = _t("Organization", "Organisation")
_STAGE = _t("Stage", "Étape")
_OUTCOME = _t("Outcome", "Issue")
_SUBMITTED = _t("Submitted", "Présentée")
_DECIDED = _t("Decided", "Tranchée")
_REVISION = _t("Revision", "Révision")
_TERMS = _t("Terms", "Modalités")
_RISK = _t("Residual risk", "Risque résiduel")
_PROPOSAL = _t("Proposal", "Proposition")
_PLACE = _t("Place", "Lieu")
_CHECKS = _t("Automatic checks", "Vérifications automatiques")
_RESULT = _t("Result", "Résultat")
_FOUND = _t("What was found", "Constat")
_SOURCE = _t("Source", "Source")
_DOCUMENTS = _t("Documents", "Documents")
_NAME = _t("Name", "Nom")
_KIND = _t("Kind", "Type")
_MARKING = _t("Marking", "Cote de sécurité")
_DIGEST = _t("SHA-256", "SHA-256")
_TASKS = _t("Reviews and decisions", "Examens et décisions")
_NUMBER = _t("Number", "Numéro")
_OPENED = _t("Opened", "Ouverte")
_BY = _t("By", "Par")
_MONEY = _t("Money", "Fonds")
_FUND = _t("Fund", "Fonds")
_YEAR = _t("Fiscal year", "Exercice")
_AMOUNT = _t("Amount", "Montant")
_HISTORY = _t("History", "Historique")
_WHEN = _t("When", "Quand")
_WHAT = _t("What", "Quoi")
_REASON = _t("Reason", "Motif")
_PROOF = _t("Proof", "Preuve")
_WHAT_IT_IS = _t(
    "This document shows the case as its reader may have it. The JSON file of the same case, which "
    "can be checked without Accord, has this digest at this instant:",
    "Le présent document montre le dossier tel que son lecteur peut l'avoir. Le fichier JSON du "
    "même dossier, vérifiable sans Accord, avait à cet instant l'empreinte suivante :",
)
