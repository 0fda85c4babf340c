"""The approval document as people read and sign it: the data that is approved, on paper.

Set from the very data whose SHA-256 stands in the decision, and bears that digest. Words that the
data names by their digest alone (the revision's, those of conditions) stand beside it.
"""

from datetime import UTC
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import approval, condition_words, submitting, task_views
from commands.in_words import NOTHING, Reader
from commands.office import Office
from commands.printing import Printed, language_of, printed
from papers.paper import Block, Facts, Heading, Paper, Table, Words
from policy import labels
from policy.rules import access
from schemas.errors import NotFound
from schemas.people import Viewer
from schemas.proposal import Content
from schemas.tasks import TaskKind
from schemas.values import Bilingual, Money
from store import people, questions, texts, visibility
from store.tables import ProposalRow, TaskRow

KINDS = frozenset({TaskKind.APPROVE, TaskKind.RECORD_DECISION})
"""The tasks that decide on an approval document."""


def is_offered(viewer: Viewer, kind: str, state: str) -> bool:
    """Whether a task that *viewer* sees as staff has an approval document that they may read."""
    return kind in KINDS and state in ("open", "done") and access.may_see_answers(viewer)


async def approval_paper(office: Office, viewer: Viewer, reference: str, task_id: str) -> Printed:
    """The document that a task decides on as it stands now; of a decision, the one decided on.

    Staff who may read answers have it. A line that tells of screening, or of an answer that is
    closed to the reader for now, is not printed, which every paper says: the digest is of the
    whole. NotFound for all others, and once the document was disposed of.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        task = await session.get(TaskRow, task_id)
        if visibility.sees_partner_view(viewer, row) or task is None:
            raise NotFound
        if task.reference != reference or not is_offered(viewer, task.kind, task.state):
            raise NotFound
        data = await _data(office, session, row, task)
        if data is None:
            raise NotFound
        every = await session.exec(select(TaskRow).where(TaskRow.reference == reference))
        tasks = {each.id: each for each in every}
        closed = questions.closed_among(viewer, tasks.values())
        shown = {id_ for id_, each in tasks.items() if task_views.shows_task(viewer, each)} - closed
        written = {each["id"]: each for each in await condition_words.of_proposal(session, row)}
        names = await people.names_of(
            session, [task.decided_by, *(each["decided_by"] for each in data["answers"])]
        )
        content = await submitting.content_of(session, reference, data["revision"])
    reader = Reader(office, viewer.language)
    paper = Paper(
        title=f"{reader.words(_TITLE)}, {reference}",
        language=language_of(viewer),
        at=(task.decided_at or office.now()).astimezone(UTC),
        foot=f"{reference} · {task.id}",
        blocks=[
            *_decision(reader, task, data, names),
            *_activity(reader, data, content),
            *_money(reader, data["money"]),
            *_answers(reader, _TOLD, [a for a in data["answers"] if a["task"] in shown], names),
            *_answers(reader, _DISSENT, [a for a in data["dissent"] if a["task"] in shown], names),
            Words(reader.words(_NOT_PRINTED)),
            *_conditions(reader, [c for c in data["conditions"] if c["task"] in shown], written),
            *_digests(reader, [a for a in data["answers"] if a["task"] in shown]),
            *(_signature(reader) if _is_signed_by_hand(task) else ()),
        ],
    )
    return await printed(f"{task_id}-approval", paper)


async def _data(
    office: Office, session: AsyncSession, row: ProposalRow, task: TaskRow
) -> dict[str, Any] | None:
    """What was approved, or is put before the approver; None once it was disposed of."""
    if task.state == "open":
        return await approval.document(office, session, row)
    kept = task.texts.get("document")
    return await texts.read_one(session, kept["id"]) if kept else None


def _is_signed_by_hand(task: TaskRow) -> bool:
    return task.kind == TaskKind.RECORD_DECISION and task.state == "open"


def _decision(
    reader: Reader, task: TaskRow, data: dict[str, Any], names: dict[str, str]
) -> list[Block]:
    kind = TaskKind(task.kind)
    rows = [(_WHAT_IT_IS, reader.words(labels.kind_title(kind)))]
    if task.outcome:
        rows += [
            (_OUTCOME, reader.words(labels.label(kind, task.outcome))),
            (_BY, names.get(task.decided_by or "", NOTHING)),
            (_DECIDED, reader.moment(task.decided_at)),
        ]
    else:
        rows.append((_OUTCOME, reader.words(_UNDECIDED)))
    rows += [
        (_DELEGATION, data["delegation"]),
        (_TERMS, data["policy_version"]),
        (_TEMPLATE, data["template"]),
        (_SHA256, approval.digest_of(data)),
    ]
    return [Facts([(reader.words(name), value or NOTHING) for name, value in rows])]


def _activity(reader: Reader, data: dict[str, Any], content: Content) -> list[Block]:
    rows = [
        (_REFERENCE, data["reference"]),
        (_ORGANIZATION, data["organization"]),
        (_NAME, content.title),
        (_RESULTS, content.expected_results),
        (_STARTS, reader.value("start_date", _iso(content.start_date))),
        (_ENDS, reader.value("end_date", _iso(content.end_date))),
        (_AMOUNT, _cents(reader, data["amount_cents"])),
        (_RISK, reader.value("residual_risk", data["residual_risk"])),
        (_REVISION, str(data["revision"])),
        (_CONTENT, data["content_sha256"]),
    ]
    return [
        Heading(reader.words(_ACTIVITY)),
        Facts([(reader.words(name), value or NOTHING) for name, value in rows]),
    ]


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _cents(reader: Reader, cents: int | None) -> str:
    return NOTHING if cents is None else reader.money(Money.of_cents(cents).model_dump(mode="json"))


def _money(reader: Reader, lines: list[dict[str, Any]]) -> list[Block]:
    if not lines:
        return []
    return [
        Heading(reader.words(_MONEY)),
        Table(
            [reader.words(each) for each in (_FUND, _YEAR, _AMOUNT)],
            [
                [each["fund"], each["fiscal_year"] or NOTHING, _cents(reader, each["cents"])]
                for each in lines
            ],
            figures=[2],
        ),
    ]


_NAMED = ("gender_code", "inherent", "residual", "level", "instrument")


def _answers(
    reader: Reader, title: Bilingual, answers: list[dict[str, Any]], names: dict[str, str]
) -> list[Block]:
    """Who said what, and what it found: the risk by country, the gender equality code."""
    if not answers:
        return [Heading(reader.words(title)), Words(reader.words(_NONE))]
    return [
        Heading(reader.words(title)),
        Table(
            [reader.words(each) for each in (_ASKED, _ANSWER, _FOUND, _BY)],
            [
                [
                    _asked(reader, each),
                    _outcome(reader, each),
                    "\n".join(_found(reader, each)) or NOTHING,
                    names.get(each["decided_by"] or "", NOTHING),
                ]
                for each in answers
            ],
        ),
    ]


def _asked(reader: Reader, answer: dict[str, Any]) -> str:
    title = reader.words(labels.kind_title(TaskKind(answer["kind"])))
    about = f" ({reader.value('subject', answer['subject'])})" if answer["subject"] else ""
    return f"{title}{about}\n{_number(answer)}"


def _number(answer: dict[str, Any]) -> str:
    """The id of a task without the reference, which stands on every page."""
    return str(answer["task"]).rpartition("-")[2]


def _outcome(reader: Reader, answer: dict[str, Any]) -> str:
    said = reader.words(labels.label(TaskKind(answer["kind"]), answer["outcome"]))
    return said if answer["stands"] else f"{said} ({reader.words(_SUPERSEDED)})"


def _found(reader: Reader, answer: dict[str, Any]) -> list[str]:
    colon = "\u00a0:" if reader.language == "fr" else ":"
    lines = [
        f"{reader.label(name)}{colon} {reader.value(name, answer[name])}"
        for name in _NAMED
        if answer.get(name) is not None
    ]
    rated = (answer.get("levels") or {}).items()
    return lines + [
        f"{reader.value('country', about)}{colon} "
        f"{reader.value('inherent', inherent)}; {reader.value('residual', residual)}"
        for about, (inherent, residual) in rated
    ]


def _conditions(
    reader: Reader, conditions: list[dict[str, Any]], written: dict[str, dict[str, Any]]
) -> list[Block]:
    heading = Heading(reader.words(_CONDITIONS))
    if not conditions:
        return [heading, Words(reader.words(_NONE))]
    return [
        heading,
        Table(
            [reader.words(each) for each in (_NUMBER, _CONDITION, _BEFORE, _DUE)],
            [
                [
                    each["id"],
                    written.get(each["id"], {}).get("text") or NOTHING,
                    reader.value("gates", each["gates"]),
                    reader.value("due_date", each.get("due_date")),
                ]
                for each in conditions
            ],
        ),
    ]


def _digests(reader: Reader, answers: list[dict[str, Any]]) -> list[Block]:
    """By which whoever holds the words of an answer shows that they are those."""
    rows = [
        [_number(each), reader.words(name), each[part]]
        for each in answers
        for part, name in (("answers", _ANSWERS), ("reason", _REASON))
        if each[part]
    ]
    if not rows:
        return []
    return [
        Heading(reader.words(_DIGESTS)),
        Table([reader.words(each) for each in (_TASK, _WORDS, _SHA256)], rows),
    ]


def _signature(reader: Reader) -> list[Block]:
    lines = [(reader.words(name), "_" * 40) for name in (_OUTCOME, _SIGNER, _SIGNED, _DATE)]
    return [Heading(reader.words(_SIGNATURE)), Words(reader.words(_BY_HAND)), Facts(lines)]


_t = Bilingual.spaced


_TITLE = _t("Approval document", "Document d'approbation")
_WHAT_IT_IS = _t("Decision asked for", "Décision demandée")
_OUTCOME = _t("Decision", "Décision")
_UNDECIDED = _t("Not decided: as it stands now", "Non rendue : le document en son état actuel")
_BY = _t("By", "Par")
_DECIDED = _t("Decided", "Rendue")
_DELEGATION = _t("Delegation of authority", "Délégation de pouvoirs")
_TERMS = _t("Terms", "Modalités")
_TEMPLATE = _t("Form of the document", "Forme du document")
_SHA256 = _t("SHA-256", "SHA-256")
_ACTIVITY = _t("What is approved", "Ce qui est approuvé")
_REFERENCE = _t("Reference", "Référence")
_ORGANIZATION = _t("Organization", "Organisation")
_NAME = _t("Title", "Titre")
_RESULTS = _t("Expected results", "Résultats attendus")
_STARTS = _t("Starts", "Début")
_ENDS = _t("Ends", "Fin")
_AMOUNT = _t("Amount", "Montant")
_RISK = _t("Residual risk", "Risque résiduel")
_REVISION = _t("Revision", "Révision")
_CONTENT = _t("SHA-256 of the revision", "SHA-256 de la révision")
_MONEY = _t("Money by year", "Fonds par exercice")
_FUND = _t("Fund", "Fonds")
_YEAR = _t("Fiscal year", "Exercice")
_TOLD = _t("Findings, consultations and sign-offs", "Constatations, consultations et visas")
_DISSENT = _t("Dissent and concurrence with comments", "Dissidences et accords avec commentaires")
_ASKED = _t("Review", "Examen")
_ANSWER = _t("Answer", "Réponse")
_FOUND = _t("What it found", "Constat")
_SUPERSEDED = _t("superseded", "remplacée")
_NONE = _t("None", "Aucune")
_NOT_PRINTED = _t(
    "The lists above and below hold what their reader may know of. The SHA-256 is that of the "
    "whole document, whoever reads it.",
    "Les listes du présent document contiennent ce que son lecteur peut connaître. Le SHA-256 est "
    "celui du document entier, quel que soit le lecteur.",
)
_CONDITIONS = _t("Conditions", "Conditions")
_NUMBER = _t("Number", "Numéro")
_CONDITION = _t("Condition", "Condition")
_BEFORE = _t("To be met before", "À remplir avant")
_DUE = _t("Due", "Échéance")
_DIGESTS = _t("Digests of the words", "Empreintes des textes")
_TASK = _t("Task", "Tâche")
_WORDS = _t("Words", "Textes")
_ANSWERS = _t("Answers", "Réponses")
_REASON = _t("Reason", "Motif")
_SIGNATURE = _t("Decision on paper", "Décision sur papier")
_BY_HAND = _t(
    "To be completed and signed by hand. The signed page is then recorded in Accord, and a second "
    "person confirms it.",
    "À remplir et à signer à la main. La page signée est ensuite consignée dans Accord, puis "
    "confirmée par une deuxième personne.",
)
_SIGNER = _t("Name and position", "Nom et poste")
_SIGNED = _t("Signature", "Signature")
_DATE = _t("Date", "Date")
