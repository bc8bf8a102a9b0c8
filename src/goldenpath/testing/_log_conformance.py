"""The contract of :class:`goldenpath.logs.Log`, as tests for anybody's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from goldenpath.logs._base import Log
from goldenpath.testing._log_messages import MessagePromises
from goldenpath.testing._log_reading import ReadingPromises
from goldenpath.testing._log_runs import RunPromises
from goldenpath.testing._log_store import LogStore
from goldenpath.testing._log_threads import ThreadPromises


@pytest.mark.anyio
class LogConformance(ReadingPromises, MessagePromises, RunPromises, ThreadPromises):
    """Tests that every log passes; subclass it and say where logs are kept.

    ::

        class TestMyLog(LogConformance):
            def new_store(self, folder):
                return MyStore(folder)

    A store starts, stops, is copied and put back; see
    :class:`goldenpath.testing.LogStore`. Set ``can_restore`` to false for one that a
    test cannot put back. For readable failures, call
    ``pytest.register_assert_rewrite("goldenpath.testing")`` in ``conftest.py``.
    """

    def new_store(self, folder: Path) -> LogStore:
        """Return an empty store; the folder is the test's own."""
        raise NotImplementedError

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Logs are for asyncio."""
        return "asyncio"

    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[LogStore]:
        """Return the store of the test."""
        store = self.new_store(tmp_path)
        yield store
        await store.stop()

    @pytest.fixture
    async def log(self, store: LogStore) -> Log:
        """Return the log of its first start."""
        return await store.start()
