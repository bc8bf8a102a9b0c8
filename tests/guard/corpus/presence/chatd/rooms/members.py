import json
import os


class RoomMembers:
    """Who belongs to which room. Survives a restart; has nothing to do with
    whether the member is at his desk."""

    def __init__(self, fileName):
        self.fileName = fileName
        self.rooms = {}
        if os.path.exists(fileName):
            with open(fileName) as f:
                self.rooms = json.load(f)

    def join(self, room, userName):
        members = self.rooms.setdefault(room, [])
        if userName not in members:
            members.append(userName)
            self.flush()

    def leave(self, room, userName):
        if userName in self.rooms.get(room, []):
            self.rooms[room].remove(userName)
            self.flush()

    def whoIsIn(self, room):
        return sorted(self.rooms.get(room, []))

    def flush(self):
        with open(self.fileName, "w") as f:
            json.dump(self.rooms, f)
