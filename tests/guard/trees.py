"""Small trees, written for one test each."""

import textwrap

from goldenpath.guard._config import Configuration, concept_of
from goldenpath.guard._project import Project
from goldenpath.guard._resolve import Resolver
from goldenpath.guard._view import View

MANAGER = """
    class Manager:
        def __init__(self, limit=10):
            self._sockets = {}

        async def connect(self, user, socket):
            self._sockets[user] = socket

        async def send(self, user, text, *, urgent=False):
            await self._sockets[user].send_text(text)
    """


def plant(folder, files):
    """Write files, by path; texts lose their indentation, bytes stay as they are."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            place.write_text(textwrap.dedent(content).lstrip("\n"), "utf-8")
    return folder


def project_of(folder, files, **options):
    return Project(plant(folder, files), processes=1, **options)


def resolver_of(folder, files, **options):
    return Resolver(project_of(folder, files, **options))


def view_of(project, home):
    return View(project, concept_of(home=home), Configuration())
