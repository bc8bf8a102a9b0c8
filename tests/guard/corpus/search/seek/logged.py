import collections


class LoggedIndex:
    def __init__(self, index, write):
        self.index = index
        self.write = write
        self.asked = collections.Counter()

    def add_document(self, key, text):
        self.write(f"add {key}")
        self.index.add_document(key, text)

    def remove_document(self, key):
        self.write(f"remove {key}")
        self.index.remove_document(key)

    def search(self, text, limit=10):
        found = self.index.search(text, limit)
        self.asked[text] += 1
        self.write(f"search {text!r}: {len(found)}")
        return found

    def popular(self):
        return self.asked.most_common(10)
