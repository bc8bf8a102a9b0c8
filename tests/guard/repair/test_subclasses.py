"""The home takes the place of subclasses that nobody can tell from it."""

import pytest

from goldenpath.guard.repair._subclasses import replace_empty_subclasses
from tests.guard.repair.steps import Outcome
from tests.guard.trees import MANAGER

HUB = 'from app.home import Manager\n\n\nclass Hub(Manager):\n    """Old."""\n'
USE = "from app.old import Hub\n\n"
MOVED = "from app.home import Manager as Hub\n\n"


@pytest.fixture
def replaced(tmp_path):
    def replace(text="", old=HUB, home=MANAGER, **more):
        files = {"app/__init__.py": "", "app/home.py": home, "app/old.py": old}
        if text:
            files["app/a.py"] = text
        files |= {path.replace("__", "/") + ".py": one for path, one in more.items()}
        made = Outcome(tmp_path, files, replace_empty_subclasses)
        if made.texts:
            assert made.gone["GP103"] == 1
            assert made.left == {}
        return made

    return replace


@pytest.mark.parametrize(
    "use",
    [
        "x = Hub(3)\n",
        "x: Hub | None = None\n",
        "def f(x: list[Hub]) -> Hub: pass\n",
        "def f(x: 'Hub'): pass\n",
        "class Other(Hub):\n    y = 1\n",
        "x = Hub.connect\n",
        "x = cast(Hub, 1)\n",
        "x = Mock(spec=Hub)\n",
        "x = Hub(), type('Made', (), {})\n",
    ],
)
def test_what_can_be_done_with_the_home_is(replaced, use):
    made = replaced(USE + use)
    assert made.texts["app/a.py"] == MOVED + use
    assert "Hub" not in made.texts["app/old.py"]
    assert "class Hub adds nothing" in made.what["app/old.py"]


def test_reads_and_strings_and_its_own_module_take_the_home(replaced):
    made = replaced(
        "import app.old\n\nx = app.old.Hub()\n",
        old=f"{HUB}\n\ndef make():\n    return Hub()\n",
        tests__test_a="from unittest.mock import patch\nx = patch('app.old.Hub')\n",
        app__b=f"{USE}x = Hub()\n",
    )
    assert made.texts["app/a.py"] == "import app.home\n\nx = app.home.Manager()\n"
    assert made.texts["app/b.py"] == f"{MOVED}x = Hub()\n"
    assert "return Manager()" in made.texts["app/old.py"]
    assert "patch('app.home.Manager')" in made.texts["tests/test_a.py"]


def test_other_paths_to_the_home_are_none_of_its_business(replaced):
    made = replaced(
        f"{USE}x = Hub()\n",
        app__second="from app.home import Manager\n",
        app__b="from app.second import Manager\n\ny = Manager()\n",
    )
    assert set(made.texts) == {"app/a.py", "app/old.py"}


@pytest.mark.parametrize(
    ("use", "why"),
    [
        ("x = isinstance(1, Hub)\n", "a.py:3 may tell Hub from the home"),
        ("try: pass\nexcept Hub: pass\n", "a.py:4 may tell Hub"),
        ("x = Hub.__name__\n", "may tell Hub"),
        ("x = [Hub]\n", "may tell Hub"),
        ("x = str(type(Hub()))\n", "a.py:3 asks what class"),
        ("x = Hub().__class__\n", "a.py:3 asks what class"),
        ("def f(x: Hub):\n    return Hub\n", "may tell Hub"),
        ("def f(x=Hub): pass\n", "may tell Hub"),
        ("class A(metaclass=Hub): pass\n", "may tell Hub"),
        ("x = type(1) is Hub\n", "a.py:3 compares classes"),
        ("x = type(1) == type(2)\n", "a.py:3 compares classes"),
        ("x = Hub().__class__ is None\n", "a.py:3 compares classes"),
        ("x = Hub.__subclasses__()\n", "a.py asks for subclasses"),
    ],
)
def test_what_may_tell_them_apart_is_left(replaced, use, why):
    made = replaced(USE + use)
    assert made.texts == {}
    assert why in made.left["app/old.py"]


