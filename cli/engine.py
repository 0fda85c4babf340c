"""Connecting to Temporal, preparing an outside one, and which version of the code this is."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeWorkerDeploymentRequest,
    RegisterNamespaceRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from cli import observing
from cli.settings import REPOSITORY, Settings, Unusable
from workflows.encryption import Keys, data_converter

DEPLOYMENT = "accord"
NOT_NOW = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
    }
)
"""What the engine answers while it is busy, such as with several workers that start at once."""
RETENTION = timedelta(days=90)
SEARCH_ATTRIBUTES = ("AccordReference", "AccordProgramme")
_REPLAYED = ("schemas", "policy/rules", "workflows")

log = structlog.get_logger()


def build_id(root: Path = REPOSITORY) -> str:
    """The digest of all code that replay runs; another digest is another worker version."""
    digest = hashlib.sha256()
    for folder in _REPLAYED:
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(str(file.relative_to(root)).encode() + b"\0")
            digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def deployment() -> WorkerDeploymentConfig:
    """This worker's version; proposals move on to the current one by themselves."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build_id()),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def connect(settings: Settings, keys: Keys, *, lazy: bool = True) -> Client:
    """A client; a lazy one connects when it is first used, so that nothing waits here."""
    return await Client.connect(
        **found(settings),
        data_converter=data_converter(keys),
        interceptors=observing.interceptors(settings),
        lazy=lazy,
    )


def found(settings: Settings) -> dict[str, Any]:
    """The embedded server, or the one that Temporal's own variables and profiles name."""
    if not settings.has_outside_engine:
        return {
            "target_host": settings.engine_address,
            "namespace": settings.engine_namespace,
        }
    file = settings.temporal_config_file
    try:
        named: Mapping[str, Any] = ClientConfig.load_client_connect_config(
            settings.temporal_profile, config_file=str(file) if file else None
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise Unusable(f"The profile of the Temporal server cannot be read: {error}") from None
    where = {name: value for name, value in named.items() if value is not None}
    if settings.temporal_address:
        where["target_host"] = settings.temporal_address
    if settings.temporal_namespace:
        where["namespace"] = settings.temporal_namespace
    if not where.get("target_host"):
        raise Unusable(f"The profile {settings.temporal_profile} names no address.")
    return where


async def prepare(client: Client) -> None:
    """Keep closed workflows for 90 days and know our search attributes, as far as we may.

    For a server that somebody else runs: what is not allowed is said, for its administrator.
    """
    await _keep_for_long(client)
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace,
                search_attributes=dict.fromkeys(
                    SEARCH_ATTRIBUTES, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
                ),
            )
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise  # a namespace that was just made is not known everywhere at once
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            _tell_administrator(error, f"create the keywords {' and '.join(SEARCH_ATTRIBUTES)}")


async def _keep_for_long(client: Client) -> None:
    service = client.workflow_service
    try:
        known = await service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
        if known.config.workflow_execution_retention_ttl.ToTimedelta() >= RETENTION:
            return
        asked = UpdateNamespaceRequest(namespace=client.namespace)
        asked.config.workflow_execution_retention_ttl.FromTimedelta(RETENTION)
        await service.update_namespace(asked)
        log.info("engine_retention_set", days=RETENTION.days)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            _tell_administrator(error, f"keep closed workflows for {RETENTION.days} days")
            return
        made = RegisterNamespaceRequest(namespace=client.namespace)
        made.workflow_execution_retention_period.FromTimedelta(RETENTION)
        try:
            await service.register_namespace(made)
        except RPCError as refused:
            _tell_administrator(refused, "create the namespace")


def _tell_administrator(error: RPCError, what: str) -> None:
    """A refusal is told and gone on from; a server that does not answer is no refusal."""
    if error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED):
        raise error
    log.warning("engine_not_prepared", please=what, reason=error.status.name)


class Version(Enum):
    """How this version of the code stands to the others that the engine knows."""

    UNKNOWN = auto()
    CURRENT = auto()
    NEW = auto()
    SUPERSEDED = auto()
    """It was current once and another one is: an old worker that was started again."""


async def standing(client: Client) -> Version:
    """Which of these this worker's version is."""
    try:
        known = await client.workflow_service.describe_worker_deployment(
            DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Version.UNKNOWN
        raise
    mine = build_id()
    info = known.worker_deployment_info
    if info.routing_config.current_deployment_version.build_id == mine:
        return Version.CURRENT
    for each in info.version_summaries:
        if each.deployment_version.build_id == mine:
            was_current = each.HasField("last_deactivation_time")
            return Version.SUPERSEDED if was_current else Version.NEW
    return Version.UNKNOWN


async def make_current(client: Client) -> bool:
    """Send proposals to this version of the code; False while the engine does not know it yet."""
    try:
        await client.workflow_service.set_worker_deployment_current_version(
            SetWorkerDeploymentCurrentVersionRequest(
                namespace=client.namespace,
                deployment_name=DEPLOYMENT,
                build_id=build_id(),
                identity=client.identity,
                ignore_missing_task_queues=True,
            )
        )
    except RPCError as error:
        if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION):
            return False
        raise
    return True
