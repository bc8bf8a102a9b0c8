"""What happened, as lines of JSON: every message with its place and time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from emulator._faults import Direction
from emulator._frames import Message, MessageReader


class Record:
    """A file of lines, one for each thing that happened.

    Every line has ``at``, in seconds since 1970, and ``what``:

    ============  =====================================================================
    ``instance``  ``instance``, ``revision``, ``state``; with ``exited`` a ``status``
    ``opened``    ``connection``, ``instance``, ``target``, ``websocket``
    ``answered``  ``connection``, ``status``
    ``message``   ``connection``, ``instance``, ``direction``, ``kind``, ``data``; of a
                  close the ``code`` as well. Bytes that are no text are hexadecimal.
    ``closed``    ``connection``, ``why``
    ``refused``   ``target``, ``status``
    ============  =====================================================================

    Args:
        path: Lines are added to it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def note(self, what: str, **fields: Any) -> None:
        """Write a line."""
        line = json.dumps({"at": time.time(), "what": what, **fields})
        self._file.write(line + "\n")
        self._file.flush()

    def lines(self, what: str | None = None) -> list[dict[str, Any]]:
        """Return the lines so far, or those of one kind."""
        text = self.path.read_text("utf-8")
        lines = [json.loads(line) for line in text.splitlines()]
        return [line for line in lines if what in (None, line["what"])]

    def close(self) -> None:
        """Write no more."""
        self._file.close()


class ConnectionRecord:
    """Reads along with one connection.

    Args:
        record: Where it writes.
        connection: The connection's number.
        instance: The number of the instance that has it.
    """

    def __init__(self, record: Record, *, connection: int, instance: int) -> None:
        self._record = record
        self._place = {"connection": connection, "instance": instance}
        self._readers = {"up": MessageReader(), "down": MessageReader()}
        self._heads: dict[Direction, bytes | None] = {"up": b"", "down": b""}
        self._is_websocket = False
        self._early = b""

    def passed(self, direction: Direction, data: bytes) -> None:
        """Take in bytes that were passed on."""
        head = self._heads[direction]
        if head is None:
            self._read(direction, data)
            return
        head, blank, rest = (head + data).partition(b"\r\n\r\n")
        if not blank:
            self._heads[direction] = head
            return
        self._heads[direction] = None
        if direction == "down":
            self._answered(head)
        self._read(direction, rest)

    def _answered(self, head: bytes) -> None:
        words = head.split(b" ", 2)
        status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        self._is_websocket = status == 101
        self._record.note(
            "answered", connection=self._place["connection"], status=status
        )
        early, self._early = self._early, b""
        self._read("up", early)

    def _read(self, direction: Direction, data: bytes) -> None:
        if self._is_websocket:
            for message in self._readers[direction].feed(data):
                self._message(direction, message)
        elif direction == "up" and self._heads["down"] is not None:
            # Whether these are frames is not known before the answer.
            self._early += data

    def _message(self, direction: Direction, message: Message) -> None:
        fields: dict[str, Any] = dict(self._place)
        fields |= {"direction": direction, "kind": message.kind}
        data = message.data
        if message.kind == "close":
            fields["code"], data = message.code, data[2:]
        try:
            fields["data"] = data.decode()
        except UnicodeDecodeError:
            fields["data"] = data.hex()
        self._record.note("message", **fields)
