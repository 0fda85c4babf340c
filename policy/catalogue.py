"""What the department has decided, read from dated files: which version holds on which day.

`programmes/` and `checklists/` are terms, pinned when a proposal is submitted; `in_force/`
is never pinned. This is the only place that reads policy files and that asks the holidays
library; everything it gives away is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import holidays

from policy.checklist_consistency import checklist_problems
from policy.consistency import (
    Codes,
    delegation_problems,
    desk_problems,
    document_problems,
    incident_problems,
    measure_problems,
    programme_problems,
    region_problems,
    retention_problems,
    screening_problems,
)
from policy.rules.completeness import Known
from policy.shapes import (
    MEGABYTE,
    AmountFile,
    CalendarFile,
    ChecklistFile,
    CountriesFile,
    CountryMeasuresFile,
    DatedFile,
    DelegationFile,
    DesksFile,
    DocumentsFile,
    IncidentsFile,
    ProgrammeFile,
    RegionsFile,
    RetentionFile,
    RungFile,
    ScreeningFile,
    StatutoryWaitsFile,
    cents,
)
from policy.yaml_files import PolicyFile, PolicyProblems, Problem, read, shaped
from schemas.errors import NotFound
from schemas.in_force import (
    Calendar,
    CountryMeasures,
    Delegation,
    Desks,
    DocumentPolicy,
    IncidentPolicy,
    InForce,
    KindOfApproval,
    Regions,
    Retention,
    Rung,
    ScreeningPolicy,
    StatutoryWaits,
)
from schemas.people import Discipline
from schemas.terms import (
    MOST_RULES_BYTES,
    Amount,
    Checklist,
    Limits,
    ProcessRules,
    Terms,
)
from schemas.values import Bilingual, canonical, digest

__all__ = ["Catalogue", "PolicyProblems", "Problem", "rules_bytes"]

HOLIDAY_YEARS = 10
"""A proposal outlives its terms: review, agreement and the years after it."""

_SATURDAY = 5
_Shape = TypeVar("_Shape", bound=DatedFile)
_Held = TypeVar("_Held")


class _Dated(Generic[_Held]):
    """The versions of one kind of what is in force, by their day of effect."""

    def __init__(self, kind: str, versions: dict[date, _Held]) -> None:
        self._kind = kind
        self._versions = versions

    def on(self, day: date) -> _Held:
        """The latest version that took effect by *day*."""
        dates = [effective for effective in self._versions if effective <= day]
        if not dates:
            raise NotFound("policy_not_in_force", kind=self._kind, day=day.isoformat())
        return self._versions[max(dates)]

    def all(self) -> tuple[_Held, ...]:
        return tuple(self._versions.values())

    def versions(self) -> tuple[str, ...]:
        return tuple(f"{self._kind}/{day.isoformat()}" for day in sorted(self._versions))


class _InForceFiles(NamedTuple):
    """Every version of every kind of what is in force."""

    countries: _Dated[frozenset[str]]
    regions: _Dated[Regions]
    desks: _Dated[Desks]
    delegation: _Dated[Delegation]
    measures: _Dated[CountryMeasures]
    waits: _Dated[StatutoryWaits]
    calendar: _Dated[Calendar]
    screening: _Dated[ScreeningPolicy]
    incidents: _Dated[IncidentPolicy]
    retention: _Dated[Retention]
    documents: _Dated[DocumentPolicy]


class Catalogue:
    """Every version of every policy file, checked; made by `load`."""

    def __init__(self, terms: dict[str, Terms], files: _InForceFiles) -> None:
        self._terms = terms
        self._files = files
        self._days: dict[date, InForce] = {}

    @classmethod
    def load(cls, root: Path | None = None) -> Catalogue:
        """Read the files below *root* (default: this package); `PolicyProblems` if any is bad."""
        return _Reading(root or Path(__file__).parent).catalogue()

    # ---- terms

    def terms(self, version: str) -> Terms:
        """The terms of a version such as `CTCBP/2026-04-01`."""
        if version not in self._terms:
            raise NotFound("terms_unknown", version=version)
        return self._terms[version]

    def terms_in_force(self, code: str, day: date) -> Terms:
        """The terms of a program that a submission on *day* pins."""
        held = [
            terms for terms in self._terms.values() if terms.code == code and terms.effective <= day
        ]
        if not held:
            raise NotFound("programme_unknown", programme=code, day=day.isoformat())
        return max(held, key=lambda terms: terms.effective)

    def programmes(self, day: date) -> tuple[Terms, ...]:
        """The terms of every program that is open on *day*, by code."""
        codes = sorted({t.code for t in self._terms.values() if t.effective <= day})
        return tuple(self.terms_in_force(code, day) for code in codes)

    def versions(self) -> tuple[Terms, ...]:
        """Every version of every program, by code and date."""
        return tuple(self._terms[version] for version in sorted(self._terms))

    # ---- codes that exist

    @property
    def known_focus_areas(self) -> frozenset[str]:
        """Focus areas of any program, whatever its version."""
        return frozenset(area.code for terms in self._terms.values() for area in terms.focus_areas)

    @cached_property
    def names(self) -> dict[str, Bilingual]:
        """What the policy files call their focus areas and regions; the newest file counts."""
        areas = {a.code: a.name for terms in self.versions() for a in terms.focus_areas}
        regions = {r.code: r.name for each in self._files.regions.all() for r in each.regions}
        return areas | regions

    @property
    def known_regions(self) -> frozenset[str]:
        return frozenset(code for regions in self._files.regions.all() for code in regions.codes)

    @property
    def known_countries(self) -> frozenset[str]:
        return frozenset(code for codes in self._files.countries.all() for code in codes)

    def known(self, terms: Terms) -> Known:
        """What `completeness.gaps` needs to know for a proposal under *terms*."""
        return Known(
            focus_areas=self.known_focus_areas,
            regions=self.known_regions,
            countries=self.known_countries,
            stages=frozenset(terms.rules.stages),
            findings=frozenset(finding.code for finding in terms.rules.findings),
        )

    # ---- in force

    def in_force(self, day: date) -> InForce:
        """What is in force on *day*; `NotFound` before the first file of any kind."""
        if day not in self._days:
            files = self._files
            measures = files.measures.on(day)
            self._days[day] = InForce(
                day=day,
                countries=files.countries.on(day),
                delegation=files.delegation.on(day),
                desks=files.desks.on(day),
                regions=files.regions.on(day),
                measures=CountryMeasures(
                    version=measures.version,
                    measures=tuple(m for m in measures.measures if m.holds_on(day)),
                ),
                waits=files.waits.on(day),
                calendar=files.calendar.on(day),
                screening=files.screening.on(day),
                incidents=files.incidents.on(day),
                retention=files.retention.on(day),
                documents=files.documents.on(day),
            )
        return self._days[day]

    def in_force_versions(self) -> tuple[str, ...]:
        """Every file of what is in force, such as `desks/2026-04-01`, by kind and date."""
        return tuple(version for kind in self._files for version in kind.versions())


def rules_bytes(rules: ProcessRules) -> int:
    """The size of what travels into a workflow (`mechanics`: at most 16 KB)."""
    return len(canonical(rules.model_dump(mode="json")))


# ---- reading


@dataclass(frozen=True)
class _Read(Generic[_Shape]):
    """A file with what was written in it."""

    written: _Shape
    file: PolicyFile


class _Reading:
    """One pass over the files: their shapes, whether they agree, then the values."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._problems: list[Problem] = []

    def catalogue(self) -> Catalogue:
        checklists = self._folders("checklists", ChecklistFile)
        programmes = self._folders("programmes", ProgrammeFile)
        countries = self._dated("in_force/countries", CountriesFile)
        regions = self._dated("in_force/regions", RegionsFile)
        desks = self._dated("in_force/desks", DesksFile)
        delegation = self._dated("in_force/delegation", DelegationFile)
        measures = self._dated("in_force/country_measures", CountryMeasuresFile)
        waits = self._dated("in_force/statutory_waits", StatutoryWaitsFile)
        calendar = self._dated("in_force/calendar", CalendarFile)
        screening = self._dated("in_force/screening", ScreeningFile)
        incidents = self._dated("in_force/incidents", IncidentsFile)
        retention = self._dated("in_force/retention", RetentionFile)
        documents = self._dated("in_force/documents", DocumentsFile)
        self._stop_if_bad()

        codes = Codes(
            regions=frozenset(r.code for each in regions for r in each.written.regions),
            countries=frozenset(code for each in countries for code in each.written.countries),
        )
        versions = {(c.written.code, c.written.effective): c.written for c in checklists}
        for checklist in checklists:
            self._problems += checklist_problems(checklist.written, checklist.file)
        for programme in programmes:
            self._problems += programme_problems(programme.written, programme.file, versions, codes)
        for region in regions:
            self._problems += region_problems(region.written, region.file, codes)
        for desk in desks:
            self._problems += desk_problems(desk.written, desk.file, codes)
        for rungs in delegation:
            self._problems += delegation_problems(rungs.written, rungs.file)
        for measure in measures:
            self._problems += measure_problems(measure.written, measure.file, codes)
        for scores in screening:
            self._problems += screening_problems(scores.written, scores.file)
        for happened in incidents:
            self._problems += incident_problems(happened.written, happened.file)
        for kept in retention:
            self._problems += retention_problems(kept.written, kept.file)
        for attached in documents:
            self._problems += document_problems(attached.written, attached.file)
        self._stop_if_bad()

        calendars = {each.written.effective: each.written for each in calendar}
        terms = [_terms(each.written, versions, calendars) for each in programmes]
        for each, resolved in zip(programmes, terms, strict=True):
            size = rules_bytes(resolved.rules)
            if size > MOST_RULES_BYTES:
                message = f"the rules take {size} bytes: write fewer, at most {MOST_RULES_BYTES}"
                self._problems.append(each.file.problem(message))
        self._stop_if_bad()
        return Catalogue(
            {each.version: each for each in terms},
            _InForceFiles(
                countries=_versions("countries", countries, _countries),
                regions=_versions("regions", regions, _regions),
                desks=_versions("desks", desks, _desks),
                delegation=_versions("delegation", delegation, _delegation),
                measures=_versions("country_measures", measures, _measures),
                waits=_versions("statutory_waits", waits, _waits),
                calendar=_versions("calendar", calendar, _calendar),
                screening=_versions("screening", screening, _screening),
                incidents=_versions("incidents", incidents, _incidents),
                retention=_versions("retention", retention, _retention),
                documents=_versions("documents", documents, _documents),
            ),
        )

    def _stop_if_bad(self) -> None:
        if self._problems:
            raise PolicyProblems(sorted(self._problems, key=lambda p: (p.file, p.line, p.message)))

    def _folders(self, folder: str, shape: type[_Shape]) -> list[_Read[_Shape]]:
        """The files of every folder below; each folder is named after the code of its files."""
        found = []
        for below in sorted(path for path in (self._root / folder).glob("*") if path.is_dir()):
            for each in self._dated(f"{folder}/{below.name}", shape):
                found.append(each)
                if each.file.data["code"] != below.name:
                    message = f"the folder is {below.name}: write `code: {below.name}`"
                    self._problems.append(each.file.problem(message, "code"))
        if not found:
            self._nothing_in(folder)
        return found

    def _dated(self, folder: str, shape: type[_Shape]) -> list[_Read[_Shape]]:
        """The files of one folder; each is named after its day of effect."""
        found = []
        paths = sorted((self._root / folder).glob("*.yaml"))
        if not paths:
            self._nothing_in(folder)
        for path in paths:
            try:
                file = read(path, self._root)
            except PolicyProblems as error:
                self._problems += error.problems
                continue
            if str(file.data.get("effective")) != path.stem:
                message = f"the file is named {path.stem}: write `effective: {path.stem}`"
                self._problems.append(file.problem(message, "effective"))
            written = shaped(shape, file, self._problems)
            if written is not None:
                found.append(_Read(written, file))
        return found

    def _nothing_in(self, folder: str) -> None:
        message = "no file: write one, named after its day of effect (YYYY-MM-DD.yaml)"
        self._problems.append(Problem(file=folder, line=1, message=message))


