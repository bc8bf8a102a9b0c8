"""What was made directly is made by the factory, where it can be told for whom."""

import pytest

from goldenpath.guard.repair._factory import ask_factory
from tests.guard.repair.steps import Outcome

HOME = """
    class Manager:
        def __init__(self, user=None, thread=None, *, limit=3):
            self.user = user

        async def send(self, text):
            return text
    """
FACTORY = """
    from app.home import Manager

    def manager_for(user, thread=None):
        return Manager(user, thread)
    """
BASE = {"app/__init__.py": "", "app/home.py": HOME, "app/making.py": FACTORY}
CLASS = "from app.home import Manager\n\n\n"
MADE = "from app.making import manager_for\n\n\n"
KEPT = "class A:\n    def __init__(self):\n        self.user = 1\n\n"


@pytest.fixture
def asked(tmp_path):
    def ask(files, **more):
        base = BASE | more.pop("base", {})
        files = {"app/a.py": files} if isinstance(files, str) else files
        return Outcome(
            tmp_path, base | files, ask_factory, factory="app.making:manager_for"
        )

    return ask


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(user):\n    return Manager(user)\n", "manager_for(user)"),
        ("def f(user):\n    return Manager()\n", "manager_for(user)"),
        ("def f(user):\n    return Manager(  )\n", "manager_for(user  )"),
        ("def f(x):\n    return Manager(x.id, 't')\n", "manager_for(x.id, 't')"),
        ("def f(x):\n    return Manager(user=x)\n", "manager_for(user=x)"),
        ("def f(user, t):\n    return Manager(thread=t)\n", "(thread=t, user=user)"),
        ("def f(user):\n    return Manager(thread=1,)\n", "(thread=1, user=user,)"),
        ("def f():\n    user = 1\n    return Manager()\n", "manager_for(user)"),
        ("def f():\n    for user in 'a':\n        Manager()\n", "manager_for(user)"),
        ("def f(x):\n    with x as user:\n        Manager()\n", "manager_for(user)"),
        ("f = lambda user: Manager()\n", "lambda user: manager_for(user)"),
        ("f = [Manager() for user in 'ab']\n", "[manager_for(user) for user"),
        ("def f(user):\n    return lambda: Manager()\n", "lambda: manager_for(user)"),
        (
            (
                "class A:\n    def __init__(self, x):\n        self.user = x\n\n"
                "    def f(self):\n        return Manager()\n"
            ),
            "manager_for(self.user)",
        ),
        (
            (
                "class A:\n    def __init__(self, x):\n        self.user = x\n"
                "        self.m = Manager()\n"
            ),
            "manager_for(self.user)",
        ),
        ("def f(user):\n    Manager(thread=(1))\n", "(thread=(1), user=user)"),
        (
            "def f(user):\n    Manager(thread=(\n    (1)  # )\n    ),  # (\n    )\n",
            "(thread=(\n    (1)  # )\n    ), user=user,  # (\n    )\n",
        ),
        ("def f(user, x):\n    del x\n    Manager()\n", "manager_for(user)"),
        ("class A:\n    user = 1\n    m = Manager()\n", "manager_for(user)"),
        (
            "def f(user):\n    class A:\n        def g(self):\n            Manager()\n",
            "manager_for(user)",
        ),
        (
            (
                "def f():\n    try:\n        user = 1\n        Manager()\n"
                "    except KeyError: pass\n"
            ),
            "manager_for(user)",
        ),
        ("def f(user: int = 0):\n    x = 1\n    Manager()\n", "manager_for(user)"),
        ("def f():\n    user: int = 1\n    Manager()\n", "manager_for(user)"),
        ("def f():\n    x, user = 1, 2\n    Manager()\n", "manager_for(user)"),
        (
            "def f():\n    try: pass\n    except OSError as user:\n        Manager()\n",
            "manager_for(user)",
        ),
        ("def f(user):\n    return Manager().send('')\n", "manager_for(user).send('')"),
    ],
)
def test_what_the_factory_needs_is_at_hand(asked, before, after):
    made = asked(CLASS + before)

    assert after in made.texts["app/a.py"]
    assert made.texts["app/a.py"].startswith(MADE)
    assert made.gone == {"GP106": 1}
    assert made.left == {}
    assert made.what["app/a.py"].endswith("is made by manager_for")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("m = Manager()\n", "needs user, which is not at hand"),
        ("user = 1\nm = Manager()\n", "needs user"),
        ("def f():\n    return Manager(thread=1)\n", "needs user"),
        (
            "def f(x):\n    if x:\n        user = 1\n    return Manager()\n",
            "needs user",
        ),
        ("def f():\n    m = Manager()\n    user = 1\n    return m\n", "needs user"),
        ("def f(user):\n    def g():\n        Manager()\n        user = 1\n", "needs"),
        ("def f(user):\n    del user\n    Manager()\n", "needs user"),
        ("def f():\n    user = None\n    Manager()\n", "needs user"),
        ("def f(user):\n    return (Manager)()\n", "in an unusual way"),
        ("def f(x):\n    for x[user] in 'a':\n        Manager()\n", "needs user"),
        ("def f():\n    with Manager() as user: pass\n", "needs user"),
        (f"{KEPT}    def f(self):\n        def g(self): Manager()\n", "needs user"),
        (f"{KEPT}    def f(): Manager()\n", "needs user"),
        (f"{KEPT}    def f(this): Manager()\n", "needs user"),
        (f"{KEPT}    @classmethod\n    def f(self): Manager()\n", "needs user"),
        ("def f():\n    user: int\n    Manager()\n    user = 1\n", "needs user"),
        ("def f(user):\n    class A:\n        Manager()\n        user = 1\n", "needs"),
        (
            "class A:\n    with 1 as user:\n        m = [Manager() for _ in 'a']\n",
            "needs user",
        ),
        (
            "class A:\n    if 1:\n        user = 1\n        f = lambda: Manager()\n",
            "needs",
        ),
        (
            "class A:\n    user = 1\n    class B:\n        m = Manager()\n",
            "needs user",
        ),
        (
            (
                "def f():\n    try:\n        user = 1\n    except KeyError:\n"
                "        Manager()\n"
            ),
            "needs user",
        ),
        ("def f():\n    for user in ''.x: pass\n    Manager()\n", "needs user"),
        (
            "def f():\n    for _ in '':\n        user = 1\n    else: Manager()\n",
            "needs",
        ),
        ("x = [1 for user in Manager()]\n", "needs user"),
        ("def f(user=Manager()):\n    return user\n", "needs user"),
        ("def f(user):\n    return Manager(user, limit=1)\n", "takes no 'limit'"),
        ("def f(user, x):\n    return Manager(user, **x)\n", "takes no unpacked"),
        ("def f(user, x):\n    return Manager(*x)\n", "cannot be told"),
        ("def f(user):\n    return Manager(user, 1, 2)\n", "cannot be told"),
        ("def f(user):\n    return f'{Manager(user)}'\n", "formatted string"),
        ("def manager_for(user):\n    return Manager(user)\n", "something else here"),
        (
            "Hub = Manager\n\ndef f(user):\n    return Hub(user)\n",
            "Hub is not imported",
        ),
        (
            (
                "class A:\n    def __init__(self):\n        self.m = Manager()\n"
                "        self.user = 1\n"
            ),
            "needs user",
        ),
        (
            (
                "class A:\n    def __init__(self):\n        self.user = None\n\n"
                "    def f(self):\n        return Manager()\n"
            ),
            "needs user",
        ),
        (
            (
                "class A:\n    def __init__(self):\n        self.user = 1\n\n"
                "    @staticmethod\n    def f(self):\n        return Manager()\n"
            ),
            "needs user",
        ),
        (
            "class A:\n    user = 1\n\n    def f(self):\n        return Manager()\n",
            "needs user",
        ),
    ],
)
def test_elsewhere_it_is_said_what_is_missing(asked, text, why):
    made = asked(CLASS + text)

    assert made.texts == {}
    assert why in made.left["app/a.py"]


