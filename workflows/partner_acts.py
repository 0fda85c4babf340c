"""What a partner does beside submitting: withdraw, accept, sign, answer, ask again."""

from datetime import datetime

from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import PartnerAct
from schemas.proposal import Outcome, Stage
from workflows import conditions, endings, questions, reconsidering
from workflows.dossier import Dossier

WITHDRAWABLE = frozenset(
    {
        Stage.ELIGIBILITY,
        Stage.COMPLIANCE,
        Stage.DESK,
        Stage.FUNDING,
        Stage.AGREEMENT,
        Stage.RETURNED,
    }
)


def check(case: Dossier, act: PartnerAct, now: datetime) -> None:
    """Refuse what the partner may not do now; a seal changes none of these answers.

    Nor does a decision that the partner has not been told of: whoever withdraws then has
    withdrawn from a review, and the decision is never told.
    """
    if act.act == "reconsider":
        reconsidering.check(case, now)
        return
    if act.act == "give_evidence":
        conditions.check_evidence(case, act, now)
        return
    untold = case.is_untold(now)
    if case.stage is Stage.CLOSED and not untold:
        raise Refused("proposal_closed")
    if act.act == "withdraw":
        if case.stage not in WITHDRAWABLE and not untold:
            raise Refused("too_late_to_withdraw")
        return
    if act.act == "answer":
        questions.check_over(case, act.question)
        return
    agreement = case.agreement
    if case.stage is not Stage.AGREEMENT or agreement is None or now < agreement.told_at:
        raise Refused("no_agreement_yet")
    if agreement.is_outdated:
        raise Refused("agreement_outdated")
    if act.act == "sign" and not agreement.conditions_accepted:
        raise Refused("conditions_not_accepted")
    if act.act == "sign" and agreement.partner_signed:
        raise Refused("already_signed")
    if act.act == "accept_conditions" and agreement.conditions_accepted:
        raise Refused("already_accepted")


def take(case: Dossier, act: PartnerAct) -> None:
    if act.act == "withdraw":
        endings.close(
            case, Outcome.WITHDRAWN, act.actor, request_id=act.request_id, texts=act.texts
        )
    elif act.act == "answer":
        questions.answer(case, act)
    elif act.act == "give_evidence":
        conditions.give(case, act)
    elif act.act == "reconsider":
        reconsidering.ask(case, act)
    elif case.agreement is not None:
        accepting = act.act == "accept_conditions"
        if accepting:
            case.agreement.conditions_accepted = True
        else:
            case.agreement.partner_signed = True
        case.emit(
            EventType.CONDITIONS_ACCEPTED if accepting else EventType.PARTNER_SIGNED,
            act.actor,
            request_id=act.request_id,
            texts=act.texts,
        )
