class WordTokenizer:
    def __init__(self):
        self.words = []

    def encode(self, text):
        self.words += text.split()
        return list(range(len(text.split())))

    def encode_batch(self, texts):
        return [self.encode(text) for text in texts]

    def decode(self, numbers):
        return " ".join(self.words[number] for number in numbers)
