import zlib

from depot.kinds import Storage


class ZippedStorage:
    def __init__(self, storage: Storage, level: int = 6) -> None:
        self._storage = storage
        self._level = level
        self._ratios: list[float] = []

    def put(self, key: str, data: bytes, kind: str = "") -> None:
        packed = zlib.compress(data, self._level)
        self._ratios.append(len(packed) / max(1, len(data)))
        self._storage.put(key + ".z", packed, kind)

    def fetch(self, key: str) -> bytes:
        return zlib.decompress(self._storage.fetch(key + ".z"))

    def delete(self, key: str) -> None:
        self._storage.delete(key + ".z")

    def ratio(self) -> float:
        return sum(self._ratios) / len(self._ratios)
