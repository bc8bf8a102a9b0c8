"""What classes speak of, and how that is compared."""

from pathlib import Path

import pytest

from goldenpath.guard import _likeness, _rivals
from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._likeness import LEAST_CLASSES, Crowd, kindred
from goldenpath.guard._project import Project
from goldenpath.guard._resolve import Thing
from goldenpath.guard._rivals import Rival, rivals
from goldenpath.guard._roles import Role, role_of
from goldenpath.guard._view import View

HOME = '''
"""Keeps pictures of goods in a bucket."""

import requests


class PictureStore:
    """Puts pictures of goods where the shop can show them."""

    def __init__(self, bucket):
        self.bucket = bucket
        self.sizes = {}

    def put_picture(self, article, picture):
        answer = requests.put(self.bucket + "/pictures/" + article, data=picture)
        answer.raise_for_status()
        self.sizes[article] = len(picture)
        return answer.headers["Location"]

    def picture_of(self, article):
        return requests.get(self.bucket + "/pictures/" + article).content
'''
# Not a word of its name, nor a method's, is the home's.
AGAIN = '''
"""Photos for the spring campaign; we upload them ourselves until the shop can."""

import httpx


class CampaignUploader:
    def __init__(self, address):
        self.address = address
        self.done = []

    def upload(self, item, photo):
        with httpx.Client() as client:
            reply = client.put(f"{self.address}/bucket/{item}.jpeg", content=photo)
        if reply.status_code != 200:
            raise OSError(f"the bucket refused the photo of {item}")
        self.done.append(item)
        return reply.headers["Location"]

    def download(self, item):
        return httpx.get(f"{self.address}/bucket/{item}.jpeg").content
'''
# The same last word and a method of the same name; of something else.
OTHER = """
class NumberStore:
    def __init__(self, connection):
        self.connection = connection

    def put_number(self, year, number):
        self.connection.execute("INSERT INTO numbers VALUES (?, ?)", (year, number))
        self.connection.commit()

    def number_of(self, year):
        return self.connection.execute("SELECT number FROM numbers").fetchone()
"""
CONCEPT = Concept(
    name="picture store",
    home="shop.pictures.store:PictureStore",
    words=("image upload",),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "pictures/store.py": HOME,
        "spring/campaign.py": AGAIN,
        "books/numbers.py": OTHER,
    }
    for number in range(LEAST_CLASSES):
        files[f"rest/part{number}.py"] = (
            f"class Part{number}:\n"
            f"    def weigh(self, scale):\n"
            f"        return scale.grams * {number}\n"
        )
    for name, text in files.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for folder in ("", "pictures", "spring", "books", "rest"):
        (tmp_path / "shop" / folder / "__init__.py").touch()
    return tmp_path


def view_of(tree: Path) -> View:
    return View(Project(tree, processes=1), CONCEPT, Configuration())


def named(tree: Path) -> list[str]:
    return [one.thing.name for one in rivals(view_of(tree)) if one.is_rival]


def test_who_does_the_same_is_found_by_what_it_speaks_of(tree):
    assert named(tree) == ["CampaignUploader"]


def test_its_reasons_say_what_both_speak_of(tree):
    (rival,) = (one for one in rivals(view_of(tree)) if one.is_rival)
    said = {reason.kind: reason.text for reason in rival.reasons}
    assert "bucket" in said["known"]
    assert "the web" in said["substance"]


def test_among_a_few_nothing_is_said_of_likeness(tree):
    for path in tree.glob("shop/rest/part*.py"):
        path.unlink()
    view = view_of(tree)
    assert named(tree) == []
    assert all(Crowd(view).likeness(one.thing) is None for one in rivals(view))


def test_who_works_for_the_home_is_no_rival(tree):
    path = tree / "shop/pictures/store.py"
    path.write_text(
        "from shop.spring.campaign import CampaignUploader\n" + path.read_text()
    )
    path.write_text(
        path.read_text().replace(
            "self.sizes = {}",
            "self.sizes = {}\n        self.up = CampaignUploader(bucket)",
        )
    )
    view = view_of(tree)
    crowd = Crowd(view)
    assert crowd.is_needed("shop/spring/campaign.py")
    assert not crowd.is_needed("shop/books/numbers.py")
    assert named(tree) == []


