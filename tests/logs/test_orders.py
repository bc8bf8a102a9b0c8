"""What a run's next event may be follows from the log, however little is remembered."""

import pytest

from goldenpath.logs import _entries_table
from goldenpath.logs._era import Era
from goldenpath.logs._orders import Orders
from goldenpath.logs._runs_table import Run
from goldenpath.protocol import AgentStarted, TextDelta, UserMessage
from goldenpath.protocol._entries import encode_body
from goldenpath.protocol._order import RunOrder
from goldenpath.storage import Database

ERA = Era("epoch", "incarnation")
RUN = Run("run", "t", "ada", "m", 1, 1, "running", "owner", 1)
STARTED = AgentStarted(agent="a", message=1)


def append(connection, *events, run="run"):
    bodies = [encode_body(event, time=0.0, run=run) for event in events]
    return _entries_table.append(connection, "thread:t", bodies, era=ERA)


@pytest.fixture
async def connection(tmp_path):
    """Return the writer's connection, which is nobody else's meanwhile."""
    async with Database(tmp_path / "log.sqlite3") as database:
        yield await database.write(lambda connection: connection)


@pytest.fixture
def orders():
    return Orders()


@pytest.fixture
def begun(connection):
    append(connection, UserMessage(text="", client_message_id="m"), run=None)
    append(connection, STARTED, TextDelta(text="ab"))
    append(connection, STARTED, TextDelta(text="not mine"), run="other")
    return RunOrder(is_started=True, text=(0, 2))


@pytest.mark.anyio
async def test_what_is_not_remembered_is_read(connection, orders, begun):
    assert orders.of(connection, RUN, undone=0) == begun


@pytest.mark.anyio
async def test_what_is_remembered_is_completed(connection, orders, begun):
    remembered = RunOrder(is_started=True, text=(0, 1000))
    orders.remember("run", remembered, seen=5)
    assert orders.of(connection, RUN, undone=0) == remembered

    append(connection, TextDelta(text="c", offset=1000))

    assert orders.of(connection, RUN, undone=0).text == (0, 1001)


@pytest.mark.anyio
async def test_what_may_have_been_taken_back_is_read_again(connection, orders, begun):
    orders.remember("run", RunOrder(is_started=True, text=(0, 1000)), seen=5)

    assert orders.of(connection, RUN, undone=1) == begun


@pytest.mark.anyio
async def test_what_is_forgotten_is_read_again(connection, orders, begun):
    orders.remember("run", RunOrder(is_started=True, text=(0, 1000)), seen=5)
    orders.forget("run")
    orders.forget("run")

    assert orders.of(connection, RUN, undone=0) == begun


@pytest.mark.anyio
async def test_a_damaged_beginning_counts_as_one(connection, orders):
    append(connection, UserMessage(text="", client_message_id="m"), run=None)
    append(connection, TextDelta(text="c", offset=7))

    assert orders.of(connection, RUN, undone=0).is_started
