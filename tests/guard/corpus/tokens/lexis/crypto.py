import base64


class Base64Codec:
    def __init__(self, alphabet=b"-_"):
        self.alphabet = alphabet

    def encode(self, data):
        return base64.b64encode(data, self.alphabet).decode()

    def decode(self, text):
        return base64.b64decode(text, self.alphabet)

    def padding(self, data):
        return -len(data) % 3
