"""What a project writes down is taken as meant, or refused in one sentence."""

import datetime as dt

import pytest

from goldenpath.guard._config import Concept, Configuration, concept_of, load
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._scan import scan
from tests.guard.trees import MANAGER, plant

CONCEPT = """
[[tool.goldenpath.guard.concept]]
name = "manager"
home = "app:Manager"
"""


def loaded(folder, text):
    (folder / "pyproject.toml").write_text(text, "utf-8")
    return load(folder, today=dt.date.min)


@pytest.mark.parametrize("text", ["", "[tool.other]\n", "[tool.goldenpath]\n"])
def test_a_project_that_says_nothing_has_the_defaults(tmp_path, text):
    assert loaded(tmp_path, text) == Configuration()


def test_a_folder_without_the_file_has_the_defaults(tmp_path):
    assert load(tmp_path, today=dt.date.min) == Configuration()


def test_a_concept_is_taken_as_written(tmp_path):
    found = loaded(tmp_path, CONCEPT + 'words = ["ws hub"]\nfakes = ["tests/fakes/"]\n')

    assert found.concept == (
        Concept(
            name="manager",
            home="app:Manager",
            words=("ws hub",),
            fakes=("tests/fakes/",),
        ),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.goldenpath.guard\n", "Expected ']'"),
        ("[tool]\ngoldenpath = 1\n", "'goldenpath' is no table"),
        ("[tool.goldenpath]\nguard = []\n", "'guard' is no table"),
        (
            "[tool.goldenpath.guard]\nconcpt = 1\n",
            "there is no key 'concpt'; did you mean 'concept'?",
        ),
        ("[tool.goldenpath.guard]\nqqqq = 1\n", "there is no key 'qqqq'"),
        ("[tool.goldenpath.guard]\nconcept = 1\n", "`concept` must be a list and is a"),
        (
            CONCEPT.replace("home", "hme"),
            "there is no key 'hme'; did you mean 'home'?",
        ),
        (
            CONCEPT.partition("home")[0],
            "'home' is missing in `concept[0]`",
        ),
        (
            CONCEPT + 'words = "hub"\n',
            "`concept[0].words` must be a list and is a text",
        ),
        (
            '[tool.goldenpath.guard]\nsource_roots = ["nowhere"]\n',
            "there is no folder 'nowhere'",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(tmp_path, text, message):
    with pytest.raises(ConfigurationError) as refused:
        loaded(tmp_path, text)

    said = str(refused.value)
    assert message in said
    assert said.startswith(f"{tmp_path / 'pyproject.toml'}: ")
    assert "\n" not in said


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"# \xff\n")

    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


def test_a_concept_of_the_command_line_is_named_after_its_class():
    assert concept_of(home="app.ws:WebSocketManager").name == "web socket manager"
    assert concept_of(home="app.ws:Manager", name="hub").name == "hub"


def test_a_concept_goes_by_its_name_its_class_and_its_words():
    concept = Concept(name="ws hub", home="app:WebSocketManager", words=("ws hub", ""))

    assert concept.phrases == (("ws", "hub"), ("web", "socket", "manager"))


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        ({"home": "app"}, "'app' is not of the form package.module:Class"),
        ({"home": "app:"}, "not of the form"),
        ({"home": "a-b:C"}, "not of the form"),
        ({"home": "ap.ws:Manager"}, "there is no module 'ap.ws'.*mean 'app.ws'"),
        ({"home": "app.ws:Manger"}, "has no 'Manger'; did you mean 'Manager'"),
        ({"home": "app.ws:Nothing"}, "has no 'Nothing'; it has Manager"),
        ({"home": "app.ws:LIMIT"}, "is no class: value"),
        ({"home": "app:Manager"}, "not defined there; it comes from 'app.ws:Manager'"),
        ({"home": "app.ws:path"}, "is no class: external"),
        ({"home": "app.broken:Manager"}, "app/broken.py cannot be read: line 1"),
        ({"factory": "app.ws:Manager"}, "the factory 'app.ws:Manager' is a class"),
        ({"factory": "app.ws:mak"}, "the factory 'app.ws:mak': app/ws.py has no"),
        ({"door": "app:Nothing"}, "the door 'app:Nothing' does not lead to"),
        ({"door": "nowhere:Manager"}, "the door 'nowhere:Manager' does not lead to"),
    ],
)
def test_a_concept_that_is_not_there_is_refused_with_what_is(
    tmp_path, concept, message
):
    plant(
        tmp_path,
        {
            "app/__init__.py": "from app.ws import Manager\n",
            "app/ws.py": "from os import path\n" + MANAGER.replace("\n    ", "\n"),
            "app/broken.py": "class Manager(:\n",
        },
    )
    with (tmp_path / "app/ws.py").open("a") as file:
        file.write("\nLIMIT = 1\n\n\ndef make():\n    return Manager()\n")
    table = {"name": "manager", "home": "app.ws:Manager", **concept}

    with pytest.raises(ConfigurationError, match=message):
        scan(tmp_path, [Concept(**table)], Configuration(), processes=1)


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"name": "b", "home": "app:Manager"}, "have one home"),
        ({"name": "a", "home": "app:Other"}, "two concepts are called 'a'"),
    ],
)
def test_two_entries_for_one_concept_are_refused(tmp_path, second, message):
    first = Concept(name="a", home="app:Manager")

    with pytest.raises(ConfigurationError, match=message):
        scan(tmp_path, [first, Concept(**second)], Configuration())


def test_a_rule_that_does_not_exist_cannot_be_ignored(tmp_path):
    with pytest.raises(ConfigurationError, match="no rule 'GP999' to ignore"):
        scan(tmp_path, [], Configuration(ignore=("GP999",)))
