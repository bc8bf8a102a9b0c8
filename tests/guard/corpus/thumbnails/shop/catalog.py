from shop.productPics import ProductPictures


class Article:
    def __init__(self, no, title, price):
        self.no = no
        self.title = title
        self.price = price


class CatalogPage:
    def __init__(self, db):
        self.db = db
        self.pics = ProductPictures()

    def rows(self, category):
        cur = self.db.cursor()
        cur.execute(
            "SELECT no, title, price FROM article WHERE category = %s ORDER BY title",
            (category,),
        )
        return [Article(*r) for r in cur.fetchall()]

    def render(self, category):
        out = ["<ul class=catalog>"]
        for a in self.rows(category):
            out.append(
                "<li><img src='%s'> %s %.2f"
                % (self.pics.url(a.no, "S"), a.title, a.price)
            )
        out.append("</ul>")
        return "\n".join(out)
