"""Every number that somebody may ask about, once."""

from __future__ import annotations

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How a manager behaves.

    Durations are seconds, sizes are bytes unless a name says events or frames.

    Attributes:
        data: Folder of the SQLite database; made if missing.
        origins: Origins that may use the session cookie, such as
            ``https://app.example.com``; empty means the request's own host.
        trusted_hops: How many proxies in front append to ``X-Forwarded-For``; a
            client's address is read that many places from the right. 0 trusts none.
        session_lasts: From login until a session ends by itself.
        ticket_lasts: A ticket that was not used by then is worthless.
        login_attempts: Failed logins allowed at once, per account and address.
        login_refill_every: One more attempt is allowed after this long.
        hello_within: A new connection must say hello by then (4408).
        authenticated_within: The store must tell who it is by then (4503).
        welcome_within: The log must be read by then (4503).
        heartbeat_every: Mean time between two pings; each is drawn from ±20 %.
        silent_after: A peer that was not heard of for so long is lost (4408).
        send_within: A single frame must leave by then, or the peer is lost.
        expiring_before: A session's end is announced so long before it.
        expired_grace: And enforced so long after it (4401).
        frame_bytes: Largest frame either side may send.
        hello_bytes: Largest ``hello``.
        frame_depth: Deepest nesting of arrays and objects in a client's frame.
        message_bytes: Largest text of a person's message.
        max_connection_age: How long a request may last on the host that this runs on;
            a connection moves at 0.80 to 0.92 of it, the new one first. 0 means as
            long as it likes.
        connections_at_once: Connections of this process; one beyond that is told to
            come back later (1013).
        greeting_at_once: Connections that nobody has said hello on; one beyond that
            costs the oldest its place if it is silent (4408), and is told to come
            back later otherwise (1013).
        connections_per_address: Connections from one address, unless it can only be
            a proxy's; beyond that a handshake is refused.
        handshakes_per_second: Sustained rate of handshakes of this process; one
            beyond that is told to come back later (1013).
        handshakes_burst: And how many may come at once.
        handshakes_per_address: Sustained rate from one address; beyond four times
            that at once, a handshake is refused.
        early_frames: Frames kept that came before ``welcome``.
        early_bytes: And their size.
        frames_per_second: A connection's sustained rate of frames.
        frames_burst: And how many may come at once.
        connections_per_user: The oldest beyond that is closed with 4409.
        merge_bytes: An outbox beyond that has adjacent deltas merged.
        summarise_bytes: Beyond that, threads off the screen send no events.
        snapshot_bytes: Beyond that, what is queued gives way to a snapshot.
        stalled_after: And also after so long without a frame leaving.
        snapshot_state_bytes: A snapshot's state holds the newest events, up to this.
        replay_events: A reader that is further behind gets a snapshot.
        delta_every: Deltas of a run are gathered for at most so long.
        delta_bytes: Or until they are this large.
        tool_result_bytes: A longer result of a tool is cut.
        final_text_bytes: A longer answer is named by length and hash at its end.
        lease_renew_every: A process says that it is alive so often.
        lease_lapses_after: Its runs are taken from it after so much silence.
        run_within: A run that takes longer fails.
        run_bytes: And one that says more: text, reasoning, calls and their results.
        runs_queued_per_user: Runs of one user that may wait; a message beyond that is
            refused for now.
        cancel_within: An agent that ignores a cancel is abandoned after this.
        runs_at_once: Runs that this process executes at the same time.
        runs_at_once_per_user: And of one user, so that nobody takes all places.
        poll_every: How often logs are looked at while the bus cannot be heard.
        foreign_check_every: How often to look for another process's commits.
        drain_within: How long connections have to leave when the server stops.
        finish_within: How long runs under way have to end by themselves then.
    """

    data: Path = Path("goldenpath-data")
    origins: tuple[str, ...] = ()
    trusted_hops: int = 0
    session_lasts: float = 30 * 24 * 3600.0
    ticket_lasts: float = 30.0
    login_attempts: int = 5
    login_refill_every: float = 12.0
    hello_within: float = 5.0
    authenticated_within: float = 3.0
    welcome_within: float = 5.0
    heartbeat_every: float = 20.0
    silent_after: float = 45.0
    send_within: float = 10.0
    expiring_before: float = 60.0
    expired_grace: float = 30.0
    frame_bytes: int = 256 * 1024
    hello_bytes: int = 64 * 1024
    frame_depth: int = 16
    message_bytes: int = 64 * 1024
    max_connection_age: float = 0.0
    connections_at_once: int = 10_000
    greeting_at_once: int = 200
    connections_per_address: int = 100
    handshakes_per_second: float = 200.0
    handshakes_burst: int = 400
    handshakes_per_address: float = 10.0
    early_frames: int = 16
    early_bytes: int = 64 * 1024
    frames_per_second: float = 20.0
    frames_burst: int = 60
    connections_per_user: int = 20
    merge_bytes: int = 64 * 1024
    summarise_bytes: int = 256 * 1024
    snapshot_bytes: int = 1024 * 1024
    stalled_after: float = 10.0
    snapshot_state_bytes: int = 128 * 1024
    replay_events: int = 2000
    delta_every: float = 0.040
    delta_bytes: int = 1024
    tool_result_bytes: int = 64 * 1024
    final_text_bytes: int = 64 * 1024
    lease_renew_every: float = 5.0
    lease_lapses_after: float = 15.0
    run_within: float = 600.0
    run_bytes: int = 64 * 1024 * 1024
    runs_queued_per_user: int = 100
    cancel_within: float = 2.0
    runs_at_once: int = 256
    runs_at_once_per_user: int = 16
    poll_every: float = 1.0
    foreign_check_every: float = 0.25
    drain_within: float = 3.0
    finish_within: float = 5.0
