"""Reads files' facts, in processes of their own if they are many."""

from __future__ import annotations

import concurrent.futures
import gc
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from goldenpath.guard._facts import FileFacts, Stored, store
from goldenpath.guard._files import decode
from goldenpath.guard._read import read

# Below so many files, starting processes costs more than it saves.
_FEW = 64
#: So many files are handed to a process at once.
CHUNK = 32

UNREADABLE = "cannot be read"

Chunk = list[tuple[str, Stored]]


class Readers:
    """Reads files while more of them are asked for.

    Processes are started when there is enough for them to do, so that somebody who
    still looks for files need not have found the last when the first is read.

    Args:
        root: The folder that paths start from.
        processes: How many may read at once.
    """

    def __init__(self, root: Path, processes: int) -> None:
        self._root = root
        self._processes = processes
        self._pool: concurrent.futures.ProcessPoolExecutor | None = None
        self._futures: list[concurrent.futures.Future[Chunk]] = []
        self._waiting: list[str] = []
        #: How many files were asked for.
        self.asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def ask(self, paths: Iterable[str]) -> None:
        """Let more files be read; they must not have been asked for before."""
        before = len(self._waiting)
        self._waiting += paths
        self.asked += len(self._waiting) - before
        if self._processes < 2:
            return
        if self._pool is None and len(self._waiting) >= _FEW:
            self._pool = concurrent.futures.ProcessPoolExecutor(self._processes)
        while self._pool is not None and len(self._waiting) >= CHUNK:
            self._submit(self._pool)

    def answers(self) -> Iterator[Chunk]:
        """Yield the facts of all that was asked for, as they come."""
        while self._waiting:
            if self._pool is not None:
                self._submit(self._pool)
            else:
                yield _read_some(self._root, self._next())
        for future in concurrent.futures.as_completed(self._futures):
            yield future.result()

    def _submit(self, pool: concurrent.futures.ProcessPoolExecutor) -> None:
        self._futures.append(pool.submit(_read_some, self._root, self._next()))

    def _next(self) -> list[str]:
        some = self._waiting[:CHUNK]
        del self._waiting[:CHUNK]
        return some


def _read_some(root: Path, paths: list[str]) -> Chunk:
    # Trees are made of cycles that are dropped whole: looking for garbage while they
    # grow takes a third of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return [(path, store(_read_one(root / path))) for path in paths]
    finally:
        if was_on:
            gc.enable()


def _read_one(path: Path) -> FileFacts:
    try:
        content = path.read_bytes()
    except OSError as error:
        return FileFacts(error=f"{UNREADABLE}: {error.strerror}")
    return facts_of(content)


def facts_of(content: bytes) -> FileFacts:
    """Return the facts of a file's bytes."""
    try:
        text = decode(content)
    except ValueError as error:
        return FileFacts(error=str(error))
    return read(text)