def test_what_may_be_given_is_looked_for_where_nothing_else_is(asked):
    free = FACTORY.replace("(user, thread=None)", "(user=None, thread=None)")
    text = (
        f"{CLASS}def f(user, thread):\n    return Manager()\n\n\n"
        "def g(thread):\n    return Manager()\n\n\n"
        "def h(user, thread):\n    return Manager(user)\n\n\n"
        "def i():\n    return Manager()\n"
    )
    made = asked(text, base={"app/making.py": free})

    assert made.texts["app/a.py"] == (
        "from app.home import Manager\nfrom app.making import manager_for\n\n\n"
        "def f(user, thread):\n    return manager_for(user, thread)\n\n\n"
        "def g(thread):\n    return manager_for(thread=thread)\n\n\n"
        "def h(user, thread):\n    return manager_for(user)\n\n\n"
        "def i():\n    return Manager()\n"
    )
    assert "neither user nor thread is at hand" in made.left["app/a.py"]


def test_a_factory_that_is_asked_for_nobody_is_told_for_whom(asked):
    free = FACTORY.replace("for(user,", "for(user=None,")
    text = f"{MADE}def f(user):\n    return manager_for()\n"
    made = asked(text, base={"app/making.py": free})

    assert made.texts["app/a.py"] == text.replace("for()", "for(user)")
    assert made.gone == {"GP106": 1}


