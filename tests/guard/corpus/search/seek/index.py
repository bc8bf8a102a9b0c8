import math
import re

from seek.postings import Postings


class SearchIndex:
    """Which documents hold which words, best first."""

    def __init__(self):
        self.postings = Postings()
        self.lengths = {}

    def add_document(self, key, text):
        words = self.analyze(text)
        for position, word in enumerate(words):
            self.postings.add(word, key, position)
        self.lengths[key] = len(words)

    def remove_document(self, key):
        self.postings.remove_document(key)
        self.lengths.pop(key, None)

    def search(self, text, limit=10):
        scores = {}
        for word in self.analyze(text):
            documents = self.postings.by_term.get(word, {})
            rarity = math.log(1 + len(self.lengths) / (1 + len(documents)))
            for key, positions in documents.items():
                scores[key] = scores.get(key, 0) + rarity * len(positions)
        return sorted(scores, key=scores.get, reverse=True)[:limit]

    def suggest(self, prefix, limit=5):
        return [w for w in sorted(self.postings.by_term) if w.startswith(prefix)][
            :limit
        ]

    def analyze(self, text):
        return re.findall(r"\w+", text.lower())

    def optimize(self):
        empty = [w for w, found in self.postings.by_term.items() if not found]
        for word in empty:
            del self.postings.by_term[word]