def test_a_circle_of_imports_is_walked_once(tree):
    (tree / "shop/rest/part0.py").write_text(
        "from shop.rest.part1 import Part1\nclass Part0(Part1): ...\n"
    )
    (tree / "shop/rest/part1.py").write_text(
        "from shop.rest.part0 import Part0\nclass Part1: ...\n"
    )
    rewrite(
        tree / "shop/pictures/store.py",
        ("import requests", "import requests\nfrom shop.rest.part0 import Part0"),
    )
    crowd = Crowd(view_of(tree))
    assert crowd.is_needed("shop/rest/part1.py")
    assert not crowd.is_needed("shop/rest/part2.py")


def test_of_a_large_tree_the_likeliest_files_are_read(tree, monkeypatch):
    monkeypatch.setattr(_likeness, "_SMALL_TREE", 3)
    paths = kindred(view_of(tree))
    assert "shop/spring/campaign.py" in paths
    assert "shop/rest/part0.py" not in paths


def test_a_file_that_cannot_be_read_is_passed_over(tree):
    (tree / "shop/rest/part0.py").write_text("class Part0(:\n")
    assert named(tree) == ["CampaignUploader"]


# What else is looked at.


def campaign(tree: Path) -> Rival:
    (found,) = (
        one for one in rivals(view_of(tree)) if one.thing.path.endswith("campaign.py")
    )
    return found


def kinds(rival: Rival) -> set[str]:
    return {reason.kind for reason in rival.reasons}


