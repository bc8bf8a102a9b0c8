import time

from post.mail.sender import MailSender


class ThrottledMailSender:
    def __init__(self, sender: MailSender, per_minute):
        self.sender = sender
        self.pause = 60 / per_minute
        self.last = {}

    def send(self, template, to, context=None):
        self._wait(to)
        self.sender.send(template, to, context)

    def send_mass(self, template, people, context=None):
        count = 0
        for to in people:
            self._wait(to.partition("@")[2])
            self.sender.send(template, to, context)
            count += 1
        return count

    def queue(self, template, to, context=None):
        self.sender.queue(template, to, context)

    def flush(self):
        self._wait("")
        return self.sender.flush()

    def _wait(self, key):
        left = self.last.get(key, 0) + self.pause - time.time()
        if left > 0:
            time.sleep(left)
        self.last[key] = time.time()
