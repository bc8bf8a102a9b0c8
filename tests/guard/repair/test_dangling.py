"""Paths that lead nowhere lead to the one thing of their name."""

import pytest

from goldenpath.guard.repair._dangling import point_to_the_only_one
from tests.guard.repair.steps import Outcome
from tests.guard.trees import MANAGER

BASE = {
    "app/__init__.py": "",
    "app/home.py": MANAGER,
    "app/kinds.py": "class ManagerKind:\n    def say(self): pass\n\n\nVERSION = 1\n",
}
PATCH = "from unittest.mock import patch\n"


@pytest.fixture
def pointed(tmp_path):
    def point(text, path="app/a.py", **more):
        files = BASE | {path: text}
        files |= {name.replace("__", "/") + ".py": one for name, one in more.items()}
        made = Outcome(
            tmp_path,
            files,
            point_to_the_only_one,
            factory="app.making:make" if "app__making" in more else "",
        )
        if made.texts:
            assert made.gone["GP110"] >= 1
        return made

    return point


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (
            "from app.old import Manager\nx = Manager()\n",
            "from app.home import Manager\nx = Manager()\n",
        ),
        ("from .old import Manager as M\n", "from .home import Manager as M\n"),
        ("from app.old import ManagerKind\n", "from app.kinds import ManagerKind\n"),
        (
            "from app.kinds import VERSION, Manager\n",
            "from app.kinds import VERSION\nfrom app.home import Manager\n",
        ),
        (
            f"{PATCH}x = patch('app.old.Manager')\n",
            f"{PATCH}x = patch('app.home.Manager')\n",
        ),
        (
            f"{PATCH}x = patch('app.home.Manager'), patch('app.old.Manager')\n",
            f"{PATCH}x = patch('app.home.Manager'), patch('app.home.Manager')\n",
        ),
        (
            "try: import json\nexcept ImportError: from app.old import Manager\n",
            "try: import json\nexcept ImportError: from app.home import Manager\n",
        ),
        (
            f"{PATCH}x = patch('app.old.ManagerKind.say')\n",
            f"{PATCH}x = patch('app.kinds.ManagerKind.say')\n",
        ),
        (
            "import_string('app.old:Manager')\n",
            "import_string('app.home:Manager')\n",
        ),
    ],
)
def test_a_path_leads_to_the_only_one_of_its_name(pointed, text, becomes):
    made = pointed(text)
    assert made.texts == {"app/a.py": becomes}
    assert made.left == {}
    assert " -> " in made.what["app/a.py"]


def test_the_name_of_the_factory_means_the_factory(pointed):
    making = "from app.home import Manager\n\ndef make():\n    return Manager()\n"
    made = pointed(
        "from app.old import make, Manager\n",
        app__making=making,
        app__other="def make(): pass\n",
    )
    assert made.texts == {}
    assert "several modules" in made.left["app/a.py"]

    made = pointed(
        "from app.old import make\n",
        app__making=making,
        app__other="def make(): pass\n",
    )
    assert made.texts == {"app/a.py": "from app.making import make\n"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from app.old import ManagerGone\n", "nothing in this tree can be meant"),
        ("from app.old import ManagerTwice\n", "2 things in this tree can be meant"),
        ("from app.old import ManagerTest\n", "only tests define ManagerTest"),
        ("from app.old import ManagerInside\n", "nothing in this tree can be meant"),
        ("from app.old import ManagerRun\n", "nothing in this tree can be meant"),
        (
            "class ManagerOwn: pass\n\nfrom app.old import ManagerOwn\n",
            "nothing in this tree can be meant",
        ),
        (f"{PATCH}x = patch('app.kinds.Manager.send')\n", "app.kinds has no Manager"),
        (f"{PATCH}x = patch('app.Manager')\n", "app has no Manager"),
        (
            "import app.old_manager, app.home\nx = app.home.Manager\n",
            "is not imported by a name of its own",
        ),
        (
            "from app.old_manager import *\nfrom app.home import Manager\n",
            "is not imported by a name of its own",
        ),
        (
            "try:\n    from app.old import Manager\nexcept ImportError:\n    pass\n",
            "somebody reckons with its absence",
        ),
        (f"{PATCH}x = patch('app.old.ManagerGone')\n", "nothing in this tree"),
        (f"{PATCH}x = patch('app.old.ManagerKind.gone')\n", "nothing in this tree"),
        (f"{PATCH}x = patch('app.old.ManagerOpen.gone')\n", "nothing in this tree"),
        (f"{PATCH}x = patch('app.old.ManagerMaker.gone')\n", "nothing in this tree"),
        (f"{PATCH}x = patch('app.old.' 'Manager')\n", "put together from pieces"),
        (f"{PATCH}x = patch('app.kinds.Manager')\n", "app.kinds has no Manager"),
    ],
)
def test_what_may_be_meant_otherwise_is_left(pointed, text, why):
    made = pointed(
        text,
        app__b="class ManagerTwice: pass\n",
        app__c="def ManagerTwice(): pass\n",
        app__e="class ManagerOpen(Unknown): pass\ndef ManagerMaker(): pass\n",
        app__d="class A:\n    class ManagerInside: pass\n    def ManagerRun(): pass\n",
        tests__test_b="class ManagerTest: pass\n",
    )
    assert made.texts == {}
    assert why in made.left["app/a.py"]


def test_tests_may_take_what_tests_define(pointed):
    made = pointed(
        "from tests.old import ManagerTest\n",
        path="tests/test_a.py",
        tests__test_b="class ManagerTest: pass\n",
    )
    assert made.texts == {"tests/test_a.py": "from test_b import ManagerTest\n"}


def test_what_is_tried_for_other_errors_is_pointed_too(pointed):
    made = pointed(
        "try:\n    from app.old import Manager\nexcept KeyError:\n    pass\n"
    )
    assert "from app.home import Manager" in made.texts["app/a.py"]


def test_no_import_closes_a_circle(pointed):
    home = "import app.a\n\n\nclass Manager: pass\n"
    made = pointed("from app.old import Manager\n", app__home=home)
    assert made.texts == {}
    assert "would close a circle" in made.left["app/a.py"]

    made = pointed("def f():\n    from app.old import Manager\n", app__home=home)
    assert "from app.home import Manager" in made.texts["app/a.py"]


def test_an_entry_point_is_left(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'app'\n[project.scripts]\nx = 'app.old:Manager'\n"
    )
    made = Outcome(tmp_path, BASE, point_to_the_only_one)
    assert "the entry point" in made.left["pyproject.toml"]


def test_a_file_that_cannot_be_imported_defines_nothing(tmp_path):
    files = BASE | {
        "app/my-script.py": "class ManagerScript: pass\n",
        "app/a.py": "from app.old import ManagerScript\n",
    }
    made = Outcome(tmp_path, files, point_to_the_only_one)
    assert made.texts == {}
    assert "can be meant by ManagerScript" in made.left["app/a.py"]
