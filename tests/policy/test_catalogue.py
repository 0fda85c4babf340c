"""The dated files: which version holds, and what is said of a file that is wrong."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

import policy
from cli.policies import check
from policy.catalogue import Catalogue, PolicyProblems, rules_bytes
from policy.rules import separation
from policy.rules.clocks import is_business_day
from schemas.errors import NotFound
from schemas.messages import ASKING_KINDS
from schemas.people import Discipline, Level
from schemas.proposal import Section, Stage, Trigger
from schemas.tasks import MAY_BE_ADMINISTRATIVE, RISK_LEVELS, RiskLevel, TaskKind
from schemas.terms import MOST_RULES_BYTES
from tests.policy.proposals import TODAY, in_force, terms_of, the_catalogue

PROGRAMMES = ("ACCBP", "ACCBP-AVC", "ACCBP-HSE", "CTCBP")
CTCBP = "programmes/CTCBP/2026-04-01.yaml"
DESKS = "in_force/desks/2026-04-01.yaml"
REGIONS = "in_force/regions/2026-04-01.yaml"
RUNGS = "in_force/delegation/2026-04-01.yaml"
MEASURES = "in_force/country_measures/2026-04-01.yaml"
DOCUMENTS = "in_force/documents/2026-04-01.yaml"
NORMS = "checklists/norms/2026-04-01.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the policy files that a test may break."""
    ours = Path(policy.__file__).parent
    for folder in ("programmes", "checklists", "in_force"):
        shutil.copytree(ours / folder, tmp_path / folder)
    return tmp_path


