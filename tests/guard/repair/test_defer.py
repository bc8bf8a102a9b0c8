"""Circles of imports are opened where an import can wait."""

import re
import subprocess
import sys

import pytest

from goldenpath.guard.repair._defer import open_circles
from tests.guard.repair.steps import Outcome

HOME = "from app import b\n\n\nclass Manager:\n    x = b.VERSION\n"
USE = "from app.home import Manager\n\nVERSION = 1\n"
FUTURE = "from __future__ import annotations\n\n"
CHECKED = (
    "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
    "    from app.home import Manager\n\nVERSION = 1\n"
)


@pytest.fixture
def opened(tmp_path):
    """Open the circle of a home that needs ``b``, which is written by a test."""

    def run(text, home=HOME, **more):
        files = {"app/__init__.py": "", "app/home.py": home, "app/b.py": text}
        for path, content in more.items():
            files[path.replace("__", "/") + ".py"] = content
        made = Outcome(tmp_path, files, open_circles)
        if made.texts:
            assert made.gone["GP105"] == 1
            for path, content in made.texts.items():
                (tmp_path / path).write_text(content)
            for first in ("app.home", "app.b"):
                subprocess.run(
                    [sys.executable, "-c", f"import {first}, app.b\napp.b.VERSION"],
                    cwd=tmp_path,
                    check=True,
                )
        return made

    return run


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (
            f"{USE}\ndef f():\n    return Manager()\n",
            (
                "\nVERSION = 1\n\ndef f():\n    from app.home import Manager\n"
                "    return Manager()\n"
            ),
        ),
        (
            (
                "from .home import Manager as M\nVERSION = 1\n\nclass A:\n"
                "    def f(self):\n"
                '        """Say it."""\n        # why\n        return M()\n'
            ),
            (
                'VERSION = 1\n\nclass A:\n    def f(self):\n        """Say it."""\n'
                "        # why\n        from .home import Manager as M\n"
                "        return M()\n"
            ),
        ),
        (
            "import app.home\nVERSION = 1\ndef f(): return app.home.Manager\n",
            "VERSION = 1\ndef f(): import app.home; return app.home.Manager\n",
        ),
        (
            (
                "import app.home  # the home\nimport os.path\nVERSION = os.path.sep\n"
                "def f():\n\n    @app.home.Manager\n    def g(): pass\n"
            ),
            (
                "# the home\nimport os.path\nVERSION = os.path.sep\n"
                "def f():\n\n    import app.home\n    @app.home.Manager\n"
                "    def g(): pass\n"
            ),
        ),
        (
            (
                "from app.home import Manager, b\nVERSION = 1\n\ndef f():\n"
                "    def g():\n        return Manager\n    return g\n\n"
                "def h():\n    return b, Manager\n"
            ),
            (
                "VERSION = 1\n\ndef f():\n    from app.home import Manager\n"
                "    def g():\n        return Manager\n    return g\n\n"
                "def h():\n    from app.home import Manager, b\n    return b, Manager\n"
            ),
        ),
        (
            f"{USE}\nasync def f():\n    x: Manager = 1\n    return Manager, x\n",
            (
                "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
                "    from app.home import Manager\n\nVERSION = 1\n\nasync def f():\n"
                "    from app.home import Manager\n    x: Manager = 1\n"
                "    return Manager, x\n"
            ),
        ),
        (
            f'{USE}\ndef f(x: "Manager"): pass\n',
            (
                "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
                "    from app.home import Manager\n\nVERSION = 1\n\n"
                'def f(x: "Manager"): pass\n'
            ),
        ),
        (
            f"{FUTURE}{USE}\ndef f(x: Manager) -> list[Manager]: pass\n",
            (
                f"{FUTURE}from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
                "    from app.home import Manager\n\nVERSION = 1\n\n"
                "def f(x: Manager) -> list[Manager]: pass\n"
            ),
        ),
        (
            (
                f"{FUTURE}from typing import TYPE_CHECKING\n"
                "from app.home import Manager\n"
                "if TYPE_CHECKING:\n    import os\nVERSION = 1\n\n"
                "class A:\n    x: Manager\n"
            ),
            (
                f"{FUTURE}from typing import TYPE_CHECKING\n"
                "if TYPE_CHECKING:\n    import os\n    from app.home import Manager\n"
                "VERSION = 1\n\nclass A:\n    x: Manager\n"
            ),
        ),
        (
            f"{USE}from typing import cast\ndef f(x): return cast('Manager', x)\n",
            (
                "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
                "    from app.home import Manager\n\nVERSION = 1\n"
                "from typing import cast\ndef f(x): return cast('Manager', x)\n"
            ),
        ),
        (
            f"{USE}def f():\n    def g(x: Manager): pass\n    return g\n",
            (
                "\nVERSION = 1\ndef f():\n    from app.home import Manager\n"
                "    def g(x: Manager): pass\n    return g\n"
            ),
        ),
        (
            f"{FUTURE}{USE}class A(dict):\n    def f(self, x: Manager): pass\n",
            f"{FUTURE}{CHECKED}class A(dict):\n    def f(self, x: Manager): pass\n",
        ),
        (
            f"{FUTURE}{USE}x: Manager = None\n",
            f"{FUTURE}{CHECKED}x: Manager = None\n",
        ),
        (
            f"{USE}def f(): Manager()\nif __name__ == '__main__':\n    f()\n",
            (
                "\nVERSION = 1\ndef f(): from app.home import Manager; Manager()\n"
                "if __name__ == '__main__':\n    f()\n"
            ),
        ),
        (
            f"{USE}class A:\n    def f(self): return Manager\na = A()\n",
            (
                "\nVERSION = 1\nclass A:\n"
                "    def f(self): from app.home import Manager; return Manager\n"
                "a = A()\n"
            ),
        ),
        (
            f'{USE}def f():\n    """Manager"""\n    return Manager()\n',
            (
                '\nVERSION = 1\ndef f():\n    """Manager"""\n'
                "    from app.home import Manager\n    return Manager()\n"
            ),
        ),
    ],
)
def test_an_import_waits_until_it_is_needed(opened, text, becomes):
    made = opened(text)
    assert made.texts == {"app/b.py": becomes}
    assert made.left == {}
    assert ("type checkers" in made.what["app/b.py"]) is ("TYPE_CHECKING" in becomes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{USE}X = Manager\n", "read in line 4, while the module loads"),
        (f"{USE}class A(Manager): pass\n", "while the module loads"),
        (f"{USE}def f(x=Manager): pass\n", "while the module loads"),
        (f"{USE}def f(x: Manager): pass\n", "while the module loads"),
        (f"{USE}f = lambda: Manager\n", "while the module loads"),
        (USE, "imported for its effect"),
        ("if 1:\n    from app.home import Manager\nVERSION = 1\n", "under a condition"),
        ("from app.home import *\nVERSION = 1\ndef f(): return Manager\n", "a star"),
        (f"{USE}def f():\n    Manager = 1\n    return Manager\n", "several places"),
        (f"{USE}def f(): return Manager\n__all__ = ['Manager']\n", "others take"),
        (f"{USE}T = f'{{1}}', 'Manager'\ndef f(): return Manager\n", "a string names"),
        (f"{USE}def f(): return Manager\nf()\n", "f() may be called while"),
        (f"{USE}def f(): return Manager\ndef g(): f()\ng()\n", "f() may be called"),
        (f"{USE}def f(): return Manager\ng = f\ng()\n", "f() may be called"),
        (f"{USE}def f(x=0): return Manager\n@f\ndef g(): f()\n", "f() may be called"),
        (f"{USE}def f(): return Manager\nX = map(f, [])\n", "f() may be called"),
        (f"{USE}def f(): return Manager\nif VERSION:\n    f()\n", "f() may be called"),
        (
            "from app.home import Manager; VERSION = 1\ndef f(x: 'Manager'): pass\n",
            "line 1 has several statements",
        ),
        (
            (
                f"{USE}class A:\n    def __init__(self): self.f()\n"
                "    def f(self): return Manager\na = A()\n"
            ),
            "f() may be called",
        ),
        (
            f"{USE}class A:\n    def __init__(self): self.m = Manager\na = A()\n",
            "__init__() may be called",
        ),
        (
            f"{USE}class A:\n    def __init_subclass__(cls): Manager()\n",
            "__init_subclass__() may be called",
        ),
        (
            "import app.home\nVERSION = 1\nX = app\ndef f(): return app.home.Manager\n",
            "app is read for more than app.home",
        ),
        (
            (
                "import app.home\nVERSION = 1\ndef g(): return app.b\n"
                "def f(): return app.home.Manager\n"
            ),
            "app is read for more than app.home",
        ),
        (
            (
                "import app.home\nVERSION = 1\ndef f(): return app.home.Manager\n"
                "def g(app): return app\n"
            ),
            "app.home is bound in several places",
        ),
        (
            f"{FUTURE}{USE}import fastapi\ndef f(x: Manager): pass\n",
            "fastapi in app/b.py may evaluate annotations",
        ),
        (
            f"{FUTURE}{USE}@route\ndef f(x: Manager): pass\n",
            "route may evaluate annotations",
        ),
        (
            f"{FUTURE}{USE}class A(Model):\n    x: Manager\n",
            "Model may evaluate annotations",
        ),
        (
            f"{FUTURE}{USE}@model\nclass A:\n    def f(self, x: Manager): pass\n",
            "model may evaluate annotations",
        ),
    ],
)
def test_what_cannot_wait_is_left_with_the_reason(opened, text, why):
    home = HOME + "\nprint(b)\n"
    made = opened(text, home=home)

    assert made.texts == {}
    assert re.search("b is read in line|others take b", "".join(made.left.values()))
    assert why in _why_at_b(made)


