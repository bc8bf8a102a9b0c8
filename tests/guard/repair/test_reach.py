"""What a file loads, and how files name modules."""

import ast

import pytest

from goldenpath.guard.repair._reach import loaded_by, named_like
from tests.guard.trees import MANAGER, project_of, view_of


def test_what_runs_when_a_file_is_imported(tmp_path):
    project = project_of(
        tmp_path,
        {
            "a.py": "import b\nfrom typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    import d\ndef f():\n    import e\n",
            "b.py": "import c\nimport a\n",
            "c.py": "",
            "d.py": "",
            "e.py": "",
        },
    )
    assert loaded_by(project, "a.py") == {"a.py", "b.py", "c.py"}
    assert loaded_by(project, "c.py") == {"c.py"}


@pytest.mark.parametrize(
    ("path", "statement", "name"),
    [
        ("b.py", "from app.home import x", "app.other"),
        ("b.py", "import app.home", "app.other"),
        ("b.py", "from src.app.home import x", "src.app.other"),
        ("b.py", "import src.app.home as h", "src.app.other"),
        ("b.py", "from gone.app.home import x", "app.other"),
        ("b.py", "from src.only import x", "src.app.other"),
        ("src/app/c.py", "from .home import x", ".other"),
        ("src/app/c.py", "from . import home", ".other"),
    ],
)
def test_a_module_is_named_in_the_manner_of_an_import(tmp_path, path, statement, name):
    project = project_of(
        tmp_path,
        {
            "src/app/__init__.py": "",
            "src/app/home.py": MANAGER,
            "src/app/other.py": "",
            "src/app/c.py": "",
            "src/only.py": "",
            "b.py": "",
        },
    )
    (node,) = ast.parse(statement).body
    view = view_of(project, "app.home:Manager")
    assert named_like(view, path, node, "src/app/other.py") == name
