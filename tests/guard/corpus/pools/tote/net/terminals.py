"""The server that the selling terminals connect to."""

import socketserver
import threading
import time


class BufferPool:
    """Buffers for the terminals' messages, used again instead of made anew."""

    def __init__(self, size=4096, maxFree=64):
        self.size = size
        self.maxFree = maxFree
        self.free = []
        self.lock = threading.Lock()

    def acquire(self):
        with self.lock:
            if self.free:
                return self.free.pop()
        return bytearray(self.size)

    def release(self, buf):
        buf[:] = bytes(self.size)
        with self.lock:
            if len(self.free) < self.maxFree:
                self.free.append(buf)


class TerminalConnections:
    """Which terminals are connected to us right now."""

    def __init__(self, maxConns=500):
        self.maxConns = maxConns
        self.conns = {}
        self.lock = threading.Lock()

    def add(self, terminalId, sock):
        with self.lock:
            if len(self.conns) >= self.maxConns:
                raise ConnectionRefusedError("too many terminals")
            self.conns[terminalId] = (sock, time.time())

    def remove(self, terminalId):
        with self.lock:
            self.conns.pop(terminalId, None)

    def broadcast(self, message):
        with self.lock:
            socks = [sock for sock, since in self.conns.values()]
        for sock in socks:
            sock.sendall(message)

    def closeAll(self):
        with self.lock:
            for sock, since in self.conns.values():
                sock.close()
            self.conns.clear()


buffers = BufferPool()
terminals = TerminalConnections()


class TerminalHandler(socketserver.BaseRequestHandler):
    def handle(self):
        name = self.request.recv(8).decode("ascii").strip()
        terminals.add(name, self.request)
        buf = buffers.acquire()
        try:
            while True:
                n = self.request.recv_into(buf)
                if not n:
                    break
                self.server.onMessage(name, bytes(buf[:n]))
        finally:
            buffers.release(buf)
            terminals.remove(name)
