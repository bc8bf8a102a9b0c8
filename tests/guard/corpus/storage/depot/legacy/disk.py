import os


class DiskStore:
    def __init__(self, root):
        self.root = root

    def put(self, key, data):
        path = os.path.join(self.root, key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def fetch(self, key):
        with open(os.path.join(self.root, key), "rb") as file:
            return file.read()

    def delete(self, key):
        os.remove(os.path.join(self.root, key))
