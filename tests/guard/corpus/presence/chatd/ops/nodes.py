import smtplib
import socket
import time


class NodeRegistry:
    """The chat servers of the cluster: is each of them up?"""

    def __init__(self, nodes, mailTo):
        self.nodes = nodes  # name -> (host, port)
        self.mailTo = mailTo
        self.up = {}

    def isOnline(self, name):
        try:
            socket.create_connection(self.nodes[name], 3).close()
            return True
        except OSError:
            return False

    def checkAll(self):
        for name in self.nodes:
            isUp = self.isOnline(name)
            if self.up.get(name, True) and not isUp:
                self.alarm(name)
            self.up[name] = isUp

    def whichAreOnline(self):
        return sorted(n for n, isUp in self.up.items() if isUp)

    def alarm(self, name):
        smtp = smtplib.SMTP("localhost")
        smtp.sendmail(
            "chatd", [self.mailTo], "Subject: %s is down\n\n%s" % (name, time.ctime())
        )
        smtp.quit()