def test_a_factory_that_asks_for_nothing_is_called_as_it_is(asked):
    plain = "from app.home import Manager\n\ndef manager_for():\n    return Manager()\n"
    made = asked(CLASS + "m = Manager()\n", base={"app/making.py": plain})
    assert made.texts["app/a.py"] == f"{MADE}m = manager_for()\n"


@pytest.mark.parametrize(
    ("signature", "after"),
    [
        ("(thread=None, user=None)", "manager_for(user=x, thread=1)"),
        ("(user, *, thread=None)", "manager_for(x, thread=1)"),
        ("(*, thread=None, user)", "manager_for(user=x, thread=1)"),
        ("(thread, user, /)", None),
        ("(user, /)", None),
    ],
)
def test_arguments_go_to_the_parameters_of_their_names(asked, signature, after):
    other = FACTORY.replace("(user, thread=None)", signature)
    text = f"{CLASS}def f(x):\n    return Manager(x, 1)\n"
    made = asked(text, base={"app/making.py": other})

    if after is None:
        assert "takes no" in made.left["app/a.py"]
    else:
        assert after in made.texts["app/a.py"]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("async def f(user):\n    return Manager(user)\n", "return await manager_for("),
        (
            "async def f(user):\n    Manager(user).send(1)\n",
            "(await manager_for(user)).",
        ),
        ("async def f(user):\n    Manager(user)[0]\n", "(await manager_for(user))[0]"),
        ("def f(user):\n    return Manager(user)\n", None),
        ("async def f(user):\n    return lambda: Manager(user)\n", None),
        ("async def f(user, x=Manager(1)):\n    return x\n", None),
    ],
)
def test_an_asynchronous_factory_is_awaited(asked, text, after):
    base = {"app/making.py": FACTORY.replace("def manager", "async def manager")}
    made = asked(CLASS + text, base=base)

    if after is None:
        assert "nothing can be awaited here" in made.left["app/a.py"]
    else:
        assert after in made.texts["app/a.py"]


def test_a_decorated_factory_is_left(asked):
    base = {"app/making.py": FACTORY.replace("def manager", "@wrap\n    def manager")}
    made = asked(f"{CLASS}def f(user):\n    return Manager(user)\n", base=base)
    assert "is decorated" in made.left["app/a.py"]


