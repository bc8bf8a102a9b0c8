"""A tree's facts, outlines and verdicts are the same however they were come by."""

import contextlib
import os
import time

import pytest

from goldenpath.guard._cache import Cache
from goldenpath.guard._facts import outline_of
from goldenpath.guard._project import Project, Question
from tests.guard.trees import plant, project_of

FILES = {
    "app/__init__.py": "from app.a import Manager\n",
    "app/a.py": """
        import os

        LIMIT = 3


        class Manager:
            kind = "plain"

            def send(self, text):
                import json

                def inner(part):
                    return part

                parts = [inner(text)]
                self.last = json.dumps(parts)
                os.write(1, self.last)
        """,
    "app/broken.py": "def (\n",
}
PATHS = sorted(FILES)


def read(project):
    project.read(PATHS)
    return {path: project.facts(path) for path in PATHS}


def test_facts_are_the_same_from_many_processes_and_from_the_cache(tmp_path):
    more = {f"app/m{number}.py": FILES["app/a.py"] for number in range(70)}
    alone = project_of(tmp_path, {**FILES, **more})
    alone.read(alone.files)
    cache = tmp_path / "cache" / "facts.db"
    for _ in range(2):
        project = Project(tmp_path, cache=Cache(cache), processes=2)
        project.read(project.files)

        assert {path: project.facts(path) for path in project.files} == {
            path: alone.facts(path) for path in alone.files
        }


def test_progress_says_how_many_are_done(tmp_path):
    project = project_of(tmp_path, FILES)
    said = []

    project.read(
        PATHS, progress=lambda done, everything: said.append((done, everything))
    )

    assert said[-1] == (3, 3)


def test_the_first_files_are_read_while_the_last_are_looked_for(tmp_path):
    """The one who looks waits until another process has read one of the first."""
    names = [f"app/m{number:02}.py" for number in range(70)]
    plant(tmp_path, dict.fromkeys(names, "x = 1\n"))
    project = Project(tmp_path, processes=2)
    first = tmp_path / names[0]
    first.unlink()
    os.mkfifo(first)

    def looked_for():
        yield from names[:64]
        pipe = when_it_is_read(first)
        os.write(pipe, b"y = 2\n")
        os.close(pipe)
        yield from names[64:]

    assert project.read(looked_for()) == names
    assert [one.name for one in project.facts(names[0]).bindings] == ["y"]


def when_it_is_read(pipe):
    """Open a pipe for writing once somebody reads it; a reader waits for that too."""
    for _ in range(3000):
        with contextlib.suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.01)
    pytest.fail("nobody has begun to read")


def test_what_is_named_twice_is_read_once(tmp_path):
    project = project_of(tmp_path, FILES)
    said = []

    found = project.read(
        [*PATHS, *PATHS], progress=lambda done, everything: said.append(everything)
    )

    assert found == PATHS
    assert set(said) == {3}


@pytest.mark.parametrize("is_cached", [True, False])
def test_an_outline_is_what_other_files_can_see(tmp_path, is_cached):
    cache = Cache(tmp_path / "cache" / "facts.db" if is_cached else None)
    project = project_of(tmp_path, FILES, cache=cache)
    whole = read(project)

    outlines = read(project.outlined())

    assert outlines == {path: outline_of(facts) for path, facts in whole.items()}
    names = [binding.name for binding in outlines["app/a.py"].bindings]
    assert names == ["os", "LIMIT", "Manager", "kind", "send", "json"]
    assert [one.name for one in outlines["app/a.py"].functions] == ["send"]
    assert not outlines["app/a.py"].calls
    assert outlines["app/broken.py"].error == whole["app/broken.py"].error != ""


def test_a_tree_and_its_outline_do_not_mix_their_facts(tmp_path):
    project = project_of(tmp_path, FILES)
    outlined = project.outlined()
    outline = outlined.facts("app/a.py")

    assert project.facts("app/a.py").calls
    assert outlined.facts("app/a.py") == outline
    changed = outlined.changed({"app/a.py": b"def f():\n    g()\n"})
    assert not changed.facts("app/a.py").calls


def test_what_cannot_be_read_is_not_remembered(tmp_path):
    cache = Cache(tmp_path / "cache" / "facts.db")
    project = Project(plant(tmp_path, FILES), cache=cache, processes=1)
    (tmp_path / "app" / "a.py").unlink()

    read(project)

    assert not project.is_readable
    assert cache.find([project.files["app/a.py"]]) == {}


@pytest.fixture
def ask(tmp_path):
    """Ask which files hold a word, in a new run; tell which were looked into."""
    plant(tmp_path, FILES)
    cache = tmp_path / "cache" / "facts.db"

    def answer(word, change=None):
        asked = []

        def wants(content):
            asked.append(content)
            return word in content

        project = Project(tmp_path, cache=Cache(cache), processes=1)
        if change:
            project = project.changed(change)
        found = list(project.choose(project.files, Question(wants, (word,))))
        return found, len(asked)

    return answer


def test_of_files_that_have_not_changed_nothing_is_asked_twice(ask, tmp_path):
    assert ask(b"Manager") == (["app/__init__.py", "app/a.py"], 3)
    assert ask(b"Manager") == (["app/__init__.py", "app/a.py"], 0)
    assert ask(b"json") == (["app/a.py"], 3)

    (tmp_path / "app" / "broken.py").write_text("class Manager:\n    pass\n")
    assert ask(b"Manager") == (["app/__init__.py", "app/a.py", "app/broken.py"], 1)
    assert ask(b"Manager") == (["app/__init__.py", "app/a.py", "app/broken.py"], 0)


def test_a_file_of_another_time_is_asked_again(ask, tmp_path):
    ask(b"Manager")

    os.utime(tmp_path / "app" / "a.py", ns=(1, 1))

    assert ask(b"Manager")[1] == 1


def test_what_was_changed_in_memory_is_asked_and_not_remembered(ask):
    ask(b"Manager")

    found, asked = ask(b"Manager", {"app/a.py": b"x = 1\n", "app/__init__.py": None})

    assert (found, asked) == ([], 1)
    assert ask(b"Manager") == (["app/__init__.py", "app/a.py"], 0)


def test_a_file_that_cannot_be_read_is_asked_again(ask, tmp_path):
    place = tmp_path / "app" / "a.py"
    status = place.stat()
    project = Project(tmp_path, cache=Cache(tmp_path / "cache" / "facts.db"))
    place.rename(tmp_path / "app" / "a.txt")

    question = Question(lambda content: b"Manager" in content, (b"Manager",))
    assert list(project.choose(project.files, question)) == ["app/__init__.py"]
    assert not project.is_readable

    (tmp_path / "app" / "a.txt").rename(place)
    assert place.stat().st_mtime_ns == status.st_mtime_ns
    assert ask(b"Manager") == (["app/__init__.py", "app/a.py"], 1)