def _versions(
    kind: str, files: list[_Read[_Shape]], value: Callable[[str, _Shape], _Held]
) -> _Dated[_Held]:
    """What each file of a kind stands for, with the name of its version."""
    return _Dated(
        kind,
        {
            each.written.effective: value(f"{kind}/{each.written.effective}", each.written)
            for each in files
        },
    )


def _countries(_version: str, written: CountriesFile) -> frozenset[str]:
    return frozenset(written.countries)


def _regions(version: str, written: RegionsFile) -> Regions:
    return Regions(version=version, regions=written.regions)


def _desks(version: str, written: DesksFile) -> Desks:
    return Desks(version=version, desks=written.desks)


def _delegation(version: str, written: DelegationFile) -> Delegation:
    return Delegation(
        version=version,
        source=written.source,
        published=written.published,
        rungs=_rungs(written.rungs),
        kinds=tuple(
            KindOfApproval(kind=each.kind, least=each.least, rungs=_rungs(each.rungs))
            for each in written.kinds
        ),
    )


def _rungs(written: Sequence[RungFile]) -> tuple[Rung, ...]:
    return tuple(
        Rung(level=rung.level, up_to_cents=None if rung.up_to is None else cents(rung.up_to))
        for rung in written
    )


def _measures(version: str, written: CountryMeasuresFile) -> CountryMeasures:
    return CountryMeasures(version=version, measures=written.measures)


