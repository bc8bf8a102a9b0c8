import configparser
import socketserver
import sys
import uuid

from chatd.bridges.xmpp import XmppPresence
from chatd.presence.extras import RegistryMaker
from chatd.rooms.members import RoomMembers


class ChatHandler(socketserver.StreamRequestHandler):
    def handle(self):
        presence = self.server.presence
        connectionId = uuid.uuid4().hex
        userName = self.rfile.readline().decode("utf-8").strip()
        presence.signOn(userName, connectionId)
        try:
            for line in self.rfile:
                self.handleLine(userName, line.decode("utf-8").strip())
        finally:
            presence.signOff(connectionId)

    def handleLine(self, userName, line):
        if line == "/who":
            reply = ", ".join(self.server.presence.whoIsOnline())
        elif line.startswith("/join "):
            self.server.rooms.join(line[6:], userName)
            reply = "joined"
        else:
            reply = "?"
        self.wfile.write((reply + "\n").encode("utf-8"))


def main():
    ini = configparser.ConfigParser()
    ini.read(sys.argv[1])
    server = socketserver.ThreadingTCPServer(("", 7700), ChatHandler)
    server.presence = RegistryMaker(ini).make()
    server.rooms = RoomMembers(ini.get("rooms", "file"))
    server.xmpp = XmppPresence(server.presence, ini.get("xmpp", "domain"))
    server.serve_forever()


if __name__ == "__main__":
    main()
