"""Awaits that were lost, and those that are one too many."""

import pytest

from goldenpath.guard.repair._calls import mend_awaits
from tests.guard.repair.steps import Outcome

HOME = """
    class Manager:
        async def send(self, text):
            return text

        def count(self):
            return len([])

        def many(self):
            yield 1
    """
BASE = {"app/__init__.py": "", "app/home.py": HOME}
HEAD = "from app.home import Manager\n\n\n"


@pytest.fixture
def mended(tmp_path):
    def mend(text):
        return Outcome(tmp_path, BASE | {"app/a.py": HEAD + text}, mend_awaits)

    return mend


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m.send(1)", "await m.send(1)"),
        ("m.send(\n        1\n    )  # why", "await m.send(\n        1\n    )  # why"),
        ("m.count(); m.send(1)", "m.count(); await m.send(1)"),
        ("if m:\n        m.send(1)", "if m:\n        await m.send(1)"),
        ("Manager().send(1)", "await Manager().send(1)"),
        ("x = await m.count()", "x = m.count()"),
        ("return await m.count()", "return m.count()"),
        ("return await(m.count())", "return (m.count())"),
        ("return (await m.count()) + 1", "return (m.count()) + 1"),
        ("return (await \\\n        m.count())", "return (m.count())"),
        ("x = [await  m.count() for _ in 'a']", "x = [m.count() for _ in 'a']"),
        ("m = await Manager()", "m = Manager()"),
    ],
)
def test_an_await_is_put_in_or_taken_away(mended, before, after):
    head = "async def f(m: Manager):\n    "
    made = mended(f"{head}{before}\n")

    assert made.texts["app/a.py"] == f"{HEAD}{head}{after}\n"
    assert made.gone == {"GP111": 1}
    assert made.what["app/a.py"].endswith(("is awaited", "is not awaited any more"))
    assert made.left == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def f(m: Manager):\n    m.send(1)\n", "nothing can be awaited here"),
        (
            "async def f(m: Manager):\n    def g():\n        m.send(1)\n    return g\n",
            "nothing can be awaited here",
        ),
        ("Manager().send(1)\n", "nothing can be awaited here"),
        ("async def f(m: Manager):\n    await m.send()\n", "it lacks 'text'"),
        ("async def f(m: Manager):\n    m.send()\n", "it lacks 'text'"),
        ("async def f(m: Manager):\n    await m.many()\n", "a generator cannot be"),
        ("async def f(m: Manager):\n    await m.publish()\n", "has no 'publish'"),
        (
            "async def f(m: Manager):\n    m.count = g\n    await m.count()\n",
            "count is replaced in this file",
        ),
        (
            "async def f(m: Manager):\n    patch.object(m, 'send')\n    m.send(1)\n",
            "send is replaced in this file",
        ),
        (
            "async def f(m: Manager):\n    patch('app.x.send')\n    m.send(1)\n",
            "send is replaced in this file",
        ),
        (
            "async def f(m: Manager):\n    return f'{await m.count()}'\n",
            "formatted string",
        ),
    ],
)
def test_what_else_is_wrong_with_a_call_is_left(mended, text, why):
    made = mended(text)

    assert made.texts == {}
    assert why in made.left["app/a.py"]


def test_several_calls_of_one_file_are_mended_at_once(mended):
    text = "async def f(m: Manager):\n    m.send(1)\n    return await m.count()\n"
    made = mended(text)
    assert made.texts["app/a.py"] == (
        f"{HEAD}async def f(m: Manager):\n    await m.send(1)\n    return m.count()\n"
    )
