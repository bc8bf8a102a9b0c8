"""What one process allows those who connect to it, before any application looks."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The server's numbers. Durations are seconds, sizes are bytes.

    Attributes:
        connections: TCP connections open at once; further ones are answered 503.
        waiting_per_address: Of these, from one address and not yet a WebSocket.
            Behind a proxy everybody has the proxy's address.
        request_within: A request must be complete so long after it began, or after
            the connection was opened.
        taken_within: A peer that takes nothing of its answer for so long is let go of.
        head_bytes: Largest head of a request (431).
        head_lines: Most header lines of a request (431).
        message_bytes: Largest WebSocket message, its fragments together (1009).
        message_fragments: Most fragments of a message (1008): each costs time, however
            small it is.
        message_within: A message must be complete so long after it began (1008).
        control_frames_per_second: Pings, pongs and empty fragments that a peer may
            send; beyond that it is let go of without a word.
        control_frames_burst: And how many may come at once.
        waiting_messages: Messages that the application has not taken; beyond that
            nothing is read.
        waiting_bytes: And their size.
        write_bytes: Bytes that wait in this process for one peer; beyond that a
            sender waits.
        unsent_bytes: Bytes that wait for one peer in the kernel, not yet sent; so
            many, too, are taken at once by one that reads slowly.
        kernel_bytes: Size of the kernel's buffer for one peer, each way; Linux keeps
            twice that, its own bookkeeping included.
        closed_within: A peer must answer a close so soon.
        lingers: A refused peer is listened to for so long, so that it can read why.
        lost_after: The kernel gives up a peer that takes nothing for so long. Longer
            than anybody waits for a WebSocket: Linux does not always see that a slow
            reader makes progress.
        retry_after: Seconds that those who are turned away should wait.
    """

    connections: int = 10_000
    waiting_per_address: int = 512
    request_within: float = 10.0
    taken_within: float = 10.0
    head_bytes: int = 16 * 1024
    head_lines: int = 100
    message_bytes: int = 256 * 1024
    message_fragments: int = 1024
    message_within: float = 30.0
    control_frames_per_second: float = 10.0
    control_frames_burst: int = 20
    waiting_messages: int = 16
    waiting_bytes: int = 64 * 1024
    write_bytes: int = 16 * 1024
    unsent_bytes: int = 4 * 1024
    kernel_bytes: int = 64 * 1024
    closed_within: float = 5.0
    lingers: float = 1.0
    lost_after: float = 180.0
    retry_after: int = 1
