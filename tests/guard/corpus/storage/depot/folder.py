from depot.storage import FileStorage


class Folder:
    def __init__(self, storage: FileStorage, prefix: str) -> None:
        self.storage = storage
        self.prefix = prefix.rstrip("/") + "/"

    def write(self, name: str, data: bytes) -> None:
        self.storage.put(self.prefix + name, data)

    def fetch(self, name: str) -> bytes:
        return self.storage.fetch(self.prefix + name)

    def names(self) -> list[str]:
        return list(self.storage.list_files(self.prefix))
