"""Acting appointments on pages: one administrator proposes, another confirms, everybody reads."""

from datetime import timedelta

from commands import acting_appointments

HERE = "/acting"


async def propose(accord, browser, **changes):
    page = await browser.open(f"{HERE}?holder=director.1@accord.example")
    today = accord.office.today()
    fields = {
        "acting": "desk.officer.1@accord.example",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(10)).isoformat(),
        "reason": "A vacancy.",
    }
    return await browser.fill(page, HERE, fields | changes)


async def test_one_proposes_and_another_confirms_and_ends_it(accord, browsers):
    first, second = await browsers("administrator.1"), await browsers("administrator.2")
    proposed = await propose(accord, first)
    assert "Waits for the second person" in proposed.text
    [made] = await acting_appointments.appointments(
        accord.office, await accord.viewer("administrator-2")
    )

    page = await second.open(HERE)
    confirmed = await second.fill(page, f"{HERE}/{made['id']}/confirm", {})

    assert "Desk officer 1 for Director 1" in confirmed.text
    assert "In force" in confirmed.text
    acting = await browsers("desk.officer.1")
    assert "Acting appointment" in (await acting.open("/standing-in")).text
    ended = await first.fill(await first.open(HERE), f"{HERE}/{made['id']}/end", {})
    assert "Ended early" in ended.text


async def test_an_unknown_holder_and_missing_fields_are_said_in_french(accord, browsers):
    browser = await browsers("administrator.1", "fr")

    nobody = await browser.open(f"{HERE}?holder=nobody@accord.example")
    nothing = await propose(accord, browser, acting="", ends_on="bientôt", reason="")

    assert "Nominations intérimaires" in nobody.text
    assert "#holder" in nobody.links().values()
    assert {"#acting", "#ends_on", "#reason"} <= set(nothing.links().values())


async def test_an_auditor_reads_and_others_do_not(accord, browsers):
    await propose(accord, await browsers("administrator.1"))

    read = await (await browsers("auditor.1")).open(HERE)
    refused = await (await browsers("director.1")).open(HERE)

    assert "Desk officer 1 for Director 1" in read.text
    assert "Propose an appointment" not in read.text
    assert refused.status == 403
