"""A name of an alias goes with it, in the whole of a file or not at all."""

import pytest

from goldenpath.guard.repair._phases import plan
from tests.guard.trees import MANAGER, project_of, view_of

BASE = {
    "app/__init__.py": "",
    "app/home.py": MANAGER,
    "app/old.py": "from app.home import Manager\n\nHub = Manager\n",
}


def repaired(folder, text, **more):
    project = project_of(folder, {**BASE, "app/a.py": text, **more})
    made = plan(view_of(project, "app.home:Manager"))
    again = plan(view_of(project.changed(made.contents), "app.home:Manager"))
    assert again.phases == ()
    return made.contents["app/a.py"].decode()


def test_every_use_is_renamed(tmp_path):
    text = "from app.old import Hub\n\n\ndef f(h: Hub):\n    return Hub(), [Hub.x]\n"

    assert repaired(tmp_path, text) == (
        "from app.home import Manager\n\n\n"
        "def f(h: Manager):\n    return Manager(), [Manager.x]\n"
    )


def test_it_may_be_there_by_its_own_name_already(tmp_path):
    text = "from app.home import Manager\nfrom app.old import Hub\n\na = Manager, Hub\n"

    assert repaired(tmp_path, text) == (
        "from app.home import Manager\n\na = Manager, Manager\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "from app.old import Hub\n\nManager = 1\nprint(Hub)\n",
        "from app.old import Hub\n\n\ndef f(x: 'Hub'):\n    return Hub\n",
        "from app.old import Hub\n\n\ndef f(Hub):\n    return Hub\n",
        "x = 1\nfrom app.old import Hub\n\nprint(Hub)\nfrom app.home import Manager\n",
    ],
)
def test_what_may_mean_something_else_keeps_its_name(tmp_path, text):
    assert "Manager as Hub" in repaired(tmp_path, text)


def test_a_name_that_others_take_stays(tmp_path):
    text = "from app.old import Hub\n\nprint(Hub)\n"
    patch = "from unittest.mock import patch\n\npatch('app.a.Hub', autospec=True)\n"

    assert "Manager as Hub" in repaired(tmp_path, text, **{"tests/test_a.py": patch})


def test_an_import_that_only_the_alias_read_goes_with_it(tmp_path):
    """Nothing that nobody reads is left behind."""
    old = {"app/old.py": BASE["app/old.py"] + "\n\ndef f():\n    return 1\n"}
    text = "from app.old import Hub\n\nprint(Hub)\n"
    project = project_of(tmp_path, {**BASE, **old, "app/a.py": text})

    made = plan(view_of(project, "app.home:Manager"))

    assert "import" not in made.contents["app/old.py"].decode()
