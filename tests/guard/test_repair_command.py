"""The repair as people run it: a plan, a diff, a branch with a commit a phase."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from goldenpath.guard._project import Project
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._outcomes import read_report
from goldenpath.guard.repair._phases import plan
from tests.guard.repositories import HOME, TREE, git, repository
from tests.guard.trees import MANAGER, plant, view_of

pytestmark = [
    pytest.mark.filterwarnings("ignore:Cyclopts application invoked"),
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here"),
]


@pytest.fixture
def tree(tmp_path):
    return repository(tmp_path / "tree")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A tree that was repaired, with its tests; to be copied."""
    tree = repository(tmp_path_factory.mktemp("guarded") / "tree")
    for arguments in (
        ("tests", tree, *HOME, "--write", tree / "tests"),
        ("fix", tree, *HOME, "--all", "--write", "--allow-dirty"),
    ):
        command = (sys.executable, "-m", "goldenpath", "guard", *map(str, arguments))
        subprocess.run(command, check=True, capture_output=True)
    return tree


def test_a_plan_says_what_each_phase_does_and_how_to_check_it(guard, tree):
    status, out, _ = guard("plan", tree, *HOME)

    assert status == 0
    assert "| 1 | move importers in the application | 2 | low |" in out
    assert "guard fix --home app.ws.manager:Manager --phase 1 --write" in out
    assert "* After all phases: none." in out
    assert f"Computed at commit {git(tree, 'rev-parse', '--short', 'HEAD')}"[:-1] in out
    assert git(tree, "status", "--porcelain") == ""


def test_a_plan_for_programs_lists_the_files(guard, tree):
    status, out, _ = guard("plan", tree, *HOME, "--format", "json")
    plan = json.loads(out)

    assert status == 0
    assert plan["schema_version"] == 1
    assert plan["findings"]["after"] == {}
    assert [phase["number"] for phase in plan["phases"]] == [1, 2, 4, 5, 9]
    removed = [one for phase in plan["phases"] for one in phase["files"]]
    assert [one["file"] for one in removed if one["removed"]] == ["app/hub.py"]


def test_a_plan_for_programs_has_the_fields_of_its_page(guard, tree):
    rival = MANAGER.replace("Manager", "ManagerTwo") + "\n    two = ManagerTwo()\n"
    late = "from app.ws.manager import Manager\n\n\nclass Late(Manager):\n    pass\n"
    commit(tree, {"app/two.py": rival, "app/late.py": late})
    page = Path(__file__).parents[2] / "docs" / "reference" / "guard-plan.md"
    documented = {}
    for part in page.read_text("utf-8").split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        names = re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)
        documented[title.strip("`").removeprefix("The plan")] = set(names)

    seen = {}

    def walk(value, place):
        if isinstance(value, dict):
            if not place.endswith(("findings", "before", "after")):
                seen.setdefault(place, set()).update(value)
            for key, inner in value.items():
                walk(inner, f"{place}.{key}".lstrip("."))
        elif isinstance(value, list):
            for inner in value:
                walk(inner, f"{place}[]")

    walk(json.loads(guard("plan", tree, *HOME, "--format", "json")[1]), "")
    left = seen.pop("phases[].left[]", documented["left[]"])
    assert seen == documented
    assert left == documented["left[]"]


def test_without_write_a_diff_is_shown_and_nothing_changes(guard, tree):
    status, out, _ = guard("fix", tree, *HOME, "--all")

    assert status == 0
    assert "\n-from app.hub import Hub\n" in out
    assert "\n+from app.ws.manager import Manager as Hub\n" in out
    assert "--- a/app/hub.py\n+++ /dev/null\n" in out
    assert git(tree, "status", "--porcelain") == ""


def test_every_phase_is_a_commit_on_a_branch_and_the_second_run_has_none(guard, tree):
    status, out, _ = guard("fix", tree, *HOME, "--all", "--write")

    assert status == 0
    assert git(tree, "branch", "--show-current") == "goldenpath/manager\n"
    subjects = git(tree, "log", "--format=%s").splitlines()
    assert subjects == [
        "Give manager one home: call the home by its own name",
        "Give manager one home: remove modules that only handed on",
        "Give manager one home: remove aliases, and names that are handed on",
        "Give manager one home: move importers in tests, and strings",
        "Give manager one home: move importers in the application",
        "start",
    ]
    assert "Findings after: none." in git(tree, "log", "-1", "--format=%b")
    assert git(tree, "status", "--porcelain") == ""
    assert not (tree / "app" / "hub.py").exists()
    assert guard("scan", tree, *HOME)[0] == 0

    before = git(tree, "rev-parse", "HEAD")
    status, out, _ = guard("fix", tree, *HOME, "--all", "--write")
    assert (status, out) == (0, "manager: nothing to do\n")
    assert git(tree, "rev-parse", "HEAD") == before


