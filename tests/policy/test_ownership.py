"""Whether a partner counts as listed because of who owns or directs it."""

import pytest

from policy.rules.ownership import counts_as_listed


@pytest.mark.parametrize(
    ("listed", "counts"),
    [
        pytest.param([("partner", None)], True, id="it is the partner"),
        pytest.param([("director", None)], True, id="who directs it, whatever the share"),
        pytest.param([("beneficial_owner", "50")], True, id="half is enough"),
        pytest.param([("beneficial_owner", "49.99")], False, id="less than half is not"),
        pytest.param(
            [("beneficial_owner", "30"), ("beneficial_owner", "20")], True, id="half together"
        ),
        pytest.param([("beneficial_owner", None)], False, id="a share that is not told"),
        pytest.param([("beneficial_owner", "much")], False, id="a share that is no number"),
        pytest.param([], False, id="nobody"),
    ],
)
def test_half_or_control_counts_as_listed(listed, counts):
    assert counts_as_listed(listed, 50) is counts
