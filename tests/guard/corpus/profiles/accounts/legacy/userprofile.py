# -*- coding: utf-8 -*-
# 2011, before the ORM could do this.  Please do not add to it.
from django.db import connection

COLUMNS = ("user_id", "real_name", "about", "lang", "signature")


class UserProfileHelper(object):
    table = "auth_userprofile"

    def load(self, uid):
        cur = connection.cursor()
        cur.execute(
            "SELECT %s FROM %s WHERE user_id = %%s" % (", ".join(COLUMNS), self.table),
            [uid],
        )
        row = cur.fetchone()
        if row is None:
            return None
        return dict(zip(COLUMNS, row))

    def store(self, uid, data):
        names = [c for c in COLUMNS[1:] if c in data]
        cur = connection.cursor()
        if self.load(uid) is None:
            cur.execute(
                "INSERT INTO %s (user_id, %s) VALUES (%s)"
                % (self.table, ", ".join(names), ", ".join(["%s"] * (len(names) + 1))),
                [uid] + [data[n] for n in names],
            )
        else:
            cur.execute(
                "UPDATE %s SET %s WHERE user_id = %%s"
                % (self.table, ", ".join("%s = %%s" % n for n in names)),
                [data[n] for n in names] + [uid],
            )

    def remove(self, uid):
        connection.cursor().execute(
            "DELETE FROM %s WHERE user_id = %%s" % self.table, [uid]
        )
