# Staff logins for wiki, timesheets and the coffee list.
import dbm
import hashlib

DBFILE = "/srv/intranet/staff"
SALT = "k0ffie"


class StaffLogins:
    def _digest(self, pw):
        return hashlib.md5((SALT + pw).encode("latin-1")).hexdigest()

    def addStaff(self, nick, pw):
        d = dbm.open(DBFILE, "c")
        d[nick] = self._digest(pw)
        d.close()

    def login(self, nick, pw):
        d = dbm.open(DBFILE, "r")
        try:
            return nick.encode() in d and d[nick].decode() == self._digest(pw)
        finally:
            d.close()

    def newPw(self, nick, old, new):
        if self.login(nick, old):
            self.addStaff(nick, new)
            return 1
        return 0

    def listStaff(self):
        d = dbm.open(DBFILE, "r")
        names = sorted(k.decode() for k in d.keys())
        d.close()
        return names
