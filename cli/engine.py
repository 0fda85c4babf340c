"""Connecting to Temporal, and which version of the workflow code this is."""

import hashlib
from pathlib import Path

from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from cli.settings import REPOSITORY, Settings
from workflows.encryption import Keys, data_converter

DEPLOYMENT = "accord"
_REPLAYED = ("schemas", "policy/rules", "workflows")


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
        settings.engine_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys),
        lazy=lazy,
    )


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