def test_reverting_the_commits_brings_every_byte_back(guard, tree):
    start = git(tree, "rev-parse", "HEAD").strip()
    guard("fix", tree, *HOME, "--all", "--write")
    git(tree, "revert", "--no-edit", f"{start}..HEAD")

    assert git(tree, "diff", start) == ""


def test_one_phase_alone_and_only_in_its_turn(guard, tree):
    status, _, err = guard("fix", tree, *HOME, "--phase", "2", "--write")
    assert status == 2
    assert "phase 2 stands on phase 1, which is not done yet" in err

    status, out, _ = guard("fix", tree, *HOME, "--phase", "1", "--write")
    assert out.startswith("phase 1: move importers in the application: 2 files in ")
    status, out, _ = guard("fix", tree, *HOME, "--phase", "2", "--write")
    assert out.startswith("phase 2: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give --phase NUMBER or --all"),
        (("--all", "--phase", "1"), "give --phase NUMBER or --all"),
    ],
)
def test_what_to_do_must_be_said(guard, tree, arguments, says):
    status, _, err = guard("fix", tree, *HOME, *arguments)
    assert status == 2
    assert says in err


def test_work_that_is_not_committed_is_not_mixed_with_the_repair(guard, tree):
    (tree / "app" / "main.py").write_text("from app.hub import Hub\n")

    status, _, err = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 2
    assert "changes that are not committed: app/main.py" in err
    assert git(tree, "branch", "--show-current") == "main\n"

    status, _, _ = guard("fix", tree, *HOME, "--all", "--write", "--allow-dirty")
    assert status == 0
    moved = "from app.ws.manager import Manager\n"
    assert (tree / "app" / "main.py").read_text() == moved


def test_outside_of_git_it_writes_only_when_told(guard, tmp_path):
    tree = plant(tmp_path / "bare", TREE)
    status, _, err = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 2
    assert "is not in a git repository" in err
    assert "--no-git" in err

    status, _, _ = guard("fix", tree, *HOME, "--all", "--write", "--no-git")
    assert status == 0
    assert guard("scan", tree, *HOME)[0] == 0


def test_a_commit_that_is_refused_takes_its_phase_back(guard, tree):
    hook = tree / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on my watch' >&2\nexit 1\n")
    hook.chmod(0o755)

    status, _, err = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 2
    assert "phase 1 was taken back: git commit: not on my watch" in err
    assert git(tree, "status", "--porcelain") == ""


def test_a_phase_that_was_written_and_not_committed_is_taken_back_first(guard, tree):
    repair = plan(view_of(Project(tree, processes=1), HOME[1]))
    _journal.write(tree, repair.phases[0].changes)
    assert git(tree, "status", "--porcelain") != ""

    status, out, _ = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 0
    assert "app/main.py is as it was before a run that was interrupted" in out
    assert guard("scan", tree, *HOME)[0] == 0


def test_a_phase_that_was_committed_stays_although_its_journal_is_there(guard, tree):
    repair = plan(view_of(Project(tree, processes=1), HOME[1]))
    _journal.write(tree, repair.phases[0].changes)
    git(tree, "commit", "--all", "--quiet", "--message=phase 1")

    status, out, _ = guard("fix", tree, *HOME, "--phase", "2", "--write")
    assert status == 0
    assert out.startswith("phase 2: ")
    assert git(tree, "status", "--porcelain") == ""


def test_what_a_person_must_do_is_said_and_is_status_1(guard, tree):
    (tree / "app" / "late.py").write_text(
        "from app.ws.manager import Manager\n\n\nclass Late(Manager):\n    pass\n"
    )
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=late")

    status, out, _ = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 1
    assert "left to a person" in out
    assert "app.late:Late goes by a subclass" in guard("plan", tree, *HOME)[1]


PYTEST = f"{sys.executable} -m pytest -q"


def commit(tree, files):
    plant(tree, files)
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=more")


def test_tests_that_stay_green_let_every_phase_through(guard, tree):
    status, out, err = guard(
        "fix", tree, *HOME, "--all", "--write", "--test-command", PYTEST
    )

    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 5
    assert git(tree, "status", "--porcelain") == ""


