"""A seed says what is killed when, and which ways proposals go: the same again, every time."""

import itertools
from collections import Counter

from tests.chaos.kills import CTRL_C, SUPERVISOR, endless, schedule
from tests.chaos.running import PARTS
from tests.chaos.soak import ways_of_lanes

SEEDS = range(30)


def first_kills(seed: int) -> list[str]:
    return [str(kill) for kill in itertools.islice(endless(seed, (8, 30)), 200)]


def test_a_seed_replays_the_schedule_of_a_soak() -> None:
    assert all(first_kills(seed) == first_kills(seed) for seed in SEEDS)
    assert len({tuple(first_kills(seed)) for seed in SEEDS}) == len(SEEDS)


def test_a_seed_replays_the_schedule_of_the_tests() -> None:
    victims = [*PARTS, SUPERVISOR, CTRL_C]

    for seed in SEEDS:
        drawn = schedule(seed, 6, 60, victims)
        assert drawn == schedule(seed, 6, 60, victims)
        assert Counter(kill.victim for kill in drawn) == Counter(victims)
        assert all(6 <= kill.acts < 60 for kill in drawn)


def test_everything_is_killed_and_the_parts_more_often_than_the_whole() -> None:
    counted = Counter(kill.victim for kill in itertools.islice(endless(1, (8, 30)), 400))

    assert set(counted) == {*PARTS, SUPERVISOR, CTRL_C}
    assert min(counted[part] for part in PARTS) > max(counted[SUPERVISOR], counted[CTRL_C])


def test_a_short_soak_kills_every_part_too() -> None:
    for seed in SEEDS:
        first = [kill.victim for kill in itertools.islice(endless(seed, (4, 20)), len(PARTS))]
        assert sorted(first) == sorted(PARTS)


def test_a_seed_replays_the_ways_that_proposals_go_and_every_way_is_gone() -> None:
    def drawn(seed: int) -> list[list[str]]:
        return [list(itertools.islice(lane, 40)) for lane in ways_of_lanes(seed)]

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)
    assert set(itertools.chain(*drawn(3))) == {
        "is_approved", "is_returned_and_improved", "is_ineligible", "is_declined",
        "is_withdrawn", "lapses", "is_held",
    }  # fmt: skip
