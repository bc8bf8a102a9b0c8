"""The docs say what is: what can be run is run, and what is named exists."""

import ast
import dataclasses
import importlib.util
import re
from pathlib import Path

import pytest
from starlette.routing import Route

from goldenpath import Settings, WebSocketManager
from goldenpath.agents import ToolsAgent
from goldenpath.cli._main import app as commands

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
# Its blocks are parts of docstrings: they are complete in their context only.
BLOCKS_WITHOUT_CONTEXT = {DOCS / "reference" / "api.md", ROOT / "PROTOCOL.md"}

in_each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(ROOT))
)


def blocks(page: Path, language: str = "python") -> list[str]:
    text = page.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def prose(page: Path) -> str:
    """Return a page without its code blocks and code spans."""
    text = re.sub(
        r"^ *```.*?^ *```$",
        "",
        page.read_text("utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
    return re.sub(r"`[^`\n]*`", "`code`", text)


def anchors(page: Path) -> set[str]:
    """Return what a link may name after the number sign, as GitHub makes it."""
    found = set()
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower())
        found.add(kept.strip().replace(" ", "-"))
    return found


@in_each_page
def test_python_blocks_compile(page: Path) -> None:
    """Whoever copies a block must not meet a syntax error."""
    for block in blocks(page):
        compile(block, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if blocks(page) and page not in BLOCKS_WITHOUT_CONTEXT],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_python_blocks_run(page: Path, tmp_path, monkeypatch) -> None:
    """A block that names what does not exist is worse than none."""
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        exec(compile(block, str(page), "exec"), {"__name__": "block"})


@in_each_page
def test_links_lead_somewhere(page: Path) -> None:
    """A dead link costs the reader their trust in the rest."""
    text = prose(page)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    targets += re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    dead = []
    for target in targets:
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(target)

    assert dead == []


@in_each_page
def test_a_line_holds_one_sentence(page: Path) -> None:
    """Then a change of one sentence is a change of one line."""
    long = [
        line
        for line in prose(page).splitlines()
        if not line.startswith(("|", "<")) and re.search(r"[a-z)`][.!] [A-Z`]", line)
    ]

    assert long == []


def test_the_index_leads_to_every_page() -> None:
    """A page that is not in a room is not found."""
    index = (DOCS / "index.md").read_text("utf-8")
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"index.md"}

    assert {page for page in pages if f"({page})" not in index} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(page.name for page in (DOCS / "decisions").glob("*.md"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")))
def test_a_decision_names_its_price(page: Path) -> None:
    """What nothing was given up for was not decided."""
    titles = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)

    assert titles == ["Context", "Decision", "Price"]


def test_generated_pages_are_fresh(capsys) -> None:
    """Settings, commands, errors and names are described where they are defined."""
    path = ROOT / "tools" / "gen_reference.py"
    spec = importlib.util.spec_from_file_location("gen_reference", path)
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)

    status = generator.main(["--check"])

    assert capsys.readouterr().err == ""
    assert status == 0


def test_every_setting_is_documented() -> None:
    told = (DOCS / "reference" / "settings.md").read_text("utf-8")
    fields = [field.name for field in dataclasses.fields(Settings)]

    assert re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE) == fields


def test_every_command_is_documented() -> None:
    told = (DOCS / "reference" / "cli.md").read_text("utf-8")
    names = set()
    for name in commands:
        if name.startswith("-"):
            continue
        inner = [one for one in commands[name] if not one.startswith("-")]
        names |= {f"{name} {one}" for one in inner} or {name}

    documented = set(re.findall(r"^## goldenpath (.+)$", told, re.MULTILINE))

    assert documented == names


def test_every_route_is_documented_and_the_reverse(tmp_path) -> None:
    manager = WebSocketManager(
        agent=ToolsAgent(), settings=Settings(data=tmp_path / "data")
    )
    served = {"GET /ws"} | {
        f"{method} {route.path.replace(':path', '')}"
        for route in manager.routes()
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }

    told = (DOCS / "reference" / "http.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([A-Z]+ /\S*)`", told, re.MULTILINE))

    assert documented == served