def _why_at_b(made):
    """Return why the import of ``b`` does not wait: the named edge may be another."""
    from goldenpath.guard._circles import circles
    from goldenpath.guard.repair._defer import _without
    from goldenpath.guard.repair._source import EditError

    (circle,) = made.view.once(circles)
    (edge,) = [one for one in circle.edges if one.source == "app/b.py"]
    try:
        _without(made.view, circle, edge)
    except EditError as error:
        return str(error)
    return ""


def test_what_others_take_from_here_stays(opened):
    text = f"{USE}def f(): return Manager\n"
    other = {"app__c": "from app.b import Manager\n"}
    assert "others take Manager" in _why_at_b(opened(text, **other))


def test_what_a_test_replaces_here_stays(opened):
    text = f"{USE}def f(): return Manager\n"
    test = "import app.b\ndef test(m): m.setattr(app.b, 'Manager', 1)\n"
    assert "replaces Manager here" in _why_at_b(opened(text, tests__test_b=test))


def test_a_function_that_is_handed_to_a_framework_may_be_evaluated(opened):
    text = f"{FUTURE}{USE}def f(x: Manager): pass\n"
    other = {
        "app__c": "from fastapi import Depends\nfrom app.b import f\nx = Depends(f)\n"
    }
    made = opened(text, **other)
    assert "fastapi in app/c.py may evaluate" in _why_at_b(made)


