from __future__ import annotations

from dataclasses import dataclass

import httpx

from easel.live.ably import AblyRooms
from easel.live.hub import RoomHub
from easel.live.metered import MeteredRooms
from easel.live.ports import Rooms
from easel.live.replay import ReplayRoomHub


@dataclass(frozen=True, slots=True)
class LiveSettings:
    room_limit: int = 200
    replay: bool = True
    ably_key: str | None = None


class RoomsFactory:
    """Makes the rooms a tenant's settings ask for."""

    def __init__(self, defaults: LiveSettings) -> None:
        self._defaults = defaults

    def __call__(self, settings: LiveSettings | None = None) -> Rooms:
        s = settings or self._defaults
        rooms: Rooms
        if s.ably_key:
            rooms = AblyRooms(
                s.ably_key, httpx.AsyncClient(base_url="https://rest.ably.io")
            )
        elif s.replay:
            rooms = ReplayRoomHub(s.room_limit)
        else:
            rooms = RoomHub(s.room_limit)
        return MeteredRooms(rooms)
