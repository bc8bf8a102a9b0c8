# helpers for the back office (wx)

import gettext
import os
import sqlite3


def today():
    import datetime

    return datetime.date.today().isoformat()


class Babelfish:
    """labels of the back office in the clerk's language"""

    def __init__(self, clerkLang, dbFile="~/.hotel/labels.db"):
        self.lang = clerkLang
        self.db = sqlite3.connect(os.path.expanduser(dbFile))
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS label (name TEXT, lang TEXT, label TEXT, UNIQUE (name, lang))"
        )
        self.system = gettext.translation("wxstd", languages=[clerkLang], fallback=True)

    def label(self, name):
        row = self.db.execute(
            "SELECT label FROM label WHERE name = ? AND lang = ?", (name, self.lang)
        ).fetchone()
        if row:
            return row[0]
        return self.system.gettext(name)

    __getitem__ = label

    def learn(self, name, label):
        with self.db:
            self.db.execute(
                "INSERT OR REPLACE INTO label VALUES (?, ?, ?)",
                (name, self.lang, label),
            )


class LabelPrinter:
    """prints luggage labels on the Zebra in the lobby"""

    def __init__(self, device="/dev/usb/lp0"):
        self.device = device

    def label(self, room, name):
        zpl = "^XA^FO40,40^A0N,60^FD%s^FS^FO40,120^A0N,40^FD%s^FS^XZ" % (room, name)
        with open(self.device, "w") as lp:
            lp.write(zpl)
