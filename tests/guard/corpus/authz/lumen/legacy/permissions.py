# lumen 1.x. The nightly exports and the SOAP interface still go through here.
import psycopg2

READ, WRITE, DELETE, ADMIN = 1, 2, 4, 8


class AccessDenied(Exception):
    pass


class PermissionChecker(object):
    def __init__(self, dsn):
        self.conn = psycopg2.connect(dsn)

    def mask(self, user_id, document_id):
        cur = self.conn.cursor()
        cur.execute(
            "SELECT coalesce(bit_or(a.mask), 0) FROM acl a LEFT JOIN membership m ON m.group_id = a.group_id"
            " WHERE a.document_id = %s AND (a.user_id = %s OR m.user_id = %s)",
            (document_id, user_id, user_id),
        )
        return cur.fetchone()[0]

    def check_access(self, user_id, document_id, wanted=READ):
        mask = self.mask(user_id, document_id)
        if mask & ADMIN:
            return
        if mask & wanted != wanted:
            raise AccessDenied("user %s, document %s" % (user_id, document_id))


def export_document(checker, user_id, document_id, out):
    checker.check_access(user_id, document_id)
    cur = checker.conn.cursor()
    cur.execute("SELECT body FROM document WHERE id = %s", (document_id,))
    out.write(cur.fetchone()[0])
