class Postings:
    def __init__(self):
        self.by_term = {}

    def add(self, term, document, position):
        self.by_term.setdefault(term, {}).setdefault(document, []).append(position)

    def remove_document(self, document):
        for documents in self.by_term.values():
            documents.pop(document, None)

    def frequency(self, term, document):
        return len(self.by_term.get(term, {}).get(document, ()))
