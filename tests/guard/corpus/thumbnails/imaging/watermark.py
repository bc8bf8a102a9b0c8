import io

from PIL import Image


class Watermarker:
    def __init__(self, markFile, opacity=0.35):
        self.markFile = markFile
        self.opacity = opacity

    def mark(self, data):
        im = Image.open(io.BytesIO(data)).convert("RGBA")
        m = Image.open(self.markFile).convert("RGBA").resize(im.size)
        m.putalpha(m.split()[3].point(lambda v: int(v * self.opacity)))
        im = Image.alpha_composite(im, m).convert("RGB")
        out = io.BytesIO()
        im.save(out, "JPEG", quality=85)
        return out.getvalue()


class PrintEnlarger:
    """print orders: scale the master UP to the paper, 300 dpi, with sharpening"""

    DPI = 300

    def __init__(self, masters):
        self.masters = masters

    def getPrintFile(self, picId, widthCm, heightCm, target):
        from PIL import ImageFilter

        w = int(widthCm / 2.54 * self.DPI)
        h = int(heightCm / 2.54 * self.DPI)
        im = Image.open(io.BytesIO(self.masters.get(picId))).convert("RGB")
        im = im.resize((w, h), Image.BICUBIC).filter(ImageFilter.UnsharpMask(2, 120, 3))
        im.save(target, "TIFF", dpi=(self.DPI, self.DPI))
        return target
