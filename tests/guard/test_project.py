"""A tree's facts are the same however they were read, and outlines are part of them."""

import pytest

from goldenpath.guard._cache import Cache
from goldenpath.guard._facts import outline_of
from goldenpath.guard._project import Project
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
