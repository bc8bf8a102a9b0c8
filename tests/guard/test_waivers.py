"""What somebody answers for does not count, until a day, and is always said."""

import datetime as dt
import json

import pytest

from goldenpath.guard._config import load
from goldenpath.guard._errors import ConfigurationError
from tests.guard.trees import MANAGER, plant

pytestmark = pytest.mark.filterwarnings("ignore:Cyclopts application invoked")

CONCEPT = """
[[tool.goldenpath.guard.concept]]
name = "manager"
home = "app.ws:Manager"
"""
WAIVER = """
[[tool.goldenpath.guard.concept.waiver]]
codes = ["GP103"]
subject = "app.ws:Hub"
reason = "customers import it"
owner = "anna"
until = {until}
"""
FAR, PAST = "2999-12-31", "2020-01-01"


@pytest.fixture
def tree(tmp_path):
    def grow(waivers):
        return plant(
            tmp_path,
            {
                "pyproject.toml": CONCEPT + waivers,
                "app/__init__.py": "",
                "app/ws.py": MANAGER + "\n    Hub = Manager\n",
                "app/main.py": "from app.ws import Hub\n\nhub = Hub()\n",
            },
        )

    return grow


def test_what_is_waived_is_said_and_does_not_count(guard, tree):
    status, said, _ = guard("scan", tree(WAIVER.format(until=FAR)))

    assert status == 0
    waived = "waived until 2999-12-31 by anna: app/ws.py:11 GP103 app.ws:Hub: customers"
    assert waived in said


def test_an_expired_one_exits_1_and_what_it_waived_counts_again(guard, tree):
    status, said, _ = guard("scan", tree(WAIVER.format(until=PAST)))

    assert status == 1
    assert "GP301 the waiver of GP103 of app.ws:Hub expired on 2020-01-01" in said
    assert "app/ws.py:11:1 GP103" in said


def test_programs_are_told_who_answers(guard, tree):
    root = tree(WAIVER.format(until=FAR))

    report = json.loads(guard("scan", root, "--format", "json")[1])
    log = json.loads(guard("scan", root, "--format", "sarif")[1])

    (one,) = report["waived"]
    assert (one["code"], one["owner"], one["until"]) == ("GP103", "anna", FAR)
    assert report["totals"]["waived"] == 1
    (result,) = log["runs"][0]["results"]
    assert result["suppressions"][0]["status"] == "accepted"


def test_one_that_waives_nothing_is_said(guard, tree):
    waiver = WAIVER.format(until=FAR).replace("Hub", "Gone")

    status, said, _ = guard("scan", tree(waiver))

    assert status == 1
    assert "the waiver of GP103 of app.ws:Gone waives nothing" in said


def test_a_repair_moves_whoever_takes_it_and_leaves_it(guard, tree):
    """It stays for those outside of the tree."""
    root = tree(WAIVER.format(until=FAR))

    status, said, _ = guard("fix", root, "--all", "--write", "--no-git", "--no-smoke")

    assert (status, said.count("phase")) == (0, 2)
    assert "Hub = Manager" in (root / "app/ws.py").read_text()
    main = "from app.ws import Manager\n\nhub = Manager()\n"
    assert (root / "app/main.py").read_text() == main


def test_the_same_report_is_not_recalled_on_the_day_after(tmp_path, tree):
    root = tree(WAIVER.format(until="2026-06-15"))

    first, second = (load(root, today=dt.date(2026, 6, day)) for day in (15, 16))

    assert first != second


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('owner = "anna"\n', "'owner' is missing"),
        ('reason = "customers import it"\n', "'reason' is missing"),
        ("until = 2999-12-31\n", "'until' is missing"),
        ('subject = "app.ws:Hub"\n', "a waiver needs codes, and a subject or a path"),
    ],
)
def test_nobody_can_waive_without_a_word(tree, line, message):
    waiver = WAIVER.format(until=FAR)
    assert line in waiver

    with pytest.raises(ConfigurationError, match=message):
        load(tree(waiver.replace(line, "")))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"anna"', '" "', "the waiver of GP103 of app.ws:Hub has no owner"),
        ('"GP103"', '"GP999"', "there is no rule 'GP999' to waive"),
        ('"GP103"', '"GP301"', "GP301 cannot be waived itself"),
        (FAR, '"soon"', "must be|Invalid|invalid"),
    ],
)
def test_a_waiver_that_makes_no_sense_is_refused(guard, tree, old, new, message):
    status, _, said = guard("scan", tree(WAIVER.format(until=FAR).replace(old, new)))

    assert status == 2
    assert any(part in said for part in message.split("|"))


def test_the_day_is_not_for_the_file(tree):
    text = "[tool.goldenpath.guard]\ntoday = 2020-01-01\n"
    root = tree("")
    (root / "pyproject.toml").write_text(text)

    with pytest.raises(ConfigurationError, match="there is no key 'today'"):
        load(root)
