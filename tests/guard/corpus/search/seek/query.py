class Query:
    def __init__(self, text):
        self.text = text
        self.terms = []
        self.excluded = []

    def analyze(self):
        for word in self.text.split():
            (self.excluded if word.startswith("-") else self.terms).append(word)
        return self

    def search(self, index):
        return index.search(" ".join(self.terms))
