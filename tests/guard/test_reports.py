"""Reports say the same in every format, and stay in one piece whatever names say."""

import datetime as dt
import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from goldenpath.guard._config import Concept, Configuration, Waiver
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._scan import scan
from goldenpath.guard.reports import _markup
from goldenpath.guard.reports._formats import FORMATS, write
from goldenpath.guard.reports._style import STYLE
from goldenpath.guard.rules._list import RULES
from tests.guard.trees import MANAGER, plant

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
        if name == "html":
            text = read(text).text
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


class Page(HTMLParser):
    """What a page shows, is made of, and would load or run."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self.tags = []
        self.attributes = []
        self.addresses = []
        self._open = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        self._open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data", "action", "xlink:href"):
                self.addresses.append(value)
            if name.startswith("on"):
                self.addresses.append(f"{name}={value}")

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self._open:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.attributes if name == tag]


def read(text):
    page = Page()
    page.feed(text)
    return page


def finding_of(code, number=0):
    return Finding(
        code=code,
        concept="manager",
        path=f"app/file_{number}.py",
        line=1,
        message=f"number {number} is wrong",
    )


@pytest.fixture
def page_of(result):
    """The page, if other things had been found in the same tree."""
    before = list(result.findings)

    def make(*findings):
        result.findings[:] = findings
        return write(result, "html")

    yield make
    result.findings[:] = before


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The page about two concepts."""
    folder = plant(tmp_path_factory.mktemp("two"), TREE)
    concepts = [
        Concept(name="manager", home="app.ws.manager:Manager"),
        Concept(name="user", home="app.users:User"),
    ]
    return write(scan(folder, concepts, Configuration(), processes=1), "html")


def test_the_page_loads_nothing_and_runs_nothing(result):
    text = write(result, "html")
    page = read(text)

    assert {"script", "link", "iframe", "img", "object", "embed"}.isdisjoint(page.tags)
    assert [one for one in page.addresses if not one.startswith("#")] == []
    assert "@import" not in text
    assert "url(" not in text


def test_the_page_forbids_itself_to_load_and_run_anything(result):
    """Before anything else that is in it."""
    first, second, *_ = read(write(result, "html")).all("meta")

    assert first == {"charset": "utf-8"}
    assert second["http-equiv"] == "Content-Security-Policy"
    assert second["content"].startswith("default-src 'none'; style-src")
    assert "script" not in second["content"]


def test_a_hostile_name_is_text_on_the_page(hostile):
    page = read(write(hostile, "html"))

    assert "script" not in page.tags
    assert "<script>alert('x')</script>&\"'U+000A::error file=x::%0A" in page.text


def test_hostile_names_of_the_tree_are_text_on_the_page(tmp_path):
    """Also where they are drawn: in the picture and in the tables."""
    name = "<img src=x onerror=alert(1)>"
    plant(
        tmp_path,
        {
            **TREE,
            f"app/{name}.py": "from app.ws import Manager\n\nHub = Manager\n",
            f"app/bad{name}.py": "from app.ws import Manager\nprint 1\n",
            "tests/test_b.py": f"""
                from app.ws import Manager

                kinds = {{}}
                kinds["{name}"] = Manager
            """,
        },
    )
    concept = Concept(name=name, home="app.ws.manager:Manager", words=(name,))
    page = read(write(scan(tmp_path, [concept], Configuration(), processes=1), "html"))

    assert "img" not in page.tags
    assert page.text.count(name) > 3
    assert f"bad{name}.py" in page.text


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x1b", "\x00", "\udcff"])
def test_what_does_not_show_is_named(page_of, character):
    """Turned and hidden letters deceive; half a character cannot even be written."""
    finding = msgspec.structs.replace(
        finding_of("GP101"), path=f"a{character}b.py", message=f"c{character}d"
    )
    text = page_of(finding)
    text.encode("utf-8")

    assert character not in text
    shown = read(text).text
    assert f"aU+{ord(character):04X}b.py" in shown
    assert f"cU+{ord(character):04X}d" in shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("app.ws:Manager", "app.|ws:|Manager"),
        ("app/ws/the_manager.py:12", "app/|ws/|the_|manager.py:12"),
        ("app/__init__.py", "app/|__init__.py"),
        ("of_the_:Manager", "of_|the_:|Manager"),
        ("TheManager", "TheManager"),
        ("TheConnectionManagerForAll", "The|Connection|Manager|For|All"),
        ("x" * 60, f"{'x' * 24}|{'x' * 24}|{'x' * 12}"),
        ("&" * 25, f"{'&amp;' * 24}|&amp;"),
        ("a.<b>.c&d", "a.&lt;b&gt;.c&amp;d"),
    ],
)
def test_long_names_may_break_between_their_words(name, shown):
    assert _markup.code(name) == f"<code>{shown.replace('|', '<wbr>')}</code>"


