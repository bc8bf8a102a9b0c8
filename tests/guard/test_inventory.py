"""The tests round a concept: their kinds with a reason, and a truthful count."""

import pytest

from goldenpath.guard import _config
from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._inventory import inventory
from goldenpath.guard._view import View
from tests.guard.trees import MANAGER, project_of

IMPORT = "from app.ws import Manager\n"
TEST = "def test_it():\n    "
USE = "\n\ndef test_it():\n    assert Manager()\n"


def found(folder, files, *, configuration=None, **concept):
    project = project_of(folder, {"app/__init__.py": "", "app/ws.py": MANAGER, **files})
    given = {"name": "manager", "home": "app.ws:Manager", **concept}
    return inventory(View(project, Concept(**given), configuration or Configuration()))


@pytest.mark.parametrize(
    ("path", "text", "kind", "reason"),
    [
        ("tests/test_a.py", IMPORT + USE, "unit", "nothing says otherwise"),
        (
            "tests/test_a.py",
            IMPORT + "\n\n@pytest.mark.mission_critical\ndef test_it(): Manager()\n",
            "mission critical",
            "line 5: marked pytest.mark.mission_critical",
        ),
        (
            "tests/test_a.py",
            IMPORT + "import pytest\n\npytestmark = pytest.mark.integration\n" + USE,
            "integration",
            "line 4: the file is marked pytest.mark.integration",
        ),
        (
            "tests/e2e/test_a.py",
            IMPORT + USE,
            "end to end",
            "its path is like *e2e*",
        ),
        (
            "tests/test_a.py",
            IMPORT + "import redis.asyncio\n" + USE,
            "integration",
            "line 2: imports redis.asyncio",
        ),
        (
            "tests/test_a.py",
            IMPORT + "\n\ndef test_it(live_server): Manager()\n",
            "end to end",
            "line 4: takes the fixture live_server",
        ),
    ],
)
def test_a_kind_comes_with_its_reason(tmp_path, path, text, kind, reason):
    (one,) = found(tmp_path, {path: text})

    assert (one.kind, one.kind_reason) == (kind, reason)


def test_a_kind_of_ones_own_comes_before_the_usual_ones(tmp_path):
    own = _config.TestKind(name="nightly", paths=("tests/e2e/*",))

    (one,) = found(
        tmp_path,
        {"tests/e2e/test_a.py": IMPORT + USE},
        configuration=Configuration(kind=(own,)),
    )

    assert one.kind == "nightly"


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        (IMPORT + "\n\ndef test_it(): assert isinstance(1, Manager)\n", "import"),
        (IMPORT + USE, "constructor"),
        ("from app.hub import Hub\n\n\ndef test_it(): Hub()\n", "second path"),
        (
            IMPORT + "\n\n@pytest.fixture\ndef manager(): return Manager()\n\n\n"
            "def test_it(manager): assert manager\n",
            "constructor",
        ),
        ("def test_it():\n    patch('app.ws.Manager')\n", "mock"),
        ("def test_it():\n    patch('app.ws.Manager', autospec=True)\n", "spec"),
        (f"{TEST}patch(\n        'app.ws.Manager'\n    )\n", "mock"),
        (f"{TEST}patch(\n        'app.ws.Manager',\n        spec=x,\n    )\n", "spec"),
        (f"{TEST}f(patch('app.ws', spec=x), patch('app.ws.Manager'))\n", "mock"),
        (f"{TEST}f(patch('app.ws'), patch('app.ws.Manager', spec=x))\n", "spec"),
        (f"from app import ws\n{TEST}patch.object(ws, 'Manager')", "mock"),
        (f"from app import ws\n{TEST}patch.object(ws, 'Manager', Own())", "spec"),
        (IMPORT + "\n\ndef test_it(): patch.object(Manager, 'send')", "import"),
        (IMPORT + "\n\ndef test_it(): create_autospec(Manager)\n", "spec"),
        (IMPORT + "\n\nclass Own(Manager):\n    def extra(self): pass\n", "subclass"),
    ],
)
def test_how_a_file_gets_at_the_concept(tmp_path, text, pattern):
    hub = {"app/hub.py": "from app.ws import Manager\n\nHub = Manager\n"}

    (one,) = found(tmp_path, {**hub, "tests/test_a.py": text})

    assert one.pattern == pattern
    assert one.reasons


def test_a_test_that_asks_the_factory(tmp_path):
    files = {
        "app/make.py": IMPORT + "\n\ndef make(): return Manager()\n",
        "tests/test_a.py": "from app.make import make\n\n\ndef test_it(): make()\n",
    }

    (one,) = found(tmp_path, files, factory="app.make:make")

    assert one.pattern == "factory"


def test_a_file_that_only_mentions_it_is_not_among_them(tmp_path):
    assert found(tmp_path, {"tests/test_a.py": "# Manager\nX = 'Manager'\n"}) == []


def test_the_count_is_truthful(tmp_path):
    text = (
        IMPORT
        + """

def test_fine(): assert Manager()
def test_empty(): pass
@pytest.mark.skip
def test_skipped(): assert Manager()
def test_asserts_nothing(): Manager()
def test_cannot_fail(): assert True
"""
    )

    (one,) = found(tmp_path, {"tests/test_a.py": text})

    assert (len(one.tests), one.executed, one.empty) == (5, 3, 1)
    assert (one.skipped, one.toothless) == (1, 2)


def test_the_most_protective_come_first(tmp_path):
    files = {
        "tests/test_a.py": IMPORT + USE,
        "tests/test_b.py": IMPORT
        + "\n\nasync def test_it():\n    m = Manager()\n"
        + "    await m.connect(1, 2)\n    await m.send(1, 'x')\n",
    }

    assert [one.path for one in found(tmp_path, files)] == [
        "tests/test_b.py",
        "tests/test_a.py",
    ]
