"""Every guarantee of the guard names tests that there are."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "explanation" / "guard-guarantees.md"


def there():
    """Return the names of the guard's tests, with their files."""
    return {
        f"{path.stem}::{node.name}"
        for path in (ROOT / "tests" / "guard").rglob("test_*.py")
        if "corpus" not in path.parts
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef)
    }


def test_each_of_the_fifteen_is_held_by_tests_that_there_are():
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", text, re.MULTILINE)

    assert [int(number) for number, _ in rows] == list(range(1, 16))
    named = {number: re.findall(r"`(\w+::\w+)`", tests) for number, tests in rows}
    assert all(named.values())
    assert {one for tests in named.values() for one in tests} - there() == set()
