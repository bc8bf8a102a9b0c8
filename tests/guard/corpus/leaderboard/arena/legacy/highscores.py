# The table of the first (offline) edition. The arcade cabinets still run it.
import sqlite3
import time


class HighScoreTable:
    def __init__(self, path="/var/arena/highscores.db"):
        self.con = sqlite3.connect(path)
        self.con.execute(
            "CREATE TABLE IF NOT EXISTS hs (name TEXT PRIMARY KEY, score INT, ts INT)"
        )

    def enter(self, name, score):
        row = self.con.execute("SELECT score FROM hs WHERE name=?", (name,)).fetchone()
        if row and row[0] >= score:
            return False
        self.con.execute(
            "REPLACE INTO hs VALUES (?,?,?)", (name, score, int(time.time()))
        )
        self.con.commit()
        return True

    def list(self, n=10):
        return self.con.execute(
            "SELECT name, score FROM hs ORDER BY score DESC, ts LIMIT ?", (n,)
        ).fetchall()

    def placeOf(self, name):
        row = self.con.execute("SELECT score FROM hs WHERE name=?", (name,)).fetchone()
        if row is None:
            return None
        return (
            self.con.execute("SELECT COUNT(*) FROM hs WHERE score>?", row).fetchone()[0]
            + 1
        )
