import re


class DocsIndex:
    """A full text index for the help pages."""

    def __init__(self, pages):
        self.table = {}
        for name, text in pages.items():
            self.index_page(name, text)

    def index_page(self, name, text):
        for word in re.findall(r"\w+", text.lower()):
            self.table.setdefault(word, []).append(name)

    def search(self, text, limit=10):
        found = {}
        for word in re.findall(r"\w+", text.lower()):
            for name in self.table.get(word, []):
                found[name] = found.get(name, 0) + 1
        return sorted(found, key=found.get, reverse=True)[:limit]

    def suggest(self, prefix):
        return [word for word in self.table if word.startswith(prefix)]
