"""Two runs of somebody's tests, compared."""

import pytest

from goldenpath.guard.repair._outcomes import Run, compare, culprits, read_report


def run(status=0, **tests):
    return Run(status, 1.0, tests)


def test_what_fails_now_and_did_not_is_worse():
    found = compare(run(a="passed", b="failed"), run(1, a="failed", b="failed"))
    assert found.newly_failing == ("a",)
    assert found.is_worse


def test_an_error_is_as_bad_as_a_failure():
    found = compare(run(a="passed", b="error"), run(1, a="error", b="failed"))
    assert found.newly_failing == ("a",)


def test_what_failed_before_is_not():
    found = compare(run(1, a="failed"), run(1, a="failed"))
    assert not found.is_worse


def test_what_passes_the_second_time_is_flaky_and_not_worse():
    found = compare(run(a="passed"), run(1, a="failed"), run(a="passed"))
    assert (found.flaky, found.newly_failing) == (("a",), ())
    assert not found.is_worse


def test_what_passes_now_is_said():
    found = compare(run(1, a="failed"), run(a="passed"))
    assert found.newly_passing == ("a",)
    assert not found.is_worse


def test_a_test_that_is_gone_is_worse():
    found = compare(run(a="passed", b="passed"), run(a="passed"))
    assert found.missing == ("b",)
    assert found.is_worse


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (run(0), run(3), "the tests end with status 3, and ended with 0"),
        (run(0), run(None), "the tests did not end within 1 seconds"),
        (run(0, a="passed"), run(0), "the tests do not run any more"),
        (run(3), run(3), ""),
        (run(None), run(None), ""),
        (run(3), run(0), ""),
    ],
)
def test_commands_that_name_no_tests_are_told_by_their_status(before, after, reason):
    assert compare(before, after).reason == reason


def test_a_report_is_read_by_test():
    report = b"""<testsuites><testsuite>
        <testcase classname="tests.a" name="test_x"/>
        <testcase classname="tests.a" name="test_y">
          <failure message="AssertionError: no">no</failure></testcase>
        <testcase classname="tests.a" name="test_k">
          <failure message="KeyError: 1">no</failure></testcase>
        <testcase classname="tests.a" name="test_z"><skipped/></testcase>
        <testcase classname="tests.a" name="test_e"/>
        <testcase classname="tests.a" name="test_e"><error/></testcase>
        </testsuite></testsuites>"""
    assert read_report(report) == {
        "tests.a::test_x": "passed",
        "tests.a::test_y": "failed",
        "tests.a::test_z": "skipped",
        "tests.a::test_e": "error",
        "tests.a::test_k": "error",
    }


def test_half_a_report_is_an_error():
    with pytest.raises(ValueError, match="cannot be read"):
        read_report(b"<testsuites><testsu")


@pytest.mark.parametrize("bad", [[3], [0, 7], [2, 3, 5], []])
def test_culprits_are_found_by_halving(bad):
    asked = []

    def is_worse(some):
        asked.append(some)
        return any(one in bad for one in some)

    assert culprits(range(8), is_worse) == (bad or list(range(8)))
    assert len(asked) <= 14


def test_parts_that_are_bad_only_together_are_all_named():
    def is_worse(some):
        return {1, 6} <= set(some)

    assert culprits(range(8), is_worse) == list(range(8))
