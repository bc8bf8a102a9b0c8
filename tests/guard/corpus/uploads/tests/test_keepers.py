from __future__ import annotations

import io
from uuid import uuid4

import pytest
from starlette.datastructures import Headers, UploadFile

from atelier.intake.model import TooLarge, UploadPolicy, UploadRefused
from atelier.intake.more import FormUploads, QuotaKeeper
from atelier.intake.vault import UploadVault
from tests.fakes import CleanScanner, MemoryKeeper

pytestmark = pytest.mark.anyio


async def pieces(*parts: bytes):
    for part in parts:
        yield part


async def test_vault_keeps(bucket, index):
    vault = UploadVault(bucket, index, CleanScanner())
    owner = uuid4()
    upload = await vault.accept(owner, "../a.txt", "text/plain", pieces(b"he", b"llo"))
    assert upload.name == "a.txt"
    assert upload.size == 5
    assert [chunk async for chunk in await vault.open(upload.id)] == [b"hello"]
    assert await vault.list_for(owner) == [upload]


async def test_vault_refuses(bucket, index):
    vault = UploadVault(bucket, index, CleanScanner(), UploadPolicy(max_bytes=4))
    with pytest.raises(UploadRefused):
        await vault.accept(uuid4(), "x.exe", "application/x-msdownload", pieces(b"MZ"))
    with pytest.raises(TooLarge):
        await vault.accept(uuid4(), "a.txt", "text/plain", pieces(b"hello"))


async def test_quota():
    keeper = QuotaKeeper(MemoryKeeper(), bytes_per_owner=5)
    owner = uuid4()
    await keeper.accept(owner, "a", "text/plain", pieces(b"hello"))
    with pytest.raises(TooLarge):
        await keeper.accept(owner, "b", "text/plain", pieces(b"!"))


async def test_form():
    file = UploadFile(
        io.BytesIO(b"hi"),
        filename="h.txt",
        headers=Headers({"content-type": "text/plain"}),
    )
    upload = await FormUploads(MemoryKeeper()).save(uuid4(), file)
    assert upload.name == "h.txt"
