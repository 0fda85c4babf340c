"""The OpenAPI as schemathesis reads it, and the people who send what it generates.

What is generated says what may be sent; the ids of what exists, and who asks, are ours.
"""

import itertools
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import requests
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput
from schemathesis.specs.openapi import checks

from api.answers import PREFIX
from api.app import create_app
from tests.journeys.client import CONTENT, a_key, costing

SMALL = CONTENT | costing(300_000)

PEOPLE = (
    "Signatory 1",
    "Programme officer 1",
    "Norms reviewer 1",
    "Screening reviewer 1",
    "Administrator 1",
    "Auditor 1",
)
REFUSALS = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 431]
"""What may be answered to a request that is wrong; some are wrong in more than one way."""
NOT_PROMISED = [
    # What rules allow, and which codes a program knows, no schema says.
    checks.positive_data_acceptance,
    # What one person made another may not see.
    checks.ensure_resource_availability,
]
OWNERS = {
    "proposals": "Signatory 1",
    "tasks": "Programme officer 1",
    "screening": "Screening reviewer 1",
    "lists": "Screening reviewer 1",
}
"""Who may do most with what stands at an address; an administrator with the rest."""
AS_LONG_AS_IT_TAKES = 3600
ONE_IN_UNKNOWN = 4
"""One path in so many keeps the id that was generated, which nothing has."""


def document() -> dict[str, Any]:
    """The OpenAPI, as a client receives it."""
    found: dict[str, Any] = json.loads(json.dumps(create_app(None).openapi()))  # type: ignore[arg-type]
    return found


STREAM = f"{PREFIX}/events/stream"
"""Answered as long as somebody listens; who asks once would wait for ever."""


def labels() -> list[str]:
    """Every operation that ends, as schemathesis names it."""
    return [
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
        if path != STREAM
    ]


