class MemoTable:
    """What the parser matched at a position, so that it is matched once."""

    def __init__(self, text):
        self.text = text
        self._rows = {}

    def get(self, rule, position):
        return self._rows.get((rule, position))

    def set(self, rule, position, end):
        self._rows[rule, position] = end

    def touch(self, position):
        self._last = position

    def delete(self, rule):
        self._rows = {key: end for key, end in self._rows.items() if key[0] != rule}

    def longest(self):
        return max(self._rows.values(), default=0)
