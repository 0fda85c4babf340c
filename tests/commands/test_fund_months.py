"""A fund by month, folded from its ledger."""

from datetime import date

from commands.fund_months import balances

APRIL, MAY, JUNE = date(2027, 4, 30), date(2027, 5, 31), date(2027, 6, 30)


def test_each_month_stands_where_the_moves_up_to_its_end_have_brought_it():
    lines = [
        ("reserve:1", 400, date(2027, 4, 30)),
        ("commit", 400, date(2027, 5, 1)),
        ("certify:a", 150, date(2027, 5, 31)),
        ("pay:a", 150, date(2027, 6, 2)),
        ("decommit:b", 50, date(2027, 6, 3)),
    ]

    found = balances([APRIL, MAY, JUNE], lines, [], 1000)

    assert [(end, b["reserved"], b["committed"], b["certified"], b["paid"], b["available"])
            for end, b in found] == [
        (APRIL, 400, 0, 0, 0, 600),
        (MAY, 0, 250, 150, 0, 600),
        (JUNE, 0, 200, 0, 150, 650),
    ]  # fmt: skip


def test_a_month_has_the_budget_that_it_had_at_its_end_and_a_cut_leaves_a_deficit():
    lines = [("reserve:1", 400, date(2027, 4, 2))]
    corrected = [(date(2027, 5, 10), 1000), (date(2027, 6, 30), 300)]

    found = balances([APRIL, MAY, JUNE], lines, corrected, 350)

    assert [(b["budget"], b["available"], b["deficit"]) for _, b in found] == [
        (1000, 600, 0),
        (300, 0, 100),
        (350, 0, 50),
    ]
