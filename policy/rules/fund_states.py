"""What the state of a fund allows: reserving, committing and paying.

Parliament plans, tables and votes the money of a year; what is voted can be frozen. Money may be
reserved as soon as it is planned, so that a project of several years holds its place in each. It
is committed at the signature, later years subject to appropriation (Financial Administration Act,
section 40); the year of the signature needs a sufficient balance in an appropriation that is
there (section 32). Nothing is paid before it is voted (section 33). A frozen fund takes nothing
new; what was committed on it before is still paid.
"""

from __future__ import annotations

from schemas.funds import FundState


def takes_reservations(state: str) -> bool:
    return state != FundState.FROZEN


def takes_commitments(state: str, fiscal_year: str, year_of_signature: str) -> bool:
    """Whether what is reserved may become firm now; of a later year, subject to appropriation."""
    return state == FundState.VOTED or fiscal_year > year_of_signature


def is_subject_to_appropriation(state: str) -> bool:
    """Whether a commitment waits for Parliament: nothing of it is certified or paid."""
    return state in (FundState.PLANNED, FundState.IN_ESTIMATES)


def pays(state: str) -> bool:
    return not is_subject_to_appropriation(state)