def _waits(version: str, written: StatutoryWaitsFile) -> StatutoryWaits:
    return StatutoryWaits(version=version, waits=written.waits)


def _calendar(version: str, written: CalendarFile) -> Calendar:
    return Calendar(version=version, holidays=_holidays(written, written.effective.year))


def _screening(version: str, written: ScreeningFile) -> ScreeningPolicy:
    return ScreeningPolicy(version=version, **written.model_dump(exclude={"effective"}))


def _incidents(version: str, written: IncidentsFile) -> IncidentPolicy:
    return IncidentPolicy(
        version=version,
        kinds=written.kinds,
        assess_within_days=written.assess_within_days,
        escalate_after_days=written.escalate_after_days,
    )


def _retention(version: str, written: RetentionFile) -> Retention:
    return Retention(version=version, rules=written.rules)


def _documents(version: str, written: DocumentsFile) -> DocumentPolicy:
    return DocumentPolicy(
        version=version,
        types=written.types,
        most_bytes=written.most_megabytes * MEGABYTE,
        most_bytes_together=written.most_megabytes_together * MEGABYTE,
        most_documents=written.most_documents,
        most_documents_per_task=written.most_documents_per_task,
    )


def _terms(
    written: ProgrammeFile,
    checklists: dict[tuple[Discipline, date], ChecklistFile],
    calendars: dict[date, CalendarFile],
) -> Terms:
    """A program file with its checklists and holidays in place, and the digest of it all."""
    calendar = calendars[
        max((d for d in calendars if d <= written.effective), default=min(calendars))
    ]
    rules = ProcessRules(
        programme=written.code,
        version=written.effective,
        digest="",
        holidays=_holidays(calendar, written.effective.year),
        quorum={kind: people for kind, people in written.quorum.items() if people > 1},
        **{name: getattr(written, name) for name in _RULES_AS_WRITTEN},
    )
    terms = Terms(
        checklists={
            code: _checklist(checklists[code, version])
            for code, version in written.checklists.items()
        },
        limits=Limits(
            least=_amount(written.limits.least),
            most=_amount(written.limits.most),
        ),
        matrix=written.risk_matrix,
        rules=rules,
        **{name: getattr(written, name) for name in _TERMS_AS_WRITTEN},
    )
    whole = rules.model_copy(update={"digest": digest(terms)})
    return terms.model_copy(update={"rules": whole})


