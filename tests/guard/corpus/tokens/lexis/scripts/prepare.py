import re


class SimpleTokenizer:
    def __init__(self, words):
        self.words = list(words)
        self.numbers = {word: number for number, word in enumerate(self.words)}

    def encode(self, text):
        return [self.numbers.get(w, 0) for w in re.findall(r"\w+|\S", text.lower())]

    def decode(self, numbers):
        return " ".join(self.words[number] for number in numbers)
