import hashlib
import time

from press.previewBlobs import PreviewBlobs


class PreviewLinks:
    """secret links by which a journalist may look at an unpublished page for 3 days"""

    def __init__(self, conn, secret):
        self.conn = conn
        self.secret = secret

    def makeLink(self, pageId, days=3):
        until = int(time.time()) + days * 86400
        sig = hashlib.sha1(
            ("%s:%s:%s" % (self.secret, pageId, until)).encode()
        ).hexdigest()[:16]
        c = self.conn.cursor()
        c.execute(
            "INSERT INTO preview_link (page_id, until, sig) VALUES (%s, %s, %s)",
            (pageId, until, sig),
        )
        self.conn.commit()
        return "/press/preview/%s?until=%d&sig=%s" % (pageId, until, sig)

    def dropLinks(self, pageId):
        self.conn.cursor().execute(
            "DELETE FROM preview_link WHERE page_id = %s", (pageId,)
        )
        self.conn.commit()


def showPicture(request, conn, paths):
    picId = int(request.args["id"])
    blobs = PreviewBlobs(conn)
    request.setHeader("Content-Type", "image/jpeg")
    request.write(blobs.preview(picId, paths[picId], 600))
