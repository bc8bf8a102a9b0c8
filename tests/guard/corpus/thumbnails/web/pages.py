"""servlets of the archive"""

from imaging import NoSuchPicture
from imaging.moreThumbs import MarkedThumbs, ThumbnailerPool, TimedThumbs
from util.imgutil import MiniPics
from util.pageCache import PageCache

minis = MiniPics()
pageCache = PageCache("/var/cache/pages")


class FileManagerIcons:
    """The file manager widget (bought) wants iconFor/iconUrl by file name; we have ids."""

    def __init__(self, thumbnailer, db):
        self.thumbnailer = thumbnailer
        self.db = db

    def _picId(self, fileName):
        c = self.db.cursor()
        c.execute("SELECT id FROM picture WHERE file_name = %s", (fileName,))
        row = c.fetchone()
        if row is None:
            raise KeyError(fileName)
        return row[0]

    def iconFor(self, fileName):
        return self.thumbnailer.getThumb(self._picId(fileName), "tiny")

    def iconUrl(self, fileName):
        return self.thumbnailer.getThumbUrl(self._picId(fileName), "tiny")


class ThumbVotes:
    """thumbs up / thumbs down of the visitors"""

    def __init__(self, db):
        self.db = db

    def thumbUp(self, picId, userId):
        self._vote(picId, userId, 1)

    def thumbDown(self, picId, userId):
        self._vote(picId, userId, -1)

    def _vote(self, picId, userId, value):
        c = self.db.cursor()
        c.execute(
            "REPLACE INTO vote (pic_id, user_id, value) VALUES (%s, %s, %s)",
            (picId, userId, value),
        )
        self.db.commit()

    def getThumbs(self, picId):
        c = self.db.cursor()
        c.execute(
            "SELECT SUM(value > 0), SUM(value < 0) FROM vote WHERE pic_id = %s",
            (picId,),
        )
        return c.fetchone()

    def dropThumbs(self, picId):
        self.db.cursor().execute("DELETE FROM vote WHERE pic_id = %s", (picId,))
        self.db.commit()


def thumbPage(request, pool):
    thumbs = TimedThumbs(pool.forCustomer(request.customer))
    if not request.user:
        thumbs = MarkedThumbs(thumbs, "/data/mark.png")
    try:
        data = thumbs.getThumb(request.args["id"], request.args.get("size", "grid"))
    except NoSuchPicture:
        request.setResponseCode(404)
        return ""
    request.setHeader("Content-Type", "image/jpeg")
    return data


def gridPage(request, pool, picIds):
    thumbs = pool.forCustomer(request.customer)
    return pageCache.getPage(
        "grid" + request.customer,
        lambda: "".join("<img src='%s'>" % thumbs.getThumbUrl(i) for i in picIds),
    )


def selectBox(masters, picIds):
    return "".join(
        "<option style='background:url(%s)'>%s" % (minis.dataUri(i, masters.get), i)
        for i in picIds
    )
