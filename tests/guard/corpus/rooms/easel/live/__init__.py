from easel.live.hub import RoomHub
from easel.live.model import Member, RoomFull, RoomInfo
from easel.live.ports import Rooms, Socket

__all__ = ["Member", "RoomFull", "RoomHub", "RoomInfo", "Rooms", "Socket"]
