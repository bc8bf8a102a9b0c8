"""Replay, outbox and replica together: P2 under a reader of any speed."""

import collections

from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._codec import decode_server_frame, encode_frame, event_frame
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._deltas import merge_entries
from goldenpath.protocol._entries import Hint, Page
from goldenpath.protocol._frames import EventFrame, Snapshot, SnapshotState
from goldenpath.protocol._outbox import Outbox
from goldenpath.protocol._replay import Replay
from goldenpath.protocol._replica import Applied, Replica
from tests.protocol.strategies import HARD_LAW, fold, threads

# A thread of the tests has a few of these, whole or as a snapshot.
LIMIT = 3000
LOGS = ("thread:screen", "thread:behind")


class Link:
    """A server's side of one connection, and the device at its end.

    It does what `goldenpath.connections` does, without a socket or a task.
    """

    def __init__(self, *, stalled_after):
        self.now = 0.0
        self.shelf = {log: [] for log in LOGS}
        self.outbox = Outbox(
            merge_bytes=600,
            summarise_bytes=1500,
            snapshot_bytes=LIMIT,
            stalled_after=stalled_after,
        )
        self.on_the_wire = collections.deque()
        self.is_closed = False
        self.largest_snapshot = 0
        self.devices = {log: Replica(log) for log in LOGS}
        self.follow(*LOGS)

    def follow(self, *logs):
        """Subscribe: each log from where the device stands."""
        for log in logs:
            if self.devices[log].cursor is None:
                self.devices[log].cursor = Cursor("e", "", 0)
        self.replays = getattr(self, "replays", {}) | {
            log: Replay(log, self.devices[log].cursor) for log in logs
        }
        self.needs_snapshot = getattr(self, "needs_snapshot", set()) - set(logs)
        self.silent = getattr(self, "silent", set()) - set(logs)

    def append(self, log, entries, *, is_heard):
        first = len(self.shelf[log]) + 1
        self.shelf[log] += entries
        hint = Hint(log, "e", "i", first, entries[-1].number, tuple(entries))
        if is_heard and not self.is_closed and log not in self.silent:
            replay = self.replays[log]
            if log in self.needs_snapshot:
                replay.is_live = False
            self.put_entries(replay.hint(hint))

    def put_entries(self, entries):
        self.outbox.put_entries(entries, now=self.now)
        self.relieve()

    def relieve(self):
        relief = self.outbox.relieve(
            now=self.now, is_on_screen=lambda log: log == LOGS[0]
        )
        self.silent |= relief.summarised
        self.needs_snapshot |= relief.dropped
        self.is_closed |= relief.is_behind

    def work(self, limit):
        """Read what has to be read, if there is room."""
        for log in LOGS:
            if self.is_closed or log in self.silent:
                continue
            replay, shelf = self.replays[log], self.shelf[log]
            if log in self.needs_snapshot and not len(self.outbox):
                self.needs_snapshot.discard(log)
                self.snapshot(log)
            elif log not in self.needs_snapshot and replay.is_behind:
                at = replay.cursor.number
                page = Page(log, "e", "i", len(shelf), shelf[at : at + limit])
                self.put_entries(replay.page(page))

    def snapshot(self, log):
        shelf = self.shelf[log]
        cursor = shelf[-1].cursor
        events = tuple(map(event_frame, merge_entries(shelf)))
        state = SnapshotState(events=events)
        frame = Snapshot(log=log, cursor=cursor, why="behind", state=state)
        data = encode_frame(frame)
        self.largest_snapshot = max(self.largest_snapshot, len(data))
        self.outbox.put(data, now=self.now)
        self.put_entries(self.replays[log].restart(cursor, incarnation="i"))

    def send(self):
        """Hand a batch to the transport, if the one before has left."""
        if not self.is_closed and not self.on_the_wire:
            self.on_the_wire.extend(self.outbox.take(now=self.now, max_bytes=500))

    def arrive(self):
        """The device gets all that is on the wire."""
        while self.on_the_wire:
            frame = decode_server_frame(self.on_the_wire.popleft())
            device = self.devices[frame.log]
            if isinstance(frame, EventFrame):
                # The server never makes a hole, whatever it dropped.
                assert device.event(frame) is not Applied.MISSING
            else:
                device.snapshot(frame)
        self.outbox.left(now=self.now)

    def come_back(self):
        """After a close as behind: at once, with the cursors."""
        self.outbox = Outbox(
            merge_bytes=600,
            summarise_bytes=1500,
            snapshot_bytes=LIMIT,
            stalled_after=9.0,
        )
        self.on_the_wire.clear()
        self.is_closed = False
        self.follow(*LOGS)

    def settle(self):
        """The reader reads again, and every thread comes back on the screen."""
        for _ in range(300):
            self.arrive()
            if self.is_closed:
                self.come_back()
            for log in LOGS:
                if log in self.silent and not len(self.outbox):
                    self.follow(log)
                self.replays[log].head(len(self.shelf[log]), epoch="e")
            self.work(5)
            self.send()
            is_quiet = not (self.on_the_wire or self.needs_snapshot or self.silent)
            is_live = all(replay.is_live for replay in self.replays.values())
            if is_quiet and is_live and not self.is_closed:
                return
        raise AssertionError("it does not settle")


@HARD_LAW
@given(threads(log=LOGS[0]), threads(log=LOGS[1]), st.data())
def test_f18_a_slow_reader_ends_with_the_logs_own_bytes(on_screen, behind, data):
    """By events or by a snapshot, and there is no third outcome."""
    link = Link(stalled_after=data.draw(st.sampled_from([2.0, 9.0])))
    waiting = {LOGS[0]: list(on_screen), LOGS[1]: list(behind)}
    largest = 0
    for _ in range(data.draw(st.integers(0, 40))):
        link.now += data.draw(st.sampled_from([0.0, 0.1, 1.0, 3.0]))
        match data.draw(
            st.sampled_from(["append", "append", "append", "work", "send", "arrive"])
        ):
            case "append":
                log = data.draw(st.sampled_from(LOGS))
                count = data.draw(st.integers(1, 6))
                fresh, waiting[log] = waiting[log][:count], waiting[log][count:]
                if fresh:
                    link.append(log, fresh, is_heard=data.draw(st.booleans()))
            case "work":
                link.work(data.draw(st.integers(1, 5)))
            case "send":
                link.send()
            case "arrive":
                link.arrive()
        link.relieve()
        if link.is_closed:
            link.come_back()
        largest = max(largest, link.outbox.size)
    for log in LOGS:
        if waiting[log]:
            link.append(log, waiting[log], is_heard=False)
    link.settle()

    for log, entries in ((LOGS[0], on_screen), (LOGS[1], behind)):
        assert link.devices[log].transcript.as_json() == fold(entries)
        assert link.devices[log].cursor == entries[-1].cursor
    # One frame may be larger than the limit; nothing else is.
    assert largest <= LIMIT + len(LOGS) * link.largest_snapshot
