"""What the state of a fund allows."""

import pytest

from policy.rules import fund_states
from schemas.funds import FundState


@pytest.mark.parametrize(
    ("state", "reserves", "now", "later", "pays"),
    [
        (FundState.PLANNED, True, False, True, False),
        (FundState.IN_ESTIMATES, True, False, True, False),
        (FundState.VOTED, True, True, True, True),
        (FundState.FROZEN, False, False, True, True),
    ],
    ids=str,
)
def test_each_state_reserves_commits_and_pays_as_policy_says(state, reserves, now, later, pays):
    assert fund_states.takes_reservations(state) is reserves
    assert fund_states.takes_commitments(state, "2026-27", "2026-27") is now
    assert fund_states.takes_commitments(state, "2027-28", "2026-27") is later
    assert fund_states.pays(state) is pays


def test_what_is_not_voted_is_committed_subject_to_appropriation():
    waiting = [state for state in FundState if fund_states.is_subject_to_appropriation(state)]

    assert waiting == [FundState.PLANNED, FundState.IN_ESTIMATES]
