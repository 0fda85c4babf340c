"""What the shapes of policy files cannot say: whether the files agree with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from policy.rules import ladder, quorum
from policy.rules.eligibility import CHECKS
from policy.shapes import (
    ChecklistFile,
    CountryMeasuresFile,
    DelegationFile,
    DesksFile,
    DocumentsFile,
    IncidentsFile,
    ProgrammeFile,
    RegionsFile,
    RetentionFile,
    RungFile,
    ScreeningFile,
    cents,
)
from policy.yaml_files import PolicyFile, Problem
from schemas.in_force import GLOBAL
from schemas.incidents import IncidentKind
from schemas.messages import ASKING_KINDS
from schemas.people import LEVELS, ON_PAPER, Discipline, Level, Role
from schemas.proposal import RECONSIDERED, Section, Stage
from schemas.tasks import MAY_BE_ADMINISTRATIVE, TaskKind


class Codes(NamedTuple):
    """The codes of places that exist in any version."""

    regions: frozenset[str]
    countries: frozenset[str]


def programme_problems(
    written: ProgrammeFile,
    file: PolicyFile,
    checklists: dict[tuple[Discipline, date], ChecklistFile],
    codes: Codes,
) -> Iterator[Problem]:
    """Everything in a program file that refers to what does not exist, or leaves something out."""
    for position, region in enumerate(written.regions):
        if region not in codes.regions:
            message = f"there is no region `{region}`: write one of in_force/regions"
            yield file.problem(message, "regions", position)
    for position, country in enumerate(written.countries):
        if country not in codes.countries:
            message = f"there is no country `{country}`: write an ISO 3166-1 alpha-2 code"
            yield file.problem(message, "countries", position)
    for position, check in enumerate(written.checks):
        if check not in CHECKS:
            message = f"there is no check `{check}`: write one of {', '.join(CHECKS)}"
            yield file.problem(message, "checks", position)
    yield from _checklist_problems(written, file, checklists)
    yield from _matrix_problems(written, file)
    yield from _left_out("reopens", Section, written.reopens, file)
    asking = (TaskKind.ELIGIBILITY, *ASKING_KINDS)
    yield from _left_out("return_sections", asking, written.return_sections, file)
    yield from _left_out("task_days", TaskKind, written.task_days, file)
    yield from _left_out("quorum", TaskKind, written.quorum, file)
    yield from _left_out("clocks", TaskKind, written.clocks, file)
    yield from _clock_problems(written, file)
    yield from _quorum_problems(written, file)
    yield from _reconsideration_problems(written, file)
    for position, kind in enumerate(written.administrative):
        if kind not in MAY_BE_ADMINISTRATIVE:
            allowed = ", ".join(sorted(MAY_BE_ADMINISTRATIVE))
            message = f"`{kind}` is decided one by one: write none but {allowed}"
            yield file.problem(message, "administrative", position)
    for key in ("focus_areas", "checks", "stages", "findings", "administrative"):
        items = getattr(written, key)
        yield from _twice(key, [getattr(item, "code", item) for item in items], file)


def _checklist_problems(
    written: ProgrammeFile,
    file: PolicyFile,
    checklists: dict[tuple[Discipline, date], ChecklistFile],
) -> Iterator[Problem]:
    for discipline, version in written.checklists.items():
        if (discipline, version) not in checklists:
            message = f"there is no file checklists/{discipline}/{version}.yaml: write it"
            yield file.problem(message, "checklists", discipline.value)
    for position, finding in enumerate(written.findings):
        if finding.code not in written.checklists:
            message = f"`{finding.code}` has no checklist: write its date under checklists"
            yield file.problem(message, "findings", position)
            continue
        checklist = checklists.get((finding.code, written.checklists[finding.code]))
        if finding.rated and checklist is not None and not checklist.risk_types:
            message = f"`{finding.code}` is rated, its checklist has no risk_types: write some"
            yield file.problem(message, "findings", position)


def _quorum_problems(written: ProgrammeFile, file: PolicyFile) -> Iterator[Problem]:
    for kind, people in written.quorum.items():
        if people > 1 and kind in quorum.ONE_PERSON:
            message = f"`{kind}` is answered by one person: {quorum.ONE_PERSON[kind]}; write 1"
            yield file.problem(message, "quorum", kind.value)


def _reconsideration_problems(written: ProgrammeFile, file: PolicyFile) -> Iterator[Problem]:
    """What is reconsidered was decided against the partner, by somebody who signs in."""
    for outcome, level in written.reconsideration.items():
        where = ("reconsideration", outcome.value)
        if outcome not in RECONSIDERED:
            message = f"`{outcome}` is not reconsidered: write {', '.join(sorted(RECONSIDERED))}"
            yield file.problem(message, *where)
        if level in ON_PAPER:
            yield file.problem(f"`{level}` does not sign in: write a level below", *where)
    if written.reconsideration and written.reconsideration_days == 0:
        message = "nobody can ask within no days: write some, or leave `reconsideration` empty"
        yield file.problem(message, "reconsideration_days")


def _clock_problems(written: ProgrammeFile, file: PolicyFile) -> Iterator[Problem]:
    """A ladder that can be climbed, and that gives nobody what only a grant can give."""
    for kind, rule in written.clocks.items():
        where = ("clocks", kind.value)
        days = written.task_days.get(kind, 0)
        if list(rule.remind) != sorted(set(rule.remind), reverse=True):
            yield file.problem(f"`{kind}`: write reminders in falling order", *where, "remind")
        if any(before >= days for before in rule.remind):
            message = f"`{kind}` has {days} days: remind fewer days before it is due"
            yield file.problem(message, *where, "remind")
        steps = [step.after for step in rule.escalate]
        if steps != sorted(set(steps)):
            yield file.problem(f"`{kind}`: write steps in rising order", *where, "escalate")
        for position, step in enumerate(rule.escalate):
            if refused := _no_such_step(kind, step.to):
                yield file.problem(refused, *where, "escalate", position)
    asked = written.questions
    if list(asked.remind) != sorted(set(asked.remind), reverse=True):
        yield file.problem("`questions`: write reminders in falling order", "questions", "remind")
    for key in ("stage_escalate", "decision_escalate"):
        above = getattr(written.standards, key)
        after = [step.after for step in above]
        if after != sorted(set(after)):
            yield file.problem("write steps in rising order", "standards", key)
        for position, step in enumerate(above):
            if step.to is Role.HEAD_OF_DESK or step.to in ON_PAPER:
                message = f"`{step.to}` is asked for no standard: write a level that signs in"
                yield file.problem(message, "standards", key, position)
    for stage in written.standards.stage_days:
        if stage not in written.stages or stage is Stage.ACTIVE:
            message = f"`{stage}` is no stage with a standard here: remove it"
            yield file.problem(message, "standards", "stage_days", stage.value)
    shortest = min([*written.standards.stage_days.values(), written.decision_days])
    for position, days in enumerate(written.standards.remind):
        if days >= shortest:
            message = f"a standard is only {shortest} days long: write fewer than that"
            yield file.problem(message, "standards", "remind", position)


def _no_such_step(kind: TaskKind, to: Role | Level) -> str | None:
    if kind in ladder.NEVER_ESCALATED:
        return f"`{kind}` takes a grant of its own: write `escalate: []`"
    if to in ON_PAPER:
        return f"`{to}` does not sign in: write a level below"
    if to is Role.HEAD_OF_DESK:
        of_a_desk = kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF)
        return None if of_a_desk else f"`{kind}` has no desk: write a level of approvers"
    if kind in ladder.TELLS_OF_A_MATCH and to is Level.DIRECTOR:
        return f"`{kind}` may tell of a match: write director_general or above"
    return None


def _matrix_problems(written: ProgrammeFile, file: PolicyFile) -> Iterator[Problem]:
    matrix = written.risk_matrix
    severities = [severity.code for severity in matrix.severities]
    likelihoods = [likelihood.code for likelihood in matrix.likelihoods]
    where = ("risk_matrix", "levels")
    for likelihood in likelihoods:
        for severity in severities:
            if severity not in matrix.levels.get(likelihood, {}):
                message = f"no level for {likelihood} and {severity}: write low, medium or high"
                yield file.problem(message, *where, likelihood)
    for likelihood, levels in matrix.levels.items():
        if likelihood not in likelihoods:
            message = f"`{likelihood}` is no likelihood: write one of {', '.join(likelihoods)}"
            yield file.problem(message, *where, likelihood)
        for severity in levels:
            if severity not in severities:
                message = f"`{severity}` is no severity: write one of {', '.join(severities)}"
                yield file.problem(message, *where, likelihood, severity)


def desk_problems(written: DesksFile, file: PolicyFile, codes: Codes) -> Iterator[Problem]:
    """Every country, territory and region has exactly one desk."""
    desk_of: dict[str, str] = {}
    for position, desk in enumerate(written.desks):
        for key, known in (("countries", codes.countries), ("regions", codes.regions)):
            for place_at, place in enumerate(getattr(desk, key)):
                where = ("desks", position, key, place_at)
                if place not in known:
                    message = f"`{place}` is not in in_force/{key}: remove or correct it"
                    yield file.problem(message, *where)
                if place in desk_of:
                    message = f"`{place}` is with {desk_of[place]} already: keep one"
                    yield file.problem(message, *where)
                desk_of.setdefault(place, desk.code)
    missing = sorted((codes.countries | codes.regions) - desk_of.keys())
    if missing:
        message = f"no desk for {', '.join(missing)}: write each under one desk"
        yield file.problem(message, "desks")
    yield from _twice("desks", [desk.code for desk in written.desks], file)


def region_problems(written: RegionsFile, file: PolicyFile, codes: Codes) -> Iterator[Problem]:
    """A region stands for countries; only `global` names none."""
    for position, region in enumerate(written.regions):
        where = ("regions", position, "countries")
        if not region.countries and region.code != GLOBAL:
            message = f"`{region.code}` has no countries: write their codes"
            yield file.problem(message, *where)
        if region.countries and region.code == GLOBAL:
            message = "`global` names no countries: write []"
            yield file.problem(message, *where)
        for place_at, country in enumerate(region.countries):
            if country not in codes.countries:
                message = f"there is no country `{country}`: write an ISO 3166-1 alpha-2 code"
                yield file.problem(message, *where, place_at)
        yield from _twice(where, region.countries, file)
    if GLOBAL not in {region.code for region in written.regions}:
        yield file.problem("the region `global` is missing: write it, with no countries", "regions")
    yield from _twice("regions", [region.code for region in written.regions], file)


def measure_problems(
    written: CountryMeasuresFile, file: PolicyFile, codes: Codes
) -> Iterator[Problem]:
    """A measure names countries that exist, and ends after it begins."""
    for position, measure in enumerate(written.measures):
        for place_at, country in enumerate(measure.countries):
            if country not in codes.countries:
                message = f"there is no country `{country}`: write an ISO 3166-1 alpha-2 code"
                yield file.problem(message, "measures", position, "countries", place_at)
        if measure.until is not None and measure.until < measure.since:
            message = f"`{measure.code}` ends before it begins: write a later `until`"
            yield file.problem(message, "measures", position, "until")
        yield from _twice("measures", [each.code for each in measure.exceptions], file)
    yield from _twice("measures", [measure.code for measure in written.measures], file)


def delegation_problems(written: DelegationFile, file: PolicyFile) -> Iterator[Problem]:
    """Every level has a rung, lowest first, each covering more; the last covers everything.

    A kind of approval is named once; bounds of its own are whole too.
    """
    yield from _rung_problems(written.rungs, file, "rungs")
    yield from _twice("kinds", [each.kind for each in written.kinds], file)
    for position, each in enumerate(written.kinds):
        if each.rungs:
            yield from _rung_problems(each.rungs, file, "kinds", position, "rungs")


def _rung_problems(
    rungs: Sequence[RungFile], file: PolicyFile, *place: str | int
) -> Iterator[Problem]:
    if [rung.level for rung in rungs] != list(LEVELS):
        message = f"write one rung per level, lowest first: {', '.join(LEVELS)}"
        yield file.problem(message, *place)
        return
    before = 0
    for position, rung in enumerate(rungs[:-1]):
        if rung.up_to is None or cents(rung.up_to) <= before:
            message = f"{rung.level}: write an amount above that of the level below"
            yield file.problem(message, *place, position)
        else:
            before = cents(rung.up_to)
    if rungs[-1].up_to is not None:
        message = "the last level covers every amount: write `up_to: null`"
        yield file.problem(message, *place, len(rungs) - 1)


def screening_problems(written: ScreeningFile, file: PolicyFile) -> Iterator[Problem]:
    """What is shown includes the hits; what a second person confirms is a hit."""
    if not written.cutoff <= written.threshold <= written.confirm_from:
        message = "write cutoff, threshold and confirm_from in rising order"
        yield file.problem(message, "threshold")


def incident_problems(written: IncidentsFile, file: PolicyFile) -> Iterator[Problem]:
    """Every kind of incident has one rule."""
    codes = [rule.kind for rule in written.kinds]
    yield from _twice("kinds", codes, file)
    yield from _left_out("kinds", IncidentKind, codes, file)


def retention_problems(written: RetentionFile, file: PolicyFile) -> Iterator[Problem]:
    """Each kind of text has at most one rule for each way a proposal can end."""
    yield from _twice("rules", [rule.code for rule in written.rules], file)
    taken: dict[tuple[str, str], str] = {}
    for position, rule in enumerate(written.rules):
        for kind in rule.texts:
            for outcome in rule.outcomes:
                other = taken.setdefault((kind, outcome), rule.code)
                if other != rule.code:
                    message = f"`{other}` already covers {kind} of {outcome}: name it in one rule"
                    yield file.problem(message, "rules", position, "texts")


def document_problems(written: DocumentsFile, file: PolicyFile) -> Iterator[Problem]:
    """The largest document has room in an empty proposal; each type stands once."""
    yield from _twice("types", written.types, file)
    if written.most_megabytes_together < written.most_megabytes:
        message = "one document would have no room: write at least `most_megabytes`"
        yield file.problem(message, "most_megabytes_together")


def _left_out(
    key: str, needed: Iterable[str], written: Iterable[str], file: PolicyFile
) -> Iterator[Problem]:
    missing = [str(one) for one in needed if one not in set(written)]
    if missing:
        yield file.problem(f"`{key}` leaves out {', '.join(missing)}: write each", key)


def _twice(
    key: str | tuple[str | int, ...], codes: Iterable[str], file: PolicyFile
) -> Iterator[Problem]:
    where = (key,) if isinstance(key, str) else key
    for code, count in Counter(codes).items():
        if count > 1:
            yield file.problem(f"`{code}` stands twice: keep one", *where)
