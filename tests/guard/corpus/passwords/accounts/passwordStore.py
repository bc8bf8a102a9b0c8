"""Passwords of all users.

ALL code that sets or checks a password is supposed to come here (see
ticket 1182). Use accounts.setup.StoreFactory to get one.
"""

import time

from accounts import db
from accounts.base import CredentialChecker
from accounts.hashing import SaltedHasher
from accounts.policy import PasswordPolicy
from accounts.errors import UnknownUser, WrongPassword


class PasswordStore(CredentialChecker):
    def __init__(self, conn=None, hasher=None, policy=None):
        self.conn = conn or db.connect()
        self.hasher = hasher or SaltedHasher()
        self.policy = policy or PasswordPolicy()

    def _row(self, userName):
        cur = self.conn.cursor()
        cur.execute(
            "SELECT hash, changed, locked FROM password WHERE user_name = %s",
            (userName,),
        )
        row = cur.fetchone()
        if row is None:
            raise UnknownUser(userName)
        return row

    def setPassword(self, userName, password):
        self.policy.verify(userName, password)
        hashed = self.hasher.hash(password)
        cur = self.conn.cursor()
        cur.execute(
            "UPDATE password SET hash = %s, changed = %s WHERE user_name = %s",
            (hashed, int(time.time()), userName),
        )
        if cur.rowcount == 0:
            cur.execute(
                "INSERT INTO password (user_name, hash, changed, locked) VALUES (%s, %s, %s, 0)",
                (userName, hashed, int(time.time())),
            )
        self.conn.commit()

    def checkPassword(self, userName, password):
        try:
            hashed, changed, locked = self._row(userName)
        except UnknownUser:
            # same time for unknown users
            self.hasher.hash(password)
            return False
        if locked or not self.hasher.matches(password, hashed):
            return False
        if self.hasher.isOutdated(hashed):
            cur = self.conn.cursor()
            cur.execute(
                "UPDATE password SET hash = %s WHERE user_name = %s",
                (self.hasher.hash(password), userName),
            )
            self.conn.commit()
        return True

    def changePassword(self, userName, oldPassword, newPassword):
        if not self.checkPassword(userName, oldPassword):
            raise WrongPassword(userName)
        self.setPassword(userName, newPassword)

    def isExpired(self, userName, maxDays=180):
        return self._row(userName)[1] < time.time() - maxDays * 86400

    def lock(self, userName):
        cur = self.conn.cursor()
        cur.execute("UPDATE password SET locked = 1 WHERE user_name = %s", (userName,))
        self.conn.commit()

    def remove(self, userName):
        cur = self.conn.cursor()
        cur.execute("DELETE FROM password WHERE user_name = %s", (userName,))
        self.conn.commit()
