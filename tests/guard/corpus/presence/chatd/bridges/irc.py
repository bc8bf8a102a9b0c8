from chatd.presence.source import PresenceSource


class IrcPresence(PresenceSource):
    """Who is on the IRC network of the developers. Asks the network each time."""

    def __init__(self, sock, channel):
        self.sock = sock
        self.channel = channel
        self.reader = sock.makefile("r", encoding="utf-8")

    def _ask(self, command, numeric):
        self.sock.sendall((command + "\r\n").encode("utf-8"))
        for line in self.reader:
            words = line.split()
            if len(words) > 1 and words[1] == numeric:
                return line.rsplit(":", 1)[1].split()
        return []

    def isOnline(self, userName):
        return userName in self._ask("ISON " + userName, "303")

    def getStatus(self, userName):
        return "online" if self.isOnline(userName) else "offline"

    def whoIsOnline(self):
        return [n.lstrip("@+") for n in self._ask("NAMES " + self.channel, "353")]