@pytest.mark.parametrize(
    ("imported", "through", "becomes", "call"),
    [
        ("from .home import Manager", "Manager", "from .making import manager_for", ""),
        (
            "from app.home import Manager as M  # why",
            "M",
            "from app.making import manager_for  # why",
            "",
        ),
        (
            "from app import home",
            "home.Manager",
            "from app.making import manager_for",
            "",
        ),
        (
            "import app.home",
            "app.home.Manager",
            "import app.home\nfrom app.making import manager_for",
            "",
        ),
        ("import app.home as h", "h.Manager", "from app.making import manager_for", ""),
        (
            "import os, app.home as h",
            "h.Manager",
            "import os, app.home as h\nfrom app.making import manager_for",
            "",
        ),
        (
            "from app.home import HOME, Manager",
            "Manager",
            "from app.home import HOME\nfrom app.making import manager_for",
            "",
        ),
        (
            "from app.home import Manager\nfrom app.making import manager_for as make",
            "Manager",
            "from app.making import manager_for as make",
            "make",
        ),
    ],
)
def test_the_import_keeps_its_manner(asked, imported, through, becomes, call):
    base = {"app/home.py": HOME.replace("class", "HOME = 1\n\n    class", 1)}
    text = f"{imported}\n\ndef f(user):\n    return {through}(user)\n"
    made = asked(text, base=base)

    assert made.texts["app/a.py"] == (
        f"{becomes}\n\ndef f(user):\n    return {call or 'manager_for'}(user)\n"
    )


def test_an_import_inside_of_a_function_stays_there(asked):
    text = (
        "def f(user):\n    from .home import Manager\n\n    return Manager(user)\n\n\n"
        "def g(user):\n    from .home import Manager\n\n    return Manager(user)\n"
    )
    made = asked(text)
    assert made.texts["app/a.py"] == text.replace(
        "from .home import Manager", "from .making import manager_for"
    ).replace("Manager(user)", "manager_for(user)")


@pytest.mark.parametrize(
    "more",
    [
        {"app/a.py": "\n\ndef g(x: Manager):\n    return x\n"},
        {"app/a.py": "\n\n__all__ = ['Manager']\n"},
        {"app/b.py": "from app.a import Manager\n"},
        {"app/b.py": "import app.a\n\nx = app.a.Manager\n"},
    ],
    ids=str,
)
def test_the_class_stays_imported_where_somebody_still_wants_it(asked, more):
    files = {"app/a.py": f"{CLASS}def f(user):\n    return Manager(user)\n"}
    for path, text in more.items():
        files[path] = files.get(path, "") + text
    made = asked(files)

    assert made.texts["app/a.py"].startswith(CLASS.rstrip() + "\n" + MADE)


@pytest.mark.parametrize(
    "test",
    [
        "from unittest.mock import patch\n\nx = patch('app.a.Manager')\n",
        (
            "from unittest.mock import patch\nimport app.a\n"
            "x = patch.object(app.a, 'Manager')\n"
        ),
        (
            "import app.a\n\ndef test_it(monkeypatch):\n"
            "    monkeypatch.setattr(app.a, 'Manager', 1)\n"
        ),
    ],
)
def test_what_a_test_replaces_is_left(asked, test):
    text = f"{CLASS}def f(user):\n    return Manager(user)\n"
    made = asked({"app/a.py": text, "tests/test_a.py": test})

    assert made.texts == {}
    assert "tests/test_a.py" in made.left["app/a.py"]


REPLACED = "from unittest.mock import patch\n\nx = patch('app.home.Manager')\n"


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        (f"{CLASS}def f(user):\n    return Manager(user)\n", False),
        ("from app import home\n\ndef f(user):\n    home.Manager(user)\n", True),
        (
            "def f(user):\n    from app.home import Manager\n    Manager(user)\n",
            True,
        ),
        (
            (
                "from app.making import manager_for\n\ndef f(user):\n"
                "    from app.home import Manager\n    Manager(user)\n"
            ),
            True,
        ),
    ],
)
def test_what_a_test_replaces_at_its_home_is_left_where_that_is_seen(
    asked, text, is_left
):
    made = asked({"app/a.py": text, "tests/test_a.py": REPLACED})
    assert ("tests/test_a.py:3 replaces" in made.left.get("app/a.py", "")) is is_left
    assert ("app/a.py" in made.texts) is not is_left


