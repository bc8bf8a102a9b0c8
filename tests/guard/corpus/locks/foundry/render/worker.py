from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from foundry.render.mutex import RenderMutex


@dataclass(frozen=True)
class Shot:
    film: str
    number: int
    frames: range

    @property
    def key(self) -> str:
        return f"{self.film}/{self.number:04}"


class GpuPool:
    """The GPUs of this node: lends one to a task, takes it back."""

    def __init__(self, devices: list[int]) -> None:
        self._free = deque(devices)
        self._ready = asyncio.Condition()

    async def acquire(self) -> int:
        async with self._ready:
            await self._ready.wait_for(lambda: self._free)
            return self._free.popleft()

    async def release(self, device: int) -> None:
        async with self._ready:
            self._free.append(device)
            self._ready.notify()


async def render(shot: Shot, mutex: RenderMutex, gpus: GpuPool) -> None:
    async with mutex.locked(shot.key):
        device = await gpus.acquire()
        try:
            for frame in shot.frames:
                process = await asyncio.create_subprocess_exec(
                    "frender", "--gpu", str(device), shot.key, str(frame)
                )
                await process.wait()
                await mutex.touch(shot.key)
        finally:
            await gpus.release(device)
