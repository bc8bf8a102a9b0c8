"""What a server must not do on one connection, whatever the client makes of it."""

import contextlib
from collections import Counter

from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol import decode_client_frame, decode_server_frame, thread_log
from goldenpath.protocol._frames import (
    ErrorFrame,
    EventFrame,
    Resume,
    Snapshot,
    Subscribe,
    Welcome,
)


def wrong_in(server):
    """Return what a server did wrong; see :class:`tests.schedules.link.ServerEnd`."""
    frames = [decode_server_frame(data) for data in server.sent]
    return [*server.wrong, *_early(frames), *_repeated(frames, server.heard)]


def _early(frames):
    """Before the welcome nothing is said but why there is none."""
    for frame in frames:
        if isinstance(frame, Welcome):
            return []
        if not isinstance(frame, ErrorFrame):
            return [f"{type(frame).__name__} before the welcome"]
    return []


def _repeated(frames, heard):
    """Events come without a hole and without repetition, unless that is asked for."""
    asked = Counter()
    for data in heard:
        with contextlib.suppress(RemoteProtocolError):
            match decode_client_frame(data, max_bytes=2**30, max_depth=64):
                case Subscribe(thread=thread):
                    asked[thread_log(thread)] += 1
                case Resume(log=log):
                    asked[log] += 1
    reached, jumps = {}, Counter()
    for frame in frames:
        if isinstance(frame, Snapshot):
            reached[frame.log] = frame.cursor.number
        elif isinstance(frame, EventFrame):
            first = frame.first or frame.number
            if frame.log in reached and first != reached[frame.log] + 1:
                jumps[frame.log] += 1
            reached[frame.log] = frame.number
    return [
        f"{log} jumped {count} times, asked to {asked[log]} times"
        for log, count in jumps.items()
        if count > asked[log]
    ]
