"""What a repair does to small trees, and what it leaves to a person."""

import pytest

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._view import View
from goldenpath.guard.repair import _phases
from goldenpath.guard.repair._changes import Change, Collector
from goldenpath.guard.repair._phases import plan
from tests.guard.trees import MANAGER, project_of, view_of

HOME = "app.home:Manager"
BASE = {"app/__init__.py": "", "app/home.py": MANAGER}
OLD = {"app/old.py": "from app.home import Manager\n\nVERSION = 1\n"}
LAZY = {
    "app/old.py": """
        def __getattr__(name):
            if name == "Manager":
                from app.home import Manager

                return Manager
            raise AttributeError(name)
        """
}


@pytest.fixture
def repaired(tmp_path):
    """Return the texts of the files that change, and what is left, by path."""

    def repair(files, base=BASE, home=HOME):
        project = project_of(tmp_path, {**base, **files})
        made = plan(view_of(project, home))
        assert plan(view_of(project.changed(made.contents), home)).phases == ()
        texts = {
            path: None if content is None else content.decode()
            for path, content in made.contents.items()
        }
        left = {}
        for one in made.left:
            left[one.path] = f"{left.get(one.path, '')}{one.why}\n"
        return texts, left

    return repair


def test_a_module_is_read_from_its_home(repaired):
    texts, _ = repaired({**OLD, "app/a.py": "import app.old\nx = app.old.Manager()\n"})
    assert texts["app/a.py"] == "import app.home\nx = app.home.Manager()\n"


@pytest.mark.parametrize(
    ("imported", "local"),
    [("import app.old as old", "old"), ("from app import old as o", "o")],
)
def test_so_is_one_with_a_name_of_its_own(repaired, imported, local):
    texts, _ = repaired({**OLD, "app/a.py": f"{imported}\nx = {local}.Manager()\n"})
    assert texts["app/a.py"] == "from app import home\nx = home.Manager()\n"


@pytest.mark.parametrize(
    "more",
    [
        {"app/a.py": "y = old.VERSION\n"},
        {"app/a.py": "def f(x: 'old.Manager'): pass\n"},
        {"app/a.py": "__all__ = ['old']\n"},
        {"app/b.py": "from app.a import old\n"},
        {"app/b.py": "from app.a import *\n"},
        {"app/b.py": "import app.a\ny = app.a.old.VERSION\n"},
        {"app/b.py": "patch('app.a.old.VERSION')\n"},
    ],
    ids=str,
)
def test_an_import_that_somebody_still_wants_stays(repaired, more):
    files = {**OLD, "app/a.py": "from app import old\nx = old.Manager()\n"}
    for path, text in more.items():
        files[path] = files.get(path, "") + text
    texts, _ = repaired(files)

    assert "from app import old\n" in texts["app/a.py"]
    assert "x = home.Manager()" in texts["app/a.py"]


def test_an_import_that_binds_a_package_stays_while_that_is_read(repaired):
    base = {"core/__init__.py": "", "core/home.py": MANAGER}
    files = {
        "app/__init__.py": "VERSION = 1\n",
        "app/old.py": "from core.home import Manager\n",
        "app/a.py": "import app.old\nx = app.old.Manager()\ny = app.VERSION\n",
    }
    texts, _ = repaired(files, base=base, home="core.home:Manager")

    assert texts["app/a.py"] == (
        "import app.old\nimport core.home\nx = core.home.Manager()\ny = app.VERSION\n"
    )


def test_a_parameter_of_that_name_is_not_taken_for_the_module(repaired):
    text = "from app import old\ndef f(home): return old.Manager()\n"
    texts, left = repaired({**OLD, "app/a.py": text})

    assert "app/a.py" not in texts
    assert "the name home means something else here\n" in left["app/a.py"]


@pytest.mark.parametrize(
    ("block", "moves"),
    [
        ("from app.old import Manager\n", False),
        ("try:\n    from app.old import Manager\nexcept ImportError: pass\n", False),
        ("def f():\n    from app.old import Manager\n", True),
    ],
)
def test_no_import_closes_a_circle_that_a_lazy_face_kept_open(repaired, block, moves):
    base = BASE | {"app/home.py": "import app.a\n" + "class Manager: pass\n"}
    texts, left = repaired({**LAZY, "app/a.py": block}, base=base)

    assert ("app/a.py" in texts) is moves
    assert ("would close a circle" in left.get("app/a.py", "")) is not moves


