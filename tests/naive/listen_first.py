"""The naive server with its port open before it is there, as under gunicorn."""

import socket
import sys

import uvicorn

listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))

from server import app  # noqa: E402 - which takes its time

if __name__ == "__main__":
    config = uvicorn.Config(app, log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])
