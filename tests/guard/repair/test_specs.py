"""Mocks of the home take over its signature."""

import pytest

from goldenpath.guard.repair._specs import give_specs
from tests.guard.repair.steps import Outcome
from tests.guard.trees import MANAGER

BASE = {"app/__init__.py": "", "app/home.py": MANAGER}
PATCH = "from unittest.mock import patch\n\n\n"


@pytest.fixture
def given(tmp_path):
    def give(text):
        files = BASE | {"tests/test_a.py": text}
        made = Outcome(tmp_path, files, give_specs)
        if made.texts:
            assert made.gone == {"GP107": 1}
            assert made.left == {}
        return made

    return give


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def test_it():\n    with patch('app.home.Manager') as m:\n        m()\n",
            "patch('app.home.Manager', autospec=True) as m:",
        ),
        (
            "x = patch(('app.home.Manager'))\n",
            "x = patch(('app.home.Manager'), autospec=True)\n",
        ),
        (
            "@patch('app.home.Manager')\ndef test_it(m):\n    m()\n",
            "@patch('app.home.Manager', autospec=True)\n",
        ),
        (
            (
                "@patch('app.home.Manager',\n    return_value=1,  # why\n)\n"
                "def test_it(m):\n    m()\n"
            ),
            "    return_value=1, autospec=True,  # why\n)\n",
        ),
        (
            "def test_it(mocker):\n    mocker.patch('app.home.Manager')\n",
            "mocker.patch('app.home.Manager', autospec=True)\n",
        ),
        (
            (
                "@patch('app.home.Manager')\n"
                "@patch('app.home.Manager', autospec=True)\n"
                "def test_it(m, n):\n    m()\n"
            ),
            "@patch('app.home.Manager', autospec=True)\n" * 2,
        ),
    ],
)
def test_a_patch_takes_over_the_signature(given, before, after):
    made = given(PATCH + before)
    assert after in made.texts["tests/test_a.py"]
    assert made.what["tests/test_a.py"].endswith("takes over the signature")
    assert made.texts["tests/test_a.py"].count("autospec") == after.count("autospec")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from mine import patch\nx = patch('app.home.Manager')\n", "no patch that is"),
        (f"{PATCH}x = patch('app.home.Manager', **y)\n", "unpacked arguments"),
        (f"{PATCH}x = f\"{{patch('app.home.Manager')}}\"\n", "no patch that is known"),
        (
            "from unittest.mock import Mock\nx = Mock('app.home.Manager')\n",
            "no patch that is known",
        ),
        ("x = mocker.patch('app.home.Manager')\n", "no patch that is known"),
        ("mocker = 1\nx = mocker.patch('app.home.Manager')\n", "no patch that is"),
        ("def test_it(m): mocker.patch('app.home.Manager')\n", "no patch that is"),
        (
            "def f(mocker): pass\ndef test_it(): mocker.patch('app.home.Manager')\n",
            "no patch that is known",
        ),
        ("x = gone.patch('app.home.Manager')\n", "no patch that is known"),
        (
            (
                "class FakeManager:\n    def __init__(self):\n"
                "        self._sockets = {}\n\n"
                "    async def connect(self, user, socket):\n        return 1\n\n"
                "    async def send(self, user, text, *, urgent=False):\n"
                "        return 2\n"
            ),
            "goes its own way: own",
        ),
    ],
)
def test_what_is_no_plain_patch_is_left(given, text, why):
    made = given(text)
    assert made.texts == {}
    assert why in made.left["tests/test_a.py"]


def test_the_patches_of_other_things_are_none_of_its_business(given):
    made = given(f"{PATCH}x = patch('app.home.Manager')\ny = patch('app.home.other')\n")
    assert made.texts["tests/test_a.py"].endswith(
        "x = patch('app.home.Manager', autospec=True)\ny = patch('app.home.other')\n"
    )


def test_nor_is_another_patch_in_the_same_line(tmp_path):
    text = f"{PATCH}x = patch('app.home.Manager'), patch('app.home.other'), patch(y)\n"
    made = Outcome(tmp_path, BASE | {"tests/test_a.py": text}, give_specs)
    assert made.texts["tests/test_a.py"] == text.replace(
        "'app.home.Manager'", "'app.home.Manager', autospec=True"
    )
