import hashlib


class Bucketer:
    # poor man's a/b: Bucketer("blue-button", ["a", "b"]).variant(user)
    _seen = {}

    def __init__(self, test, variants):
        self.test = test
        self.variants = variants

    def variant(self, user):
        key = (self.test, user.pk)
        if key not in self._seen:
            h = int(hashlib.md5(("%s%s" % key).encode()).hexdigest(), 16)
            self._seen[key] = self.variants[h % len(self.variants)]
        return self._seen[key]


def chunks(seq, n):
    for i in range(0, len(seq), n):
        yield seq[i : i + n]
