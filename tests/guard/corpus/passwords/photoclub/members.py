import os
import pickle

from werkzeug.security import check_password_hash, generate_password_hash


class MemberBook(object):
    """The members of the photo club: nick, mail, password. One pickle, because
    the club's server had no database when this was written."""

    def __init__(self, fileName="/var/lib/photoclub/members.pickle"):
        self.fileName = fileName
        self.members = {}
        if os.path.exists(fileName):
            with open(fileName, "rb") as f:
                self.members = pickle.load(f)

    def _write(self):
        with open(self.fileName, "wb") as f:
            pickle.dump(self.members, f)

    def join(self, nick, mail, password):
        if nick in self.members:
            raise KeyError("nick is taken")
        self.members[nick] = {"mail": mail, "pw": generate_password_hash(password)}
        self._write()

    def mayEnter(self, nick, password):
        member = self.members.get(nick)
        return member is not None and check_password_hash(member["pw"], password)

    def resetPw(self, nick, password):
        self.members[nick]["pw"] = generate_password_hash(password)
        self._write()

    def leave(self, nick):
        self.members.pop(nick, None)
        self._write()
