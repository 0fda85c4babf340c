"""Files of every type, as their own programs begin them, and some that are not what they say."""

import io
import zipfile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(32)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(32) + b"\xff\xd9"
TXT = "Le projet renforce la sécurité du pont.\n".encode()
CSV = b"fiscal_year;category;amount\n2027-28;training;1700000.00\n"
LATIN_CSV = "exercice;catégorie\n2027-28;formation\n".encode("cp1252")
WIDE_TXT = "Sécurité".encode("utf-16")
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200) + b"PE\x00\x00"
HTML = b"\xef\xbb\xbf \n<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"#!/bin/sh\nrm -rf /\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ACTIVE_PDF = PDF + b"2 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"

_MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
}


def office(kind: str, *more: str) -> bytes:
    """A document of an office suite, with *more* parts of these names."""
    types = f'<Types><Override PartName="/a.xml" ContentType="{_MAIN[kind]}"/></Types>'
    return archive(("[Content_Types].xml", types), *((name, "x") for name in more))


def open_document(kind: str, *more: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return archive(("mimetype", mimetype), *((name, "x") for name in more))


def archive(*parts: tuple[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts:
            file.writestr(name, text)
    return made.getvalue()


TAKEN = {
    "plan.pdf": (PDF, "application/pdf"),
    "map.png": (PNG, "image/png"),
    "photo.JPG": (JPEG, "image/jpeg"),
    "note.txt": (TXT, "text/plain"),
    "wide.txt": (WIDE_TXT, "text/plain"),
    "budget.csv": (CSV, "text/csv"),
    "excel.csv": (LATIN_CSV, "text/csv"),
    "letter.docx": (office("docx", "word/document.xml"), _MAIN["docx"].removesuffix(".main+xml")),
    "charts.pptx": (
        office("pptx", "ppt/embeddings/Sheet1.xlsx"),
        _MAIN["pptx"].removesuffix(".main+xml"),
    ),
    "sums.xlsx": (office("xlsx"), _MAIN["xlsx"].removesuffix(".main+xml")),
    "texte.odt": (open_document("text"), "application/vnd.oasis.opendocument.text"),
    "table.ods": (open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "MZ and other codes": (b"MZ is a code, BM another.", "text/plain"),
}
"""What is taken, by the name it comes with, and the type it has."""

REFUSED = {
    "a renamed program.pdf": (EXE, "document_type_refused"),
    "a page.txt": (HTML, "document_active_content"),
    "a drawing.png": (SVG, "document_active_content"),
    "a script.txt": (SCRIPT, "document_active_content"),
    "an old one.docx": (OLE, "document_type_refused"),
    "a PDF that acts.pdf": (ACTIVE_PDF, "document_active_content"),
    "macros.docx": (office("docm", "word/vbaProject.bin"), "document_active_content"),
    "hidden macros.docx": (office("docx", "word/vbaProject.bin"), "document_active_content"),
    "a package.docx": (office("docx", "word/embeddings/ole1.bin"), "document_active_content"),
    "open macros.odt": (open_document("text", "Basic/script-lc.xml"), "document_active_content"),
    "an archive.docx": (archive(("a.txt", "x")), "document_type_refused"),
    "cut off.docx": (office("docx")[:60], "document_type_refused"),
    "a picture.pdf": (PNG, "document_name_differs"),
    "text.exe": (TXT, "document_name_differs"),
    "zeros.txt": (b"text\x00with zeros", "document_type_refused"),
}
"""What is refused, and with which code."""
