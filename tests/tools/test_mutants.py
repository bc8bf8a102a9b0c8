"""Every guard that can be removed is still where it is looked for."""

from pathlib import Path

import mutants
import pytest

GUARDS = mutants.read_guards()
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_is_in_the_source_exactly_once(guard, tmp_path):
    """Whoever rewrites a guard looks at its mutant: it must not go stale."""
    package = mutants.copy_source(tmp_path)
    guard.remove(package)

    for change in guard.changes:
        source = ROOT / "src" / "goldenpath" / change.file
        assert (package / change.file).read_text() != source.read_text()


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_tests_of_a_guard_are_there(guard):
    for arguments in guard.tests:
        assert (ROOT / arguments.split()[0]).exists()


def test_the_guards_have_names_of_their_own():
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    assert {
        "subscribe-before-read",
        "fence",
        "compare-and-delete",
        "origin-of-a-handshake",
        "dedupe",
    } <= {guard.name for guard in GUARDS}


@pytest.mark.parametrize("source", ["", "guard()\nguard()\n"])
def test_a_guard_that_is_not_there_once_is_stale(source):
    change = mutants.Change("a.py", "guard()\n", "")

    with pytest.raises(mutants.StaleError, match=r"a\.py has it [02] times"):
        change.applied(source)


def test_a_change_that_does_not_compile_is_no_mutant():
    """It would turn every test red."""
    with pytest.raises(SyntaxError):
        mutants.Change("a.py", "pass", "if").applied("if True:\n    pass\n")


def test_what_nobody_noticed_fails_and_is_named(monkeypatch, capsys):
    noticed = mutants.Outcome("a", ("a.py",), ("tests/t.py::test_it",), 1.0)
    missed = mutants.Outcome("b", ("b.py",), (), 2.0)
    outcomes = iter((noticed, missed))
    guards = [mutants.Guard(name, "why", ("tests",), ()) for name in "ab"]
    monkeypatch.setattr(mutants, "read_guards", lambda: guards)
    monkeypatch.setattr(mutants, "try_without_change", lambda *_: [])
    monkeypatch.setattr(mutants, "try_guard", lambda _: next(outcomes))

    assert mutants.main(["-j", "1"]) == 1
    said = capsys.readouterr().out
    assert "a      a.py  test_it     1.0" in said
    assert "b      b.py  NOBODY      2.0" in said


def test_a_stale_guard_is_neither_kept_nor_missed(monkeypatch, capsys):
    stale = mutants.Outcome("a", ("a.py",), (), 0.0, "a is stale")
    monkeypatch.setattr(mutants, "try_without_change", lambda *_: [])
    monkeypatch.setattr(mutants, "try_guard", lambda _: stale)

    assert mutants.main(["--only", "fence"]) == 2
    assert "a is stale" in capsys.readouterr().err
