"""An erasure whose minutes are moved over, until it is done."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import Client

from client.applications import Applications
from client.clock import advance_run, time_of
from tests.server import eventually
from workflows.names import ErasureReceipt, erasure_id


async def finished(client: Client, erasure: str) -> ErasureReceipt:
    """Its receipt."""
    erasures, run = Applications(client).erasures, erasure_id(erasure)

    async def done() -> ErasureReceipt | None:
        receipt = await erasures.receipt(erasure)
        if receipt.status == "finished":
            return receipt
        await advance_run(client, run, await time_of(client, run) + timedelta(seconds=61), timedelta(seconds=2))
        return None

    return await eventually(done, timedelta(seconds=50))
