"""Uploaded documents: what is said of one, and how a proposal's content names it.

Their bytes never stand in a value: they are kept beside the chain, by their digest.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from schemas.values import Value

MOST_DOCUMENT_BYTES = 25 * 1024 * 1024
"""api.md, Proposals: 25 MB each; policy may ask for less."""

DocumentLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""The language that a document is written in (ISO 639), not only an official one."""


class DocumentKind(StrEnum):
    """What a document is, said by whoever attaches it."""

    ANNEX = "annex"
    BUDGET = "budget"
    WORK_PLAN = "work_plan"
    RESULTS_FRAMEWORK = "results_framework"
    RISK_ANALYSIS = "risk_analysis"
    NEEDS_ASSESSMENT = "needs_assessment"
    LETTER_OF_SUPPORT = "letter_of_support"
    REGISTRATION = "registration"
    FINANCIAL_STATEMENTS = "financial_statements"
    AUDIT_REPORT = "audit_report"
    CURRICULUM_VITAE = "curriculum_vitae"
    MAP = "map"
    PHOTOGRAPH = "photograph"
    EVIDENCE = "evidence"
    SIGNED_PAGE = "signed_page"
    SIGNED_AGREEMENT = "signed_agreement"
    CORRESPONDENCE = "correspondence"
    OTHER = "other"


class Marking(StrEnum):
    """How sensitive a document is; anything higher does not belong into Accord."""

    UNCLASSIFIED = "unclassified"
    PROTECTED_A = "protected_a"
    PROTECTED_B = "protected_b"


TOO_HIGH = frozenset({"protected_c", "confidential", "secret", "top_secret"})
"""Markings that exist and are refused with a sentence of their own (product.md, section 6)."""


class FileType(StrEnum):
    """The types of file that may be attached, as policy names them."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    TXT = "txt"
    CSV = "csv"
    PNG = "png"
    JPEG = "jpeg"


_OOXML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: dict[FileType, str] = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: f"{_OOXML}.wordprocessingml.document",
    FileType.XLSX: f"{_OOXML}.spreadsheetml.sheet",
    FileType.PPTX: f"{_OOXML}.presentationml.presentation",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
    FileType.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileType.TXT: "text/plain",
    FileType.CSV: "text/csv",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
}


class DocumentRequest(Value):
    """What is said of a document that is attached."""

    kind: DocumentKind
    language: DocumentLanguage
    marking: Marking


class Attached(Value):
    """A document as the content of a proposal names it: with its digest, once it is Accord's.

    A client may send the id alone; the rest is what Accord knows of the document.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    name: Annotated[str, StringConstraints(max_length=400)] | None = None
    kind: DocumentKind | None = None
    language: DocumentLanguage | None = None
    marking: Marking | None = None
    media_type: Annotated[str, StringConstraints(max_length=100)] | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_its_id(cls, sent: Any) -> Any:
        return {"id": sent} if isinstance(sent, str) else sent
