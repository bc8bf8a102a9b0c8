"""What settings name counts like an import."""

import pytest

from goldenpath.guard._config import Configuration, concept_of
from goldenpath.guard._entry_points import EntryPoint, in_pyproject, in_setup_cfg
from goldenpath.guard._scan import scan
from goldenpath.guard.repair._phases import plan
from tests.guard.trees import MANAGER, plant, project_of, view_of

PYPROJECT = """
[project]
name = "app"

[project.scripts]
app = "app.cli:main"

[project.gui-scripts]
window = "app.window"

[project.entry-points."app.plugins"]
hub = "app.hub:Hub.make [extra]"

[tool.poetry.scripts]
old = "app.old:run"
told = { reference = "app.told:run", type = "console" }
"""
SETUP = """
[options.entry_points]
console_scripts =
    app = app.cli:main
app.plugins =
    hub=app.hub:Hub
"""
TREE = {
    "app/__init__.py": "",
    "app/manager.py": MANAGER,
    "app/hub.py": "from app.manager import Manager\n",
    "app/main.py": "from app.hub import Manager\n",
}
CONCEPT = concept_of(home="app.manager:Manager")


def names(text):
    return (
        '[project]\nname = "app"\n\n[project.entry-points."app.plugins"]\n'
        f'hub = "{text}"\n'
    )


def found_in(folder, files):
    result = scan(plant(folder, files), [CONCEPT], Configuration(), processes=1)
    return {finding.code: finding for finding in result.findings}


def test_tables_of_pyproject_are_read():
    assert in_pyproject(PYPROJECT) == [
        EntryPoint("pyproject.toml", 6, "scripts", "app.cli", "main"),
        EntryPoint("pyproject.toml", 9, "gui-scripts", "app.window", ""),
        EntryPoint("pyproject.toml", 12, "app.plugins", "app.hub", "Hub.make"),
        EntryPoint("pyproject.toml", 15, "tool.poetry.scripts", "app.old", "run"),
        EntryPoint("pyproject.toml", 16, "tool.poetry.scripts", "app.told", "run"),
    ]


def test_so_is_setup_cfg():
    assert in_setup_cfg(SETUP) == [
        EntryPoint("setup.cfg", 4, "console_scripts", "app.cli", "main"),
        EntryPoint("setup.cfg", 6, "app.plugins", "app.hub", "Hub"),
    ]


@pytest.mark.parametrize(
    "text",
    ["[project", "project = 3", '[project]\nscripts = "x"', "[project.scripts]\na = 1"],
)
def test_settings_that_make_no_sense_name_nothing(text):
    assert in_pyproject(text) == []


def test_settings_of_setup_cfg_that_make_no_sense_name_nothing():
    assert in_setup_cfg("= 1\n[") == []


def test_an_entry_point_takes_a_path(tmp_path):
    files = {**TREE, "app/main.py": "", "pyproject.toml": names("app.hub:Manager")}
    finding = found_in(tmp_path, files)["GP102"]

    assert "taken by 1 in the application" in finding.message
    assert ("pyproject.toml", 5) in [(one.path, one.line) for one in finding.evidence]


def test_one_that_leads_nowhere_is_dangling(tmp_path):
    files = {**TREE, "pyproject.toml": names("app.gone:Manager")}
    finding = found_in(tmp_path, files)["GP110"]

    assert (finding.path, finding.line) == ("pyproject.toml", 5)
    assert "the entry point app.gone.Manager of app.plugins leads nowhere" in (
        finding.message
    )


def test_one_that_leads_to_the_home_is_none(tmp_path):
    files = {**TREE, "pyproject.toml": names("app.manager:Manager")}
    assert "GP110" not in found_in(tmp_path, files)


def test_a_repair_leaves_it_to_a_person_and_keeps_what_it_names(tmp_path):
    files = {**TREE, "pyproject.toml": names("app.hub:Manager")}
    repair = plan(view_of(project_of(tmp_path, files), CONCEPT.home))

    assert list(repair.contents) == ["app/main.py"]
    assert ("pyproject.toml", 5) in [(one.path, one.line) for one in repair.left]


def test_without_it_the_module_goes(tmp_path):
    repair = plan(view_of(project_of(tmp_path, TREE), CONCEPT.home))
    assert repair.contents["app/hub.py"] is None


def test_one_that_names_a_rival_keeps_it_alive(tmp_path):
    rival = MANAGER.replace("Manager", "OldManager")
    files = {**TREE, "app/rival.py": rival}
    assert "GP109" in found_in(tmp_path, files)

    named = {"pyproject.toml": names("app.rival:OldManager")}
    assert "GP109" not in found_in(tmp_path, named)


def test_one_that_names_something_else_keeps_the_module_as_well(tmp_path):
    files = {**TREE, "pyproject.toml": names("app.hub:other")}
    repair = plan(view_of(project_of(tmp_path, files), CONCEPT.home))

    assert "app/hub.py" not in repair.contents
