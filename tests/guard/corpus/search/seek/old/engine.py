class SearchEngine:
    def __init__(self):
        self.documents = {}

    def add_document(self, key, text):
        self.documents[key] = text.lower()

    def search(self, text):
        return [key for key, have in self.documents.items() if text.lower() in have]