def test_names_over_columns_break_sooner():
    broken = "<code>Connection<wbr>Manager</code>"

    assert _markup.code("ConnectionManager", is_column=True) == broken
    assert _markup.code("ConnectionManager") == "<code>ConnectionManager</code>"


def test_prose_breaks_in_places_and_not_in_words():
    assert (
        _markup.text("0.5: a_b is app.ws:A. e") == "0.5: a_b is app.<wbr>ws:<wbr>A. e"
    )


def test_code_in_titles_of_rules_is_code(page_of):
    text = page_of(finding_of("GP112"))

    assert "`" not in text
    assert text.count("A broad <code>except</code> that turns absence") == 2
    assert not any("`" in _markup.prose(rule.title) for rule in RULES)


def test_what_is_broken_comes_first(page_of):
    text = page_of(finding_of("GP101"), finding_of("GP112"), finding_of("GP111"))
    page = read(text)

    codes = re.findall(r'id="(GP\d+)"', text)
    assert codes == ["GP111", "GP112", "GP101"]
    assert [one["href"] for one in page.all("a")] == [f"#{code}" for code in codes]
    assert "3 findings in 1 file; 1 is broken today." in page.text


def test_the_page_leaves_no_finding_out(page_of):
    """What is too much for a glance can be unfolded."""
    shown = read(page_of(*(finding_of("GP106", number) for number in range(90))))

    assert "and 70 more" in shown.text
    for number in range(90):
        assert f"app/file_{number}.py:1" in shown.text
        assert f"number {number} is wrong" in shown.text


def test_the_page_does_not_praise_what_was_only_accepted(result):
    """A baseline takes the findings away, and not the rival."""
    accepted = msgspec.structs.replace(result, findings=[], waived=[])
    text = read(write(accepted, "html")).text

    assert "nothing departs" not in text
    assert "No finding: what is shown beside the home has been accepted" in text
    assert "What was found" not in text
    assert "All findings" not in text


def test_the_page_does_not_praise_what_was_only_waived(result, clean):
    waived = msgspec.structs.replace(clean, waived=result.waived)

    assert "nothing departs" not in read(write(waived, "html")).text


def test_the_page_says_who_answers_for_what_is_waived(result):
    shown = read(write(result, "html")).text
    _, _, waived = shown.partition("What is waived")

    assert "app/old.py:3" in waived
    for said in ("customers import it", "anna", str(dt.date.max)):
        assert said in waived
    assert "1 is waived." in shown


def test_the_page_says_which_waivers_waive_nothing(result):
    (waived,) = result.waived
    changed = msgspec.structs.replace(
        result,
        waived=[],
        needless=[msgspec.structs.replace(waived.waiver, path="app/<i>.py")],
    )
    page = read(write(changed, "html"))

    assert "app/<i>.py waives nothing." in page.text
    assert "i" not in page.tags


@pytest.fixture
def clean(tmp_path):
    """A tree in which nothing departs."""
    plant(tmp_path, {"app/__init__.py": "", "app/manager.py": MANAGER})
    concept = Concept(name="manager", home="app.manager:Manager")
    return scan(tmp_path, [concept], Configuration(), processes=1)


