"""Every rule on every page of cases, the misleading ones included."""

import pytest

from goldenpath.guard.rules._list import RULES
from tests.guard.pages import CASES, cases

PAGES = sorted(CASES.glob("*.md"))


@pytest.mark.parametrize(
    "case", [case for page in PAGES for case in cases(page)], ids=repr
)
def test_a_case_is_judged_as_its_page_says(case, tmp_path):
    assert case.complaints(tmp_path) == []


def test_every_rule_has_a_page_of_ten_cases():
    """Also for those who want to know what it does in their case."""
    counted = {page.stem.upper(): len(list(cases(page))) for page in PAGES}
    assert {code for code, count in counted.items() if count < 10} == set()
    assert counted.keys() == {rule.code for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_all_there_is_to_know(rule):
    headings = (
        "What it finds:",
        "Why it matters:",
        "Example:",
        "What to do instead:",
        "Is the fix safe?",
        "When to allow it:",
    )
    places = [rule.text.find(heading) for heading in headings]
    assert -1 not in places
    assert places == sorted(places)
