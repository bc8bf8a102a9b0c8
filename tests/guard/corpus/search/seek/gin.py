class BookIndex:
    def __init__(self, title):
        self.title = title
        self.entries = {}

    def mark(self, word, page):
        self.entries.setdefault(word, []).append(page)

    def suggest(self, prefix):
        return [word for word in self.entries if word[0] == prefix]

    def optimize(self):
        for pages in self.entries.values():
            pages.sort()

    def typeset(self):
        return "\n".join(f"{word}, {pages}" for word, pages in self.entries.items())
