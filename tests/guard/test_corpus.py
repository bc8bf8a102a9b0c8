"""How often GP101 is right on the labelled corpus, and whether its labels are sound."""

import tomllib

import judge_rivals
import pytest

from goldenpath.guard._project import Project

SPLIT = judge_rivals.split()
PACKAGES = [package for packages in SPLIT.values() for package in packages]
SEEN = [part for part in SPLIT if part != "reported"]


@pytest.fixture(scope="module")
def scores():
    return {
        part: judge_rivals.Score.of(
            verdict for package in packages for verdict in judge_rivals.judge(package)
        )
        for part, packages in SPLIT.items()
    }


@pytest.mark.parametrize("part", SEEN)
def test_hardly_anything_is_named_that_is_no_rival(scores, part):
    assert scores[part].precision >= judge_rivals.LEAST


def test_the_rivals_it_was_tuned_on_are_found(scores):
    assert scores["tuned"].recall >= judge_rivals.LEAST


def test_every_package_belongs_to_one_part():
    folders = {path.parent.name for path in judge_rivals.CORPUS.glob("*/labels.toml")}
    assert sorted(PACKAGES) == sorted(folders)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_label_is_of_a_class_that_is_there(package):
    folder = judge_rivals.CORPUS / package
    table = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
    project = Project(folder, processes=1)
    project.read(project.files)
    there = {
        (path, class_.qualified)
        for path in project.files
        for class_ in project.facts(path).classes
    }
    places = [*table["labels"], table["home"]]
    assert {judge_rivals.where_of(place, project) for place in places} <= there
    assert all(label["reason"] for label in table["labels"].values())


@pytest.mark.parametrize(("packages", "code"), [([], 0), (["one"], 1)])
def test_only_what_was_not_seen_can_fail(monkeypatch, capsys, packages, code):
    missed = judge_rivals.Verdict("one", "one:One", "rival", "it is one", None)
    parts = {part: ["one"] for part in SEEN} | {"reported": packages}
    monkeypatch.setattr(judge_rivals, "split", lambda: parts)
    monkeypatch.setattr(judge_rivals, "judge", lambda _package: [missed])
    assert judge_rivals.main([]) == code
    assert ("no packages that the rule has not seen" in capsys.readouterr().out) is (
        not packages
    )