@pytest.mark.parametrize(
    ("exported", "becomes"),
    [
        ('["Manager", "Hub", "other"]', '["other"]'),
        ('["other", "Manager", "Hub"]', '["other"]'),
        ('["Manager", "other", "Hub"]', '["other"]'),
        ('["Manager", "Hub"]', "[]"),
        ('[\n    "Manager",\n    "other",\n    "Hub",\n]', '[\n    "other",\n]'),
        ('[\n    "other",\n    "Manager",\n    "Hub"]', '[\n    "other"]'),
        ('("other", "Manager", "Hub")', '("other",)'),
        ('("other", "Manager", "Hub",)', '("other",)'),
        ('("Manager", "other", "Hub")', '("other",)'),
        ('("Manager", "Hub")', "()"),
    ],
)
def test_several_names_leave_a_face_at_once(repaired, exported, becomes):
    face = "from app.home import Manager\n\nother = 1\nHub = Manager\n__all__ = "
    files = {"app/__init__.py": f"{face}{exported}\n"}
    texts, _ = repaired(files)
    assert texts["app/__init__.py"] == f"\nother = 1\n__all__ = {becomes}\n"


def test_an_import_that_an_annotation_in_quotes_needs_stays(repaired):
    face = "from app.home import Manager\n\n__all__ = ['Manager', 'f']\n"
    files = {"app/__init__.py": face + "def f(x: 'Manager'): pass\n"}
    texts, _ = repaired(files)

    assert "from app.home import Manager\n" in texts["app/__init__.py"]
    assert "__all__ = ['f']\n" in texts["app/__init__.py"]


def test_an_alias_under_a_name_that_is_hidden_somewhere_is_left(repaired):
    text = "from app.home import Manager\nHub = Manager\ndef f(Manager): return Hub\n"
    texts, left = repaired({"app/a.py": text})

    assert "app/a.py" not in texts
    assert "means something else further on" in left["app/a.py"]


def test_a_shim_whose_other_names_are_taken_stays(repaired):
    old = "from app.home import Manager\nfrom app.other import Thing\n"
    files = {
        "app/other.py": "class Thing: pass\n",
        "app/old.py": old,
        "app/a.py": "from app.old import Manager, Thing\n",
    }
    texts, left = repaired(files)

    assert "app/old.py" not in texts
    assert left["app/a.py"] == "app.old is still imported or named here\n"


def test_a_patch_of_a_users_own_name_stays(repaired):
    files = {
        **OLD,
        "app/a.py": "from app.old import Manager\n",
        "tests/test_a.py": "patch('app.a.Manager')\npatch('app.old.Manager.send')\n",
    }
    texts, _ = repaired(files)

    assert texts["tests/test_a.py"] == (
        "patch('app.a.Manager')\npatch('app.home.Manager.send')\n"
    )


def test_a_file_that_does_not_parse_is_left_alone(repaired):
    texts, _ = repaired({**OLD, "app/a.py": "from app.old import Manager\nx = (\n"})
    assert "app/a.py" not in texts


def test_importers_of_the_door_stay(tmp_path):
    files = {
        "app/__init__.py": "from app.home import Manager\n\n__all__ = ['Manager']\n",
        "app/home.py": MANAGER,
        "app/a.py": "from app import Manager\n",
    }
    concept = Concept(name="manager", home=HOME, door="app:Manager")
    view = View(project_of(tmp_path, files), concept, Configuration())
    assert plan(view).phases == ()


def test_a_change_after_which_a_call_cannot_work_is_not_made(tmp_path, monkeypatch):
    """Every call that a change touches is looked at before it is written."""
    call = "from app.ws import Manager\n\n\ndef f(m: Manager):\n    m.send(1, 2)\n"
    files = {"app/__init__.py": "", "app/ws.py": MANAGER, "app/a.py": call}
    view = view_of(project_of(tmp_path, {**files, "app/b.py": call}), "app.ws:Manager")

    def spoil(view, began):
        phase = Collector(view, began)
        for path, old, new in (("app/a.py", "2)", ")"), ("app/b.py", "m.", "m .")):
            content = view.project.content(path)
            after = content.replace(old.encode(), new.encode())
            if after != content:
                phase.made.changes.append(Change(path, content, after, ("x",)))
        return phase.made

    monkeypatch.setattr(_phases, "_STEPS", (_phases.Step("spoil it", spoil),))
    repair = _phases.plan(view)

    assert [one.path for one in repair.phases[0].changes] == ["app/b.py"]
    (left,) = repair.left
    assert (left.path, left.line) == ("app/a.py", 5)
    assert left.why.startswith("spoil it: it would break: ")
