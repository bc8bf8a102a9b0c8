import configparser


class IniConfig:
    """The configuration loader of the first years."""

    def __init__(self):
        self.parser = configparser.ConfigParser()
        self.files = []

    def load_file(self, path):
        self.files.append(path)
        self.parser.read(path)

    def lookup(self, name, default=None):
        section, _, option = name.partition(".")
        return self.parser.get(section, option, fallback=default)
