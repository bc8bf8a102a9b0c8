"""Import statements in every form: what is asked for changes, and no other byte."""

import ast

import pytest

from goldenpath.guard.repair._imports import (
    Target,
    added,
    moved,
    relative,
    removed,
    without,
)
from goldenpath.guard.repair._source import Edit, EditError, Source

HOME = Target("app.home", "Manager")


def statements(source):
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom)]


def after_moving(text, name="Manager", target=HOME):
    """Move a name in every statement that has it."""
    source = Source(text if isinstance(text, bytes) else text.encode())
    edits = []
    for node in statements(source):
        moves = {one: target for one in node.names if one.name == name}
        if moves:
            edits += moved(source, node, moves)
    made = source.edited(edits)
    return made if isinstance(text, bytes) else made.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from a import Manager\n", "from app.home import Manager\n"),
        ("from a import Manager", "from app.home import Manager"),
        ("from a import Manager as M\n", "from app.home import Manager as M\n"),
        ("from ..a.b import Manager\n", "from app.home import Manager\n"),
        ("from.import Manager\n", "from app.home import Manager\n"),
        ("from . import Manager\n", "from app.home import Manager\n"),
        ("from a.importer import Manager\n", "from app.home import Manager\n"),
        ("from a import(Manager)\n", "from app.home import(Manager)\n"),
        (
            "from a import (\n    Manager,  # why\n)  # there\n",
            "from app.home import (\n    Manager,  # why\n)  # there\n",
        ),
        (
            "from a import A, Manager, B\n",
            "from a import A, B\nfrom app.home import Manager\n",
        ),
        (
            "from a import Manager, A\n",
            "from a import A\nfrom app.home import Manager\n",
        ),
        (
            "from a import A, Manager\n",
            "from a import A\nfrom app.home import Manager\n",
        ),
        (
            "from a import (A, Manager)\n",
            "from a import (A)\nfrom app.home import Manager\n",
        ),
        (
            "from a import (\n    A,\n    Manager,\n    B,\n)\n",
            "from a import (\n    A,\n    B,\n)\nfrom app.home import Manager\n",
        ),
        (
            "from a import (\n    A,\n    Manager\n)\n",
            "from a import (\n    A,\n)\nfrom app.home import Manager\n",
        ),
        (
            "from a import A, \\\n    Manager\n",
            "from a import A\nfrom app.home import Manager\n",
        ),
        (
            "import os; from a import Manager; x = 1\n",
            "import os; from app.home import Manager; x = 1\n",
        ),
        (
            "import os; from a import A, Manager; x = 1\n",
            "import os; from a import A; from app.home import Manager; x = 1\n",
        ),
        (
            "if x: from a import A, Manager\n",
            "if x: from a import A; from app.home import Manager\n",
        ),
        (
            "def f():\n\tfrom a import A, Manager  # both\n\treturn A",
            (
                "def f():\n\tfrom a import A  # both\n"
                "\tfrom app.home import Manager\n\treturn A"
            ),
        ),
        (
            "def f():\n    from a import A, Manager",
            "def f():\n    from a import A\n    from app.home import Manager",
        ),
        ("x = 'é'; from a import Manager\n", "x = 'é'; from app.home import Manager\n"),
    ],
)
def test_a_name_moves_and_nothing_else(before, after):
    assert after_moving(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b"from a import A, Manager\r\nx = 1\r\n",
            b"from a import A\r\nfrom app.home import Manager\r\nx = 1\r\n",
        ),
        (
            b"\xef\xbb\xbffrom a import Manager\n",
            b"\xef\xbb\xbffrom app.home import Manager\n",
        ),
        (
            b"# coding: latin-1\nx = '\xe9'; from a import Manager\n",
            b"# coding: latin-1\nx = '\xe9'; from app.home import Manager\n",
        ),
        (b"\x0cfrom a import Manager\n", b"\x0cfrom app.home import Manager\n"),
    ],
)
def test_encodings_and_ends_of_lines_stay(before, after):
    assert after_moving(before) == after


def test_an_alias_keeps_its_local_name():
    made = after_moving("from a import Hub, B\n", "Hub")
    assert made == "from a import B\nfrom app.home import Manager as Hub\n"
    assert after_moving("from a import Hub as Manager\n", "Hub") == (
        "from app.home import Manager\n"
    )


def test_a_name_in_the_same_module_changes_in_its_place():
    assert after_moving("from app.home import A, Hub, B\n", "Hub") == (
        "from app.home import A, Manager as Hub, B\n"
    )


def test_what_stands_between_a_name_and_its_comma_is_left_to_its_author():
    with pytest.raises(EditError, match="line 2 has more than a name"):
        after_moving("from a import (\n    Manager  # why\n    , A\n)\n")


def test_several_names_leave_at_once():
    source = Source(b"from a import A, B, C, D\n")
    (node,) = statements(source)
    edits = without(source, node, [node.names[index] for index in (0, 2, 3)])
    assert source.edited(edits) == b"from a import B\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\ny = 2\n", "y = 2\n"),
        ("x = 1  # why\ny = 2\n", "# why\ny = 2\n"),
        ("x = 1; y = 2\n", "pass; y = 2\n"),
    ],
)
def test_a_statement_goes_with_its_line(before, after):
    source = Source(before.encode())
    assert source.edited([removed(source, source.tree.body[0])]).decode() == after


@pytest.mark.parametrize(
    "block",
    [
        "def f():\n    x = 1\n",
        "try:\n    x = 1\nexcept E:\n    y\n",
        "match z:\n    case 1:\n        x = 1\n",
    ],
)
def test_a_block_is_not_left_empty(block):
    source = Source(block.encode())
    (node,) = [one for one in ast.walk(source.tree) if isinstance(one, ast.Assign)]
    made = source.edited([removed(source, node)]).decode()
    assert made == block.replace("x = 1", "pass")


def test_a_statement_is_added_in_its_block():
    source = Source(b"if a:\n    import b\nc = 1\n")
    node = source.tree.body[0].body[0]
    assert source.edited([added(source, node, "import d")]) == (
        b"if a:\n    import b\n    import d\nc = 1\n"
    )


@pytest.mark.parametrize(
    ("module", "package", "written"),
    [
        ("app.ws.manager", "app.routes", "..ws.manager"),
        ("app.ws.manager", "app.ws", ".manager"),
        ("app.ws", "app.ws", "."),
        ("app.ws", "app.ws.deep", ".."),
        ("other.ws", "app", ""),
        ("app.ws", "", ""),
    ],
)
def test_modules_are_named_relatively(module, package, written):
    assert relative(module, package) == written


def test_two_edits_of_the_same_bytes_are_refused():
    source = Source(b"abc = 1\n")
    with pytest.raises(EditError, match="line 1 would be edited twice"):
        source.edited([Edit(0, 2, b"x"), Edit(1, 3, b"y")])


def test_what_would_be_no_python_is_not_written():
    source = Source(b"a = 1\n")
    with pytest.raises(EditError, match="cannot be parsed"):
        source.edited([Edit(0, 1, b"(")])


@pytest.mark.parametrize("content", [b"a = (\n", b"# coding: no-such\n", b"\xff = 1\n"])
def test_what_cannot_be_read_is_not_edited(content):
    with pytest.raises(EditError):
        Source(content)


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("old.thing()\n", True),
        ("def f(x: 'old.Thing'): pass\n", True),
        ("'the old one'\n", False),
        ("older = 1\n", False),
        ("x.old\n", False),
    ],
)
def test_a_name_is_said_by_code_and_by_annotations_in_quotes(text, is_said):
    assert Source(text.encode()).says("old") is is_said
