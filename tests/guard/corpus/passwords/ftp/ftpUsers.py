import hashlib
import os
import sqlite3

from pyftpdlib.authorizers import AuthenticationFailed, DummyAuthorizer


class FtpUserTable(DummyAuthorizer):
    """The users of the upload server, with their passwords, in SQLite."""

    def __init__(self, path):
        DummyAuthorizer.__init__(self)
        self.con = sqlite3.connect(path)
        self.con.execute(
            "CREATE TABLE IF NOT EXISTS ftpuser (name TEXT PRIMARY KEY, salt BLOB, pw TEXT, home TEXT)"
        )

    def addUser(self, name, password, home):
        salt = os.urandom(8)
        pw = hashlib.sha256(salt + password.encode("utf-8")).hexdigest()
        self.con.execute(
            "INSERT OR REPLACE INTO ftpuser VALUES (?, ?, ?, ?)", (name, salt, pw, home)
        )
        self.con.commit()
        if not os.path.isdir(home):
            os.makedirs(home)

    def validate_authentication(self, username, password, handler):
        row = self.con.execute(
            "SELECT salt, pw FROM ftpuser WHERE name = ?", (username,)
        ).fetchone()
        if (
            row is None
            or hashlib.sha256(row[0] + password.encode("utf-8")).hexdigest() != row[1]
        ):
            raise AuthenticationFailed("login incorrect")

    def get_home_dir(self, username):
        return self.con.execute(
            "SELECT home FROM ftpuser WHERE name = ?", (username,)
        ).fetchone()[0]

    def has_user(self, username):
        return (
            self.con.execute(
                "SELECT 1 FROM ftpuser WHERE name = ?", (username,)
            ).fetchone()
            is not None
        )