def rewrite(root: Path, file: str, old: str, new: str) -> int:
    """Replace the first *old* in a file; the line it stands on."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(root: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(PolicyProblems) as raised:
        Catalogue.load(root)
    return [(p.file, p.line, p.message) for p in raised.value.problems]


# ---- what holds


@pytest.mark.parametrize("kind", [kind for kind in TaskKind if kind not in MAY_BE_ADMINISTRATIVE])
def test_no_kind_that_takes_a_duty_or_signs_is_ever_administrative(root, kind):
    rewrite(root, CTCBP, "administrative: [return.release]", f"administrative: [{kind}]")

    assert [message.split(":")[0] for _, _, message in problems(root)] == [
        f"`{kind}` is decided one by one"
    ]


def test_what_may_be_administrative_takes_no_duty():
    assert {separation.duty(kind) for kind in MAY_BE_ADMINISTRATIVE} == {None}


def test_every_programme_has_terms_today():
    assert tuple(terms.code for terms in the_catalogue().programmes(TODAY)) == PROGRAMMES


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_rules_fit_into_a_message_to_the_engine(programme):
    assert rules_bytes(terms_of(programme).rules) <= MOST_RULES_BYTES


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_rules_say_what_every_change_and_every_return_does(programme):
    rules = terms_of(programme).rules

    assert rules.reopens.keys() == set(Section)
    assert rules.return_sections.keys() >= {TaskKind.ELIGIBILITY, *ASKING_KINDS}
    assert rules.task_days.keys() == set(TaskKind)
    assert all(TaskKind.APPROVE in kinds for kinds in rules.reopens.values())
    assert all(terms_of(programme).quorum[kind] == 1 for kind in TaskKind)


@pytest.mark.parametrize(
    ("section", "kinds"),
    [
        ("budget", {"eligibility.confirm", "compliance.merit", "funding.recommend"}),
        ("human_rights", {"compliance.human_rights"}),
        ("gender", {"compliance.gender"}),
        ("parties", {"screening.adjudicate", "compliance.merit"}),
    ],
)
def test_a_change_reopens_what_depends_on_it_and_the_approval(section, kinds):
    assert set(terms_of("CTCBP").rules.reopens[section]) == kinds | {"funding.approve"}


@pytest.mark.parametrize("section", ["countries", "beneficiaries", "focus"])
def test_another_place_or_beneficiary_goes_through_desks_again(section):
    kinds = terms_of("CTCBP").rules.reopens[Section(section)]

    assert {TaskKind.CONSULT, TaskKind.SIGN_OFF, TaskKind.HUMAN_RIGHTS} <= set(kinds)


def test_the_standard_path_has_all_findings():
    rules = terms_of("CTCBP").rules
    assert rules.stages == (
        Stage.ELIGIBILITY,
        Stage.COMPLIANCE,
        Stage.DESK,
        Stage.FUNDING,
        Stage.AGREEMENT,
        Stage.ACTIVE,
    )
    assert {f.code: (f.rated, f.when) for f in rules.findings} == {
        Discipline.NORMS: (True, None),
        Discipline.HUMAN_RIGHTS: (True, None),
        Discipline.GENDER: (False, None),
        Discipline.MERIT: (False, None),
        Discipline.EXPORT_CONTROL: (True, Trigger.EQUIPMENT),
        Discipline.ENVIRONMENT: (True, Trigger.WORKS),
        Discipline.INFORMATION_SHARING: (True, Trigger.INFORMATION),
        Discipline.TERRITORY: (True, Trigger.PLACES),
        Discipline.COUNTRY_MEASURES: (True, Trigger.MEASURES),
    }


def test_annual_contributions_take_a_short_path():
    rules = terms_of("ACCBP-AVC").rules

    assert rules.stages == (Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.FUNDING, Stage.ACTIVE)
    assert [f.code for f in rules.findings] == [Discipline.NORMS, Discipline.HUMAN_RIGHTS]


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_residual_level_raises_the_approver(programme):
    assert terms_of(programme).rules.residual_levels == {
        RiskLevel.MEDIUM: Level.DIRECTOR_GENERAL,
        RiskLevel.HIGH: Level.MINISTER,
    }


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_pair_of_likelihood_and_severity_has_a_level(programme):
    matrix = terms_of(programme).matrix
    given = {
        matrix.levels[likelihood.code][severity.code]
        for likelihood in matrix.likelihoods
        for severity in matrix.severities
    }

    assert given == set(RISK_LEVELS)


def test_every_rated_finding_weighs_risks():
    for discipline, checklist in terms_of("CTCBP").checklists.items():
        rated = discipline not in (Discipline.GENDER, Discipline.MERIT)
        assert bool(checklist.risk_types) is rated


def test_a_digest_covers_the_whole_of_the_terms(root):
    before = Catalogue.load(root).terms("CTCBP/2026-04-01").rules.digest
    rewrite(root, NORMS, "organized crime", "organised crime")

    assert before == terms_of("CTCBP").rules.digest
    assert Catalogue.load(root).terms("CTCBP/2026-04-01").rules.digest != before


def test_the_latest_version_that_took_effect_holds(root):
    text = (root / CTCBP).read_text(encoding="utf-8")
    later = text.replace("effective: 2026-04-01", "effective: 2027-04-01")
    (root / "programmes/CTCBP/2027-04-01.yaml").write_text(later, encoding="utf-8")

    catalogue = Catalogue.load(root)

    for day, version in [
        (date(2026, 4, 1), "CTCBP/2026-04-01"),
        (date(2027, 3, 31), "CTCBP/2026-04-01"),
        (date(2027, 4, 1), "CTCBP/2027-04-01"),
    ]:
        assert catalogue.terms_in_force("CTCBP", day).version == version


def test_before_its_first_version_a_programme_is_unknown():
    with pytest.raises(NotFound, match="programme_unknown"):
        the_catalogue().terms_in_force("CTCBP", date(2026, 3, 31))


def test_a_version_that_was_never_written_is_unknown():
    with pytest.raises(NotFound, match="terms_unknown"):
        the_catalogue().terms("CTCBP/2025-04-01")


def test_before_its_first_file_nothing_is_in_force():
    with pytest.raises(NotFound, match="policy_not_in_force"):
        in_force(date(2026, 3, 31))


def test_a_measure_holds_until_its_last_day(root):
    rewrite(root, MEASURES, "until: null", "until: 2026-12-31")
    catalogue = Catalogue.load(root)

    held = {
        day: "lebanon_arms" in {m.code for m in catalogue.in_force(day).measures.measures}
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    }

    assert list(held.values()) == [True, False]


def test_everything_in_force_names_its_version():
    held = in_force()

    assert held.delegation.version == "delegation/2026-04-01"
    assert held.desks.version == "desks/2026-04-01"
    assert held.measures.version == "country_measures/2026-04-01"


def test_every_country_and_territory_of_the_world_has_a_desk():
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    world = {line[:2] for line in table.splitlines() if line and not line.startswith("#")}

    assert in_force().countries == world
    assert {c for desk in in_force().desks.desks for c in desk.countries} == world


@pytest.mark.parametrize("region", ["sahel", "caribbean", "asean", "americas", "global"])
def test_the_regions_that_clients_rely_on_exist(region):
    assert region in the_catalogue().known_regions
    assert in_force().desks.of(region)


def test_focus_areas_of_every_programme_are_known():
    assert len(the_catalogue().known_focus_areas) == 6 + 6 + 1


def test_holidays_reach_ten_years_and_are_those_of_the_federal_public_service():
    days = terms_of("CTCBP").rules.holidays

    assert {day.year for day in days} == set(range(2026, 2036))
    assert [day.isoformat()[5:] for day in days if day.year == 2026] == [
        "01-01",
        "04-03",  # Good Friday
        "04-06",  # Easter Monday
        "05-18",  # Victoria Day
        "07-01",
        "08-03",  # the civic holiday
        "09-07",  # Labour Day
        "09-30",  # Truth and Reconciliation
        "10-12",  # Thanksgiving
        "11-11",
        "12-25",
        "12-28",  # Boxing Day, a Saturday
    ]


def test_a_holiday_is_no_business_day():
    assert not is_business_day(date(2026, 9, 30), in_force().calendar.holidays)


# ---- what is wrong


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        pytest.param(
            CTCBP, "flexible: true", "flexibel: true", "unknown key `flexibel`", id="unknown key"
        ),
        pytest.param(
            CTCBP,
            "flexible: true",
            "flexible: true\ndelegation: {director: 1}",
            "belongs in in_force/delegation",
            id="an authority in a program file",
        ),
        pytest.param(
            CTCBP, "return_days: 20", "return_days: soon", "valid integer", id="wrong type"
        ),
        pytest.param(CTCBP, "flexible: true", "flexible: a bit", "flexible", id="no boolean"),
        pytest.param(
            CTCBP, 'amount: "10000000.00"', "amount: 10000000.00", "amount", id="a binary amount"
        ),
        pytest.param(
            CTCBP,
            'name: {en: "Legal assistance", fr: "Aide juridique"}',
            'name: {en: "Legal assistance"}',
            "write `fr: ...`",
            id="French is missing",
        ),
        pytest.param(
            CTCBP, "  - sahel", "  - sahell", "there is no region `sahell`", id="unknown region"
        ),
        pytest.param(CTCBP, "  - JO", "  - JX", "there is no country `JX`", id="unknown country"),
        pytest.param(
            CTCBP,
            "  summary: [compliance.merit",
            "  summary: [compliance.merits",
            "write one of",
            id="re-opens a kind that does not exist",
        ),
        pytest.param(
            CTCBP,
            "  summary: [compliance.merit",
            "  sumary: [compliance.merit",
            "write one of",
            id="re-opens for a section that does not exist",
        ),
        pytest.param(
            CTCBP, "  - programme_fit", "  - program_fit", "there is no check", id="unknown check"
        ),
        pytest.param(
            CTCBP,
            "  norms: 2026-04-01",
            "  norms: 2025-04-01",
            "there is no file checklists/norms/2025-04-01.yaml",
            id="a checklist that was never written",
        ),
        pytest.param(
            CTCBP,
            "  - {code: norms, rated: true}",
            "  - {code: gender, rated: true}",
            "has no risk_types",
            id="rated without risk types",
        ),
        pytest.param(
            CTCBP,
            "    likely: {minor: low, ",
            "    likely: {",
            "no level for likely and minor",
            id="a hole in the risk matrix",
        ),
        pytest.param(
            CTCBP,
            "  remind: [5]",
            "  remind: [15]",
            "a standard is only 15 days long",
            id="a reminder of a standard before it began",
        ),
        pytest.param(
            CTCBP,
            "flexible: true",
            "flexible: true\ncalls: {selection: comparative}",
            "`calls.selection` is 'comparative': write one of 'singly'",
            id="a comparative call",
        ),
        pytest.param(
            CTCBP,
            "  arbitrate: 1",
            "  arbitrate: 2",
            "`arbitrate` is answered by one person: one person arbitrates for a proposal; write 1",
            id="quorum of 2 where one decides",
        ),
        pytest.param(CTCBP, "  confirm: 1", "  confirm: 0", "greater than", id="nobody"),
        pytest.param(
            CTCBP,
            "administrative: [return.release]",
            "administrative: [funding.approve]",
            "`funding.approve` is decided one by one",
            id="an approval in bulk",
        ),
        pytest.param(CTCBP, "code: CTCBP", "code: CTCBQ", "write `code: CTCBP`", id="another code"),
        pytest.param(
            CTCBP,
            "effective: 2026-04-01",
            "effective: 2026-05-01",
            "write `effective: 2026-04-01`",
            id="another date than its name",
        ),
        pytest.param(
            CTCBP,
            "flexible: true",
            "flexible: true: false",
            "not readable as YAML",
            id="unreadable",
        ),
        pytest.param(
            CTCBP,
            "undo_minutes: 0",
            "return_days: 30",
            "the key `return_days` stands twice",
            id="a key twice",
        ),
        pytest.param(
            REGIONS,
            "    countries: [BF, ML, MR, NE, TD]",
            "    countries: []",
            "`sahel` has no countries",
            id="a region without countries",
        ),
        pytest.param(
            RUNGS, 'up_to: "1000000.00"', 'up_to: "1000.00"', "write an amount above", id="a rung"
        ),
        pytest.param(
            RUNGS,
            "level: treasury_board, up_to: null",
            'level: treasury_board, up_to: "1.00"',
            "write `up_to: null`",
            id="nobody above the last rung",
        ),
        pytest.param(
            DOCUMENTS, "megabytes: 25", "megabytes: 26", "most_megabytes", id="above what is taken"
        ),
        pytest.param(
            DOCUMENTS, "together: 250", "together: 10", "would have no room", id="no room for one"
        ),
        pytest.param(DOCUMENTS, "csv, png", "csv, csv", "`csv` stands twice", id="a type twice"),
        pytest.param(
            MEASURES, "countries: [LB]", "countries: [LX]", "no country `LX`", id="a measure"
        ),
        pytest.param(
            MEASURES, "until: null", "until: 2001-01-01", "ends before it begins", id="backwards"
        ),
        pytest.param(
            NORMS,
            "items:",
            "tasks:",
            "known here: effective, code, title, items",
            id="a misspelt key",
        ),
        pytest.param(
            "in_force/screening/2026-04-01.yaml",
            "threshold: 0.70",
            "threshold: 0.30",
            "in rising order",
            id="hits that are not shown",
        ),
        pytest.param(
            DESKS, "      - sahel", "      - caribbean", "with americas already", id="two desks"
        ),
    ],
)
def test_a_bad_file_names_its_line_and_what_to_write(root, file, old, new, says):
    line = rewrite(root, file, old, new) + new.count("\n")

    told = [message for where, at, message in problems(root) if (where, at) == (file, line)]

    assert any(says in message for message in told), told


def test_a_key_that_is_missing_is_told(root):
    rewrite(root, CTCBP, "gender_zero_raises: true\n", "")

    assert [message for _, _, message in problems(root)] == [
        "`gender_zero_raises` is missing: write `gender_zero_raises: ...`"
    ]


def test_a_section_that_the_table_leaves_out_is_told(root):
    line = rewrite(root, CTCBP, "  documents: [funding.approve]\n", "")

    ((file, at, message),) = problems(root)

    assert (file, message) == (CTCBP, "`reopens` leaves out documents: write each")
    assert at < line


def test_a_country_without_a_desk_is_told(root):
    line = rewrite(root, DESKS, " JO,", "")

    ((file, at, message),) = problems(root)

    assert (file, message) == (DESKS, "no desk for JO: write each under one desk")
    assert at < line


def test_a_region_without_a_desk_is_told(root):
    rewrite(root, DESKS, "      - global\n", "")

    assert [message for _, _, message in problems(root)] == [
        "no desk for global: write each under one desk"
    ]


def test_norway_is_a_country_and_not_a_no():
    assert "NO" in in_force().countries


def test_rules_that_do_not_fit_into_a_message_are_told(root):
    many = "compliance.merit, " * 1000
    rewrite(root, CTCBP, "  summary: [compliance.merit", f"  summary: [{many}compliance.merit")

    ((file, _, message),) = problems(root)

    assert file == CTCBP
    assert message.endswith("bytes: write fewer, at most 16384")


def test_a_folder_without_files_is_told(root):
    shutil.rmtree(root / "in_force" / "screening")

    assert [(file, message.split(":")[0]) for file, _, message in problems(root)] == [
        ("in_force/screening", "no file")
    ]


def test_every_problem_is_told_at_once(root):
    rewrite(root, CTCBP, "flexible: true", "flexibel: true")
    rewrite(root, NORMS, "items:", "tasks:")

    assert {file for file, _, _ in problems(root)} == {CTCBP, NORMS}


# ---- the command


def test_the_check_counts_the_bytes_of_each_programme(capsys):
    assert check(None) == 0

    told = capsys.readouterr().out
    for programme in PROGRAMMES:
        assert f"programmes/{programme}/2026-04-01.yaml: rules " in told


def test_the_check_fails_with_a_line_per_problem(root, capsys):
    line = rewrite(root, CTCBP, "return_days: 20", "return_days: soon")

    assert check(root) == 1

    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(f"{CTCBP}:{line}: `return_days` is 'soon'")
    assert told[-1] == "1 problem"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "return.release: {remind: [1]",
            "return.release: {remind: [3]",
            "`return.release` has 3 days: remind fewer days before it is due",
            id="a reminder before the task is opened",
        ),
        pytest.param(
            "legal.disposition: {remind: [5, 1], escalate: []}",
            "legal.disposition: {remind: [5, 1], escalate: [{after: 1, to: director_general}]}",
            "`legal.disposition` takes a grant of its own: write `escalate: []`",
            id="an authority given by silence",
        ),
        pytest.param(
            "screening.adjudicate: {remind: [1], escalate: [{after: 2, to: director_general}]}",
            "screening.adjudicate: {remind: [1], escalate: [{after: 2, to: director}]}",
            "`screening.adjudicate` may tell of a match: write director_general or above",
            id="a match shown to who may not see it",
        ),
        pytest.param(
            "confirm: {remind: [1], escalate: [{after: 3, to: director_general}]}",
            "confirm: {remind: [1], escalate: [{after: 3, to: minister}]}",
            "`minister` does not sign in: write a level below",
            id="who does not sign in",
        ),
        pytest.param(
            "compliance.norms: {remind: [5, 1], escalate: [{after: 5, to: director}]}",
            "compliance.norms: {remind: [5, 1], escalate: [{after: 5, to: head_of_desk}]}",
            "`compliance.norms` has no desk: write a level of approvers",
            id="a desk where there is none",
        ),
        pytest.param(
            "compliance.norms: {remind: [5, 1]",
            "compliance.norms: {remind: [1, 5]",
            "`compliance.norms`: write reminders in falling order",
            id="reminders out of order",
        ),
        pytest.param(
            "decision_escalate: [{after: 5, to: director_general}",
            "decision_escalate: [{after: 5, to: head_of_desk}",
            "`head_of_desk` is asked for no standard: write a level that signs in",
            id="a standard that asks a desk",
        ),
        pytest.param(
            "stage_escalate: [{after: 5,",
            "stage_escalate: [{after: 25,",
            "write steps in rising order",
            id="a standard whose steps go back",
        ),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused_with_its_line(root, old, new, said):
    line = rewrite(root, CTCBP, old, new)

    assert problems(root) == [(CTCBP, line, said)]


def test_a_kind_without_a_clock_and_a_stage_without_a_standard_are_named(root):
    rewrite(root, CTCBP, "  agreement.sign: {remind: [3, 1], escalate: []}\n", "")
    rewrite(root, CTCBP, "stage_days: {eligibility: 15", "stage_days: {returned: 15")

    said = [message for _, _, message in problems(root)]

    assert said == [
        "`clocks` leaves out agreement.sign: write each",
        "`returned` is no stage with a standard here: remove it",
    ]
