"""What classes speak of, and how that is compared."""

from pathlib import Path

import pytest

from goldenpath.guard import _likeness
from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._likeness import LEAST_CLASSES, Crowd, kindred
from goldenpath.guard._project import Project
from goldenpath.guard._rivals import rivals
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
    assert not Crowd(view_of(tree)).needs("shop/rest/part0.py")


def test_of_a_large_tree_the_likeliest_files_are_read(tree, monkeypatch):
    monkeypatch.setattr(_likeness, "_SMALL_TREE", 3)
    paths = kindred(view_of(tree))
    assert "shop/spring/campaign.py" in paths
    assert "shop/rest/part0.py" not in paths


def test_a_file_that_cannot_be_read_is_passed_over(tree):
    (tree / "shop/rest/part0.py").write_text("class Part0(:\n")
    assert named(tree) == ["CampaignUploader"]
