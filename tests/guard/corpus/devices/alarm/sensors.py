import MySQLdb
import MySQLdb.cursors


class SensorBook(object):
    """All detectors and contacts of the alarm system, with their present status.

    The insurance wants these in a database of their own.
    """

    def __init__(self, host="localhost", user="alarm", passwd="", db="alarm"):
        self.conn = MySQLdb.connect(host=host, user=user, passwd=passwd, db=db)

    def enrol(self, serial, kind, zone):
        cur = self.conn.cursor()
        cur.execute(
            "INSERT INTO sensor (serial, kind, zone, status) VALUES (%s, %s, %s, %s)",
            (serial, kind, zone, "unknown"),
        )
        self.conn.commit()

    def retire(self, serial):
        cur = self.conn.cursor()
        cur.execute("DELETE FROM sensor WHERE serial = %s", (serial,))
        self.conn.commit()
        return cur.rowcount == 1

    def report(self, serial, status, voltage=None):
        cur = self.conn.cursor()
        cur.execute(
            "UPDATE sensor SET status = %s, voltage = %s, seen = NOW() WHERE serial = %s",
            (status, voltage, serial),
        )
        self.conn.commit()

    def status(self, serial):
        cur = self.conn.cursor()
        cur.execute("SELECT status FROM sensor WHERE serial = %s", (serial,))
        row = cur.fetchone()
        return row and row[0]

    def inZone(self, zone):
        cur = self.conn.cursor(MySQLdb.cursors.DictCursor)
        cur.execute("SELECT serial, kind, status FROM sensor WHERE zone = %s", (zone,))
        return cur.fetchall()
