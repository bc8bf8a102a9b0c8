"""Rivals that nobody uses are deleted, if nothing hands them on unseen."""

import pytest

from goldenpath.guard.repair._dead import delete_dead_rivals
from tests.guard.repair.steps import Outcome
from tests.guard.trees import MANAGER

BASE = {"app/__init__.py": "", "app/home.py": MANAGER}
RIVAL = """\
class OldManager:
    def __init__(self, limit=10):
        self._sockets = {}

    async def connect(self, user, socket):
        self._sockets[user] = socket

    async def send(self, user, text, *, urgent=False):
        await self._sockets[user].send_text(dumps(text))
"""
IMPORTS = '"""What was."""\n\nimport logging\nfrom json import dumps, loads\n\n'
LOGGER = "logger = logging.getLogger(__name__)\n\n\n"


@pytest.fixture
def deleted(tmp_path):
    def delete(files):
        files = {"app/old.py": files} if isinstance(files, str) else files
        made = Outcome(tmp_path, BASE | files, delete_dead_rivals)
        if made.texts:
            assert made.gone == {"GP101": 1, "GP109": 1}
        return made

    return delete


@pytest.mark.parametrize(
    "text",
    [
        RIVAL,
        IMPORTS + LOGGER + RIVAL,
        f"__all__ = ['OldManager']\n\n{RIVAL}",
        f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\n{RIVAL}",
    ],
)
def test_a_module_in_which_nothing_else_is_goes_with_it(deleted, text):
    made = deleted(text)
    assert made.texts == {"app/old.py": None}
    assert (
        "nobody uses OldManager, and nothing else is in it" in made.what["app/old.py"]
    )
    assert made.left == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"X = 1\n\n\n{RIVAL}", "X = 1\n"),
        (f"{RIVAL}\n\nX = 1\n", "X = 1\n"),
        (f"X = 1\n\n\n{RIVAL}\n\nY = 1\n", "X = 1\n\n\nY = 1\n"),
        (
            f"from json import dumps\n\n\n{RIVAL}\n\nX = 1\n",
            "\n\nX = 1\n",
        ),
        (
            f"from json import dumps, loads\n\n\n{RIVAL}\n\nX = loads\n",
            "from json import loads\n\n\nX = loads\n",
        ),
        (
            f"import os\nfrom json import dumps\n\n\n{RIVAL}\n\nX = dumps\n",
            "import os\nfrom json import dumps\n\n\nX = dumps\n",
        ),
        (
            f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    X = 1\n{RIVAL}",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    X = 1\n",
        ),
        (
            f"import json as j\nX = 1\n\n{RIVAL.replace('dumps', 'j.dumps')}",
            "X = 1\n",
        ),
        (f"if 1:\n    import os\n\n\n{RIVAL}", "if 1:\n    import os\n"),
        (
            f"import json, os\n\nX = os\n\n\n{RIVAL.replace('dumps', 'json.dumps')}",
            "import json, os\n\nX = os\n",
        ),
        (
            f"X = 1\n\n\n{RIVAL.replace('= {}', '= {0: OldManager}')}",
            "X = 1\n",
        ),
        (
            f"{RIVAL}  # what was\n\n\nX = 1\n",
            "  # what was\n\n\nX = 1\n",
        ),
        (
            f"__all__ = ['OldManager']\n\nX = getattr(1, 'real')\n\n\n{RIVAL}",
            "__all__ = []\n\nX = getattr(1, 'real')\n",
        ),
        (
            f"__all__ = ['X', 'OldManager']\n\nX = 1\n\n\n{RIVAL}",
            "__all__ = ['X']\n\nX = 1\n",
        ),
    ],
)
def test_what_else_is_in_the_module_stays(deleted, before, after):
    made = deleted(before)
    assert made.texts == {"app/old.py": after}
    assert made.left == {}


@pytest.mark.parametrize(
    "more",
    [
        {"app/__init__.py": RIVAL},
        {"app/__main__.py": RIVAL},
        {"app/old.py": RIVAL, "app/b.py": "import app.old\n"},
        {"app/old.py": RIVAL, "app/b.py": "__import__('app.old')\n"},
    ],
)
def test_a_module_that_somebody_loads_stays_empty(deleted, more):
    made = deleted(more)
    assert list(made.texts.values()) == [""]


def test_an_import_that_somebody_takes_from_there_stays(deleted):
    text = f"from json import dumps\n\n\n{RIVAL}"
    made = deleted({"app/old.py": text, "app/b.py": "from app.old import dumps\n"})
    assert made.texts == {"app/old.py": "from json import dumps\n"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"@register\n{RIVAL}", "decorated or made with"),
        (RIVAL.replace("OldManager", "OldManager(metaclass=Kind)"), "made with"),
        (RIVAL.replace(":\n", ":\n    register(1)\n", 1), "does something"),
        (f"import web\n{RIVAL.replace('Manager', 'Manager(web.View)')}", "web.View"),
        (
            (
                "class Base:\n    def __init_subclass__(cls): pass\n\n"
                f"{RIVAL.replace('Manager', 'Manager(Base)')}"
            ),
            "derived from Base, which may hand it on",
        ),
        (
            (
                f"class Base: pass\n\n{RIVAL.replace('Manager', 'Manager(Base)')}\n"
                "x = Base.__subclasses__()\n"
            ),
            "asks for subclasses",
        ),
        (f"if 1:\n{''.join('    ' + x for x in RIVAL.splitlines(True))}", "at the top"),
        (f"{RIVAL}\nif 1:\n    OldManager = None\n", "not defined once"),
        (f"{RIVAL}\nx = globals()['OldManager']\n", "look it up by its name"),
    ],
)
def test_what_may_be_handed_on_unseen_is_left(deleted, text, why):
    made = deleted(text)
    assert made.texts == {}
    assert why in made.left["app/old.py"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from app.old import *\nx: 'OldManager' = 1\n", "by a star"),
        ("import app.old\nx = [app.old.OldManager]\n", "app/b.py:2 reads it"),
        ("x = 'app.old.OldManager.send'\n", "names it by a string"),
        ("x = getattr(y, 'OldManager')\n", "look it up by its name"),
        ("__all__ = ['OldManager']\nx = getattr(y, 'z')\n", "look it up by its name"),
    ],
)
def test_what_others_may_read_is_left(deleted, text, why):
    made = deleted({"app/old.py": RIVAL, "app/b.py": text})
    assert made.texts == {}
    assert why in made.left["app/old.py"]


def test_a_rival_that_is_in_use_is_none_of_its_business(deleted):
    text = "from app.old import OldManager\nx = OldManager()\n"
    made = deleted({"app/old.py": RIVAL, "app/b.py": text})
    assert (made.texts, made.left) == ({}, {})


def test_a_star_of_another_module_brings_something_else(deleted):
    files = {"app/old.py": RIVAL, "app/b.py": "from app.home import *  # OldManager\n"}
    assert deleted(files).texts == {"app/old.py": None}


def test_an_import_that_nobody_reads_is_not_its_business(deleted):
    made = deleted(f"import os\n\nX = 1\n\n\n{RIVAL}")
    assert made.texts == {"app/old.py": "import os\n\nX = 1\n"}
