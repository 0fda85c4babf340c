"""Brings the sample's implementing partners into the demonstration: each with one signatory.

An administrator writes the organization down, a programme officer confirms its kind, the
administrator invites a signatory, who sets a password with the one-time link. What is already
there is used as it is, so that a second run changes nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import httpx

from cli.demo.client import Account, Client, Problem, read
from cli.sample import Partner

DOMAIN = "accord.example"
SHORTEST_PASSWORD = 12
SIGNATORY = "signatory"


class Partners:
    """Finds or makes the signatory of a partner, once for each, whoever asks at the same time."""

    def __init__(self, client: Client, accounts: Sequence[Account]) -> None:
        self._client = client
        self._accounts = accounts
        self._met: dict[str, Account] = {}
        self._meeting: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def signatory(self, partner: Partner) -> Account:
        """The account that may submit for *partner*, able to sign in."""
        async with self._meeting[partner.name]:
            if partner.name not in self._met:
                self._met[partner.name] = await self._meet(partner)
            return self._met[partner.name]

    async def _meet(self, partner: Partner) -> Account:
        organization = await self._organization(partner)
        name = f"Signatory of {partner.short_name}"
        signatory = Account(
            email=f"{name.lower().replace(' ', '.')}@{DOMAIN}",
            password=_long_enough(self._someone("administrator").password),
            name=name,
            grants=((SIGNATORY, organization["id"]),),
        )
        if not await self._signs_in(signatory):
            await self._invite(signatory, organization["id"])
            await self._client.token(signatory)
        return signatory

    async def _organization(self, partner: Partner) -> dict[str, Any]:
        """The partner as it is written down, its kind confirmed."""
        administrator = self._someone("administrator")
        written = partner.model_dump(mode="json")
        known = await self._client.all_of(administrator, "/organizations")
        found = next((each for each in known if each["name"] == partner.name), None)
        if found is None:
            found = await self._client.ask(administrator, "POST", "/organizations", json=written)
        if not found["kind_confirmed"]:
            path = f"/organizations/{found['id']}"
            content = {key: found[key] for key in ("name", "identifiers", "language", "people")}
            found = await self._client.ask(
                self._someone("programme_officer"),
                "PUT",
                path,
                json={**content, **written},
                version=found["version"],
            )
        organization: dict[str, Any] = found
        return organization

    async def _signs_in(self, signatory: Account) -> bool:
        """Whether somebody was invited before, and still has this password."""
        people = await self._client.all_of(self._someone("administrator"), "/people")
        if signatory.email not in {each["email"] for each in people}:
            return False
        try:
            await self._client.token(signatory)
        except Problem as problem:
            if problem.status != httpx.codes.UNAUTHORIZED:
                raise
            return False
        return True

    async def _invite(self, signatory: Account, organization: str) -> None:
        invitation = await self._client.ask(
            self._someone("administrator"),
            "POST",
            "/people/invitations",
            json={
                "email": signatory.email,
                "name": signatory.name,
                "organization": organization,
                "role": SIGNATORY,
            },
        )
        answer = await self._client.send(
            "POST",
            invitation["path"],
            json={"link": invitation["link"], "password": signatory.password},
            headers={"Accept-Language": "en", "Idempotency-Key": invitation["person"]},
        )
        read(answer)

    def _someone(self, role: str) -> Account:
        return next(each for each in self._accounts if each.holds(role))


def _long_enough(password: str) -> str:
    """The demonstration's password, repeated where it is shorter than an invitation allows."""
    return password * -(-SHORTEST_PASSWORD // max(1, len(password)))
