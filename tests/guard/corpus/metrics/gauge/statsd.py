import socket


class StatsdClient:
    def __init__(self, host: str, port: int = 8125) -> None:
        self.address = (host, port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def increment(self, name: str, by: float = 1) -> None:
        self._send(f"{name}:{by}|c")

    def set_gauge(self, name: str, value: float) -> None:
        self._send(f"{name}:{value}|g")

    def observe(self, name: str, value: float) -> None:
        self._send(f"{name}:{value}|ms")

    def _send(self, line: str) -> None:
        self.socket.sendto(line.encode(), self.address)
