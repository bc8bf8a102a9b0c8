"""The tutorial of a remediation prints what it says: all of it is done once."""

import difflib
import shutil

import gen_walk
import pytest

PAGE = gen_walk.ROOT / gen_walk.PAGE


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
@pytest.mark.timeout(600)  # half a minute, on a machine that does nothing else
def test_the_walk_is_as_it_was_recorded() -> None:
    told = PAGE.read_text("utf-8")

    done = gen_walk.walked(told)

    lines = told.splitlines(), done.splitlines()
    wrong = difflib.unified_diff(*lines, "the page", "now", n=1, lineterm="")
    assert told == done, "`python tools/gen_walk.py` records\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("told", "said", "is_so"),
    [
        ("2 findings\n", "2 findings\n", True),
        ("2 findings\n", "3 findings\n", False),
        ("phase 1 in 4353be5\n", "phase 1 in 9e00c68\n", True),
        ("8 passed in 0.04s\n", "8 passed in 1.22s\n", True),
        ("8 passed in 0.04s\n", "7 passed in 0.04s\n", False),
        ("retired on 2026-11-25\n", "retired on 2027-01-02\n", True),
        ("first\n…\nlast\n", "first\nsecond\nthird\nlast\n", True),
        ("first\n…\nlast\n", "first\nsecond\n", False),
        ("", "something\n", False),
    ],
)
def test_only_commits_days_and_times_may_differ(told, said, is_so) -> None:
    assert gen_walk.is_told(told, said) is is_so


def test_what_a_command_prints_now_replaces_what_is_not_so() -> None:
    page = "```console\n$ echo one; (exit 3)\ntwo\n$ echo $?\n…\n```\n"

    assert gen_walk.walked(page) == page.replace("two", "one")
    assert "\n3\n```" in gen_walk.walked(page.replace("…", "0"))
