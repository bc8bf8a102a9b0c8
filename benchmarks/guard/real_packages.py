"""Run the guard on packages that it was not written for: `python real_packages.py`.

Source distributions of different style are downloaded from the package index. None is
installed, and no more of one is run than ``pip download`` needs to learn its name. Each
is searched for concepts, and scanned for a few that a person chose. All findings are
printed, so that a person can judge each of them; what came of that stands in
docs/explanation/guard-judgement.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from goldenpath.guard import Concept, load, scan
from goldenpath.guard._discover import discover
from goldenpath.guard._findings import Finding
from goldenpath.guard._project import Project
from goldenpath.guard._uses import method_calls


def _concept(home: str, *words: str, factory: str = "") -> Concept:
    """Return a concept that is called like its home's class."""
    name = home.rpartition(":")[2]
    return Concept(name=name, home=home, words=words, factory=factory)


#: By package and version: what it is like, and concepts that a person chose in it.
PACKAGES: dict[str, tuple[str, tuple[Concept, ...]]] = {
    "djangorestframework==3.18.3": (
        "like Django: classes that are configured by strings",
        (
            _concept("rest_framework.schemas.openapi:AutoSchema", "view inspector"),
            _concept("rest_framework.views:APIView", "view"),
        ),
    ),
    "litestar==2.25.0": (
        "an async web framework, typed, with faces and aliases",
        (
            _concept(
                "litestar.handlers.websocket_handlers.route_handler"
                ":WebsocketRouteHandler",
                "websocket handler",
            ),
            _concept("litestar.response.base:Response", "response"),
        ),
    ),
    "sphinx==9.0.4": (
        "made of plug-ins, which are named by strings",
        (
            _concept("sphinx.writers.html5:HTML5Translator", "html translator"),
            _concept("sphinx.domains._index:Index", "index"),
            _concept("sphinx.registry:SphinxComponentRegistry", "registry"),
        ),
    ),
    "twisted==26.10.0": (
        "old style: interfaces, aliases for compatibility, mutual imports",
        (
            _concept("twisted.python.failure:Failure", "failure"),
            _concept("twisted.internet.testing:StringTransport", "fake transport"),
            _concept("twisted.logger._logger:Logger", "log publisher"),
        ),
    ),
    "websockets==17.4": (
        "a typed library with four implementations of one thing",
        (
            _concept(
                "websockets.asyncio.server:ServerConnection",
                "server connection",
                "web socket server protocol",
            ),
            _concept("websockets.server:ServerProtocol", "server protocol"),
        ),
    ),
    "python-socketio==5.18.1": (
        "each class twice, once with async and once without",
        (
            _concept("socketio.pubsub_manager:PubSubManager", "manager"),
            _concept("socketio.client:Client", "socket client"),
        ),
    ),
    "autogenstudio==0.4.2.2": (
        "an application with FastAPI: a manager of sockets, and functions that give it",
        (
            _concept(
                "autogenstudio.web.managers.connection:WebSocketManager",
                "connection manager",
                factory="autogenstudio.web.deps:get_websocket_manager",
            ),
            _concept(
                "autogenstudio.database.db_manager:DatabaseManager",
                "db manager",
                factory="autogenstudio.web.deps:get_db",
            ),
            _concept(
                "autogenstudio.teammanager.teammanager:TeamManager",
                factory="autogenstudio.web.deps:get_team_manager",
            ),
        ),
    ),
    "chainlit==2.12.0": (
        "a chat server: sessions of sockets in tables of a module, tests that patch",
        (
            _concept(
                "chainlit.context:ChainlitContext",
                factory="chainlit.context:init_ws_context",
            ),
            _concept("chainlit.session:WebsocketSession", "session"),
            _concept("chainlit.message:Message", "message"),
        ),
    ),
    "celery==5.7.0": (
        "lazy modules, names bound at run time, 180 files of tests full of patches",
        (
            _concept("celery.app.base:Celery", "celery app"),
            _concept("celery.canvas:Signature", factory="celery.canvas:signature"),
            _concept("celery.result:AsyncResult", "result"),
            _concept("celery.worker.worker:WorkController", "work controller"),
        ),
    ),
    "prefect==3.9.1": (
        "a large application: clients by factories, a handshake in one function",
        (
            _concept(
                "prefect.client.orchestration:PrefectClient",
                "orchestration client",
                factory="prefect.client.orchestration:get_client",
            ),
            _concept(
                "prefect.events.clients:PrefectEventsClient",
                "events client",
                factory="prefect.events.clients:get_events_client",
            ),
            _concept("prefect.server.utilities.subscriptions:accept_prefect_socket"),
        ),
    ),
    "homeassistant==2024.3.3": (
        "6,700 files that all call one object; registries by functions, web sockets",
        (
            _concept("homeassistant.core:HomeAssistant", "hass"),
            _concept(
                "homeassistant.helpers.entity_registry:EntityRegistry",
                factory="homeassistant.helpers.entity_registry:async_get",
            ),
            _concept(
                "homeassistant.components.websocket_api.connection:ActiveConnection",
                "websocket connection",
            ),
        ),
    ),
    "letta==0.16.8": (
        "a server of agents, in the middle of a change to async",
        (
            _concept("letta.server.server:SyncServer", "server"),
            _concept("letta.services.message_manager:MessageManager"),
            _concept("letta.services.agent_manager:AgentManager"),
            _concept("letta.agents.letta_agent:LettaAgent", "agent"),
        ),
    ),
    "mage-ai==0.9.80": (
        "an application with a kernel behind web sockets, and twins of its schedulers",
        (
            _concept("mage_ai.data_preparation.models.variable:Variable", "variable"),
            _concept("mage_ai.utils.code:reload_all_repo_modules"),
            _concept(
                "mage_ai.orchestration.metrics.pipeline_run"
                ":calculate_pipeline_run_metrics",
            ),
        ),
    ),
    "swarms==16.0.3": (
        "a library of agents with a command line, that grows fast",
        (
            _concept("swarms.structs.agent:Agent", "agent"),
            _concept("swarms.structs.heavy_swarm:HeavySwarm"),
        ),
    ),
    "apache-superset==6.1.0": (
        "a large application with 300 migrations that nobody runs any more",
        (
            _concept("superset.utils.core:split_adhoc_filters_into_base_filters"),
            _concept("superset.security.manager:SupersetSecurityManager"),
            _concept("superset.models.core:Database"),
        ),
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
        for requirement, (style, concepts) in PACKAGES.items():
            if asked.only and not any(part in requirement for part in asked.only):
                continue
            print(f"\n# {requirement}: {style}")
            _look_at(downloaded(requirement, folder), concepts)
    return 0


def downloaded(requirement: str, folder: Path) -> Path:
    """Return the folder of a source distribution."""
    place = folder / requirement.replace("==", "-")
    if not place.exists():
        place.mkdir()
        name = requirement.partition("==")[0]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", name, "--dest", str(place), requirement]
        subprocess.run(command, check=True, timeout=600)
        (archive,) = place.iterdir()
        with tarfile.open(archive) as packed:
            packed.extractall(place, filter="data")
        archive.unlink()
    (found,) = place.iterdir()
    return found


def _look_at(root: Path, concepts: Sequence[Concept]) -> None:
    configuration = load(root)
    began = time.process_time()
    project = Project(root)
    proposals = discover(project, configuration, most=8)
    print(f"{len(project.files)} files, discover {time.process_time() - began:.1f} s")
    for proposal in proposals:
        print(f"  {proposal.concept.home}: {'; '.join(proposal.reasons)[:160]}")
    for concept in concepts:
        began = time.process_time()
        result = scan(root, [concept], configuration)
        took = time.process_time() - began
        counted = Counter(finding.code for finding in result.findings)
        print(f"\n## {concept.home}: {dict(sorted(counted.items()))}, {took:.1f} s")
        (view,) = result.views
        calls, unknown = view.once(method_calls)
        print(
            f"calls that were followed: {len(calls)} of its methods, "
            f"{len(view.constructions)} that make one; not followed: {unknown}"
        )
        for line in _findings(result.findings):
            print(line)


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    for one in sorted(findings, key=lambda finding: (finding.code, finding.path)):
        message = one.message.rpartition("; ")[0] or one.message
        yield f"{one.code} {one.path}:{one.line} {message[:230]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