@pytest.mark.parametrize(
    ("old", "why"),
    [
        (HUB.replace("class", "@wrap\nclass"), "more than a name"),
        (HUB.replace("(Manager", "(Manager, metaclass=M"), "more than a name"),
        (f"{HUB}\n\nHub = 1 or Hub\n", "not defined once"),
        (HUB.replace("(Manager", "(Manager[int]"), "has no plain name"),
        (
            "from app.home import Manager\nif 1:\n    class Hub(Manager): pass\n",
            "not defined once",
        ),
    ],
)
def test_a_subclass_that_is_more_than_a_name_is_left(replaced, old, why):
    made = replaced(f"{USE}x = Hub()\n", old=old)
    assert made.texts == {}
    assert why in made.left["app/old.py"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("def f(self):\n        return type(self)", "asks for its own class"),
        ("def f(self):\n        return self.__class__", "asks for its own class"),
        ("def f(cls):\n        cls._one = 1", "asks for its own class"),
        ("def f(cls):\n        return cls.__name__", "asks for its own class"),
        ("def __init_subclass__(cls): pass", "is told of its subclasses"),
    ],
)
def test_a_home_that_looks_at_its_class_keeps_its_subclasses(replaced, body, why):
    home = f"class Manager:\n    {body}\n"
    made = replaced(f"{USE}x = Hub()\n", home=home)
    assert made.texts == {}
    assert why in made.left["app/old.py"]


def test_what_goes_into_a_registry_stays(replaced):
    made = replaced(f"{USE}x = Hub()\n", old=f"{HUB}\n\nKINDS = {{'hub': Hub}}\n")
    assert made.texts == {}
    assert "app/old.py:8 may tell Hub" in made.left["app/old.py"]


def test_those_who_have_it_by_way_of_others_are_asked_too(replaced):
    made = replaced(
        "from app.face import Hub\nx = isinstance(1, Hub)\n",
        app__face="from app.old import Hub\n",
    )
    assert made.texts == {}
    assert "app/a.py:2 may tell Hub" in made.left["app/old.py"]


def test_what_stays_taken_stays_a_class(replaced):
    made = replaced(f"{USE}x = Hub(), patch('app.old.' 'Hub')\n")
    assert made.texts == {}
    assert "app.old:Hub would still be taken" in made.left["app/old.py"]


def test_an_entry_point_keeps_it(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'app'\n[project.scripts]\nx = 'app.old:Hub'\n"
    )
    files = {"app/__init__.py": "", "app/home.py": MANAGER, "app/old.py": HUB}
    made = Outcome(tmp_path, files, replace_empty_subclasses)
    assert made.texts == {}
    assert "the entry point app.old:Hub names it" in made.left["app/old.py"]


def test_a_face_that_hands_it_on_takes_the_home(tmp_path):
    files = {
        "app/__init__.py": "from app.old import Hub\n__all__ = ['Hub']\n",
        "app/home.py": MANAGER,
        "app/old.py": HUB,
        "app/a.py": "from app import Hub\nx = Hub()\n",
    }
    made = Outcome(tmp_path, files, replace_empty_subclasses)
    assert made.texts["app/a.py"] == "from app.home import Manager as Hub\nx = Hub()\n"
    assert made.texts["app/__init__.py"] == "__all__ = []\n"
    assert made.gone == {"GP103": 1}


def test_a_home_may_read_what_its_class_has(replaced):
    home = "class Manager:\n    limit = 3\n    def f(cls): return cls.limit\n"
    assert "app/a.py" in replaced(f"{USE}x = Hub()\n", home=home).texts


def test_a_home_with_a_metaclass_keeps_its_subclasses(replaced):
    made = replaced(f"{USE}x = Hub()\n", home="class Manager(metaclass=M): pass\n")
    assert made.texts == {}
    assert "is told of its subclasses" in made.left["app/old.py"]


def test_a_subclass_that_adds_something_stays(replaced):
    more = "\n\nclass Other(Manager):\n    x = 1\n"
    made = replaced(f"{USE}x = Hub()\n", old=HUB + more)
    assert made.texts["app/old.py"].endswith(more)