def test_no_import_closes_a_circle(asked):
    base = {"app/making.py": "import app.a\n" + "".join(FACTORY.split("\n    "))}
    base["app/making.py"] = (
        "import app.a\nfrom app.home import Manager\n\n"
        "def manager_for(user):\n    return Manager(user)\n"
    )
    text = "def f(user):\n    return Manager(user)\n"
    made = asked({"app/a.py": CLASS + text}, base=base)
    assert "would close a circle" in made.left["app/a.py"]

    inside = (
        "def f(user):\n    from app.home import Manager\n    return Manager(user)\n"
    )
    made = asked({"app/a.py": inside}, base=base)
    assert "    from app.making import manager_for\n" in made.texts["app/a.py"]


def test_a_home_with_its_factory_in_one_file_needs_no_import(tmp_path):
    text = (
        "class Manager:\n    def __init__(self, user):\n        self.user = user\n\n\n"
        "def early(user):\n    return Manager(user)\n\n\n"
        "def manager_for(user):\n    return Manager(user)\n"
    )
    files = {"app/__init__.py": "", "app/home.py": text}
    made = Outcome(tmp_path, files, ask_factory, factory="app.home:manager_for")

    assert made.texts["app/home.py"] == text.replace(
        "early(user):\n    return Manager", "early(user):\n    return manager_for"
    )


def test_another_class_than_the_home_is_left(asked):
    text = CLASS + "class Hub(Manager):\n    pass\n\n\ndef f(user):\n    Hub(user)\n"
    made = asked(text)
    assert "Hub may be another object" in made.left["app/a.py"]


def test_a_concept_without_a_factory_has_nothing_to_ask(tmp_path):
    files = BASE | {"app/a.py": f"{CLASS}def f(user):\n    return Manager(user)\n"}
    made = Outcome(tmp_path, files, ask_factory)
    assert (made.texts, made.left) == ({}, {})


def test_a_factory_that_yields_is_left(asked):
    base = {"app/making.py": FACTORY.replace("return", "yield")}
    made = asked(f"{CLASS}def f(user):\n    return Manager(user)\n", base=base)
    assert "gives one by way of another" in made.left["app/a.py"]


@pytest.mark.parametrize(
    "home",
    [
        "@dataclass\nclass Manager:\n    def __init__(self, user): pass\n",
        "class Manager(metaclass=M):\n    def __init__(self, user): pass\n",
        "class Manager:\n    @wrap\n    def __init__(self, user): pass\n",
        "class Manager(Unknown):\n    pass\n",
    ],
)
def test_where_positions_say_nothing_only_names_do(asked, home):
    text = f"{CLASS}def f(user):\n    return Manager(user)\n"
    made = asked(text, base={"app/home.py": home})
    assert "by position cannot be told" in made.left["app/a.py"]

    made = asked(text.replace("(user)\n", "(user=user)\n"), base={"app/home.py": home})
    assert "return manager_for(user=user)\n" in made.texts["app/a.py"]


def test_a_home_that_is_a_function_is_asked_for_by_names(tmp_path):
    home = "def manager(user): pass\n"
    making = (
        "from app.home import manager\n\ndef make(user):\n    return manager(user)\n"
    )
    text = (
        "from app.home import manager\n\ndef f(user):\n    return manager(user=user)\n"
    )
    files = {"app/__init__.py": "", "app/home.py": home, "app/making.py": making}
    made = Outcome(
        tmp_path,
        files | {"app/a.py": text},
        ask_factory,
        home="app.home:manager",
        factory="app.making:make",
    )
    assert made.texts["app/a.py"] == (
        "from app.making import make\n\ndef f(user):\n    return make(user=user)\n"
    )


def test_what_runs_an_asynchronous_factory_goes_on_doing_so(asked):
    making = FACTORY.replace("def manager_for(user", "async def manager_for(user=None")
    text = f"import asyncio\n{MADE}def f(user):\n    asyncio.run(manager_for())\n"
    made = asked(text, base={"app/making.py": making})
    assert "asyncio.run(manager_for(user))" in made.texts["app/a.py"]


