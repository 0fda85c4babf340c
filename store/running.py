"""An agreement that runs, as events tell it: pure, for the read model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.agreements import PaymentState, ReportState
from schemas.events import EventType, Recorded
from schemas.values import instant

EVENTS = (
    EventType.REPORT_OVERDUE,
    EventType.REPORT_SUBMITTED,
    EventType.REPORT_READ,
    EventType.PAYMENT_CLAIMED,
    EventType.PAYMENT_RETURNED,
    EventType.PAYMENT_CERTIFIED,
    EventType.PAYMENT_REQUISITIONED,
    EventType.PAYMENT_GIVEN_BACK,
    EventType.PAYMENT_LATE,
    EventType.PAYMENT_MADE,
    EventType.OVERPAYMENT_FOUND,
    EventType.OVERPAYMENT_OVERDUE,
    EventType.OVERPAYMENT_RECOVERED,
    EventType.ASSESSMENT_LAPSED,
    EventType.ASSESSMENT_RENEWED,
)
"""Those that `after` takes."""


def begun(event: Recorded) -> dict[str, Any]:
    """The schedule as it was set, before anything of it is done."""
    data = event.data
    return {
        "began_at": instant(event.occurred_at),
        "reservation": data["reservation"],
        "instrument": data["instrument"],
        "basis": data["basis"],
        "starts_on": data["starts_on"],
        "ends_on": data["ends_on"],
        "reports": [
            {**report, "state": "due", "given": [], "overdue": False, "message": None}
            for report in data["reports"]
        ],
        "tranches": data["tranches"],
        "payments": [],
    }


def after(known: Mapping[str, Any], event: Recorded) -> dict[str, Any]:
    """*known*, once *event* has happened to one of its reports or payments."""
    if event.type is EventType.PAYMENT_CLAIMED:
        return {**known, "payments": [*known["payments"], _claimed(event)]}
    if event.type is EventType.ASSESSMENT_LAPSED:
        return {**known, "lapsed": [*known.get("lapsed", ()), {**event.data}]}
    if event.type is EventType.ASSESSMENT_RENEWED:
        return {**known, "lapsed": _renewed(known, event.data)}
    if event.type in _OF_THE_END:
        return {**known, "closing": _ending(known.get("closing"), event)}
    one, change = ("reports", _report) if "report" in event.data else ("payments", _payment)
    name = one.removesuffix("s")
    changed = [
        {**each, **change(each, event)} if each["id"] == event.data[name] else each
        for each in known[one]
    ]
    return {**known, one: changed}


_OF_THE_END = (
    EventType.OVERPAYMENT_FOUND,
    EventType.OVERPAYMENT_OVERDUE,
    EventType.OVERPAYMENT_RECOVERED,
    EventType.AGREEMENT_CLOSED,
)


def _ending(known: Mapping[str, Any] | None, event: Recorded) -> dict[str, Any]:
    """What the agreement has come to: what is owed, and the figures with which it closed."""
    data = event.data
    if event.type is EventType.OVERPAYMENT_FOUND:
        cents = {f"{name}_cents": data[name]["cents"] for name in ("eligible", "paid", "owed")}
        left = {"recovered_cents": 0, "left_cents": cents["owed_cents"], "receipts": []}
        return {"state": "owed", **cents, **left, "due_at": data["due_at"], "overdue": False}
    if event.type is EventType.OVERPAYMENT_OVERDUE:
        return {**(known or {}), "overdue": True}
    if event.type is EventType.OVERPAYMENT_RECOVERED:
        return _received(known or {}, event)
    owed = {"owed_cents": 0, "left_cents": 0, "receipts": [], "due_at": None, "overdue": False}
    names = ("agreed", "eligible", "paid", "recovered", "let_go")
    return {
        **owed,
        **(known or {}),
        "state": "closed",
        "closed_at": instant(event.occurred_at),
        **{f"{name}_cents": data[name]["cents"] for name in names},
    }


def _received(known: Mapping[str, Any], event: Recorded) -> dict[str, Any]:
    data = event.data
    told = {name: data[name] for name in ("cents", "number", "received_on")}
    return {
        **known,
        "receipts": [*known["receipts"], {**told, "at": instant(event.occurred_at)}],
        "recovered_cents": known["recovered_cents"] + data["cents"],
        "left_cents": data["left"]["cents"],
    }


def document_ids(known: Mapping[str, Any]) -> set[str]:
    """The documents of reports and claims: from then on the department reads them."""
    given = [act for report in known.get("reports", ()) for act in report["given"]]
    acts = [*given, *known.get("payments", ())]
    return {document["id"] for act in acts for document in act["documents"]}


def _renewed(known: Mapping[str, Any], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records that are still waited for, and for which findings."""
    return [
        {**each, "kinds": [kind for kind in each["kinds"] if kind != data["kind"]]}
        for each in known.get("lapsed", ())
        if each["record"] not in data["records"]
    ]


def _claimed(event: Recorded) -> dict[str, Any]:
    data = event.data
    return {
        "id": data["payment"],
        "tranche": data["tranche"],
        "state": PaymentState.CLAIMED.value,
        "claimed_cents": data["cents"],
        "certified_cents": None,
        "late": False,
        "number": None,
        "paid_on": None,
        "costs": data["costs"],
        "due_at": data["due_at"],
        "message": None,
        **_given(event),
    }


def _given(event: Recorded) -> dict[str, Any]:
    words = event.texts.get("words")
    return {
        "at": instant(event.occurred_at),
        "by": event.actor.id,
        "words": words.id if words else None,
        "documents": event.data["documents"],
    }


def _report(report: Mapping[str, Any], event: Recorded) -> dict[str, Any]:
    match event.type:
        case EventType.REPORT_SUBMITTED:
            given = {**_given(event), "costs": event.data["costs"]}
            return {"state": ReportState.SUBMITTED.value, "given": [*report["given"], given]}
        case EventType.REPORT_READ:
            return {"state": event.data["state"], "message": _message(event)}
        case EventType.REPORT_OVERDUE:
            return {"overdue": True}
        case _:
            return {}


def _payment(payment: Mapping[str, Any], event: Recorded) -> dict[str, Any]:
    data = event.data
    match event.type:
        case EventType.PAYMENT_CERTIFIED:
            return {"state": PaymentState.CERTIFIED.value, "certified_cents": data["cents"]}
        case EventType.PAYMENT_REQUISITIONED:
            return {"state": PaymentState.REQUISITIONED.value}
        case EventType.PAYMENT_GIVEN_BACK:
            return {"state": PaymentState.CLAIMED.value, "certified_cents": None}
        case EventType.PAYMENT_RETURNED:
            return {"state": PaymentState.RETURNED.value, "message": _message(event)}
        case EventType.PAYMENT_MADE:
            paid = {name: data[name] for name in ("number", "paid_on")}
            return {"state": PaymentState.PAID.value, **paid}
        case EventType.PAYMENT_LATE:
            return {"late": True}
        case _:
            return {**payment}


def _message(event: Recorded) -> str | None:
    message = event.texts.get("message")
    return message.id if message else None
