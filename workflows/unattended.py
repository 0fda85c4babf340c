"""A case that goes on without an engine: to see what would follow, and changing nothing."""

import copy

from schemas.errors import Refused
from schemas.messages import Entry, TermsMove, TermsPreview
from schemas.proposal import Stage
from workflows.case import Case


def go_on(case: Case) -> list[Entry]:
    """Ask whatever is to be asked now, as the workflow does; what was said since the last time."""
    said: list[Entry] = []
    while case.is_under_way:
        ask(case)
        if not case.outbox:
            break
        said += case.outbox
        case.outbox.clear()
    said += case.outbox
    case.outbox.clear()
    return said


def ask(case: Case) -> None:
    """One turn of the workflow's `run`: enter the stage that is next, and ask what it asks."""
    match case.enter_next_stage():
        case Stage.ELIGIBILITY:
            case.ask_for_eligibility()
        case Stage.COMPLIANCE:
            case.ask_for_findings()
        case Stage.DESK:
            case.ask_the_desks()
        case Stage.FUNDING:
            case.ask_for_money_and_decision()
        case Stage.AGREEMENT:
            case.ask_for_signatures()
        case _:
            pass  # with the partner, or decided
    case.ask_for_release()


def what_if(case: Case, move: TermsMove) -> TermsPreview:
    """What moving *case* to other terms would do as it stands."""
    seen = case.emitted
    try:
        case.check_move(move.model_copy(update={"seen": seen}))
    except Refused as refused:
        return TermsPreview(seen=seen, refused=refused.code, facts=refused.facts)
    trial = copy.deepcopy(case)
    trial.outbox.clear()
    trial.move(move, move.asked_at or case.now)
    events = tuple(entry.event for entry in go_on(trial))
    return TermsPreview(seen=seen, events=events, residual=(case.residual(), trial.residual()))
