"""All seven steps in one go: again and again, until what must hold holds."""

import shutil
import subprocess
import sys

import pytest

from tests.guard.repositories import HOME, git, repository
from tests.guard.trees import plant

pytestmark = [
    pytest.mark.filterwarnings("ignore:Cyclopts application invoked"),
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here"),
]

PYTEST = f"{sys.executable} -m pytest -q"
WRITTEN = "tests/test_manager_has_one_home.py"
SUBCLASS = "from app.ws.manager import Manager\n\n\nclass Late(Manager):\n    pass\n"


@pytest.fixture
def tree(tmp_path):
    return repository(tmp_path / "tree")


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A tree that was walked through, to be copied."""
    tree = repository(tmp_path_factory.mktemp("closed") / "tree")
    command = (sys.executable, "-m", "goldenpath", "guard", "remediate", tree, *HOME)
    done = subprocess.run(
        [*map(str, command), "--test-command", PYTEST],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return tree, done.stdout


@pytest.fixture
def copy(closed, tmp_path):
    return shutil.copytree(closed[0], tmp_path / "copy")


def commit(tree, files):
    plant(tree, files)
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=more")


# The walk.


def test_it_ends_with_one_path_and_seven_boxes(closed, guard):
    tree, said = closed

    assert "4. findings: 2 GP102, 2 GP103, 1 GP108 -> none" in said
    assert "5. 9 of 9 written tests pass, and turn red when" in said
    assert "6. 7 of 7 boxes hold" in said
    assert guard("scan", tree, *HOME)[0] == 0
    assert git(tree, "status", "--porcelain") == ""
    assert git(tree, "branch", "--show-current") == "goldenpath/manager\n"


def test_every_step_is_a_commit_that_says_what_was_counted(closed):
    tree, _ = closed

    subjects = git(tree, "log", "--reverse", "--format=%s", "main..").splitlines()

    assert [one.removeprefix("Give manager one home: ") for one in subjects] == [
        "write its tests",
        "move importers in the application",
        "move importers in tests, and strings",
        "remove aliases, and names that are handed on",
        "remove modules that only handed on",
        "call the home by its own name",
        "say how far it is",
    ]


def test_the_second_run_changes_nothing(copy, guard):
    before = git(copy, "log", "--format=%H")

    status, said, _ = guard("remediate", copy, *HOME)

    assert status == 0
    assert "phases with something to do: 0" in said
    assert git(copy, "log", "--format=%H") == before
    assert git(copy, "status", "--porcelain") == ""


def test_it_stops_where_a_person_must_decide_and_goes_on_from_there(guard, tree):
    commit(
        tree,
        {
            "app/late.py": SUBCLASS,
            "app/uses.py": "from app.late import Late\n\nlate = Late()\n",
        },
    )

    status, said, _ = guard("remediate", tree, *HOME, "--no-smoke")

    assert status == 1
    assert "not yet: Repair, Verify, Close" in said
    assert "1 thing left to a person; then run it again:" in said
    assert "app.late:Late" in said

    uses = "from app.ws.manager import Manager\n\nlate = Manager()\n"
    (tree / "app" / "late.py").unlink()
    commit(tree, {"app/uses.py": uses})

    status, said, _ = guard("remediate", tree, *HOME, "--no-smoke")

    assert status == 0
    assert "2. the tests are written" in said
    assert "6. 7 of 7 boxes hold" in said


def test_a_gate_that_is_shut_before_is_the_first_finding(guard, tree):
    status, said, error = guard("remediate", tree, *HOME, "--gate", "exit 3")

    assert (status, said) == (2, "")
    assert "nothing was changed, and the gate ends with status 3" in error
    assert git(tree, "branch", "--show-current") == "main\n"


def test_a_phase_that_shuts_the_gate_is_taken_back(guard, tree):
    gate = "grep -q Hub app/ws/manager.py"

    status, said, error = guard("remediate", tree, *HOME, "--gate", gate)

    assert status == 2
    assert "phase 2:" in said
    assert "phase 4 makes it worse, and was taken back:" in error
    assert "the gate ends with status 1" in error
    assert git(tree, "status", "--porcelain") == ""


# Closed, and kept so.


def test_the_alias_that_somebody_brings_back_unticks_its_boxes(copy, guard):
    assert guard("close", copy, *HOME, "--check")[0] == 0
    commit(copy, {"app/back.py": "from app.ws.manager import Manager as Hub\n"})
    commit(copy, {"app/uses.py": "from app.back import Hub\n"})

    status, said, _ = guard("close", copy, *HOME, "--check")

    assert status == 1
    assert "box 5, Verify, is ticked and does not hold" in said
    assert "it says 0 GP103, and there are 1" in said


def test_a_retired_path_that_comes_back_is_told_when_and_why(copy, guard):
    assert "\nRetired: app.hub:Manager\n" in git(copy, "log", "--format=%B")
    commit(copy, {"app/hub.py": "from app.ws.manager import Manager\n"})
    commit(copy, {"app/uses.py": "from app.hub import Manager\n"})

    status, said, _ = guard("close", copy, *HOME, "--check")

    assert status == 1
    line = next(line for line in said.splitlines() if " was retired on " in line)
    assert line.startswith("app/hub.py:1: app.hub:Manager was retired on 2")
    assert line.endswith("(Give manager one home: remove modules that only handed on), "
                         "and is back")  # fmt: skip


def test_whoever_is_behind_is_told_so(copy, guard):
    git(copy, "switch", "--quiet", "main")
    commit(copy, {"app/more.py": ""})
    git(copy, "switch", "--quiet", "goldenpath/manager")

    status, _, error = guard("close", copy, *HOME, "--check")

    assert status == 0
    assert "main has 1 commits that are not here" in error


def test_a_number_changed_in_the_text_of_the_pull_request_is_found(copy, guard):
    text = copy / "text.md"
    assert guard("close", copy, *HOME, "--pull-request", text)[0] == 0
    check = ("close", copy, *HOME, "--check", "--pull-request", text)
    assert guard(*check)[0] == 0
    said = text.read_text()
    assert "| GP102 | 2 | 0 |" in said

    text.write_text(said.replace("| GP102 | 2 | 0 |", "| GP102 | 12 | 0 |"))

    status, said, _ = guard(*check)
    assert status == 1
    assert "- | GP102 | 12 | 0 |" in said
    assert "+ | GP102 | 2 | 0 |" in said


def test_a_workflow_is_written_once(copy, guard):
    workflow = copy / ".github/workflows/goldenpath-guard.yml"
    before = workflow.read_text()
    assert "goldenpath guard scan --home app.ws.manager:Manager --format" in before
    # What it checks runs the written tests, and reads when paths were retired.
    assert "pip install goldenpath pytest\n" in before
    assert "fetch-depth: 0" in before
    workflow.write_text(before + "# ours\n")

    guard("close", copy, *HOME, "--lock")

    assert workflow.read_text().endswith("# ours\n")


# The proof of the tests.


def test_each_written_test_turns_red_when_its_violation_is_back(copy, guard):
    status, said, _ = guard("prove", copy, *HOME)

    assert status == 0
    assert said.endswith(f"{WRITTEN}: 9 of 9 tests are proved\n")
    assert git(copy, "status", "--porcelain") == ""


def test_a_test_that_cannot_fail_is_found(copy, guard):
    text = (copy / WRITTEN).read_text()
    line = '    assert takers("app/hub.py", "Manager") == []\n'
    assert line in text
    weak = text.replace(line, '    assert takers("app/hub.py", "Manager") or True\n')
    (copy / WRITTEN).write_text(weak)

    status, said, _ = guard("prove", copy, *HOME)

    assert status == 1
    assert "NOT PROVED: it is passed with the violation too" in said
    assert "8 of 9 tests are proved" in said


def test_a_test_that_still_fails_is_not_proved(guard, tree):
    guard("tests", tree, *HOME, "--write", tree / "tests")

    status, said, _ = guard("prove", tree, *HOME)

    assert status == 1
    assert "not proved: it is failed on the tree as it is" in said


def test_there_is_nothing_to_prove_before_it_was_written(guard, tree):
    status, _, error = guard("prove", tree, *HOME)

    assert status == 2
    assert "guard tests --home app.ws.manager:Manager --write FOLDER` writes" in error


# What it was, and what it is.


def test_a_repaired_tree_is_no_worse_than_it_was(copy, guard):
    status, said, _ = guard("verify", copy, *HOME, "--test-command", PYTEST)

    assert status == 0
    assert "findings: 2 GP102, 2 GP103, 1 GP108 -> none" in said
    assert "3 changed modules were imported: 0 could not be before, 0 cannot" in said
    assert "tests: 1 of 1 pass -> 10 of 10 pass" in said
    assert said.endswith("no worse than it was\n")
    assert len(git(copy, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("app/main.py", "from app.gone import Hub\n", "app.main cannot be imported"),
        ("app/main.py", "def f(:\n", "does not compile: app/main.py"),
        (
            "app/main.py",
            "from app.ws.manager import Manager\n\nManager().gone()\n",
            "new: app/main.py:3 GP111",
        ),
        (
            "tests/test_main.py",
            "def test_it_is_made():\n    assert False\n",
            "worse: tests.test_main::test_it_is_made fails",
        ),
    ],
)
def test_what_got_worse_is_named(copy, guard, path, content, says):
    (copy / path).write_text(content)

    status, said, _ = guard("verify", copy, *HOME, "--test-command", PYTEST)

    assert status == 1
    assert says in said
    assert said.endswith("worse than it was\n")


def test_nothing_is_preserved_behind_a_gate_that_was_shut_before(copy, guard):
    gate = "test ! -e app/hub.py"

    status, said, _ = guard("verify", copy, *HOME, "--gate", gate)

    assert status == 1
    assert "nothing can be called preserved" in said
    assert guard("verify", copy, *HOME, "--gate", "true")[0] == 0


def test_it_can_be_compared_with_any_commit(copy, guard):
    status, said, _ = guard("verify", copy, *HOME, "--since", "main")
    assert status == 0
    assert "changed since main" in said

    status, _, error = guard("verify", copy, *HOME, "--since", "nowhere")
    assert status == 2
    assert "nowhere" in error


# For those outside, until a day.


def test_a_module_that_warns_stays_until_its_day(guard, tree):
    arguments = ("fix", tree, *HOME, "--all", "--write")

    status, said, _ = guard(*arguments, "--deprecate", "2999-12-31")

    assert status == 0
    assert "let modules that only handed on warn until 2999-12-31" in said
    status, said, _ = guard("scan", tree, *HOME)
    assert status == 0
    assert "waived until 2999-12-31 by the module: app/hub.py" in said
    assert "nothing to do" in guard(*arguments)[1]
    code = "import app.hub; print(app.hub.Hub.__name__, app.hub.Manager.__name__)"
    done = subprocess.run(
        (sys.executable, "-W", "always", "-c", code),
        cwd=tree, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "Manager Manager\n"
    assert "DeprecationWarning: app.hub.Hub goes after 2999-12-31; import from" in (
        done.stderr
    )


def test_after_its_day_it_is_found_and_removed(guard, tree):
    guard("fix", tree, *HOME, "--all", "--write", "--deprecate", "2999-12-31")
    text = (tree / "app/hub.py").read_text().replace("2999-12-31", "2020-12-31")
    commit(tree, {"app/hub.py": text})

    status, said, _ = guard("scan", tree, *HOME)
    assert status == 1
    assert "GP108 app.hub only hands on" in said

    assert guard("fix", tree, *HOME, "--all", "--write")[0] == 0
    assert not (tree / "app/hub.py").exists()


@pytest.mark.parametrize("day", ["soon", "2020-01-01"])
def test_a_day_must_be_one_to_come(guard, tree, day):
    status, _, error = guard("fix", tree, *HOME, "--all", "--deprecate", day)

    assert status == 2
    assert f"--deprecate {day}" in error.replace("'", "")


def test_neither_the_home_nor_the_guarding_tests_are_touched(closed):
    tree, _ = closed

    def home(commit):
        return git(tree, "show", f"{commit}:app/ws/manager.py").partition("\n\nHub")[0]

    assert home("HEAD").rstrip() == home("main").rstrip()
    commits = git(tree, "log", "--format=%s", "--", WRITTEN).splitlines()
    assert commits == ["Give manager one home: write its tests"]
    ignored = git(tree, "status", "--porcelain", "--ignored").splitlines()
    assert {line.split("/")[0] for line in ignored} <= {
        "!! .goldenpath-cache", "!! .pytest_cache", "!! app", "!! tests",
    }  # fmt: skip
    assert not [one for one in tree.rglob("*") if one.suffix in (".orig", ".bak")]