def test_a_phase_that_breaks_a_test_is_taken_back_and_its_file_is_named(guard, tree):
    test = """
        import pathlib


        def test_the_old_place_is_there():
            assert pathlib.Path("app/hub.py").exists()
        """
    commit(tree, {"tests/test_place.py": test})

    status, out, err = guard(
        "fix", tree, *HOME, "--all", "--write", "--test-command", PYTEST
    )
    assert status == 2
    assert "phase 5 makes it worse, and was taken back:" in err
    assert "tests.test_place::test_the_old_place_is_there fails" in err
    assert err.endswith("it comes from app/hub.py\n")
    assert [line[:8] for line in out.splitlines()] == [
        "phase 1:",
        "phase 2:",
        "phase 4:",
    ]
    assert git(tree, "status", "--porcelain") == ""
    assert (tree / "app" / "hub.py").exists()


def test_a_test_that_failed_before_is_not_held_against_a_phase(guard, tree):
    commit(tree, {"tests/test_red.py": "def test_red():\n    assert False\n"})

    status, _, _ = guard(
        "fix", tree, *HOME, "--all", "--write", "--test-command", PYTEST
    )
    assert status == 0


def test_tests_that_hang_after_a_phase_are_ended_and_the_phase_taken_back(guard, tree):
    command = "test -e app/hub.py || sleep 600"

    status, _, err = guard(
        *("fix", tree, *HOME, "--all", "--write"),
        *("--test-command", command, "--timeout", "2"),
    )
    assert status == 2
    assert "the tests did not end within 2 seconds" in err
    assert (tree / "app" / "hub.py").exists()
    assert git(tree, "status", "--porcelain") == ""


def test_a_module_that_cannot_be_imported_any_more_takes_the_phase_back(guard, tree):
    """Somebody counts on the old place being loaded first."""
    main = """
        import sys

        from app.hub import Hub

        assert "app.hub" in sys.modules
        """
    commit(tree, {"app/main.py": main})

    status, _, err = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 2
    assert "app.main cannot be imported any more: AssertionError" in err
    assert err.endswith("it comes from app/main.py\n")
    assert git(tree, "status", "--porcelain") == ""
    assert git(tree, "log", "-1", "--format=%s") == "more\n"


WRITTEN = "tests/test_manager_has_one_home.py"


