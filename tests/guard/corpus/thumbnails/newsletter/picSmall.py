import ftplib
import io
import sqlite3
import urllib.request

from PIL import Image


class NewsletterImages:
    """Mails must not be big: fetches the picture, makes it 560 wide, puts it on the
    mailing provider's FTP and remembers where, so that the next issue does not do it again."""

    WIDTH = 560

    def __init__(self, ftpHost, user, password, dbFile="nl_images.db"):
        self.ftpArgs = (ftpHost, user, password)
        self.db = sqlite3.connect(dbFile)
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS img (src TEXT PRIMARY KEY, remote TEXT)"
        )

    def smallUrl(self, src):
        row = self.db.execute("SELECT remote FROM img WHERE src = ?", (src,)).fetchone()
        if row:
            return row[0]
        im = Image.open(io.BytesIO(urllib.request.urlopen(src).read())).convert("RGB")
        if im.size[0] > self.WIDTH:
            im = im.resize(
                (self.WIDTH, im.size[1] * self.WIDTH // im.size[0]), Image.LANCZOS
            )
        buf = io.BytesIO()
        im.save(buf, "JPEG", quality=70, progressive=True)
        buf.seek(0)
        name = "%08x.jpg" % (hash(src) & 0xFFFFFFFF)
        ftp = ftplib.FTP(*self.ftpArgs)
        ftp.storbinary("STOR /img/" + name, buf)
        ftp.quit()
        remote = "https://img.mailprov.example/" + name
        self.db.execute("INSERT INTO img VALUES (?, ?)", (src, remote))
        self.db.commit()
        return remote

    def purge(self):
        ftp = ftplib.FTP(*self.ftpArgs)
        for (remote,) in self.db.execute("SELECT remote FROM img").fetchall():
            ftp.delete("/img/" + remote.rsplit("/", 1)[1])
        ftp.quit()
        self.db.execute("DELETE FROM img")
        self.db.commit()


def buildIssue(articles, images):
    return "".join(
        "<h2>%s</h2><img src='%s'>" % (a["title"], images.smallUrl(a["img"]))
        for a in articles
    )
