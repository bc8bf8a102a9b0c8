"""Write a large tree with planted violations: `python generate.py DIR`.

The tree looks like a product that grew: services, models, routes, and tests by the
thousand, most of which only mention the subject. Violations are planted at random
places and marked, so that the tree is its own answer key:

    from platform_app.websocket import WebSocketManager  # planted: GP102

A marker is a comment; the guard does not see it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

APP = "platform_app"
HOME = f"{APP}.websocket.manager"
WORDS = """
account audit billing catalog cache channel cohort config contract customer
daily document event export feature filter forecast gateway group history index
invoice item job label ledger limit listing locale market metric model network
notice offer order page partner payment period plan policy price product profile
project quota rate record region report request review role route rule schedule
schema score search segment service setting shipment signal source stage status
stock store stream summary supplier survey table tag target task team template
tenant term ticket token topic trace unit usage user value vendor version view
""".split()  # noqa: SIM905 - a list of one hundred words reads worse

MANAGER = '''"""The one WebSocket manager."""

from fastapi import WebSocket


class WebSocketManager:
    """Keeps connections by user, and sends to them."""

    def __init__(self, user=None, thread=None):
        self._user = user
        self._thread = thread
        self._connections = {}

    async def connect_user(self, user: str, websocket: WebSocket):
        await websocket.accept()
        self._connections.setdefault(user, []).append(websocket)

    async def disconnect_user(self, user: str, websocket: WebSocket):
        self._connections[user].remove(websocket)

    async def send_event(self, user: str, kind: str, text: str, *, urgent=False):
        for websocket in self._connections.get(user, []):
            await websocket.send_text(build_frame(kind, text))

    async def broadcast_event(self, kind: str, text: str):
        for user in list(self._connections):
            await self.send_event(user, kind, text)

    def connection_count(self):
        return sum(len(found) for found in self._connections.values())


def build_frame(kind, text):
    return f"{kind}:{text}"
'''
MAKING = f'''"""How to get one."""

from {HOME} import WebSocketManager


def manager_for(user=None, thread=None):
    return WebSocketManager(user, thread)
'''
CONCEPT = f"""
[[tool.goldenpath.guard.concept]]
name = "websocket manager"
home = "{HOME}:WebSocketManager"
factory = "{APP}.websocket.making:manager_for"
words = ["ws manager", "websocket hub"]
"""


class Tree:
    """A tree in the making.

    Args:
        folder: Where it goes.
        files: How many files.
        lines: How many lines, about.
        seed: The same seed makes the same tree.
    """

    def __init__(self, folder: Path, *, files: int, lines: int, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.files = files
        self.per_file = max(20, lines // files)
        self.written = 0
        self.lines = 0
        self.planted: list[dict[str, object]] = []

    def write(self, path: str, text: str) -> None:
        """Write a file and note what is planted in it."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        self.written += 1
        for number, line in enumerate(text.splitlines(), 1):
            self.lines += 1
            if "# planted: " in line:
                for code in line.rpartition("# planted: ")[2].split():
                    self.planted.append({"code": code, "file": path, "line": number})

    def name(self, count: int = 2) -> str:
        """Return a name of some words."""
        return "_".join(self.random.choice(WORDS) for _ in range(count))

    # Code that has nothing to do with it.

    def filler(self, lines: int) -> str:
        """Return plausible code of about so many lines."""
        made: list[str] = []
        while len(made) < lines:
            make = self.random.choice((self._class, self._function, self._table))
            made += make()
            made.append("")
        return "\n".join(made) + "\n"

    def _class(self) -> list[str]:
        name = self.name().title().replace("_", "")
        out = [
            "",
            f"class {name}:",
            f'    """Keeps the {self.name(1)} of a {self.name(1)}."""',
        ]
        for _ in range(self.random.randrange(2, 7)):
            out += ["", *("    " + line if line else "" for line in self._method())]
        return out

    def _method(self) -> list[str]:
        field, other = self._two()
        kind = self.random.choice(("def", "def", "async def"))
        out = [f"{kind} {self.name()}(self, {field}, {other}=None):"]
        for _ in range(self.random.randrange(2, 9)):
            out += ["    " + line for line in self._statement(field, other)]
        return [*out, f"    return {field}"]

    def _two(self) -> tuple[str, str]:
        """Return two names for parameters, which must differ."""
        first, second = self.name(1), self.name(1)
        return first, second if first != second else f"other_{second}"

    def _function(self) -> list[str]:
        field, other = self._two()
        out = ["", f"def {self.name()}({field}, {other}=0):"]
        for _ in range(self.random.randrange(3, 12)):
            out += ["    " + line for line in self._statement(field, other)]
        return [*out, f"    return {field}"]

    def _statement(self, field: str, other: str) -> list[str]:
        local = self.name(1)
        return self.random.choice(
            (
                [f"{local} = [{field} for _ in range({self.random.randrange(9)})]"],
                [f"if {other} is None:", f"    {local} = {{'{self.name()}': {field}}}"],
                [f"for {local} in ({field}, {other}):", f"    print({local})"],
                [
                    "try:",
                    f"    {local} = int({field})",
                    "except ValueError:",
                    f"    {local} = 0",
                ],
                [f"{local} = f'{{{field}}}-{self.random.randrange(999)}'"],
                [f"# The {self.name(1)} comes first: the {self.name(1)} needs it."],
                [f"logger.info('{self.name(3)} %s', {field})"],
            )
        )

    def _table(self) -> list[str]:
        name = self.name().upper()
        rows = [
            f'    "{self.name()}": {self.random.randrange(10**6)},'
            for _ in range(self.random.randrange(3, 9))
        ]
        return ["", f"{name} = {{", *rows, "}"]

    def module(self, head: str = "", body: str = "") -> str:
        """Return a whole module with some lines of its own."""
        text = f'"""About {self.name(1)} and {self.name(1)}."""\n'
        text += f"\nimport logging\n{head}\n"
        text += "\nlogger = logging.getLogger(__name__)\n"
        size = int(self.per_file * self.random.uniform(0.6, 1.4))
        return text + self.filler(max(10, size - body.count("\n"))) + body


