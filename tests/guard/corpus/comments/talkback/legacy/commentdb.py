# Comments of the old CMS. The archive pages (before 2016) still show these.
import time

import MySQLdb


class CommentDB:
    def __init__(self, **kw):
        self.db = MySQLdb.connect(charset="utf8mb4", **kw)

    def insert_comment(self, url, name, email, text):
        c = self.db.cursor()
        c.execute(
            "INSERT INTO comments (url, name, email, text, ts, visible) VALUES (%s,%s,%s,%s,%s,0)",
            (url, name, email, text, int(time.time())),
        )
        self.db.commit()
        return c.lastrowid

    def get_comments(self, url, all=False):
        c = self.db.cursor(MySQLdb.cursors.DictCursor)
        sql = "SELECT * FROM comments WHERE url = %s"
        if not all:
            sql += " AND visible = 1"
        c.execute(sql + " ORDER BY ts", (url,))
        return c.fetchall()

    def set_visible(self, id, visible=1):
        self.db.cursor().execute(
            "UPDATE comments SET visible = %s WHERE id = %s", (visible, id)
        )
        self.db.commit()

    def delete_comment(self, id):
        self.db.cursor().execute("DELETE FROM comments WHERE id = %s", (id,))
        self.db.commit()


def render_archive(url):
    rows = CommentDB(db="cms", read_default_file="/etc/cms.cnf").get_comments(url)
    return "\n".join("<p><b>%(name)s</b> %(text)s</p>" % row for row in rows)
