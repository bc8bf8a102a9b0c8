"""Reports say the same in every format, and stay in one piece whatever names say."""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from goldenpath.guard._config import Concept, Configuration, Waiver
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._scan import scan
from goldenpath.guard.reports._formats import FORMATS, write
from goldenpath.guard.rules._list import RULES
from tests.guard.trees import plant

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "guard-json.md"
HOSTILE = "<script>alert('x')</script>&\"'\n::error file=x::%0A"
TREE = {
    "app/__init__.py": "",
    "app/ws/__init__.py": "from app.ws.manager import Manager\n",
    "app/ws/manager.py": """
        from app.users import User


        class Manager:
            def __init__(self):
                self._sockets = {}

            async def connect_user(self, user: User, socket):
                self._sockets[user] = socket

            async def send_event(self, user: User, text):
                await self._sockets[user].send_text(text)


        def manager_for(user):
            return Manager()
    """,
    "app/users.py": "from app.ws.manager import Manager\n\n\nclass User:\n    pass\n",
    "app/hub.py": "from app.ws import Manager\n\nHub = Manager\n",
    "app/main.py": """
        from app.hub import Hub

        hub = Hub()


        async def send(user):
            await hub.send_event(user)
    """,
    "app/other.py": """
        class OtherManager:
            def __init__(self):
                self._sockets = {}

            async def connect_user(self, user, socket):
                self._sockets[user] = socket

            async def send_event(self, user, text):
                await self._sockets[user].send_text(text)
    """,
    "app/old.py": "from app.ws.manager import Manager\n\nOld = Manager\n",
    "app/broken.py": "from app.ws import Manager\nprint 1\n",
    "tests/test_manager.py": """
        from app.ws.manager import Manager


        def test_it():
            assert Manager()
    """,
}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = plant(tmp_path_factory.mktemp("tree"), TREE)
    concept = Concept(
        name="manager",
        home="app.ws.manager:Manager",
        factory="app.ws.manager:manager_for",
        waiver=(
            Waiver(
                codes=("GP103",),
                path="app/old.py",
                reason="customers import it",
                owner="anna",
                until=dt.date.max,
            ),
        ),
    )
    return scan(folder, [concept], Configuration(), processes=1)


@pytest.fixture
def hostile(result):
    """A finding whose every text tries to be something else."""
    finding = Finding(
        code="GP103",
        concept=HOSTILE,
        path=f"app/{HOSTILE}.py",
        line=3,
        message=HOSTILE,
        evidence=(Evidence(HOSTILE, 0, HOSTILE),),
    )
    before = list(result.findings)
    result.findings[:] = [finding]
    yield result
    result.findings[:] = before


def test_every_format_tells_of_every_finding(result):
    assert {finding.code for finding in result.findings} >= {
        "GP101", "GP102", "GP103", "GP105", "GP106", "GP111",
    }  # fmt: skip
    for name in FORMATS:
        text = write(result, name)
        for finding in result.findings:
            assert finding.code in text, name
            assert finding.path in text, name


# JSON.


def documented():
    """Return the fields of each object on the page."""
    found = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        found[title.strip("`")] = set(re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE))
    # What is waived is a finding, and more; none of them has a score here.
    found["waived[]"] |= found["findings[]"] - {"score"}
    found["waived[].evidence[]"] = found["findings[].evidence[]"]
    return found


def objects(value, place):
    """Yield every object of a report with its place on the page."""
    if isinstance(value, dict):
        yield place or "The report", value
        for key, inner in value.items():
            yield from objects(inner, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, f"{place}[]")


# Described in a row of their owner: they are places, or their fields are of the tree.
FREE = re.compile(
    r"timings|totals\.by_rule|.*importers\.\w+\[\]|.*opened_by|.*\.(made|imported)"
)


def test_the_json_report_has_the_fields_of_its_page_and_no_others(result):
    seen = {}
    for found, value in objects(json.loads(write(result, "json")), ""):
        place = found.replace(".aliases[]", ".import_paths[]")
        if not FREE.fullmatch(place):
            seen.setdefault(place, set()).update(value)

    assert seen == documented()


