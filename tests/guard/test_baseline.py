"""Findings that are accepted stay accepted when lines move, and only those."""

import pytest

from goldenpath.guard._baseline import apply, load, save
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._findings import Finding
from tests.guard.trees import MANAGER, plant


def finding(line=1, **changed):
    given = {
        "code": "GP102",
        "concept": "manager",
        "path": "app/a.py",
        "message": "a second path",
        "subject": "app:Manager",
        **changed,
    }
    return Finding(line=line, **given)


def test_what_was_accepted_is_accepted_although_lines_move(tmp_path):
    save(tmp_path / "b.json", [finding(line=3)])

    new, known, gone = apply([finding(line=30)], load(tmp_path / "b.json"))

    assert (new, known, gone) == ([], 1, 0)


@pytest.mark.parametrize(
    "changed",
    [{"code": "GP103"}, {"path": "app/b.py"}, {"subject": "b:C"}, {"concept": "c"}],
)
def test_another_finding_is_new(tmp_path, changed):
    save(tmp_path / "b.json", [finding()])
    other = finding(**changed)

    assert apply([other], load(tmp_path / "b.json")) == ([other], 0, 1)


def test_one_more_of_the_same_is_new(tmp_path):
    """Two alike were accepted; a third one is not."""
    assert save(tmp_path / "b.json", [finding(line=1), finding(line=2)]) == 2

    three = [finding(line=n) for n in (1, 2, 3)]
    new, known, gone = apply(three, load(tmp_path / "b.json"))

    assert (new, known, gone) == (three[2:], 2, 0)


def test_what_is_gone_is_counted_so_that_it_can_shrink(tmp_path):
    save(tmp_path / "b.json", [finding(line=1), finding(line=2)])

    assert apply([finding()], load(tmp_path / "b.json")) == ([], 1, 1)


def test_the_file_is_the_same_for_the_same_findings(tmp_path):
    """So that a version control shows what has changed, and nothing else."""
    some = [finding(), finding(subject="b:C"), finding(code="GP101")]
    save(tmp_path / "a.json", some)
    save(tmp_path / "b.json", reversed(some))

    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"accepted": [{}]}', '{"accepted": 1}']
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path, text):
    (tmp_path / "b.json").write_text(text)

    with pytest.raises(ConfigurationError, match="is no baseline; write one with"):
        load(tmp_path / "b.json")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        load(tmp_path / "b.json")


@pytest.mark.filterwarnings("ignore:Cyclopts application invoked")
def test_in_ci_it_can_only_shrink(guard, tmp_path):
    home = ("--home", "app.ws:Manager")
    hub, other = tmp_path / "app/hub.py", tmp_path / "app/other.py"
    alias = "from app.ws import Manager\n\nHub = Manager\n"
    plant(tmp_path, {"app/__init__.py": "", "app/ws.py": MANAGER, "app/hub.py": alias})
    assert guard("baseline", tmp_path, *home)[1].startswith("2 findings are accepted")
    hub.write_text("")
    other.write_text(alias)

    status, said, _ = guard("baseline", tmp_path, *home, "--shrink")

    assert status == 1
    assert said.startswith("0 findings are accepted")
    assert "2 are new, and not accepted" in said
    assert guard("scan", tmp_path, *home)[0] == 1
