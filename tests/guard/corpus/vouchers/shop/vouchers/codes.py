import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class CodeGenerator:
    """Makes readable codes with a check character: SPRING-7KQ2-M9XA."""

    def __init__(self, length=7, alphabet=ALPHABET):
        self.length = length
        self.alphabet = alphabet

    def generate(self, prefix=""):
        body = "".join(secrets.choice(self.alphabet) for _ in range(self.length))
        body += self.check_char(body)
        chunks = [body[i : i + 4] for i in range(0, len(body), 4)]
        if prefix:
            chunks.insert(0, prefix.upper())
        return "-".join(chunks)

    def check_char(self, body):
        total = sum((i + 1) * self.alphabet.index(c) for i, c in enumerate(body))
        return self.alphabet[total % len(self.alphabet)]

    def normalise(self, raw):
        return raw.strip().upper().replace(" ", "-")