def test_the_json_report_says_what_stands_in_the_tree(result):
    report = json.loads(write(result, "json"))
    (concept,) = report["concepts"]

    assert report["schema_version"] == 1
    assert concept["home"] == "app.ws.manager:Manager"
    assert [one["class"] for one in concept["rivals"]] == ["app.other:OtherManager"]
    assert [one["name"] for one in concept["factories"]] == [
        "app.ws.manager:manager_for"
    ]
    assert [(one["module"], one["name"]) for one in concept["aliases"]] == [
        ("app.hub", "Hub")
    ]
    assert [one["modules"] for one in concept["cycles"]] == [
        ["app.ws.manager", "app.users"]
    ]
    assert report["totals"]["findings"] == len(report["findings"])
    assert report["skipped"] == [
        {"file": "app/broken.py", "reason": report["skipped"][0]["reason"]}
    ]


# SARIF.


def test_the_sarif_log_has_the_structure_of_2_1_0(result):
    log = json.loads(write(result, "sarif"))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert log["version"] == "2.1.0"
    assert log["$schema"].startswith("https://")
    assert run["tool"]["driver"]["name"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    suppressed = [one for one in run["results"] if "suppressions" in one]
    assert len(run["results"]) - len(suppressed) == len(result.findings)
    assert len(suppressed) == len(result.waived) == 1
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] in ("none", "note", "warning", "error")
        assert one["message"]["text"]
        for location in (*one["locations"], *one["relatedLocations"]):
            place = location["physicalLocation"]
            assert re.fullmatch(r"[\w./%~-]+", place["artifactLocation"]["uri"])
            assert place["region"]["startLine"] >= 1
            assert place["region"]["startColumn"] >= 1
        assert all(
            isinstance(text, str) for text in one["partialFingerprints"].values()
        )


def test_a_hostile_name_is_a_valid_address_in_sarif(hostile):
    (run,) = json.loads(write(hostile, "sarif"))["runs"]
    (one,) = (one for one in run["results"] if "suppressions" not in one)
    places = [one["locations"][0], one["relatedLocations"][0]]

    for place in places:
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w./%~-]+", uri)
    assert places[1]["physicalLocation"]["region"]["startLine"] == 1


# GitHub.


def test_a_github_annotation_has_file_line_and_rule(result):
    first = result.findings[0]

    assert write(result, "github").splitlines()[0] == (
        f"::error file={first.path},line={first.line},col={first.column},"
        f"title={first.code}::{first.message}"
    )


def test_a_hostile_name_starts_no_second_workflow_command(hostile):
    text = write(hostile, "github")

    assert text.count("\n") == 1
    place, _, message = text.removeprefix("::error ").partition("::")
    assert "%0A%3A%3Aerror file=x%3A%3A%250A" in place
    assert message.startswith("<script>")
    assert "%0A::error file=x::%250A" in message


# HTML.


class Loaded(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self):
        super().__init__()
        self.tags = set()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data", "action", "xlink:href"):
                self.addresses.append(value)
            if name.startswith("on"):
                self.addresses.append(f"{name}={value}")


def test_the_page_loads_nothing_and_runs_nothing(result):
    text = write(result, "html")
    page = Loaded()
    page.feed(text)

    assert page.tags.isdisjoint({"script", "link", "iframe", "img", "object", "embed"})
    assert [one for one in page.addresses if not one.startswith("#")] == []
    assert "@import" not in text
    assert "url(" not in text


def test_a_hostile_name_is_text_on_the_page(hostile):
    page = Loaded()
    page.feed(write(hostile, "html"))

    assert "script" not in page.tags


def test_hostile_names_of_the_tree_are_text_on_the_page(tmp_path):
    """Also where they are drawn: in the picture and in the tables."""
    name = "<img src=x onerror=alert(1)>"
    plant(
        tmp_path,
        {
            **TREE,
            f"app/{name}.py": "from app.ws import Manager\n\nHub = Manager\n",
            "tests/test_b.py": f"""
                from app.ws import Manager

                kinds = {{}}
                kinds["{name}"] = Manager
            """,
        },
    )
    concept = Concept(name=name, home="app.ws.manager:Manager", words=(name,))
    page = Loaded()
    page.feed(write(scan(tmp_path, [concept], Configuration(), processes=1), "html"))

    assert "img" not in page.tags


# Text.


def test_the_text_report_needs_no_colour(result):
    text = write(result, "text")

    assert "\x1b" not in text
    first = result.findings[0]
    assert text.startswith(f"{first.path}:{first.line}:{first.column} {first.code} ")
    assert "manager: home app.ws.manager:Manager" in text


def test_the_text_report_says_what_was_left_out(result):
    assert "1 were left out:\n  app/broken.py: line 2: " in write(result, "text")