def generate(tree: Tree) -> None:
    """Write the whole tree."""
    tree.write("pyproject.toml", CONCEPT)
    for package in ("", "/websocket", "/services", "/routes", "/legacy", "/names"):
        tree.write(f"{APP}{package}/__init__.py", "")
    tree.write(f"{APP}/websocket/manager.py", MANAGER)
    tree.write(f"{APP}/websocket/making.py", MAKING)
    _paths(tree)
    _rivals(tree)
    _circle(tree)
    scale = max(1, tree.files // 400)
    for make, count in (
        (_bypass, 2 * scale),
        (_drift, 2 * scale),
        (_silent, scale),
        (_dangling, scale),
        (_hazard, scale),
        (_good, 6 * scale),
    ):
        for number in range(count):
            make(tree, number)
    for number in range(max(10, tree.files // 40)):
        _test(tree, number)
    _fill(tree)


def _paths(tree: Tree) -> None:
    legacy = f"{APP}/legacy"
    tree.write(
        f"{legacy}/manager.py",
        f"from {HOME} import WebSocketManager  # planted: GP102 GP108\n",
    )
    tree.write(
        f"{legacy}/websocket_manager.py",
        f"from {APP}.legacy.manager import WebSocketManager  # planted: GP102 GP108\n"
        "\nWebSocketHub = WebSocketManager  # planted: GP103\n",
    )
    tree.write(f"{legacy}/stars.py", f"from {HOME} import *  # planted: GP102 GP108\n")
    tree.write(
        f"{APP}/names/centre.py",
        f"from {APP}.legacy.websocket_manager import WebSocketHub\n\n"
        "SocketCentre = WebSocketHub  # planted: GP103\n\n\n"
        "def centre_name():\n    return SocketCentre.__name__\n",
    )
    tree.write(
        f"{APP}/names/own.py",
        f"from {HOME} import WebSocketManager\n\n"
        "WebSocketManager = WebSocketManager  # planted: GP104\n\n\n"
        "def own():\n    return 1\n",
    )


def _rivals(tree: Tree) -> None:
    unified = MANAGER.replace("class WebSocketManager", "class UnifiedWebSocketManager")
    lines = [
        line + "  # planted: GP101" if line.startswith("class Unified") else line
        for line in unified.splitlines()
    ]
    tree.write(f"{APP}/legacy/unified_manager.py", "\n".join(lines) + "\n")
    tree.write(
        f"{APP}/services/unified_use.py",
        f"from {APP}.legacy.unified_manager import UnifiedWebSocketManager\n\n"
        "unified = UnifiedWebSocketManager()\n\n\ndef use():\n    return unified\n",
    )
    dead = "\n".join(lines).replace("UnifiedWebSocketManager", "OldWsManager")
    dead = dead.replace("# planted: GP101", "# planted: GP101 GP109")
    tree.write(f"{APP}/legacy/dead_manager.py", dead + "\n")
    # These have names or methods alike, and do something else.
    tree.write(
        f"{APP}/services/ws_config.py",
        "class WebSocketManagerSettings:\n    def load(self):\n        return 1\n\n"
        "    def limits(self):\n        return 2\n",
    )
    tree.write(
        f"{APP}/services/kinds.py",
        "from typing import Protocol\n\n\nclass WebSocketManagerLike(Protocol):\n"
        "    async def connect_user(self, user, websocket): ...\n\n"
        "    async def send_event(self, user, kind, text): ...\n",
    )


def _circle(tree: Tree) -> None:
    tree.write(
        f"{APP}/legacy/session.py",
        f"from {APP}.legacy.login import login\n"
        f"from {APP}.legacy.websocket_manager import WebSocketHub\n\n\n"
        "def session():\n    hub = WebSocketHub(1)  # planted: GP106\n"
        "    return login, hub.connection_count()\n",
    )
    tree.write(
        f"{APP}/legacy/login.py",
        "def login():\n"
        f"    from {APP}.legacy.session import session\n\n    return session\n",
    )
    path = tree.folder / f"{APP}/websocket/manager.py"
    text = path.read_text().replace(
        "from fastapi import WebSocket\n",
        "from fastapi import WebSocket\n\n"
        f"from {APP}.websocket.checks import is_open  # planted: GP105\n\n"
        "assert is_open\n",
        1,
    )
    tree.written -= 1
    tree.lines -= MANAGER.count("\n")
    tree.write(f"{APP}/websocket/manager.py", text)
    tree.write(
        f"{APP}/websocket/checks.py",
        f"import {HOME}\n\n\ndef is_open():\n    return {HOME}.build_frame('a', 'b')\n",
    )


def _place(tree: Tree, kind: str, number: int) -> str:
    return f"{APP}/{kind}/{tree.name()}_{number}.py"


def _bypass(tree: Tree, number: int) -> None:
    body = (
        "\n\ndef open_manager(user):\n"
        "    return WebSocketManager(user)  # planted: GP106\n"
    )
    head = f"\nfrom {HOME} import WebSocketManager\n"
    tree.write(_place(tree, "services", number), tree.module(head, body))


def _drift(tree: Tree, number: int) -> None:
    wrong = tree.random.choice(
        (
            "await manager.send_event(user, 'text')",
            "await manager.send_event(user, 'kind', 'text', loud=True)",
            "await manager.publish_event('kind', 'text')",
            "await manager.connection_count()",
            "await manager.broadcast_event('kind', 'text', 3)",
        )
    )
    body = (
        "\n\nasync def tell(user):\n    manager = manager_for(user)\n"
        f"    {wrong}  # planted: GP111\n"
    )
    head = f"\nfrom {APP}.websocket.making import manager_for\n"
    tree.write(_place(tree, "routes", number), tree.module(head, body))


def _silent(tree: Tree, number: int) -> None:
    body = (
        "\n\nasync def notify(user):\n    manager = manager_for(user)\n    try:\n"
        "        await manager.send_event(user, 'kind', 'text')\n"
        "    except Exception:  # planted: GP112\n        logger.debug('no')\n"
    )
    head = f"\nfrom {APP}.websocket.making import manager_for\n"
    tree.write(_place(tree, "services", 1000 + number), tree.module(head, body))


def _dangling(tree: Tree, number: int) -> None:
    body = (
        "\n\ndef late():\n"
        f"    from {APP}.ws.core_manager import WebSocketManager  # planted: GP110\n\n"
        "    return WebSocketManager\n"
    )
    tree.write(_place(tree, "services", 2000 + number), tree.module("", body))


def _hazard(tree: Tree, number: int) -> None:
    body = (
        "\n\nasync def endpoint(websocket: WebSocket, user: str):\n"
        "    manager = manager_for(user)\n    await websocket.accept()\n"
        "    await asyncio.sleep(0.25)  # planted: GP201\n"
        "    await websocket.send_text(str(manager.connection_count()))\n"
    )
    head = (
        "\nimport asyncio\n\nfrom fastapi import WebSocket\n\n"
        f"from {APP}.websocket.making import manager_for\n"
    )
    tree.write(_place(tree, "routes", 3000 + number), tree.module(head, body))


def _good(tree: Tree, number: int) -> None:
    """Use it as it should be used, by the paths there are."""
    paths = (
        HOME,
        f"{APP}.legacy.manager",
        f"{APP}.legacy.websocket_manager",
        f"{APP}.legacy.stars",
    )
    path = paths[number % len(paths)]
    body = (
        "\n\nasync def say(manager: WebSocketManager, user):\n"
        "    await manager.send_event(user, 'kind', 'text', urgent=True)\n"
        "    return manager.connection_count()\n"
    )
    head = f"\nfrom {path} import WebSocketManager\n"
    tree.write(_place(tree, "services", 4000 + number), tree.module(head, body))


def _test(tree: Tree, number: int) -> None:
    make = tree.random.choice((_test_real, _test_real, _test_mock, _test_spec))
    tree.write(f"tests/{tree.name(1)}/test_ws_{number}.py", make(tree))


def _test_real(tree: Tree) -> str:
    return tree.module(
        f"\nfrom {APP}.websocket.making import manager_for\n",
        "\n\ndef test_it_counts():\n    manager = manager_for('user')\n"
        "    assert manager.connection_count() == 0\n",
    )


def _test_mock(tree: Tree) -> str:
    return tree.module(
        "\nfrom unittest.mock import patch\n",
        "\n\ndef test_it_is_made():\n"
        f'    with patch("{HOME}.WebSocketManager") as made:  # planted: GP107\n'
        "        assert made is not None\n",
    )


def _test_spec(tree: Tree) -> str:
    return tree.module(
        "\nfrom unittest.mock import patch\n",
        "\n\ndef test_it_is_made():\n"
        f'    with patch("{HOME}.WebSocketManager", autospec=True) as made:\n'
        "        assert made is not None\n",
    )


def _fill(tree: Tree) -> None:
    """Write the rest: a third are tests that only mention the subject."""
    packages: set[str] = set()
    while tree.written < tree.files:
        number = tree.written
        if number % 3 == 0:
            text = tree.module(
                "",
                "\n\n# The WebSocket manager is tested elsewhere.\n"
                "def test_nothing_of_it():\n    assert len('WebSocketManager') == 16\n"
                if number % 2
                else "\n\ndef test_it():\n    assert 1 + 1 == 2\n",
            )
            tree.write(f"tests/unit_{number % 60}/test_{tree.name()}_{number}.py", text)
            continue
        package = f"{APP}/area_{number % 90}"
        if package not in packages:
            packages.add(package)
            tree.write(f"{package}/__init__.py", "")
        tree.write(f"{package}/{tree.name()}_{number}.py", tree.module())


def main(arguments: list[str]) -> int:
    """Write a tree and say what is in it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="made if missing; must be empty")
    parser.add_argument("--files", type=int, default=8000)
    parser.add_argument("--lines", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    if asked.folder.exists() and any(asked.folder.iterdir()):
        print(f"{asked.folder} is not empty", file=sys.stderr)
        return 2
    tree = Tree(asked.folder, files=asked.files, lines=asked.lines, seed=asked.seed)
    generate(tree)
    found = _last(tree.planted)
    (asked.folder / "answers.json").write_text(json.dumps(found, indent=1) + "\n")
    print(f"{tree.written} files, {tree.lines} lines, {len(found)} planted")
    return 0


def _last(planted: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return what is planted, each place once: a file may have been written again."""
    seen: dict[tuple[object, object], dict[str, object]] = {}
    for one in planted:
        seen[one["code"], f"{one['file']}:{one['line']}"] = one
    return list(seen.values())


Maker = Callable[[Tree, int], None]
Lines = Iterator[str]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
