"""`accord verify`: compares chains, read model, money and workflows, and names every difference."""

import json

from cli import engine
from cli.building import build_office
from cli.settings import Settings
from commands import verifying
from store.trail import StoreTrail
from workflows.gateway import TemporalGateway


async def verify(settings: Settings, *, repair: bool = False) -> int:
    """Print the report; 0 when nothing differs (what is pending is named too), else 1."""
    async with build_office(settings) as office:
        client = await engine.connect(settings, office.keys)
        gateway = TemporalGateway(client, StoreTrail(office.database, office.now))
        alive = await gateway.is_alive()
        report = await verifying.verify(office, gateway if alive else None, repair=repair)
    for found in report.pending:
        print("pending   ", json.dumps(found, sort_keys=True))  # noqa: T201 - for the operator
    for found in report.differences:
        print("difference", json.dumps(found, sort_keys=True))  # noqa: T201
    for found in report.repaired:
        print("repaired  ", json.dumps(found, sort_keys=True))  # noqa: T201
    for found in report.disposed:
        print("disposed  ", json.dumps(found, sort_keys=True))  # noqa: T201
    engine_said = "" if alive else " The engine did not answer: workflows were not compared."
    print("checked by", report.public_key, "(Ed25519: heads and receipts)")  # noqa: T201
    print(  # noqa: T201
        f"{report.subjects} chains, {report.events} events, {report.signed_heads} signed heads: "
        f"{len(report.differences)} differences, {len(report.pending)} pending.{engine_said}"
    )
    return 1 if report.differences else 0