def outcomes(tree):
    """Run the written tests as a stranger would; return the outcome of each."""
    report = tree.parent / "report.xml"
    command = (sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", WRITTEN)
    subprocess.run(command, cwd=tree, capture_output=True, check=False)
    found = read_report(report.read_bytes())
    return {name.rpartition("::")[2]: outcome for name, outcome in found.items()}


def test_written_tests_fail_until_it_is_repaired_or_hold_what_stays(guard, tree):
    status, out, _ = guard("tests", tree, *HOME, "--write", tree / "tests")

    assert status == 0
    assert "9 proved: on both sides they did what they are for" in out
    assert "0 not kept" in out
    before = outcomes(tree)
    assert before == {
        "test_gp102_app_manager": "failed",
        "test_gp102_app_hub_manager": "failed",
        "test_gp103_app_hub_hub": "failed",
        "test_gp103_app_ws_manager_hub": "failed",
        "test_gp108_app_hub": "failed",
        "test_surface_manager": "passed",
        "test_constructor_manager": "passed",
        "test_method_connect": "passed",
        "test_method_send": "passed",
    }

    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=tests")
    written = (tree / WRITTEN).read_bytes()
    status, _, _ = guard("fix", tree, *HOME, "--all", "--write")
    assert status == 0
    assert (tree / WRITTEN).read_bytes() == written
    assert set(outcomes(tree).values()) == {"passed"}


@pytest.mark.parametrize(
    ("path", "content", "name"),
    [
        (
            "app/again.py",
            "from app import Manager\n\nfrom app import Manager as M\n",
            "test_gp102_app_manager",
        ),
        ("app/again.py", "import app as a\nm = a.Manager\n", "test_gp102_app_manager"),
        ("app/again.py", "from .hub import Hub\n", "test_gp103_app_hub_hub"),
        ("app/again.py", "P = 'app.hub.Hub.send'\n", "test_gp103_app_hub_hub"),
        ("app/hub.py", "from app.ws.manager import Manager\n", "test_gp108_app_hub"),
        ("app/ws/manager.py", "class Manager:\n    pass\n", "test_surface_manager"),
    ],
)
def test_a_written_test_turns_red_when_somebody_brings_it_back(
    guarded, tmp_path, path, content, name
):
    tree = tmp_path / "tree"
    shutil.copytree(guarded, tree)
    plant(tree, {path: content})

    assert outcomes(tree)[name] == "failed"


def test_a_test_that_waits_for_a_person_is_listed_as_unproved(guard, tree):
    late = "from app.ws.manager import Manager\n\n\nclass Late(Manager):\n    pass\n"
    commit(tree, {"app/late.py": late})

    _, out, _ = guard("tests", tree, *HOME, "--write", tree / "tests")
    assert "1 unproved: they fail until a person has done something" in out
    assert "test_gp103_app_late_late  before: failed, after: failed" in out


def test_tests_are_written_into_the_tree_only(guard, tree, tmp_path):
    status, _, err = guard("tests", tree, *HOME, "--write", tmp_path / "elsewhere")

    assert status == 2
    assert "is not in the tree" in err
    assert not (tmp_path / "elsewhere").exists()


HOOKS = """
    repos:
      - repo: https://example.com/goldenpath
        rev: v1
        hooks:
          - id: goldenpath-guard
    """


def ticks(text):
    return [line[3] == "x" for line in text.splitlines() if line.startswith("- [")]


def test_boxes_tick_by_what_is_so_and_untick_when_it_is_not(guard, tree):
    tracker = tree / "REMEDIATION.md"
    status, out, _ = guard("close", tree, *HOME)
    assert status == 1
    assert ticks(out) == [True, True, False, True, False, False, False]

    guard("tests", tree, *HOME, "--write", tree / "tests")
    commit(tree, {".pre-commit-config.yaml": HOOKS})
    guard("fix", tree, *HOME, "--all", "--write")
    assert guard("close", tree, *HOME, "--check")[0] == 1, "its numbers are old"

    status, out, _ = guard("close", tree, *HOME)
    assert status == 0
    assert ticks(out) == [True] * 7
    assert "| GP102 | 2 | 0 |" in out, "what was found at first stays"
    assert out == tracker.read_text()
    assert guard("close", tree, *HOME, "--check")[0] == 0

    plant(tree, {"app/late.py": "from app.ws.manager import Manager\nHub = Manager\n"})
    status, out, _ = guard("close", tree, *HOME, "--check")
    assert status == 1
    assert "box 4, Repair, is ticked and does not hold" in out
    assert "box 5, Verify, is ticked and does not hold: 2 findings" in out
    assert "box 6, Close, is ticked and does not hold" in out
    assert "it says 0 GP103, and there are 1" in out


def test_there_is_nothing_to_check_before_it_was_written(guard, tree):
    status, _, err = guard("close", tree, *HOME, "--check")

    assert status == 2
    assert "`goldenpath guard close` writes it" in err


def test_a_number_that_somebody_changed_is_found(guard, tree):
    guard("close", tree, *HOME)
    tracker = tree / "REMEDIATION.md"
    tracker.write_text(
        tracker.read_text().replace("| GP102 | 2 | 2 |", "| GP102 | 2 | 0 |")
    )

    status, out, _ = guard("close", tree, *HOME, "--check")
    assert status == 1
    assert "it says 0 GP102, and there are 2" in out


ROOT = Path(__file__).parents[2]


def test_the_hook_calls_what_there_is():
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()

    assert "entry: goldenpath guard scan\n" in hook
    assert "id: goldenpath-guard\n" in hook


def test_the_action_annotates_and_fails_for_a_concept_of_two_words(tmp_path):
    """Its own lines, run as a runner runs them."""
    concept = (
        '[[tool.goldenpath.guard.concept]]\nname = "socket manager"\n'
        f'home = "{HOME[1]}"\n'
    )
    tree = plant(tmp_path / "a tree", {**TREE, "pyproject.toml": concept})
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "goldenpath"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m goldenpath "$@"\n')
    command.chmod(0o755)
    action = (ROOT / "action.yml").read_text()
    script = textwrap.dedent(action.rpartition("run: |\n")[2])
    done = subprocess.run(
        ("bash", "-e", "-c", script),
        env=os.environ
        | {
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
            "TREE": str(tree),
            "ARGUMENTS": '--concept "socket manager"',
            "SARIF": str(tmp_path / "found.sarif"),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert "::error file=app/__init__.py" in done.stdout
    assert json.loads((tmp_path / "found.sarif").read_text())["runs"]
