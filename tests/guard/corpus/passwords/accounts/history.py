import time

from accounts.errors import WeakPassword
from accounts.passwordStore import PasswordStore


class HistoryPasswordStore(PasswordStore):
    """For the bank customers: the last N passwords cannot be used again."""

    keep = 8

    def setPassword(self, userName, password):
        cur = self.conn.cursor()
        cur.execute(
            "SELECT hash FROM password_history WHERE user_name = %s ORDER BY ts DESC LIMIT %s",
            (userName, self.keep),
        )
        for (hashed,) in cur.fetchall():
            if self.hasher.matches(password, hashed):
                raise WeakPassword("used before")
        PasswordStore.setPassword(self, userName, password)
        cur.execute(
            "INSERT INTO password_history (user_name, hash, ts) VALUES (%s, %s, %s)",
            (userName, self._row(userName)[0], int(time.time())),
        )
        self.conn.commit()
