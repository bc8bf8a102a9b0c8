import math
import re


class ProductFinder:
    def __init__(self):
        self.words = {}
        self.products = {}

    def add_product(self, key, text):
        self.products[key] = text
        for word in self.analyze(text):
            self.words.setdefault(word, set()).add(key)

    def remove_product(self, key):
        del self.products[key]

    def find(self, text, limit=10):
        scores = {}
        for word in self.analyze(text):
            keys = self.words.get(word, ())
            for key in keys:
                scores[key] = scores.get(key, 0) + math.log(1 + len(self.products))
        return sorted(scores, key=scores.get, reverse=True)[:limit]

    def suggest(self, prefix, limit=5):
        return [word for word in sorted(self.words) if word.startswith(prefix)][:limit]

    def analyze(self, text):
        return re.findall(r"\w+", text.lower())
