"""One installation per file of tests, with everybody signed in."""

from tests.journeys.conftest import client  # noqa: F401 - a fixture
