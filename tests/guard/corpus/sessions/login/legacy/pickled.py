import os
import pickle


class PickleSessions:
    """User sessions as files, as long as the old portal lives."""

    def __init__(self, folder):
        self.folder = folder
        self.loaded = {}

    def load(self, key):
        if key not in self.loaded:
            with open(os.path.join(self.folder, key), "rb") as file:
                self.loaded[key] = pickle.load(file)
        return self.loaded[key]

    def save(self, key, data):
        with open(os.path.join(self.folder, key), "wb") as file:
            pickle.dump(data, file)

    def revoke(self, key):
        self.loaded.pop(key, None)
        os.remove(os.path.join(self.folder, key))
