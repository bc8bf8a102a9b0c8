"""The guard as people and machines run it: what it prints, and with which status."""

import json
import os
import subprocess
import sys

import pytest

from tests.guard.trees import MANAGER, plant

# It warns tests that call it without arguments by accident.
pytestmark = pytest.mark.filterwarnings("ignore:Cyclopts application invoked")

HOME = ("--home", "app.ws.manager:Manager")
TREE = {
    "app/__init__.py": "",
    "app/ws/__init__.py": "from app.ws.manager import Manager\n",
    "app/ws/manager.py": MANAGER,
    "app/main.py": "from app.ws import Manager\n",
}
CONCEPT = """
    [[tool.goldenpath.guard.concept]]
    name = "manager"
    home = "app.ws.manager:Manager"
    """


@pytest.fixture
def tree(tmp_path):
    return plant(tmp_path / "tree", TREE)


def test_findings_are_told_by_the_status(guard, tree):
    status, out, err = guard("scan", tree, *HOME)

    assert status == 1
    assert "app/ws/__init__.py:1:1 GP102 app.ws:Manager is a second import path" in out
    assert err == ""


def test_a_concept_that_keeps_its_home_is_status_0(guard, tree):
    (tree / "app/main.py").write_text("from app.ws.manager import Manager\n")

    status, out, _err = guard("scan", tree, *HOME)

    assert status == 0
    assert "0 findings in 4 files" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--home", "app.ws.manager:Manger"], "did you mean 'Manager'?"),
        (["--home", "app.ws:Manager"], "not defined there; it comes from"),
        (["--concept", "hub"], "no concept is called 'hub'"),
        ([], "names no concept\n\nhint: give one with --home"),
        ([*HOME, "--concept", "manager"], "give --concept or --home, not both"),
        (["--words", "hub"], "--words and --factory go with --home"),
        ([*HOME, "--output", "/nowhere/x"], "'/nowhere/x' cannot be written"),
        ([*HOME, "--baseline", "/nowhere"], "the baseline '/nowhere' cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    guard, tree, arguments, message
):
    status, out, err = guard("scan", tree, *arguments)

    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["scan", "tests", "baseline", "discover"])
def test_no_such_folder_is_status_2(guard, tree, command):
    arguments = () if command == "discover" else HOME

    status, out, err = guard(command, tree / "nowhere", *arguments)

    assert (status, out) == (2, "")
    assert "there is no folder" in err


def test_a_broken_configuration_is_status_2(guard, tree):
    (tree / "pyproject.toml").write_text("[tool.goldenpath.guard\n")

    status, _out, err = guard("scan", tree)

    assert status == 2
    assert "pyproject.toml: Expected ']'" in err


def test_a_concept_can_be_chosen_by_name(guard, tree):
    plant(tree, {"pyproject.toml": CONCEPT})

    assert guard("scan", tree)[0] == 1
    assert guard("scan", tree, "--concept", "manager")[0] == 1


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github", "html"])
def test_a_report_can_go_to_a_file(guard, tree, tmp_path, name):
    file = tmp_path / "report"

    status, out, _err = guard("scan", tree, *HOME, "--format", name, "--output", file)

    assert (status, out) == (1, "")
    assert "app.ws:Manager" in file.read_text("utf-8").replace("<wbr>", "")


def test_accepted_findings_are_no_findings_and_new_ones_are(guard, tree):
    status, out, _err = guard("baseline", tree, *HOME)
    assert status == 0
    assert out.startswith("1 finding is accepted in ")

    status, out, err = guard("scan", tree, *HOME)
    assert status == 0
    assert err.startswith("1 finding is accepted in ")

    plant(tree, {"app/hub.py": "from app.ws.manager import Manager\n\nHub = Manager\n"})
    status, out, _err = guard("scan", tree, *HOME)
    assert status == 1
    assert "GP103 app.hub:Hub" in out
    assert "GP102" not in out

    (tree / "app/hub.py").unlink()
    (tree / "app/main.py").unlink()
    status, _out, err = guard("scan", tree, *HOME)
    assert status == 0
    assert "1 is gone: write it again" in err


