"""Facts are kept between runs, and no state of the cache makes a run fail."""

import sqlite3

import pytest

from goldenpath.guard import _cache
from goldenpath.guard._cache import Cache
from goldenpath.guard._facts import Binding, FileFacts, outline_of, store
from goldenpath.guard._files import SourceFile
from goldenpath.guard._memory import Remembered, Verdict

FILE = SourceFile("app/a.py", 10, 1)
FACTS = FileFacts(lines=3, document="says something")


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".goldenpath-cache" / "facts.db"


def kept(path, *facts):
    cache = Cache(path)
    cache.keep((file, store(one)) for file, one in facts or [(FILE, FACTS)])
    cache.close()


def found(path, *files):
    cache = Cache(path)
    try:
        return cache.find(files or [FILE])
    finally:
        cache.close()


def test_facts_of_an_unchanged_file_are_found_again(path):
    kept(path)

    assert found(path) == {"app/a.py": FACTS}


def test_an_outline_is_found_without_the_facts(path):
    facts = FileFacts(bindings=(Binding("x", "value", 3, 4, "run"),))
    kept(path, (FILE, facts))
    cache = Cache(path)

    (outline,) = cache.find([FILE], is_outline=True).values()
    cache.close()

    assert outline == outline_of(facts) != facts


@pytest.mark.parametrize(
    "changed",
    [
        SourceFile("app/a.py", 11, 1),
        SourceFile("app/a.py", 10, 2),
        SourceFile("app/b.py", 10, 1),
    ],
)
def test_those_of_another_size_time_or_path_are_not(path, changed):
    kept(path)

    assert found(path, changed) == {}


def test_newer_facts_replace_older_ones(path):
    kept(path)
    newer = SourceFile("app/a.py", 12, 5)
    kept(path, (newer, FileFacts(lines=4)))

    assert found(path, FILE, newer) == {"app/a.py": FileFacts(lines=4)}


def test_another_version_of_the_facts_begins_anew(path, monkeypatch):
    kept(path)
    monkeypatch.setattr(_cache, "_VERSION", "other")

    assert found(path) == {}


def test_the_folder_is_kept_out_of_the_repository(path):
    kept(path)

    assert (path.parent / ".gitignore").read_text() == "*\n"


def test_two_at_once_do_not_disturb_each_other(path):
    first, second = Cache(path), Cache(path)
    first.keep([(FILE, store(FACTS))])
    other = SourceFile("app/b.py", 1, 1)
    second.keep([(other, store(FACTS))])

    assert first.find([FILE, other]) == second.find([FILE, other]) != {}
    first.close()
    second.close()


def test_a_file_that_is_no_cache_is_done_without(path):
    path.parent.mkdir()
    path.write_text("no database\n" * 100)

    kept(path)
    assert found(path) == {}


def test_a_folder_that_cannot_be_made_is_done_without(path):
    path.parent.write_text("a file")

    kept(path)
    assert found(path) == {}


def test_damaged_facts_are_read_anew(path):
    kept(path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE facts SET facts = x'ff'")
    database.close()

    assert found(path) == {}


def test_without_a_path_nothing_is_remembered():
    cache = Cache(None)
    cache.keep([(FILE, store(FACTS))])

    assert cache.find([FILE]) == {}
    cache.close()


def test_a_report_is_recalled_by_its_key_and_old_ones_are_forgotten(path):
    cache = Cache(path)
    for number in range(30):
        cache.remember(str(number), Remembered(f"report {number}", 1, ""))

    assert cache.recall("29") == Remembered("report 29", 1, "")
    assert cache.recall("10") == Remembered("report 10", 1, "")
    assert cache.recall("9") is None
    cache.close()
    Cache(None).remember("1", Remembered("", 0, ""))
    assert Cache(None).recall("1") is None


def test_a_damaged_report_is_made_anew(path):
    cache = Cache(path)
    cache.remember("1", Remembered("text", 1, ""))
    with sqlite3.connect(path) as database:
        database.execute("UPDATE reports SET content = x'ff'")
    database.close()

    assert cache.recall("1") is None
    cache.close()


def test_verdicts_are_found_by_their_question_and_old_ones_are_forgotten(path):
    verdicts = {"app/a.py": Verdict(10, 1, True), "app/b.py": Verdict(3, 1, False)}
    cache = Cache(path)
    for number in range(50):
        cache.keep_verdicts(str(number), verdicts)

    assert cache.verdicts("49") == cache.verdicts("10") == verdicts
    assert cache.verdicts("9") == {}
    assert Cache(None).verdicts("49") == {}
    with sqlite3.connect(path) as database:
        database.execute("UPDATE verdicts SET content = x'ff'")
    database.close()
    assert cache.verdicts("49") == {}
    cache.close()
