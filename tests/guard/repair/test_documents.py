"""Documents name the home where they named a path that is gone, if asked to."""

import pytest

from goldenpath.guard.repair._phases import plan
from tests.guard.trees import MANAGER, project_of, view_of

TREE = {
    "app/__init__.py": "",
    "app/home.py": MANAGER,
    "app/old.py": "from app.home import Manager\n\nHub = Manager\n",
    "app/main.py": "from app.old import Hub\n\nprint(Hub())\n",
}


def documents(folder, text, **options):
    view = view_of(
        project_of(folder, {**TREE, "docs/a.md": text, ".x/b.md": text}),
        "app.home:Manager",
    )
    made = plan(view, **options)
    return {k: v.decode() for k, v in made.contents.items() if k.endswith(".md")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See `app.old.Hub`.\n", "See `app.home.Manager`.\n"),
        ("See app.old:Hub.send\r\n", "See app.home:Manager.send\r\n"),
        ("    from app.old import Hub\n", "    from app.home import Manager\n"),
    ],
)
def test_each_way_of_naming_it(tmp_path, before, after):
    assert documents(tmp_path, before.encode(), documents=True) == {"docs/a.md": after}


@pytest.mark.parametrize(
    "text",
    [
        "my.app.old.Hub and app.old.Hubble\n",
        "from app.old import Hub, Other\n",
        "from app.old import Hub as H\n",
        "`app.home.Manager`, and a hub\n",
    ],
)
def test_what_says_something_else_stays(tmp_path, text):
    assert documents(tmp_path, text.encode(), documents=True) == {}


def test_nobody_reads_them_unasked(tmp_path):
    assert documents(tmp_path, b"See `app.old.Hub`.\n") == {}


@pytest.mark.filterwarnings("ignore:Cyclopts application invoked")
def test_they_are_written_with_the_rest(guard, tmp_path):
    project_of(tmp_path, {**TREE, "README.md": b"See `app.old.Hub`.\n"})
    home = ("--home", "app.home:Manager")

    status, said, _ = guard(
        "fix", tmp_path, *home, "--all", "--write", "--no-git", "--documents"
    )

    assert status == 0
    assert "name the home in documents: 1 file" in said
    assert (tmp_path / "README.md").read_bytes() == b"See `app.home.Manager`.\n"
