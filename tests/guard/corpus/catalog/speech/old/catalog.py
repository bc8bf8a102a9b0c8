class MessageBundle:
    def __init__(self):
        self.lines = {}

    def load_catalog(self, path):
        with open(path) as file:
            for line in file:
                key, _, text = line.partition("=")
                self.lines[key.strip()] = text.strip()

    def get_message(self, key, values):
        return self.lines.get(key, key) % values

    def list_keys(self):
        return sorted(self.lines)
