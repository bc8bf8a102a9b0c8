# Press office. We are on the other server without /data, so it goes in the DB.
import subprocess


class PreviewBlobs:
    CREATE = """CREATE TABLE IF NOT EXISTS press_preview (
        pic_id INTEGER, px INTEGER, jpeg LONGBLOB, made TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        PRIMARY KEY (pic_id, px))"""

    def __init__(self, conn, convert="/usr/bin/convert"):
        self.conn = conn
        self.convert = convert
        self.conn.cursor().execute(self.CREATE)

    def preview(self, picId, origFile, px=400):
        c = self.conn.cursor()
        c.execute(
            "SELECT jpeg FROM press_preview WHERE pic_id = %s AND px = %s", (picId, px)
        )
        row = c.fetchone()
        if row:
            return row[0]
        p = subprocess.Popen(
            [
                self.convert,
                origFile + "[0]",
                "-resize",
                "%dx%d>" % (px, px),
                "-strip",
                "-colorspace",
                "sRGB",
                "-quality",
                "80",
                "jpeg:-",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        jpeg, err = p.communicate()
        if p.returncode != 0:
            raise RuntimeError("convert: %s" % err)
        c.execute(
            "INSERT INTO press_preview (pic_id, px, jpeg) VALUES (%s, %s, %s)",
            (picId, px, jpeg),
        )
        self.conn.commit()
        return jpeg

    def forget(self, picId):
        self.conn.cursor().execute(
            "DELETE FROM press_preview WHERE pic_id = %s", (picId,)
        )
        self.conn.commit()