def rewrite(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_what_nobody_uses_is_less_likely_where_others_are_used(tree):
    assert "nobody" not in kinds(campaign(tree))
    (tree / "shop/books/covers.py").write_text(
        AGAIN.replace("CampaignUploader", "CoverUploader")
    )
    (tree / "shop/books/yearly.py").write_text(
        "from shop.books.covers import CoverUploader\n"
        "def close(cover): CoverUploader('').upload(2020, cover)\n"
    )
    unused = campaign(tree)
    assert "nobody" in kinds(unused)
    (tree / "shop/spring/send.py").write_text(
        "from shop.spring.campaign import CampaignUploader\n"
        "def send(item, photo): CampaignUploader('').upload(item, photo)\n"
    )
    used = campaign(tree)
    assert "nobody" not in kinds(used)
    assert used.made == (1, 0)
    assert sum(one.share for one in unused.reasons) < sum(
        one.share for one in used.reasons
    )


def test_who_is_called_a_report_does_something_else(tree):
    assert "other deed" not in kinds(campaign(tree))
    rewrite(tree / "shop/spring/campaign.py", ("CampaignUploader", "CampaignReport"))
    assert "other deed" in kinds(campaign(tree))


def test_a_home_that_is_called_a_report_has_rivals_that_are_too(tree):
    rewrite(tree / "shop/spring/campaign.py", ("CampaignUploader", "CampaignReport"))
    rewrite(
        tree / "shop/pictures/store.py",
        ("Puts pictures", "The report of pictures; puts pictures"),
    )
    assert "other deed" not in kinds(campaign(tree))


PORTS = (
    "from typing import Protocol\n"
    "class Pictures(Protocol):\n"
    "    def put_picture(self, {name}, picture): ...\n"
    "    def picture_of(self, {name}): ...\n"
)
# With the methods of the protocol, and its parameters.
FULFILS = (
    ("def upload(self, item, photo)", "def put_picture(self, article, picture)"),
    ("def download(self, item)", "def picture_of(self, article)"),
)
KNOWS = ("import httpx", "import httpx\nfrom shop.pictures.ports import Pictures")


def test_another_fulfilment_of_what_the_home_fulfils_is_less_likely_one(tree):
    (tree / "shop/pictures/ports.py").write_text(PORTS.format(name="article"))
    path = tree / "shop/spring/campaign.py"
    rewrite(path, *FULFILS, KNOWS, ("article", "item"))
    before = campaign(tree)
    assert before.is_rival
    assert "brothers" not in kinds(before)
    rewrite(path, ("class CampaignUploader:", "class CampaignUploader(Pictures):"))
    after = campaign(tree)
    (told,) = (one for one in after.reasons if one.kind == "brothers")
    assert "both fulfil Pictures" in told.text
    assert told.share < 0
    assert after.score < before.score + told.share / 2


@pytest.mark.parametrize(
    ("parameter", "knows", "deed", "fulfils"),
    [
        ("article", KNOWS, "def", True),
        ("article", ("import httpx", "import httpx"), "def", False),
        ("number", KNOWS, "def", False),
        ("article", KNOWS, "async def", False),
    ],
)
def test_who_knows_of_a_protocol_and_has_its_methods_fulfils_it(
    tree, parameter, knows, deed, fulfils
):
    ports = PORTS.format(name=parameter).replace("def", deed)
    (tree / "shop/pictures/ports.py").write_text(ports)
    rewrite(tree / "shop/spring/campaign.py", *FULFILS, knows)
    assert ("brothers" in kinds(campaign(tree))) is fulfils


def test_a_class_that_its_own_file_names_is_used(tree):
    (tree / "shop/books/covers.py").write_text(
        AGAIN.replace("CampaignUploader", "CoverUploader")
    )
    (tree / "shop/books/yearly.py").write_text(
        "from shop.books.covers import CoverUploader\n"
        "def close(cover): CoverUploader('').upload(2020, cover)\n"
    )
    path = tree / "shop/spring/campaign.py"
    text = path.read_text()
    for more, is_used in (
        ("\nNAME = 'CampaignUploader'\n", False),
        ("\ndef send(CampaignUploaders, item): ...\n", False),
        ("\ndef send(uploader: CampaignUploader, item): ...\n", True),
    ):
        path.write_text(text + more)
        assert ("nobody" not in kinds(campaign(tree))) is is_used


def share(rival: Rival, kind: str) -> float:
    return sum(one.share for one in rival.reasons if one.kind == kind)


def test_what_is_much_to_do_depends_on_the_tree(tree):
    before = share(campaign(tree), "substance")
    for number in range(LEAST_CLASSES):
        (tree / f"shop/rest/part{number}.py").write_text(
            f"class Part{number}:\n"
            "    def weigh(self, scale):\n" + "        scale.add(1)\n" * 40
        )
    assert share(campaign(tree), "substance") < before


def test_libraries_from_elsewhere_count_and_others_do_not(tree):
    (rival,) = (one for one in rivals(view_of(tree)) if one.is_rival)
    said = {reason.kind: reason.text for reason in rival.reasons}
    assert "httpx" in said["tools"]
    for name in ("json", "shop.books", "_httpx"):
        text = AGAIN.replace("import httpx", f"import {name} as httpx")
        (tree / "shop/spring/campaign.py").write_text(text)
        assert ("tools" in kinds(campaign(tree))) is (name == "_httpx")


def test_who_awaits_where_others_block_is_a_twin(tree):
    assert "twin" not in kinds(campaign(tree))
    rewrite(tree / "shop/spring/campaign.py", ("    def ", "    async def "))
    assert "twin" in kinds(campaign(tree))
    for number in range(LEAST_CLASSES):
        rewrite(
            tree / f"shop/rest/part{number}.py",
            ("    def weigh", "    async def put(self): return 1\n    def weigh"),
        )
    assert "twin" not in kinds(campaign(tree))


def test_the_opposite_of_the_concept_is_another_deed(tree):
    name = "CampaignDownloader"
    rewrite(tree / "shop/spring/campaign.py", ("CampaignUploader", name))
    assert "other deed" in kinds(campaign(tree))
    rewrite(tree / "shop/pictures/store.py", ("Puts pictures", "Downloads; puts"))
    assert "other deed" not in kinds(campaign(tree))


def test_one_common_word_says_little(tree):
    rewrite(tree / "shop/pictures/store.py", ("class PictureStore", "class Client"))

    def spoken(*words: str) -> float:
        concept = Concept(name="client", home="shop.pictures.store:Client", words=words)
        view = View(Project(tree, processes=1), concept, Configuration())
        (class_,) = view.facts("shop/spring/campaign.py").classes
        thing = Thing("class", "shop/spring/campaign.py", class_.name, class_.line)
        likeness = Crowd(view).likeness(thing)
        assert likeness is not None
        return likeness.spoken

    assert "Client" in AGAIN
    assert 0 < spoken() < 0.5 < spoken("photo bucket uploader")


def test_functions_that_use_a_class_speak_for_themselves(tree):
    path = tree / "shop/books/numbers.py"
    text = path.read_text()

    def spoken() -> float:
        view = view_of(tree)
        (class_,) = view.facts("shop/books/numbers.py").classes
        thing = Thing("class", "shop/books/numbers.py", class_.name, class_.line)
        likeness = Crowd(view).likeness(thing)
        assert likeness is not None
        return likeness.spoken

    before = spoken()
    used = "\ndef upload_image(store: NumberStore, picture): ...\n"
    path.write_text(text + used)
    assert spoken() == before
    path.write_text(text + used.replace(": NumberStore", ""))
    assert spoken() > before


def role(tree: Path, text: str, *words: str) -> Role:
    """Return the role of the one class of a file."""
    (tree / "shop/rest/one.py").write_text(text)
    concept = Concept(
        name=CONCEPT.name, home=CONCEPT.home, words=(*CONCEPT.words, *words)
    )
    view = View(Project(tree, processes=1), concept, Configuration())
    (class_,) = view.facts("shop/rest/one.py").classes
    thing = Thing("class", "shop/rest/one.py", class_.qualified, class_.line)
    homes = {n for n in view.resolver.methods(view.home) if not n.startswith("_")}
    methods = view.resolver.methods(thing)
    return role_of(view, thing, class_, methods=methods, homes=homes)


def test_a_concept_that_is_a_test_makes_no_stand_ins_of_its_rivals(tree):
    text = (
        "class PictureTest:\n"
        "    def choose(self, user):\n"
        "        self.last = hash(user)\n"
        "        return self.last % 2\n"
    )
    assert role(tree, text) == "fake"
    assert role(tree, text, "picture test") == "implementation"


@pytest.mark.parametrize("deed", ["__call__", "__enter__", "__aenter__"])
def test_what_is_called_or_entered_is_no_value(tree, deed):
    text = (
        "class Slowly:\n"
        "    def __init__(self, pause):\n"
        "        self.pause = pause\n"
        "    def {}(self, function):\n"
        "        return run(function, self.pause)\n"
    )
    assert role(tree, text.format("__eq__")) == "value"
    assert role(tree, text.format(deed)) == "implementation"


@pytest.mark.parametrize(
    ("attribute", "called", "expected"),
    [
        ("store", "put_picture", "adapter"),
        ("store", "append", "implementation"),
        ("camera", "put_picture", "implementation"),
    ],
)
def test_who_calls_a_namesake_as_the_home_hands_on(tree, attribute, called, expected):
    text = (
        "class OldPictures:\n"
        f"    def __init__(self, {attribute}):\n"
        f"        self.{attribute} = {attribute}\n"
        "    def keep(self, article, picture):\n"
        f"        self.{attribute}.{called}(article, picture)\n"
    )
    assert role(tree, text) == expected


MANY = """
class {name}:
    def __init__(self, inner):
        self.inner = inner
        self.done = 0

    def put_picture(self, article, picture):
        self.done += 1
        return self.inner.{called}(article, picture)

    def picture_of(self, article):
        {second}

    {third}
"""


@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        # It hands on itself, or through another method of its own.
        ("return self.inner.picture_of(article)", "", "adapter"),
        ("return self.put_picture(article, None)", "", "adapter"),
        ("return self.done", "", "implementation"),
        # And so does whatever it has not itself.
        (
            "return self.done",
            "def __getattr__(self, name): return getattr(self.inner, name)",
            "implementation",
        ),
    ],
)
def test_who_hands_on_through_its_own_methods_hands_on(tree, second, third, expected):
    text = MANY.format(name="Counted", called="put_picture", second=second, third=third)
    assert role(tree, text) == expected


