"""Where Temporal is found, and what is asked of one that somebody else runs."""

import asyncio

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cli import engine as engines
from cli import settings
from cli.settings import Settings, Unusable

PROFILES = """
[profile.department]
address = "temporal.example:7233"
namespace = "proposals"
[profile.department.tls]
server_name = "engine.example"

[profile.homeless]
namespace = "proposals"
"""


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch, tmp_path):
    for field in Settings.model_fields:
        monkeypatch.delenv(settings.env_name(field), raising=False)
    (tmp_path / "temporal.toml").write_text(PROFILES)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "temporal.toml"))


def test_the_embedded_engine_needs_no_configuration_and_reads_none(monkeypatch):
    monkeypatch.setenv("TEMPORAL_API_KEY", "of-another-program")

    assert engines.found(settings.load()) == {
        "target_host": "127.0.0.1:7233",
        "namespace": "default",
    }


def test_a_profile_names_address_namespace_and_tls(monkeypatch):
    monkeypatch.setenv("TEMPORAL_PROFILE", "department")

    found = engines.found(settings.load().check_may_start())

    assert found["target_host"] == "temporal.example:7233"
    assert found["namespace"] == "proposals"
    assert found["tls"].domain == "engine.example"


def test_a_variable_goes_before_the_profile(monkeypatch):
    monkeypatch.setenv("TEMPORAL_PROFILE", "department")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "elsewhere:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "accord")
    monkeypatch.setenv("TEMPORAL_API_KEY", "a-key")

    found = engines.found(settings.load())

    assert (found["target_host"], found["namespace"]) == ("elsewhere:7233", "accord")
    assert found["api_key"] == "a-key"


@pytest.mark.parametrize("profile", ["unknown", "homeless"])
def test_a_profile_that_leads_nowhere_is_said_in_one_sentence(monkeypatch, profile):
    monkeypatch.setenv("TEMPORAL_PROFILE", profile)

    with pytest.raises(Unusable):
        engines.found(settings.load())


async def test_an_outside_engine_is_prepared_once_and_for_all(engine):
    client = await Client.connect(
        engine.client.service_client.config.target_host, namespace="prepared"
    )

    for _ in range(2):
        await until_known(lambda: engines.prepare(client))

    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="prepared")
    )
    attributes = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="prepared")
    )
    kept = described.config.workflow_execution_retention_ttl.ToTimedelta()
    assert kept == engines.RETENTION
    assert set(engines.SEARCH_ATTRIBUTES) <= set(attributes.custom_attributes)


async def until_known(ask):
    """A namespace that was just made is not known everywhere at once."""
    while True:
        try:
            return await ask()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await asyncio.sleep(0.05)
