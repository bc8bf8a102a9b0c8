"""One reader's way, whatever the bus does.

``Shelf`` is a log as a reader sees it; ``Reader`` does what a connection does.
"""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._entries import Entry, Hint, Page
from goldenpath.protocol._replay import Replay
from tests.protocol.strategies import HARD_LAW, entry

LOG = "thread:t"


class Shelf:
    """The truth: entries, an epoch, and the present start of the store."""

    def __init__(self):
        self.epoch, self.incarnation = "e0", "i0"
        self.entries: list[Entry] = []
        self.starts = 0

    @property
    def head(self):
        return len(self.entries)

    def append(self, count, *, is_bare=False):
        first = self.head + 1
        fresh = [
            entry(n, epoch=self.epoch, incarnation=self.incarnation)
            for n in range(first, first + count)
        ]
        self.entries += fresh
        return Hint(
            LOG,
            self.epoch,
            self.incarnation,
            first,
            self.head,
            () if is_bare else fresh,
        )

    def start_again(self):
        self.starts += 1
        self.incarnation = f"i{self.starts}"

    def restore(self, number):
        """Numbers are taken back: another history begins."""
        self.start_again()
        self.epoch = f"e{self.starts}"
        self.entries = [
            entry(item.number, epoch=self.epoch, incarnation=item.incarnation)
            for item in self.entries[:number]
        ]

    def cursor(self):
        return self.entries[-1].cursor if self.entries else Cursor(self.epoch, "", 0)

    def read(self, cursor, limit):
        names_a_row = cursor.number == 0 or (
            cursor.number <= self.head
            and self.entries[cursor.number - 1].incarnation == cursor.incarnation
        )
        is_valid = cursor.epoch == self.epoch and names_a_row
        return Page(
            LOG,
            self.epoch,
            self.incarnation,
            self.head,
            self.entries[cursor.number : cursor.number + limit] if is_valid else (),
            is_valid,
        )


