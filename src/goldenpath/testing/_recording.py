"""What went over the wire, read from what a proxy has written down.

The file has a line of JSON for each thing that happened. Those that count here have
``what`` and ``connection``:

* ``opened``, with ``websocket``: a connection began.
* ``message``, with ``direction`` (``up`` or ``down``), ``kind`` (``text``, ``close``,
  …), ``data`` and, for a close, ``code``.
* ``closed``: it ended.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from goldenpath.protocol._codec import decode_server_frame
from goldenpath.protocol._frames import Result, Welcome
from goldenpath.testing._checker import Witness


@dataclasses.dataclass(frozen=True, slots=True)
class Recording:
    """What a recording tells.

    Attributes:
        witnesses: What each device saw, over all its connections.
        close_codes: Codes with which servers closed connections.
        open_connections: How many were open when the recording ended.
    """

    witnesses: list[Witness]
    close_codes: list[int]
    open_connections: int


def read_record(
    path: Path, *, readable: Mapping[str, Collection[str]] | None = None
) -> Recording:
    """Return what a recording tells.

    Args:
        path: The file.
        readable: The logs that each user may read besides their own, by their name.
    """
    reading = _Reading(readable or {})
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            reading.take(json.loads(line))
    return Recording(
        witnesses=list(reading.witnesses.values()),
        close_codes=reading.close_codes,
        open_connections=len(reading.open),
    )


class _Reading:
    def __init__(self, readable: Mapping[str, Collection[str]]) -> None:
        self.witnesses: dict[str, Witness] = {}
        self.close_codes: list[int] = []
        self.open: set[int] = set()
        self._readable = readable
        self._devices: dict[int, str] = {}
        self._sent: set[str] = set()

    def take(self, line: Mapping[str, Any]) -> None:
        connection = line.get("connection", 0)
        match line:
            case {"what": "opened", "websocket": True}:
                self.open.add(connection)
            case {"what": "closed"}:
                self.open.discard(connection)
            case {"what": "message", "direction": "up", "kind": "text"}:
                self._heard(connection, line["data"])
            case {"what": "message", "direction": "down", "kind": "text"}:
                self._told(connection, line["data"])
            case {"what": "message", "direction": "down", "kind": "close"}:
                self.close_codes.append(line["code"])

    def _heard(self, connection: int, data: str) -> None:
        try:
            frame = json.loads(data)
        except ValueError:
            # Tests send what is no frame, too.
            return
        match frame:
            case {"frame": "hello", "device": str(device)}:
                self._devices.setdefault(connection, device)
            case {"frame": "send", "id": str(request)}:
                self._sent.add(request)

    def _told(self, connection: int, data: str) -> None:
        frame = decode_server_frame(data)
        if frame is None:
            return
        device = self._devices.get(connection, f"connection {connection}")
        witness = self.witnesses.setdefault(device, Witness(device))
        witness.frames.append(frame)
        if isinstance(frame, Welcome):
            witness.may_read |= {frame.log, *self._readable.get(frame.user.name, ())}
        elif isinstance(frame, Result) and frame.id in self._sent:
            witness.acknowledged.append(frame)
