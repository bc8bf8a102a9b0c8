import asyncio

import pytest

from easel.live import Member, RoomFull, RoomHub
from easel.live.board import BoardChannel
from easel.live.metered import MeteredRooms
from fakes import ListSocket, RecordingRooms

ADA, BOB = Member("ada", "Ada"), Member("bob", "Bob")


@pytest.mark.asyncio
async def test_broadcast_spares_the_author():
    hub, a, b = RoomHub(), ListSocket(), ListSocket()
    await hub.join("board:1", ADA, a)
    await hub.join("board:1", BOB, b)
    await BoardChannel(hub, 1).cursor("ada", 1, 2)
    await asyncio.sleep(0)
    assert any("cursor" in t for t in b.texts)
    assert not any("cursor" in t for t in a.texts)


@pytest.mark.asyncio
async def test_full():
    hub = RoomHub(limit=1)
    await hub.join("r", ADA, ListSocket())
    with pytest.raises(RoomFull):
        await hub.join("r", BOB, ListSocket())


@pytest.mark.asyncio
async def test_metered_hands_on():
    rooms = RecordingRooms()
    await MeteredRooms(rooms).send_to("r", "ada", {"x": 1})
    assert rooms.sent == [("r", "ada", {"x": 1})]