def test_a_baseline_that_is_none_is_status_2(guard, tree):
    plant(tree, {".goldenpath-baseline.json": "{}\n"})

    status, _out, err = guard("scan", tree, *HOME)

    assert status == 2
    assert "is no baseline; write one with `goldenpath guard baseline`" in err


def test_a_second_run_says_the_same(guard, tree):
    """It is remembered, and whoever asks must not see a difference."""
    assert guard("scan", tree, *HOME) == guard("scan", tree, *HOME)


@pytest.mark.parametrize(
    ("path", "content", "difference"),
    [
        ("app/main.py", "from app.ws.manager import Manager\n", "0 findings"),
        ("app/more.py", "from app.ws import Manager\n", "taken by 2"),
        ("pyproject.toml", '[tool.goldenpath.guard]\nignore = ["GP102"]\n', "0 find"),
        (".goldenpath-baseline.json", '{"accepted": []}\n', "0 findings are accepted"),
    ],
)
def test_what_has_changed_is_seen(guard, tree, path, content, difference):
    before = guard("scan", tree, *HOME)
    plant(tree, {path: content})

    after = guard("scan", tree, *HOME)

    assert difference not in "".join(before[1:])
    assert difference in "".join(after[1:])


def test_another_format_and_other_words_are_other_questions(guard, tree):
    text = guard("scan", tree, *HOME)[1]

    assert guard("scan", tree, *HOME, "--format", "github")[1] != text
    words = guard("scan", tree, *HOME, "--words", "hub", "--format", "json")[1]
    assert json.loads(words)["findings"]


def test_nothing_is_written_into_the_tree_without_a_cache(guard, tree):
    guard("scan", tree, *HOME, "--no-cache")

    assert not (tree / ".goldenpath-cache").exists()


def test_a_file_that_cannot_be_parsed_is_reported_and_not_fatal(guard, tree):
    plant(tree, {"app/old.py": 'from app.ws import Manager\nprint "no"\n'})

    status, out, _err = guard("scan", tree, *HOME)

    assert status == 1
    assert "1 were left out:\n  app/old.py: line 2: Python 2" in out


def test_concepts_are_proposed_with_the_reasons(guard, tree):
    plant(tree, {"app/b.py": "from app.ws.manager import Manager\n"})

    status, out, err = guard("discover", tree)

    assert status == 0
    assert "manager: app.ws.manager:Manager\n  2 import paths: " in out
    assert err == "1 concept proposed from 5 files\n"


def test_proposals_can_be_pasted_into_the_configuration(guard, tree):
    plant(tree, {"app/b.py": "from app.ws.manager import Manager\n"})
    toml = guard("discover", tree, "--format", "toml")[1]
    (tree / "pyproject.toml").write_text(toml)

    assert guard("scan", tree)[0] == 1


def test_the_plan_for_tests_can_be_read_by_programs(guard, tree):
    plant(
        tree,
        {
            "tests/test_it.py": """
            from app.ws.manager import Manager


            def test_it():
                assert Manager()
            """
        },
    )

    status, out, _err = guard("tests", tree, *HOME, "--format", "json")

    (file,) = json.loads(out)["files"]
    assert status == 0
    assert (file["file"], file["pattern"]) == ("tests/test_it.py", "constructor")


def test_a_rule_is_explained(guard):
    status, out, _err = guard("explain", "gp102")

    assert status == 0
    assert out.startswith("GP102: A second import path to the home\n\nWhat it finds:\n")


def test_a_rule_that_does_not_exist_is_not(guard):
    status, _out, err = guard("explain", "GP999")

    assert status == 2
    assert "there is no rule 'GP999'; there are GP101, " in err


@pytest.mark.process
def test_a_reader_who_has_seen_enough_ends_it_without_a_traceback():
    """As in ``goldenpath guard explain GP101 | head -1``."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "goldenpath", "guard", "explain", "GP101"]

    ended = subprocess.run(
        command, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(write)

    assert (ended.returncode, ended.stderr) == (1, b"")