_RULES_AS_WRITTEN = tuple(
    ProcessRules.model_fields.keys() & ProgrammeFile.model_fields.keys() - {"quorum"}
)
_TERMS_AS_WRITTEN = tuple(
    Terms.model_fields.keys() & ProgrammeFile.model_fields.keys() - {"checklists", "limits"}
)


def _checklist(written: ChecklistFile) -> Checklist:
    return Checklist(
        code=written.code,
        version=written.effective,
        title=written.title,
        items=written.items,
        risk_types=written.risk_types,
    )


def _amount(written: AmountFile | None) -> Amount | None:
    if written is None:
        return None
    return Amount(cents=cents(written.amount), published=written.published)


def _holidays(calendar: CalendarFile, first_year: int) -> tuple[date, ...]:
    """The days off of ten years, the observed ones among them."""
    years = range(first_year, first_year + HOLIDAY_YEARS)
    federal = holidays.country_holidays(calendar.country, years=years, categories=calendar.category)
    days = set(federal)
    if "easter_monday" in calendar.also:
        days |= {friday + timedelta(days=3) for friday in federal.get_named("Good Friday")}
    if "civic_holiday" in calendar.also:
        days |= {_first_monday_of_august(year) for year in years}
    return tuple(sorted(day for day in days if day.weekday() < _SATURDAY))


def _first_monday_of_august(year: int) -> date:
    first = date(year, 8, 1)
    return first + timedelta(days=-first.weekday() % 7)