def test_who_looks_for_the_rest_in_what_it_holds_need_hand_on_but_one(tree):
    text = (
        "class Timed:\n"
        "    def __init__(self, inner):\n"
        "        self.inner = inner\n"
        "        self.slow = []\n"
        "    def put_picture(self, article, picture):\n"
        "        return self.inner.put_picture(article, picture)\n"
    )
    rest = "    def __getattr__(self, name):\n        return getattr({}, name)\n"
    assert role(tree, text) == "implementation"
    assert role(tree, text + rest.format("self.inner")) == "adapter"
    assert role(tree, text + rest.format("settings")) == "implementation"


def test_what_a_class_from_elsewhere_makes_is_from_elsewhere(tree):
    text = (
        "{}\n"
        "class Papers:\n"
        "    def __init__(self):\n"
        "        self.done = 0\n"
        "    def put_picture(self, article, picture):\n"
        "        return HTML(picture).put_picture()\n"
        "    def picture_of(self, article):\n"
        "        return HTML(article).picture_of()\n"
    )
    assert role(tree, text.format("from weasyprint import HTML")) == "implementation"
    assert role(tree, text.format("from shop.rest.none import HTML")) == "adapter"


def test_in_a_large_crowd_only_who_is_given_the_same_is_a_rival(tree, monkeypatch):
    monkeypatch.setattr(_rivals, "_LARGE_CROWD", 1)
    assert named(tree) == []
    rewrite(tree / "shop/spring/campaign.py", *FULFILS)
    found = campaign(tree)
    assert found.is_rival
    assert not kinds(found) & {"crowd", "hardly alike"}
    rewrite(tree / "shop/spring/campaign.py", ("(self, article, picture)", "(self, a)"))
    assert share(campaign(tree), "crowd") < 0
