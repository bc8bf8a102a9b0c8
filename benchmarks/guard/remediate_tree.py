"""Remediate a large generated tree from start to end: `remediate_tree.py`.

A tree of generate.py is put under git and walked by `goldenpath guard remediate
--unsafe`, which nobody attends. What is left then are decisions: calls that cannot
work, errors that are swallowed, waits in a handshake, a rival that is in use. A script
takes them in the place of a person, knowing what was planted. The walk after that has
to end with one import path, no finding and seven boxes, and one more must change
nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

_HERE = Path(__file__).parent
_RIVAL = "platform_app/legacy/unified_manager.py"
_MERGED = (
    "from platform_app.websocket.manager import WebSocketManager\n\n"
    "UnifiedWebSocketManager = WebSocketManager\n"
)
_HOME = "platform_app.websocket.manager"
_MAKING = "platform_app.websocket.making import manager_for"
_CALL = "    await manager.send_event(user, 'kind', 'text')\n"


def main(arguments: list[str]) -> int:
    """Make a tree, remediate it, and say what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=8000)
    parser.add_argument("--lines", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-smoke", action="store_true", help="import nothing")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shape = ("--files", asked.files, "--lines", asked.lines, "--seed", asked.seed)
        _run(Path(folder), sys.executable, _HERE / "generate.py", tree, *shape)
        _git(tree, "init", "--quiet", "--initial-branch=main")
        for key in ("user.name", "user.email"):
            _git(tree, "config", key, "nobody")
        _git(tree, "add", "--all")
        _git(tree, "commit", "--quiet", "--message=start")
        return _walk(tree, ("--no-smoke",) if asked.no_smoke else ())


def _walk(tree: Path, more: tuple[str, ...]) -> int:
    before = _findings(tree)
    print(f"before: {sum(before.values())} findings: {dict(before)}")
    status = _remediate(tree, more)
    while left := _decide(tree):
        print(f"a person decides about {sum(left.values())} things: {dict(left)}")
        _git(tree, "add", "--all")
        _git(tree, "commit", "--quiet", "--message=decide")
        status = _remediate(tree, more)
    after = _findings(tree)
    print(f"after: {sum(after.values())} findings")
    head = _git(tree, "rev-parse", "HEAD")
    again = _remediate(tree, more)
    is_same = _git(tree, "rev-parse", "HEAD") == head and not _git(
        tree, "status", "--porcelain"
    )
    print("one more walk changes " + ("nothing" if is_same else "something"))
    report = json.loads(_scan(tree))
    paths = report["concepts"][0]["import_paths"]
    taken = sum(any(one["importers"].values()) for one in paths)
    print(f"import paths that somebody takes: {taken}")
    return int(bool(status or after or again or not is_same or taken != 1))


def _decide(tree: Path) -> Counter[str]:
    """Mend what the tool leaves to a person, as the planted marks say."""
    made: Counter[str] = Counter()
    for code, file in sorted(_places(tree)):
        path = tree / file
        text = path.read_text()
        mark = rf"^.*# planted: {code}\n"
        if code == "GP111":
            text = re.sub(mark, _CALL, text, flags=re.MULTILINE)
        elif code == "GP112":
            text = re.sub(r"except Exception:(?=  # planted)", "except OSError:", text)
        elif code == "GP201":
            text = re.sub(mark, "", text, flags=re.MULTILINE)
        elif code == "GP106":
            text = text.replace("WebSocketManager()", "manager_for('user')")
            text = text.replace(f"{_HOME} import WebSocketManager", _MAKING)
        elif file == _RIVAL:
            text = _MERGED
        made[code] += text != path.read_text()
        path.write_text(text)
    made += Counter()  # without those that nothing was done about
    return made


def _places(tree: Path) -> set[tuple[str, str]]:
    found = json.loads(_scan(tree))["findings"]
    return {(one["code"], one["file"]) for one in found}


def _findings(tree: Path) -> Counter[str]:
    return Counter(one["code"] for one in json.loads(_scan(tree))["findings"])


def _scan(tree: Path) -> str:
    command = (sys.executable, "-m", "goldenpath", "guard", "scan", ".")
    done = subprocess.run(
        (*command, "--format", "json"), cwd=tree, capture_output=True, check=False
    )
    return done.stdout.decode()


def _remediate(tree: Path, more: tuple[str, ...]) -> int:
    """Walk; print what it says, how long it took and how much memory it needed."""
    command = (sys.executable, "-m", "goldenpath", "guard", "remediate", ".")
    began = time.monotonic()
    process = subprocess.Popen(
        (*command, "--unsafe", *more),
        cwd=tree,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print("\n".join(f"  {line[:160]}" for line in said.splitlines()))
    print(
        f"  status {process.returncode}, {time.monotonic() - began:.0f} s, "
        f"{usage.ru_utime + usage.ru_stime:.0f} CPU-s, {usage.ru_maxrss // 1024} MB"
    )
    return process.returncode


def _git(tree: Path, *arguments: str) -> str:
    return _run(tree, "git", *arguments)


def _run(folder: Path, *command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
