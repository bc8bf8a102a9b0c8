"""What is a circle of imports, when it runs, and what opens it."""

import pytest

from goldenpath.guard._circles import circles
from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._view import View
from tests.guard.trees import project_of

HOME = "class Manager:\n    pass\n"


def found(folder, files):
    """Return kind, modules and the line that opens it, of each circle."""
    project = project_of(folder, {"app/__init__.py": "", **files})
    concept = Concept(name="manager", home="app.ws:Manager")
    view = View(project, concept, Configuration())
    return [
        (
            circle.kind,
            [project.modules.name_of(path) for path in circle.paths],
            circle.opens and (circle.opens.source, circle.opens.line),
        )
        for circle in circles(view)
    ]


def test_a_module_that_imports_two_others_is_none(tmp_path):
    files = {
        "app/ws.py": "from app.a import A\nfrom app.b import B\n" + HOME,
        "app/a.py": "class A:\n    pass\n",
        "app/b.py": "from app.a import A\n\n\nclass B(A):\n    pass\n",
    }

    assert found(tmp_path, files) == []


def test_the_shortest_way_round_is_shown_with_what_opens_it(tmp_path):
    files = {
        "app/ws.py": "from app.a import a\n" + HOME,
        "app/a.py": "from app.b import b\nfrom app.c import c\n",
        "app/b.py": "from app.ws import Manager\n",
        "app/c.py": "from app.d import d\n",
        "app/d.py": "from app.ws import Manager\n",
    }

    assert found(tmp_path, files) == [
        ("import-time", ["app.ws", "app.a", "app.b"], ("app/ws.py", 1))
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("from app.a import a", "import-time"),
        ("import app.a", "import-time"),
        ("from app import a", "import-time"),
        ("from . import a", "import-time"),
        ("from .a import *", "import-time"),
        (
            "try:\n    from app.a import a\nexcept ImportError:\n    a = 1",
            "import-time",
        ),
        ("class X:\n    from app.a import a", "import-time"),
        ("def f():\n    from app.a import a", "deferred"),
        (
            "if TYPE_CHECKING:\n    from app.a import a",
            "typing",
        ),
    ],
)
def test_when_it_runs_depends_on_where_the_import_stands(tmp_path, text, kind):
    files = {
        "app/ws.py": f"{text}\n{HOME}",
        "app/a.py": "from app.ws import Manager\n",
    }

    ((found_kind, modules, _opens),) = found(tmp_path, files)

    assert (found_kind, modules) == (kind, ["app.ws", "app.a"])


def test_an_import_in_a_text_is_none(tmp_path):
    """The first sketch is drawn from bytes, and takes it for one."""
    files = {
        "app/ws.py": f'"""\nfrom app.a import a\n"""\n{HOME}',
        "app/a.py": "from app.ws import Manager\n",
    }

    assert found(tmp_path, files) == []


def test_what_no_single_import_opens_says_so(tmp_path):
    files = {
        "app/ws.py": "import app.a\n" + HOME,
        "app/a.py": "import app.b\nimport app.ws\n",
        "app/b.py": "import app.a\nimport app.ws\n",
    }

    kinds = found(tmp_path, files)

    assert ("import-time", ["app.ws", "app.a"], ("app/ws.py", 1)) in kinds


def test_a_file_that_cannot_be_parsed_is_on_no_circle(tmp_path):
    files = {
        "app/ws.py": "from app.a import a\n" + HOME,
        "app/a.py": "from app.ws import Manager\nprint 1\n",
    }

    assert found(tmp_path, files) == []
