"""Run the guard on packages that it was not written for: `python real_packages.py`.

Source distributions of different style are downloaded from the package index; nothing
of them is installed or run. Each is searched for concepts, and scanned for a few that a
person chose. All findings are printed, so that a person can judge each of them; what
came of that stands in docs/explanation/guard-judgement.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from goldenpath.guard import Concept, load, scan
from goldenpath.guard._discover import discover
from goldenpath.guard._project import Project

#: By package and version: what it is like, and homes of concepts with other words.
PACKAGES: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "djangorestframework==3.18.3": (
        "like Django: classes that are configured by strings",
        {
            "rest_framework.schemas.openapi:AutoSchema": ("view inspector",),
            "rest_framework.views:APIView": ("view",),
        },
    ),
    "litestar==2.25.0": (
        "an async web framework, typed, with faces and aliases",
        {
            "litestar.handlers.websocket_handlers.route_handler"
            ":WebsocketRouteHandler": ("websocket handler",),
            "litestar.response.base:Response": ("response",),
        },
    ),
    "sphinx==9.0.4": (
        "made of plug-ins, which are named by strings",
        {
            "sphinx.writers.html5:HTML5Translator": ("html translator",),
            "sphinx.domains._index:Index": ("index",),
            "sphinx.registry:SphinxComponentRegistry": ("registry",),
        },
    ),
    "twisted==26.10.0": (
        "old style: interfaces, aliases for compatibility, mutual imports",
        {
            "twisted.python.failure:Failure": ("failure",),
            "twisted.internet.testing:StringTransport": ("fake transport",),
            "twisted.logger._logger:Logger": ("log publisher",),
        },
    ),
    "websockets==17.4": (
        "a typed library with four implementations of one thing",
        {
            "websockets.asyncio.server:ServerConnection": (
                "server connection",
                "web socket server protocol",
            ),
            "websockets.server:ServerProtocol": ("server protocol",),
        },
    ),
    "python-socketio==5.18.1": (
        "each class twice, once with async and once without",
        {
            "socketio.pubsub_manager:PubSubManager": ("manager",),
            "socketio.client:Client": ("socket client",),
        },
    ),
}


def main(arguments: list[str]) -> int:
    """Download what is asked for, and print what is found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("only", nargs="*", help="parts of names of packages")
    parser.add_argument("--into", type=Path, help="keep the downloads in this folder")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.into or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for requirement, (style, homes) in PACKAGES.items():
            if asked.only and not any(part in requirement for part in asked.only):
                continue
            print(f"\n# {requirement}: {style}")
            _look_at(downloaded(requirement, folder), homes)
    return 0


def downloaded(requirement: str, folder: Path) -> Path:
    """Return the folder of a source distribution."""
    place = folder / requirement.replace("==", "-")
    if not place.exists():
        place.mkdir()
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", "--dest", str(place), requirement]
        subprocess.run(command, check=True, timeout=600)
        (archive,) = place.iterdir()
        with tarfile.open(archive) as packed:
            packed.extractall(place, filter="data")
        archive.unlink()
    (found,) = place.iterdir()
    return found


def _look_at(root: Path, homes: dict[str, tuple[str, ...]]) -> None:
    configuration = load(root)
    began = time.process_time()
    project = Project(root)
    proposals = discover(project, configuration, most=8)
    print(f"{len(project.files)} files, discover {time.process_time() - began:.1f} s")
    for proposal in proposals:
        print(f"  {proposal.concept.home}: {'; '.join(proposal.reasons)[:160]}")
    for home, words in homes.items():
        concept = Concept(name=home.rpartition(":")[2], home=home, words=words)
        began = time.process_time()
        result = scan(root, [concept], configuration)
        took = time.process_time() - began
        counted = Counter(finding.code for finding in result.findings)
        print(f"\n## {home}: {dict(sorted(counted.items()))}, {took:.1f} s")
        for line in _findings(result.findings):
            print(line)


def _findings(findings: list) -> Iterator[str]:
    for one in sorted(findings, key=lambda finding: (finding.code, finding.path)):
        message = one.message.rpartition("; ")[0] or one.message
        yield f"{one.code} {one.path}:{one.line} {message[:230]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