@pytest.mark.parametrize(
    "imported",
    [
        "from app.home import Manager\nfrom app.home import Manager\n",
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
            "    from app.home import Manager\n"
        ),
        "from app.home import *\n",
    ],
)
def test_a_class_that_is_not_imported_once_is_left(asked, imported):
    made = asked(f"{imported}\ndef f(user):\n    return Manager(user)\n")
    assert "Manager is not imported here once" in made.left["app/a.py"]


def test_a_factory_is_not_called_before_it_is_defined(tmp_path):
    head = (
        "class Manager:\n    def __init__(self, user):\n        self.user = user\n\n\n"
    )
    text = (
        f"{head}early = Manager(1)\n\n\n"
        "def manager_for(user):\n    return Manager(user)\n\n\n"
        "late = Manager(2)\n"
    )
    files = {"app/__init__.py": "", "app/home.py": text}
    made = Outcome(tmp_path, files, ask_factory, factory="app.home:manager_for")

    assert made.texts["app/home.py"] == text.replace("Manager(2)", "manager_for(2)")
    assert "defined further down" in made.left["app/home.py"]


KNOWN = "from app.making import manager_for as make\n"


@pytest.mark.parametrize(
    ("head", "text", "name"),
    [
        (KNOWN, "def f(user):\n    Manager(user)\n", "make"),
        (KNOWN, "m = Manager(1)\n", "make"),
        ("", f"m = Manager(1)\n{KNOWN}", "manager_for"),
        ("", f"def f(user):\n    Manager(user)\n{KNOWN}", "make"),
        ("", f"def f(user):\n    {KNOWN}    Manager(user)\n", "make"),
        ("", f"def f(user):\n    Manager(user)\n    {KNOWN}", "manager_for"),
        ("", f"def g():\n    {KNOWN}def f(user):\n    Manager(user)\n", "manager_for"),
        (f"if 1:\n    {KNOWN}", "def f(user):\n    Manager(user)\n", "manager_for"),
        (
            f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {KNOWN}",
            "def f(user):\n    Manager(user)\n",
            "manager_for",
        ),
        (f"{KNOWN}make = 1\n", "def f(user):\n    Manager(user)\n", "manager_for"),
    ],
)
def test_an_import_of_the_factory_that_is_there_serves(asked, head, text, name):
    made = asked(CLASS + head + text)
    assert f" {name}(" in made.texts["app/a.py"]
    imports = made.texts["app/a.py"].count("import manager_for\n")
    assert imports == (name == "manager_for")


def test_an_import_inside_of_a_function_is_nobody_else_s(asked):
    text = "def f(user):\n    from app.home import Manager\n    return Manager(user)\n"
    made = asked({"app/a.py": text, "app/b.py": "from app.a import Manager\n"})
    assert made.texts["app/a.py"] == text.replace(
        "from app.home import Manager", "from app.making import manager_for"
    ).replace("Manager(user)", "manager_for(user)")


def test_an_import_that_its_function_still_reads_stays_there(asked):
    text = (
        "def f(user):\n    from app.home import Manager\n"
        "    x: Manager = Manager(user)\n"
    )
    made = asked(text)
    assert made.texts["app/a.py"] == (
        "def f(user):\n    from app.home import Manager\n"
        "    from app.making import manager_for\n    x: Manager = manager_for(user)\n"
    )


def test_a_generator_as_the_only_argument_is_left(asked):
    base = {"app/making.py": FACTORY.replace("(user, thread", "(thread, user")}
    base["app/making.py"] = base["app/making.py"].replace("user=None", "user")
    base["app/home.py"] = HOME.replace("user=None, thread=None", "thread=None, user=1")
    made = asked(f"{CLASS}def f(user):\n    Manager(x for x in 'a')\n", base=base)
    assert "ends its call in an unusual way" in made.left["app/a.py"]


def test_a_factory_that_asks_for_nobody_gets_nothing_that_it_need_not_have(asked):
    base = {"app/making.py": FACTORY.replace("for(user,", "for(size=1,")}
    base["app/making.py"] = base["app/making.py"].replace("thread=None", "*, kind=2")
    text = f"{CLASS}def f(size):\n    return Manager()\n"
    made = asked(text, base=base)
    assert "return manager_for()\n" in made.texts["app/a.py"]
