"""Concepts that nobody wrote down are proposed, with the reasons, and no others."""

import pytest

from goldenpath.guard._config import Configuration
from goldenpath.guard._discover import discover
from tests.guard.trees import project_of

CLASS = """
class {name}{bases}:
    def connect(self):
        return 1

    def send_event(self):
        return 2
"""
BASE = "from app.base import Base\n"


def class_(name, bases=""):
    return CLASS.format(name=name, bases=bases and f"({bases})")


def proposed(folder, files, **options):
    project = project_of(folder, {"app/__init__.py": "", **files})
    return discover(project, Configuration(), **options)


def homes(folder, files):
    return [one.concept.home for one in proposed(folder, files)]


def test_classes_of_alike_names_and_methods_are_a_family(tmp_path):
    files = {
        "app/a.py": class_("SocketManager"),
        "app/b.py": class_("NewSocketManager"),
        "app/main.py": "from app.a import SocketManager\n",
    }

    (proposal,) = proposed(tmp_path, files)

    assert proposal.concept.home == "app.a:SocketManager"  # the one that is imported
    assert proposal.concept.words == ("new socket manager",)
    assert proposal.others == ("app.b:NewSocketManager",)
    assert proposal.reasons == (
        "2 classes of alike names and methods: connect, send_event",
    )


def test_a_class_of_several_paths_is_proposed(tmp_path):
    files = {
        "app/a.py": class_("Manager"),
        "app/face.py": "from app.a import Manager\n",
        "app/b.py": "from app.a import Manager\n",
        "app/c.py": "from app.face import Manager\n",
    }

    (proposal,) = proposed(tmp_path, files)

    assert proposal.reasons[0].startswith("2 import paths: app.a:Manager (2), ")


def test_a_class_of_several_names_is_proposed(tmp_path):
    files = {
        "app/a.py": class_("Manager"),
        "app/b.py": "from app.a import Manager\n\nHub = Manager\n",
    }

    (proposal,) = proposed(tmp_path, files)

    assert proposal.reasons == ("other names: app.b:Hub",)


@pytest.mark.parametrize(
    "files",
    [
        {"app/a.py": class_("Manager"), "app/b.py": "from app.a import Manager\n"},
        # A derived class, two of one base, and what only promises.
        {
            "app/a.py": class_("SocketManager"),
            "app/b.py": "from app.a import SocketManager\n"
            + class_("NewSocketManager", "SocketManager"),
        },
        {
            "app/base.py": "class Base:\n    pass\n",
            "app/a.py": BASE + class_("SocketManager", "Base"),
            "app/b.py": BASE + class_("MySocketManager", "Base"),
        },
        {
            "app/a.py": class_("SocketManager"),
            "app/b.py": "from typing import Protocol\n\n\n"
            "class AnySocketManager(Protocol):\n"
            "    def connect(self): ...\n\n    def send_event(self): ...\n",
        },
        # Alike names and other methods; alike methods and other names.
        {
            "app/a.py": class_("SocketManager"),
            "app/b.py": class_("HttpSocketManager").replace("def ", "def other_"),
        },
        {"app/a.py": class_("SocketManager"), "app/b.py": class_("OrderStore")},
        # A test's own.
        {
            "app/a.py": class_("SocketManager"),
            "tests/test_a.py": class_("FakeSocketManager"),
        },
    ],
)
def test_what_is_there_once_is_not_proposed(tmp_path, files):
    assert homes(tmp_path, files) == []


def test_bases_of_one_name_from_two_places_make_no_brothers(tmp_path):
    files = {
        "app/one.py": "class Connection:\n    pass\n",
        "app/two.py": "class Connection:\n    pass\n",
        "app/a.py": "from app.one import Connection\n"
        + class_("ServerConnection", "Connection"),
        "app/b.py": "from app.two import Connection\n"
        + class_("ServerConnection", "Connection"),
    }

    assert len(homes(tmp_path, files)) == 1


def test_the_weightiest_come_first_and_no_more_than_wanted(tmp_path):
    files = {}
    for name, users in (("One", 1), ("Two", 3)):
        low = name.lower()
        files[f"app/{low}.py"] = class_(name)
        files[f"app/{low}_hub.py"] = f"from app.{low} import {name}\n\nHub = {name}\n"
        for user in range(users):
            files[f"app/{low}_{user}.py"] = f"from app.{low} import {name}\n"

    assert homes(tmp_path, files) == ["app.two:Two", "app.one:One"]
    (first,) = proposed(tmp_path, files, most=1)
    assert first.concept.home == "app.two:Two"
