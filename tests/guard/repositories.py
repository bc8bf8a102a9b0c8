"""Small repositories in which one concept has several paths, names and a shim."""

import subprocess

from tests.guard.trees import MANAGER, plant

HOME = ("--home", "app.ws.manager:Manager")
TREE = {
    "app/__init__.py": """
        from app.ws.manager import Manager

        __all__ = ["Manager"]
        """,
    "app/ws/__init__.py": "",
    "app/ws/manager.py": MANAGER + "\n    Hub = Manager\n",
    "app/hub.py": '"""The old place."""\nfrom app.ws.manager import Hub, Manager\n',
    "app/main.py": "from app.hub import Hub\nfrom app import Manager\nhub = Hub()\n",
    "tests/test_main.py": """
        from app.hub import Manager


        def test_it_is_made():
            assert Manager()
        """,
}


def git(tree, *arguments):
    command = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        (*command, *arguments), cwd=tree, capture_output=True, text=True, check=True
    )
    return done.stdout


def repository(folder):
    tree = plant(folder, TREE)
    git(tree, "init", "--quiet", "--initial-branch=main")
    git(tree, "config", "user.name", "a")
    git(tree, "config", "user.email", "a@example.com")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=start")
    return tree
