class Crawler:
    def __init__(self, index, get):
        self.index = index
        self.get = get
        self.seen = set()

    def visit(self, url):
        if url in self.seen:
            return
        self.seen.add(url)
        text, links = self.get(url)
        self.index.add_document(url, text)
        for link in links:
            self.visit(link)

    def forget(self, url):
        self.seen.discard(url)
        self.index.remove_document(url)