def test_a_function_that_another_module_of_the_circle_calls_cannot_wait(opened):
    text = f"{USE}def f(): return Manager\n"
    made = opened(text, home=HOME + "\ny = b.f()\n")
    assert "f() may be called while" in _why_at_b(made)


def test_a_circle_of_three_is_opened_where_it_can_be(opened):
    made = opened(
        "import app.c\nVERSION = app.c.X\n",
        app__c="import app.home\n\nX = 1\n\ndef f():\n    return app.home.Manager\n",
    )
    assert list(made.texts) == ["app/c.py"]


def test_several_imports_of_one_module_all_wait(opened):
    made = opened(
        "import app.home\nfrom app.home import Manager\nVERSION = 1\n"
        "def f(): return app.home, Manager\n"
    )
    assert made.texts["app/b.py"] == (
        "VERSION = 1\ndef f(): from app.home import Manager; import app.home; "
        "return app.home, Manager\n"
    )


def test_two_circles_are_opened_at_once(tmp_path):
    home = "from app import b, c\n\n\nclass Manager:\n    x = b.X, c.X\n"
    text = "from app.home import Manager\n\nX = 1\n\ndef f():\n    return Manager\n"
    files = {"app/__init__.py": "", "app/home.py": home, "app/b.py": text}
    made = Outcome(tmp_path, files | {"app/c.py": text}, open_circles)

    assert sorted(made.texts) == ["app/b.py", "app/c.py"]


def test_a_circle_that_no_single_import_opens_is_left(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/home.py": "import app.b\n\n\nclass Manager: pass\n\nx = app.b\n",
        "app/b.py": "import app.c\n\nx = app.c\n",
        "app/c.py": "import app.b\nimport app.d\n\nx = app.b, app.d\n",
        "app/d.py": "import app.c\nimport app.home\n\nx = app.c, app.home\n",
    }
    made = Outcome(tmp_path, files, open_circles)
    assert made.texts == {}
    assert "no single import opens this circle" in made.left["app/home.py"]


def test_it_is_said_where_an_import_went(opened):
    made = opened(f"{FUTURE}{USE}\ndef f(x: Manager): pass\ndef g(): Manager()\n")
    assert made.what["app/b.py"] == (
        "line 3: from app.home import Manager is left to g(), type checkers"
    )


def test_a_package_that_another_import_binds_may_be_taken_from_here(opened):
    text = "import app.kinds\nimport app.home\nVERSION = app.kinds\n"
    made = opened(
        f"{text}def f(): return app.home.Manager\n",
        app__kinds="",
        tests__test_b="from app.b import app\n",
    )
    assert made.texts["app/b.py"] == (
        "import app.kinds\nVERSION = app.kinds\n"
        "def f(): import app.home; return app.home.Manager\n"
    )


def test_a_module_of_ones_own_is_no_reader_of_annotations(opened):
    text = f"{FUTURE}{USE}from .pydantic import x\ndef f(x: Manager): pass\n"
    made = opened(text, app__pydantic="x = 1\n")
    assert "if TYPE_CHECKING:" in made.texts["app/b.py"]


def test_an_import_that_leaves_another_circle_stays(tmp_path):
    """Without ``home -> b`` the home is free, and ``b`` and ``c`` are not."""
    files = {
        "app/__init__.py": "",
        "app/home.py": "import app.b\n\n\nclass Manager:\n    x = 1\n\n"
        "def f():\n    return app.b\n",
        "app/b.py": "import app.c\n\nx = app.c\n",
        "app/c.py": "import app.b\nimport app.home\n\nx = app.b, app.home\n",
    }
    made = Outcome(tmp_path, files, open_circles)
    assert made.texts == {}
    assert "app.c is read in line 3" in made.left["app/b.py"]
