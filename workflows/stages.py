"""Which stages are settled: every question of theirs has an answer that stands."""

from schemas.proposal import Outcome, Stage
from schemas.tasks import TaskKind, finding_kind
from workflows import findings, screening
from workflows.dossier import Dossier


def is_settled(case: Dossier, stage: Stage) -> bool:
    """Whether every question of *stage* has an answer that stands."""
    match stage:
        case Stage.ELIGIBILITY:
            task = case.standing(TaskKind.ELIGIBILITY)
            return task is not None and (
                task.settled or (task.outcome == "eligible" and not task.disputed)
            )
        case Stage.COMPLIANCE:
            return (
                case.screening.is_done
                and screening.hits_are_judged(case)
                and all(
                    findings.is_answered(case, finding_kind(rule.code))
                    for rule in findings.needed(case)
                )
            )
        case Stage.DESK:
            return findings.is_answered(case, TaskKind.SIGN_OFF, case.submission.lead) and all(
                findings.is_answered(case, TaskKind.CONSULT, share.desk) for share in case.consulted
            )
        case Stage.FUNDING:
            return case.outcome is Outcome.APPROVED
        case Stage.AGREEMENT:
            return case.agreement is not None and case.agreement.department_signed
        case _:
            return False
