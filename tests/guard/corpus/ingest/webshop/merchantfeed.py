from xml.sax.saxutils import escape


class FeedExporter(object):
    """Writes our parts as a feed for price portals to fetch."""

    def __init__(self, db, baseUrl):
        self.db = db
        self.baseUrl = baseUrl

    def rows(self):
        cur = self.db.cursor()
        cur.execute("SELECT part_no, title, price, stock FROM part WHERE stock > 0")
        return cur

    def exportAll(self, path):
        with open(path, "w", encoding="utf-8") as out:
            out.write('<rss version="2.0"><channel>\n')
            for partNo, title, price, stock in self.rows():
                out.write(
                    "<item><id>%s</id><title>%s</title><link>%s/p/%s</link><price>%.2f EUR</price></item>\n"
                    % (escape(partNo), escape(title), self.baseUrl, partNo, price)
                )
            out.write("</channel></rss>\n")
        return path
