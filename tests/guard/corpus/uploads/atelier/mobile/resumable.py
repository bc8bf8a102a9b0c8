"""Uploads from the phone app: in pieces, over bad networks (tus protocol, more or less)."""

from __future__ import annotations

import os
import secrets
from base64 import b64decode
from pathlib import Path

from aiohttp import web
from redis.asyncio import Redis


class ResumableUploads:
    def __init__(self, redis: Redis, spool: Path, done: Path) -> None:
        self.redis = redis
        self.spool = spool
        self.done = done

    async def begin(self, user: str, filename: str, length: int) -> str:
        if length > 512 * 2**20:
            raise web.HTTPRequestEntityTooLarge(
                max_size=512 * 2**20, actual_size=length
            )
        token = secrets.token_urlsafe(18)
        (self.spool / token).touch()
        await self.redis.hset(
            f"resumable:{token}",
            mapping={"user": user, "filename": filename, "length": length, "offset": 0},
        )
        await self.redis.expire(f"resumable:{token}", 3 * 86400)
        return token

    async def append(self, token: str, offset: int, piece: bytes) -> int:
        state = await self.redis.hgetall(f"resumable:{token}")
        if int(state[b"offset"]) != offset:
            raise web.HTTPConflict(text="wrong offset")
        with open(self.spool / token, "ab") as out:
            out.write(piece)
        offset = await self.redis.hincrby(f"resumable:{token}", "offset", len(piece))
        if offset == int(state[b"length"]):
            await self.finish(token, state)
        return offset

    async def finish(self, token: str, state: dict[bytes, bytes]) -> Path:
        folder = self.done / state[b"user"].decode()
        folder.mkdir(exist_ok=True)
        target = folder / f"{token}-{os.path.basename(state[b'filename'].decode())}"
        os.replace(self.spool / token, target)
        await self.redis.sadd(f"resumable:done:{state[b'user'].decode()}", str(target))
        await self.redis.delete(f"resumable:{token}")
        return target

    async def finished(self, user: str) -> list[str]:
        return sorted(
            p.decode() for p in await self.redis.smembers(f"resumable:done:{user}")
        )


routes = web.RouteTableDef()


@routes.post("/mobile/files")
async def create(request: web.Request) -> web.Response:
    uploads: ResumableUploads = request.app["resumable"]
    name = b64decode(request.headers["Upload-Metadata"].split()[1]).decode()
    token = await uploads.begin(
        request["user"], name, int(request.headers["Upload-Length"])
    )
    return web.Response(status=201, headers={"Location": f"/mobile/files/{token}"})


@routes.patch("/mobile/files/{token}")
async def patch(request: web.Request) -> web.Response:
    uploads: ResumableUploads = request.app["resumable"]
    offset = await uploads.append(
        request.match_info["token"],
        int(request.headers["Upload-Offset"]),
        await request.read(),
    )
    return web.Response(status=204, headers={"Upload-Offset": str(offset)})