class Wandering:
    """A running Accord on *port*: its schema, the tokens of people, and ids that exist."""

    def __init__(
        self, port: int, tokens: Mapping[str, str], places: Mapping[str, list[str]]
    ) -> None:
        self.schema = schemathesis.openapi.from_dict(
            with_every_item(document()),
            config=schemathesis.Config.from_dict(
                {
                    "base-url": f"http://127.0.0.1:{port}",
                    # A busy machine may take its time: what is late is not wrong.
                    "request-timeout": AS_LONG_AS_IT_TAKES,
                    "checks": {
                        "missing_required_header": {"expected-statuses": REFUSALS},
                        "negative_data_rejection": {"expected-statuses": REFUSALS},
                    },
                }
            ),
        )
        self._tokens = tokens
        self._places = places
        self._session = requests.Session()
        self.seen: Counter[tuple[str, int]] = Counter()
        """How often an operation answered a status: what was reached."""

    def headers(self, case: Case, person: str) -> dict[str, str]:
        """Who asks; where the key is well formed, one that was never used."""
        found = {"Authorization": f"Bearer {self._tokens[person]}"}
        if _is_well_formed((case.headers or {}).get("Idempotency-Key")):
            found["Idempotency-Key"] = a_key()
        return found

    def send(self, case: Case, person: str) -> None:
        """Send *case* as *person*, and hold the answer against all that is promised."""
        answer = case.call_and_validate(
            headers=self.headers(case, person),
            session=self._session,
            excluded_checks=_not_promised(case),
        )
        self.seen[case.operation.label, answer.status_code] += 1

    def send_edges(self, label: str) -> None:
        """Send what lies on the edges of an operation's schema, inside and outside.

        Everybody asks in turn; what lies inside is asked by the one who may do most, too.
        """
        turns = itertools.cycle(PEOPLE)
        for case in self._edges(label):
            self.send(case, next(turns))
            if case.meta is not None and case.meta.generation.mode.is_positive:
                self.send(case, _owner(label))

    def send_anything(self, label: str, wanted: settings) -> None:
        """Send whatever the schema allows, and whatever it forbids, as *wanted*."""
        operation = self.schema.find_operation_by_label(label)
        assert operation is not None, label
        turns = itertools.count()

        @wanted
        @given(
            case=st.one_of(
                operation.as_strategy(generation_mode=mode)
                for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
            )
        )
        def sent(case: Case) -> None:
            number = next(turns)
            if number % ONE_IN_UNKNOWN and not _is_about_the_path(case):
                case.path_parameters = self._known(case.path_parameters or {}, number)
            self.send(case, _owner(label) if number % 2 else PEOPLE[number // 2 % len(PEOPLE)])

        sent()

    def _edges(self, label: str) -> Iterator[Case]:
        operation = self.schema.find_operation_by_label(label)
        assert operation is not None, label
        generated = self.schema.iter_coverage_cases(
            operation,
            generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
            generation_config=self.schema.config.generation,
        )
        for number, case in enumerate(generated):
            if number % ONE_IN_UNKNOWN and not _is_about_the_path(case):
                case.path_parameters = self._known(case.path_parameters or {}, number)
            yield case

    def _known(self, parameters: Mapping[str, Any], number: int) -> dict[str, Any]:
        return {
            name: self._places[name][number % len(self._places[name])]
            if name in self._places
            else value
            for name, value in parameters.items()
        }

    def state_machine(self, addresses: str) -> type[APIStateMachine]:
        """Wandering from answer to answer among *addresses*, a pattern.

        Who follows a link is mostly who was answered.
        """
        wandering = self
        generated: Any = self.schema.include(path_regex=addresses).as_state_machine()

        class Wanderer(generated):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self._asked_by: dict[str, str] = {}
                self._steps = itertools.count()

            def step(self, input: StepInput) -> StepOutput:  # noqa: A002 - schemathesis names it
                parent = input.transition.parent_id if input.transition else None
                # Not drawn: what the API answered would change what is drawn next.
                label = input.case.operation.label
                turn = zlib.crc32(f"{next(self._steps)} {label}".encode())
                before = self._asked_by.get(parent or "") or _owner(label)
                person = before if turn % 4 else PEOPLE[turn // 4 % len(PEOPLE)]
                self._asked_by[input.case.id] = person
                # What chance would hardly ever make: a whole proposal, and what one may take.
                if label == f"POST {PREFIX}/proposals" and turn % 3:
                    input.case.body = SMALL
                elif label == f"GET {PREFIX}/tasks" and turn % 3:
                    input.case.query = {"view": "group"}
                output: StepOutput = super().step(input)
                return output

            def get_call_kwargs(self, case: Case) -> dict[str, Any]:
                headers = wandering.headers(case, self._asked_by[case.id])
                return {"headers": headers, "session": wandering._session}

            def validate_response(self, response: Any, case: Case, **kwargs: Any) -> None:
                wandering.seen[case.operation.label, response.status_code] += 1
                case.validate_response(
                    response,
                    excluded_checks=_not_promised(case),
                    transport_kwargs=kwargs,
                    recorder=self.recorder,
                )

        return Wanderer


def with_every_item(document: dict[str, Any]) -> dict[str, Any]:
    """Let links that name the first item of a list lead on from any (schemathesis's own form)."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for response in operation["responses"].values():
                for link in response.get("links", {}).values():
                    link["x-schemathesis"] = {"is_inferred": True, "merge_body": True}
                    link["parameters"] = {
                        name: where.replace("/0/", "/*/")
                        for name, where in link["parameters"].items()
                    }
    return document


def _owner(label: str) -> str:
    about = label.partition(f"{PREFIX}/")[2].partition("/")[0]
    return OWNERS.get(about, "Administrator 1")


def _not_promised(case: Case) -> list[Any]:
    if case.operation.path.endswith("/health/ready"):
        return [*NOT_PROMISED, not_a_server_error]  # it says so where it is not
    return NOT_PROMISED


def _is_well_formed(key: object) -> bool:
    return isinstance(key, str) and 0 < len(key) <= 64 and key.isascii() and key.isprintable()


def _is_about_the_path(case: Case) -> bool:
    """Whether what is tried is an id of a wrong form."""
    if case.meta is None:
        return False
    made = case.meta.components.get(ParameterLocation.PATH)
    data = case.meta.phase.data
    return (made is not None and made.mode.is_negative) or (
        isinstance(data, CoveragePhaseData) and data.parameter_location is ParameterLocation.PATH
    )
