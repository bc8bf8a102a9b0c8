class MemoryStorage:
    def __init__(self):
        self.files = {}

    def put(self, key, data, kind=""):
        self.files[key] = data

    def fetch(self, key):
        return self.files[key]

    def delete(self, key):
        del self.files[key]

    def list_files(self, prefix=""):
        return [key for key in self.files if key.startswith(prefix)]
