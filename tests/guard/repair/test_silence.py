"""An import of the home that fails is seen to fail."""

import pytest

from goldenpath.guard.repair._silence import import_plainly
from goldenpath.guard.rules import _gp112
from tests.guard.repair.steps import Outcome
from tests.guard.trees import MANAGER

BASE = {
    "app/__init__.py": "",
    "app/home.py": MANAGER,
    "app/other.py": "class Other: pass\n",
}


@pytest.fixture
def bared(tmp_path):
    def bare(text, **base):
        files = BASE | {"app/a.py": text}
        files |= {path.replace("__", "/") + ".py": one for path, one in base.items()}
        made = Outcome(tmp_path, files, import_plainly)
        if made.texts:
            assert made.gone.keys() == {"GP112"}
            assert not list(_gp112.find(made.view))
            assert made.left == {}
        return made

    return bare


TRY = "try:\n    from app.home import Manager\nexcept "


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (f"{TRY}Exception:\n    Manager = None\n", "from app.home import Manager\n"),
        (f"{TRY}ImportError as e:\n    pass\n", "from app.home import Manager\n"),
        (
            (
                f"{TRY}ImportError:\n    pass\n"
                "except Exception:\n    Manager = None\nx = 1\n"
            ),
            "from app.home import Manager\nx = 1\n",
        ),
        (
            (
                "try:\n    from app.home import (\n        Manager,  # it\n"
                "    )  # why\n"
                "    # so\n    import app.other\n    HAS = True  # yes\n"
                "except ImportError:\n    Manager = None\n    HAS: bool = False\n"
            ),
            (
                "from app.home import (\n    Manager,  # it\n)  # why\n"
                "# so\nimport app.other\nHAS = True  # yes\n"
            ),
        ),
        (
            (
                "def f():\n    try:\n        from .home import Manager\n"
                "    except Exception:\n        Manager = None\n    return Manager\n"
            ),
            "def f():\n    from .home import Manager\n    return Manager\n",
        ),
        (
            "try: from app.home import Manager\nexcept Exception: Manager = None\n",
            "from app.home import Manager\n",
        ),
        (
            (
                "from contextlib import suppress\nwith suppress(ImportError):\n"
                "    from app.home import Manager\n"
            ),
            "from contextlib import suppress\nfrom app.home import Manager\n",
        ),
        (
            (
                "try:\n\tfrom app.home import Manager\n\timport app.other as o\n"
                "except Exception:\n\tpass\n"
            ),
            "from app.home import Manager\nimport app.other as o\n",
        ),
    ],
)
def test_the_import_stays_and_what_hides_it_goes(bared, text, becomes):
    made = bared(text)
    assert made.texts == {"app/a.py": becomes}
    assert made.what["app/a.py"].endswith("the import is seen to fail, if it does")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{TRY}Exception:\n    log(1)\n", "does more than to bind names"),
        (f"{TRY}Exception:\n    Manager = make()\n", "does more than to bind"),
        (f"{TRY}Exception:\n    from app.b import Manager\n", "does more than"),
        (f"{TRY}Exception:\n    HAS = False\n", "binds names that the import does not"),
        (f"{TRY}Exception:\n    pass\nelse:\n    x = 1\n", "an else or a finally"),
        (f"{TRY}Exception:\n    pass\nfinally:\n    x = 1\n", "an else or a finally"),
        (
            (
                "try:\n    from app.home import Manager\n    import redis\n"
                "except Exception:\n    pass\n"
            ),
            "redis may not be there",
        ),
        (
            (
                "try:\n    from app.home import Manager\n"
                "    from app.other import Gone\n"
                "except Exception:\n    pass\n"
            ),
            "app.other:Gone may not be there",
        ),
        (
            (
                "try:\n    from app.home import Manager\n    x = Manager()\n"
                "except Exception:\n    pass\n"
            ),
            "more than an import is tried",
        ),
        (
            (
                "from app.home import Manager\ntry:\n    x = Manager()\n"
                "except Exception:\n    pass\n"
            ),
            "more than an import is tried",
        ),
        (
            (
                "from contextlib import suppress\n"
                "with suppress(ImportError), open('a'):\n"
                "    from app.home import Manager\n"
            ),
            "more in the with",
        ),
        (
            (
                "from contextlib import suppress\nwith suppress(ImportError) as x:\n"
                "    from app.home import Manager\n"
            ),
            "more in the with",
        ),
    ],
)
def test_what_is_a_decision_is_left(bared, text, why):
    made = bared(text)
    assert made.texts == {}
    assert why in made.left["app/a.py"]


def test_no_import_closes_a_circle(bared):
    home = "import app.a\n\n\nclass Manager: pass\n"
    made = bared(f"{TRY}Exception:\n    Manager = None\n", app__home=home)
    assert made.texts == {}
    assert "would close a circle" in made.left["app/a.py"]

    inside = f"def f():\n    {TRY.replace(chr(10), chr(10) + '    ')}Exception: pass\n"
    assert "app/a.py" in bared(inside, app__home=home).texts


@pytest.mark.parametrize(
    "other",
    [
        "try:\n    import app.other\nexcept Exception:\n    pass\n",
        "with open('a'):\n    import app.other\n",
    ],
)
def test_what_hides_something_else_stays(bared, other):
    made = bared(f"{other}{TRY}Exception:\n    Manager = None\n")
    assert made.texts == {"app/a.py": f"{other}from app.home import Manager\n"}


def test_a_name_of_ones_own_may_be_bound_instead(bared):
    text = TRY.replace("Manager\n", "Manager as M\n")
    made = bared(f"{text}Exception:\n    M = None\n")
    assert made.texts == {"app/a.py": "from app.home import Manager as M\n"}


def test_a_group_of_errors_is_a_decision(bared):
    made = bared(TRY.replace("except ", "except* ") + "ImportError:\n    pass\n")
    assert made.texts == {}
    assert "what is caught here is a decision" in made.left["app/a.py"]


def test_what_is_made_when_it_is_asked_for_may_not_be_there(bared):
    text = TRY.replace("\nexcept", "\n    from app.lazy import x\nexcept")
    made = bared(
        f"{text}Exception:\n    pass\n", app__lazy="def __getattr__(name): return 1\n"
    )
    assert made.texts == {}
    assert "app.lazy:x may not be there" in made.left["app/a.py"]