def test_the_page_says_when_all_is_well(clean):
    text = write(clean, "html")
    shown = read(text).text

    assert "It has one home, and nothing departs from it." in shown
    assert "2 files; 1 was worth parsing, and 1 stands in a relation" in shown
    assert "No test has to change" in shown
    assert 'class="bad"' not in text


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A page with more paths and rivals than a picture can hold."""
    rival = TREE["app/other.py"]
    files = {
        f"app/rival_{number}.py": rival.replace("OtherManager", f"Manager{number}")
        for number in range(15)
    }
    for number in range(30):
        files[f"app/path_{number}.py"] = "from app.ws.manager import Manager\n"
        files[f"app/user_{number}.py"] = f"from app.path_{number} import Manager\n"
    folder = plant(tmp_path_factory.mktemp("crowd"), {**TREE, **files})
    concept = Concept(name="manager", home="app.ws.manager:Manager")
    return write(scan(folder, [concept], Configuration(), processes=1), "html")


def test_the_picture_is_small_and_the_tables_are_complete(crowded):
    _, _, rest = crowded.partition('<div class="picture">')
    picture, _, rest = rest.partition("</section>")
    tables = read(rest.partition("Circles of imports")[0]).text
    hidden = re.search(r"and (\d+) more, listed below", picture)

    assert picture.count("<li>") == 16
    assert hidden
    assert int(hidden[1]) >= 30 + 15 - 16
    for number in range(30):
        assert f"app.path_{number}:Manager" in tables
    for number in range(15):
        assert f"app.rival_{number}:Manager{number}" in tables


@pytest.mark.parametrize("which", ["result", "two", "crowded"])
def test_the_page_can_be_walked_by_its_headings(request, which):
    made = request.getfixturevalue(which)
    page = read(made if isinstance(made, str) else write(made, "html"))
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    assert levels[0] == 1
    for above, below in itertools.pairwise(levels):
        assert below <= above + 1
    assert page.all("html") == [{"lang": "en"}]
    assert ": one concept, one home?" in page.text
    for landmark in ("header", "main", "footer", "title"):
        assert page.tags.count(landmark) == 1


@pytest.mark.parametrize("which", ["result", "two", "crowded"])
def test_the_page_says_what_its_parts_are(request, which):
    """To those who cannot see them."""
    made = request.getfixturevalue(which)
    page = read(made if isinstance(made, str) else write(made, "html"))
    identifiers = [one["id"] for _, one in page.attributes if "id" in one]

    assert len(set(identifiers)) == len(identifiers)
    assert {one["href"][1:] for one in page.all("a")} == set(identifiers)
    assert all(one.get("scope") in ("row", "col") for one in page.all("th"))
    assert page.tags.count("details") == page.tags.count("summary") > 0
    for _, attributes in page.attributes:
        if "tabindex" in attributes or attributes.get("role") == "img":
            assert attributes["aria-label"]


def luminance(colour):
    """As the Web Content Accessibility Guidelines 2.2 define it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_has_contrast_enough_in_both_themes():
    light, dark = re.findall(r"--ink: [^}]+", STYLE)
    for theme in (light, dark):
        colours = dict(re.findall(r"(\w+): (#\w{6})", theme))
        grounds = [luminance(colours.pop(name)) for name in ("paper", "soft")]
        del colours["line"]
        assert set(colours) == {"ink", "dim", "good", "bad", "mark"}
        for name, colour in colours.items():
            for ground in grounds:
                less, more = sorted((luminance(colour), ground))
                assert (more + 0.05) / (less + 0.05) >= 4.5, name


# Text.


def test_the_text_report_needs_no_colour(result):
    text = write(result, "text")

    assert "\x1b" not in text
    first = result.findings[0]
    assert text.startswith(f"{first.path}:{first.line}:{first.column} {first.code} ")
    assert "manager: home app.ws.manager:Manager" in text


def test_the_text_report_says_what_was_left_out(result):
    assert "1 were left out:\n  app/broken.py: line 2: " in write(result, "text")
