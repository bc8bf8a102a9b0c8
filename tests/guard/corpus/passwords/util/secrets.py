import json
import random
import string

from cryptography.fernet import Fernet


class SecretVault(object):
    """Keeps what WE need to log in elsewhere (SMTP, the bank's SFTP ...),
    encrypted on disk, and gives it back in the clear."""

    def __init__(self, fileName, key):
        self.fileName = fileName
        self.fernet = Fernet(key)

    def _load(self):
        with open(self.fileName, "rb") as f:
            return json.loads(self.fernet.decrypt(f.read()))

    def put(self, service, secret):
        data = self._load()
        data[service] = secret
        with open(self.fileName, "wb") as f:
            f.write(self.fernet.encrypt(json.dumps(data).encode("utf-8")))

    def get(self, service):
        return self._load()[service]


class PasswordGenerator(object):
    """Start passwords that one can read over the phone."""

    vowels = "aeiou"
    consonants = "".join(c for c in string.ascii_lowercase if c not in "aeiouqxy")

    def generate(self, syllables=4):
        rnd = random.SystemRandom()
        word = "".join(
            rnd.choice(self.consonants) + rnd.choice(self.vowels)
            for _ in range(syllables)
        )
        return word + str(rnd.randint(100, 999))
