# shared by the imaging modules


class ThumbError(Exception):
    pass


class NoSuchPicture(ThumbError):
    def __init__(self, picId):
        ThumbError.__init__(self, "no picture %s" % picId)
        self.picId = picId


class ThumbSize:
    """name, box and jpeg quality of one kind of thumbnail"""

    def __init__(self, name, width, height, quality=80):
        self.name = name
        self.width = width
        self.height = height
        self.quality = quality

    def box(self):
        return (self.width, self.height)

    def __eq__(self, other):
        return self.name == other.name and self.box() == other.box()

    def __hash__(self):
        return hash(self.name)


SIZES = {
    "tiny": ThumbSize("tiny", 48, 48, 70),
    "list": ThumbSize("list", 120, 90),
    "grid": ThumbSize("grid", 240, 180),
    "lightbox": ThumbSize("lightbox", 640, 480, 85),
}


class ThumbBase:
    """What the templates and the servlets expect. Derive from this."""

    def getThumb(self, picId, sizeName):
        """the bytes of the jpeg"""
        raise NotImplementedError

    def getThumbUrl(self, picId, sizeName):
        raise NotImplementedError

    def dropThumbs(self, picId):
        """forget all sizes of that picture"""
        raise NotImplementedError
