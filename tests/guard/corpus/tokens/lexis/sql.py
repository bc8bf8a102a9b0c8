import re


class SqlTokenizer:
    words = re.compile(r"\w+|'[^']*'|[<>=!]+|\S")

    def __init__(self, text):
        self.text = text
        self.position = 0
        self.keywords = set()

    def tokens(self):
        for match in self.words.finditer(self.text):
            yield match.group()

    def peek(self):
        match = self.words.search(self.text, self.position)
        return match.group() if match else None

    def expect(self, word):
        if self.peek() != word:
            raise SyntaxError(word)
