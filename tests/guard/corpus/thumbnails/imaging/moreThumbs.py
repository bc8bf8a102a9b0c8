# around the Thumbnailer
import io
import logging
import time

from PIL import Image

from imaging.common import SIZES, ThumbBase, ThumbError
from imaging.masters import MasterStore
from imaging.thumbs import Thumbnailer
from imaging.watermark import Watermarker

log = logging.getLogger("thumbs")


class SquareThumbnailer(Thumbnailer):
    """for the agency front page: cut to a square first"""

    def _make(self, picId, size):
        master = self.masters.get(picId)
        if master is None:
            return Thumbnailer._make(self, picId, size)
        im = Image.open(io.BytesIO(master)).convert("RGB")
        edge = min(im.size)
        left = (im.size[0] - edge) // 2
        top = (im.size[1] - edge) // 2
        buf = io.BytesIO()
        im.crop((left, top, left + edge, top + edge)).save(buf, "PNG")
        data = self.resampler.shrink(buf.getvalue(), size.box(), size.quality)
        self.shelf.write(picId, size.name, data)
        return data


class MarkedThumbs(ThumbBase):
    """thumbs with the agency's mark, for visitors who are not logged in"""

    def __init__(self, thumbs, markFile):
        self.thumbs = thumbs
        self.marker = Watermarker(markFile)

    def getThumb(self, picId, sizeName="grid"):
        data = self.thumbs.getThumb(picId, sizeName)
        if sizeName in ("tiny", "list"):
            return data
        return self.marker.mark(data)

    def getThumbUrl(self, picId, sizeName="grid"):
        return self.thumbs.getThumbUrl(picId, sizeName) + "?m=1"

    def dropThumbs(self, picId):
        self.thumbs.dropThumbs(picId)


class TimedThumbs:
    """wraps a thumbnailer; writes slow ones to the log"""

    def __init__(self, thumbs, limit=0.5):
        self.thumbs = thumbs
        self.limit = limit

    def getThumb(self, picId, sizeName="grid"):
        t0 = time.time()
        try:
            return self.thumbs.getThumb(picId, sizeName)
        finally:
            took = time.time() - t0
            if took > self.limit:
                log.warning("slow thumb %s/%s: %.2f s", picId, sizeName, took)

    def __getattr__(self, name):
        return getattr(self.thumbs, name)


class ImgixThumbs(ThumbBase):
    """customers who pay for the CDN: imgix shrinks and keeps, we only sign and purge"""

    def __init__(self, http, host, apiKey):
        self.http = http
        self.host = host
        self.apiKey = apiKey

    def getThumbUrl(self, picId, sizeName="grid"):
        if sizeName not in SIZES:
            raise ThumbError("unknown size %r" % sizeName)
        s = SIZES[sizeName]
        return "https://%s/masters/%s?w=%d&h=%d&q=%d&fit=max" % (
            self.host,
            picId,
            s.width,
            s.height,
            s.quality,
        )

    def getThumb(self, picId, sizeName="grid"):
        r = self.http.get(self.getThumbUrl(picId, sizeName), timeout=10)
        if r.status_code != 200:
            raise ThumbError("imgix says %d" % r.status_code)
        return r.content

    def dropThumbs(self, picId):
        self.http.post(
            "https://api.imgix.com/api/v1/purge",
            headers={"Authorization": "Bearer " + self.apiKey},
            json={
                "data": {
                    "type": "purges",
                    "attributes": {"url": "https://%s/masters/%s" % (self.host, picId)},
                }
            },
        )


class ThumbnailerPool:
    """one Thumbnailer per customer, made when first wanted"""

    def __init__(self, config):
        self.config = config
        self.made = {}

    def forCustomer(self, customer):
        if customer not in self.made:
            c = self.config[customer]
            cls = c.get("square") and SquareThumbnailer or Thumbnailer
            self.made[customer] = cls(
                MasterStore(c["masterRoot"]),
                c["thumbRoot"],
                c.get("baseUrl", "/thumbs"),
            )
        return self.made[customer]
