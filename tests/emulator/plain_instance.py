"""The smallest server that an emulator can run: echoes WebSockets, tells what it saw.

Run as ``plain_instance.py PORT [slow] [deaf]``: ``slow`` opens its port half a second
before it answers anything; ``deaf`` does not hear SIGTERM.
"""

import asyncio
import json
import os
import signal
import sys

UPGRADE = (
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
    b"connection: upgrade\r\n\r\n"
)


async def serve(reader, writer):
    if "slow" in sys.argv:
        await IS_READY.wait()
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        writer.close()
        return
    lines = head.decode("latin-1").split("\r\n")
    if "upgrade: websocket" in lines:
        writer.write(UPGRADE)
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    else:
        seen = {
            "first": lines[0],
            "headers": [line.split(": ", 1) for line in lines[1:] if line],
            "environment": {
                name: value
                for name, value in os.environ.items()
                if name.startswith(("K_", "PORT", "MARK"))
            },
            "pid": os.getpid(),
        }
        body = json.dumps(seen).encode()
        size = f"content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
        writer.write(b"HTTP/1.1 200 OK\r\n" + size + body)
        await writer.drain()
    writer.close()


async def main():
    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    asyncio.get_running_loop().call_later(0.5, IS_READY.set)
    async with server:
        await server.serve_forever()


IS_READY = asyncio.Event()
asyncio.run(main())