class Reader:
    """Sends what the replay lets through, and reads when it has to."""

    def __init__(self, shelf, cursor):
        self.shelf = shelf
        self.replay = Replay(LOG, cursor)
        self.sent: list[Entry] = []
        self.began_at = cursor

    def hint(self, hint):
        self.sent += self.replay.hint(hint)

    def begin(self, limit):
        """Read now; the page arrives later."""
        return self.shelf.read(self.replay.cursor, limit)

    def end(self, page):
        if page.is_valid:
            self.sent += self.replay.page(page)
        else:
            self.restart()

    def restart(self):
        cursor = self.shelf.cursor()
        self.sent, self.began_at = [], cursor
        self.sent += self.replay.restart(cursor, incarnation=self.shelf.incarnation)

    def settle(self, limit):
        """What a ping does: look at the head, read until nothing is missing."""
        self.replay.head(self.shelf.head, epoch=self.shelf.epoch)
        if self.replay.cursor is None:
            self.restart()
        for _ in range(self.shelf.head // limit + 5):
            if self.replay.is_live:
                return
            self.end(self.begin(limit))

    def check(self):
        """What was sent since the last snapshot has no hole and no repetition."""
        expected = self.began_at.number if self.began_at else 0
        for item in self.sent:
            assert item.first == expected + 1
            expected = item.number
        if self.replay.cursor is not None:
            assert self.replay.cursor.number == expected


@HARD_LAW
@given(st.data())
def test_f36_whatever_the_bus_does_each_entry_comes_out_once_and_in_order(data):
    """Hints are lost, repeated, late, out of order, bare, or from another history."""
    shelf = Shelf()
    shelf.append(data.draw(st.integers(0, 6)))
    start = data.draw(st.integers(0, shelf.head))
    cursor = (
        None if data.draw(st.booleans()) else Cursor("e0", "i0" if start else "", start)
    )
    reader = Reader(shelf, cursor)
    hints = [Hint(LOG, "e9", "i9", 1, 99, [entry(n, epoch="e9") for n in (1, 2)])]
    under_way: Page | None = None

    for _ in range(data.draw(st.integers(0, 25))):
        match data.draw(
            st.sampled_from(
                [
                    *["append", "append", "hint", "hint", "begin", "end", "head"],
                    *["cut", "start_again", "restore", "foreign"],
                ]
            )
        ):
            case "append":
                count = data.draw(st.integers(1, 4))
                hints.append(shelf.append(count, is_bare=data.draw(st.booleans())))
                if data.draw(st.booleans()):
                    reader.hint(hints[-1])
            case "hint":
                reader.hint(data.draw(st.sampled_from(hints)))
            case "cut":
                whole = data.draw(st.sampled_from(hints))
                kept = whole.entries[: data.draw(st.integers(0, 3))]
                reader.hint(dataclasses.replace(whole, entries=kept))
            case "foreign":
                whole = data.draw(st.sampled_from(hints))
                field = data.draw(st.sampled_from(["epoch", "incarnation"]))
                reader.hint(dataclasses.replace(whole, **{field: "other"}))
            case "begin" if under_way is None and reader.replay.is_behind:
                if reader.replay.cursor is None:
                    reader.restart()
                else:
                    under_way = reader.begin(data.draw(st.integers(1, 4)))
            case "end" if under_way is not None:
                reader.end(under_way)
                under_way = None
            case "head":
                number = data.draw(st.integers(0, shelf.head))
                reader.replay.head(number, epoch=shelf.epoch)
            case "start_again":
                shelf.start_again()
            case "restore" if data.draw(st.integers(0, 3)) == 0:
                shelf.restore(data.draw(st.integers(0, shelf.head)))
        reader.check()

    if under_way is not None:
        reader.end(under_way)
    reader.settle(data.draw(st.integers(1, 4)))
    reader.check()
    assert reader.replay.is_live
    assert not reader.replay.is_behind
    assert reader.replay.cursor == shelf.cursor() or shelf.head == 0
    assert reader.replay.cursor.number == shelf.head


@pytest.fixture
def shelf():
    shelf = Shelf()
    shelf.append(3)
    return shelf


@pytest.fixture
def live(shelf):
    reader = Reader(shelf, Cursor("e0", "", 0))
    reader.settle(10)
    return reader


def numbers(entries):
    return [item.number for item in entries]


def test_a_reader_begins_behind(shelf):
    assert Replay(LOG, None).is_behind
    assert Replay(LOG, None).log == LOG
    assert not Replay(LOG, shelf.cursor()).is_live


def test_f36_what_is_appended_between_subscribing_and_reading_is_released_after(shelf):
    reader = Reader(shelf, Cursor("e0", "", 0))
    page = reader.begin(10)
    reader.hint(shelf.append(2))
    assert reader.sent == []

    reader.end(page)

    assert numbers(reader.sent) == [1, 2, 3, 4, 5]
    assert reader.replay.is_live


def test_a_live_reader_needs_no_reading(live, shelf):
    live.hint(shelf.append(2))

    assert numbers(live.sent) == [1, 2, 3, 4, 5]
    assert live.replay.is_live


def test_f38_a_repeated_hint_changes_nothing(live, shelf):
    hint = shelf.append(2)
    live.hint(hint)
    live.hint(hint)

    assert numbers(live.sent) == [1, 2, 3, 4, 5]
    assert live.replay.is_live


def test_a_hint_that_overlaps_brings_only_what_is_new(live, shelf):
    live.hint(shelf.append(1))
    whole = Hint(LOG, "e0", "i0", 3, 5, [*shelf.entries[2:], *shelf.append(1).entries])
    live.hint(whole)

    assert numbers(live.sent) == [1, 2, 3, 4, 5]
    assert live.replay.is_live


def test_f37_a_lost_hint_is_found_by_the_next(live, shelf):
    shelf.append(1)
    live.hint(shelf.append(1))
    assert live.replay.is_behind

    live.end(live.begin(10))

    assert numbers(live.sent) == [1, 2, 3, 4, 5]
    assert live.replay.is_live


def test_f37_a_lost_last_hint_is_found_by_the_head(live, shelf):
    shelf.append(1)
    live.replay.head(4, epoch="e0")
    assert live.replay.is_behind


def test_a_head_that_is_learned_while_an_older_page_arrives_is_not_forgotten(shelf):
    reader = Reader(shelf, Cursor("e0", "", 0))
    page = reader.begin(10)
    shelf.append(1)
    reader.replay.head(4, epoch="e0")
    reader.end(page)

    assert reader.replay.is_behind


def test_an_empty_log_is_read_once():
    reader = Reader(Shelf(), Cursor("e0", "", 0))
    reader.end(reader.begin(10))
    assert reader.replay.is_live


def test_the_head_of_a_reader_that_has_everything_changes_nothing(live):
    live.replay.head(3, epoch="e0")
    assert live.replay.is_live


@pytest.mark.parametrize(("number", "epoch"), [(2, "e0"), (3, "e1")])
def test_f42_a_head_that_cannot_be_is_looked_into(live, number, epoch):
    live.replay.head(number, epoch=epoch)
    assert live.replay.is_behind


def test_a_bare_hint_makes_it_read(live, shelf):
    live.hint(shelf.append(1, is_bare=True))

    assert live.replay.is_behind
    assert numbers(live.sent) == [1, 2, 3]


def test_a_hint_with_only_some_of_its_entries_is_used_as_far_as_it_goes(live, shelf):
    hint = shelf.append(3)
    live.hint(dataclasses.replace(hint, entries=hint.entries[:2]))

    assert numbers(live.sent) == [1, 2, 3, 4, 5]
    assert live.replay.is_behind


@pytest.mark.parametrize("field", ["epoch", "incarnation"])
def test_a_hint_from_another_history_is_not_believed(live, field):
    place = {"epoch": "e0", "incarnation": "i0", field: "other"}
    live.hint(Hint(LOG, **place, first=4, last=4, entries=[entry(4, **place)]))

    assert numbers(live.sent) == [1, 2, 3]
    assert live.replay.is_behind


def test_a_hint_of_numbers_that_the_log_does_not_have_does_not_keep_it_reading(live):
    live.hint(Hint(LOG, "e9", "i9", 90, 99))
    live.end(live.begin(10))
    assert live.replay.is_behind, "the hint may have come after the reading"
    live.end(live.begin(10))

    assert live.replay.is_live


def test_a_new_start_of_the_store_is_learned_by_reading(live, shelf):
    shelf.start_again()
    live.hint(shelf.append(1))
    assert live.replay.is_behind
    live.end(live.begin(10))
    assert live.replay.is_live

    live.hint(shelf.append(1))

    assert live.replay.is_live
    assert numbers(live.sent) == [1, 2, 3, 4, 5]


def test_one_page_after_another(shelf):
    shelf.append(4)
    reader = Reader(shelf, Cursor("e0", "", 0))
    sent = []
    for _ in range(3):
        assert reader.replay.is_behind
        reader.end(reader.begin(3))
        sent.append(len(reader.sent))

    assert sent == [3, 6, 7]
    assert reader.replay.is_live


def test_f72_late_hints_are_released_in_order_and_stale_ones_dropped(shelf):
    reader = Reader(shelf, Cursor("e0", "", 0))
    page = reader.begin(10)
    first, second = shelf.append(1), shelf.append(1)
    for hint in (second, first, second, Hint(LOG, "e9", "i9", 4, 4, [entry(4)])):
        reader.hint(hint)
    reader.end(page)

    assert numbers(reader.sent) == [1, 2, 3, 4, 5]


def test_more_than_it_holds_back_is_read_instead(shelf):
    """A reader that reads slowly must not hoard what it can read."""
    reader = Reader(shelf, Cursor("e0", "", 0))
    page = reader.begin(10)
    reader.hint(shelf.append(200))
    reader.hint(shelf.append(56))
    reader.hint(shelf.append(1))
    reader.end(page)

    assert numbers(reader.sent) == list(range(1, 260))
    assert reader.replay.is_behind
    reader.settle(1000)
    assert len(reader.sent) == shelf.head


def test_what_a_range_covers_already_is_not_sent_again(shelf):
    """After a compaction, a page may begin with a range that spans the cursor."""
    replay = Replay(LOG, shelf.entries[1].cursor)
    page = Page(LOG, "e0", "i0", 3, [entry(3, first=1, incarnation="i0")])

    assert [(item.first, item.number) for item in replay.page(page)] == [(1, 3)]
    assert replay.page(page) == []


def test_after_a_snapshot_it_goes_on_from_there(live, shelf):
    shelf.restore(1)
    hint = shelf.append(1)
    live.hint(hint)
    page = live.begin(10)
    assert not page.is_valid
    cursor = shelf.cursor()
    later = shelf.append(1)
    live.hint(later)

    released = live.replay.restart(cursor, incarnation=shelf.incarnation)

    assert numbers(released) == [3]
    assert live.replay.cursor == shelf.cursor()
    assert live.replay.is_live


def test_a_snapshot_that_is_older_than_a_hint_is_followed_by_reading(live, shelf):
    shelf.restore(1)
    cursor = shelf.cursor()
    live.hint(shelf.append(1, is_bare=True))

    assert live.replay.restart(cursor, incarnation=shelf.incarnation) == []
    assert live.replay.is_behind


@pytest.mark.parametrize("is_valid", [True, False])
def test_a_page_that_cannot_be_applied_is_not(shelf, is_valid):
    """Without a cursor, and without a place in the log, only a snapshot helps."""
    replay = Replay(LOG, None if is_valid else shelf.cursor())
    page = Page(LOG, "e1", "i1", 3, shelf.entries, is_valid)
    with pytest.raises(AssertionError):
        replay.page(page)
