"""Web service behind the shop's checkout form."""

from __future__ import annotations

import asyncio
import re

import httpx
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


class AddressForm(BaseModel):
    line1: str
    town: str
    postcode: str


class AddressVerifier:
    """Verifies what the customer typed against the PAF, and puts it in postal form."""

    def __init__(self, base_url: str, token: str):
        self._client = httpx.AsyncClient(
            base_url=base_url, headers={"X-Api-Key": token}
        )
        self._known: dict[str, list[dict]] = {}
        self._lock = asyncio.Lock()

    async def _premises(self, postcode: str) -> list[dict]:
        async with self._lock:
            if postcode not in self._known:
                answer = await self._client.get(f"/paf/{postcode}")
                self._known[postcode] = (
                    answer.json()["premises"] if answer.status_code == 200 else []
                )
            return self._known[postcode]

    async def verify(self, form: AddressForm) -> bool:
        return await self.canonical(form) is not None

    async def canonical(self, form: AddressForm) -> AddressForm | None:
        postcode = re.sub(r"\s+", "", form.postcode).upper()
        typed = re.sub(r"\W+", " ", form.line1).upper().split()
        for premise in await self._premises(postcode):
            if typed[:1] == [premise["number"]]:
                return AddressForm(
                    line1=f"{premise['number']} {premise['street'].title()}",
                    town=premise["post_town"].upper(),
                    postcode=f"{postcode[:-3]} {postcode[-3:]}",
                )
        return None


app = FastAPI()
verifier = AddressVerifier("https://paf.internal", "shop")


@app.post("/address")
async def check_address(form: AddressForm) -> AddressForm:
    found = await verifier.canonical(form)
    if found is None:
        raise HTTPException(422, "We cannot find this address")
    return found
