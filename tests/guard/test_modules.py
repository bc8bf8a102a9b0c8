"""Which file an import means, in trees of every shape."""

import pytest

from goldenpath.guard._modules import Modules


@pytest.mark.parametrize(
    ("paths", "path", "name"),
    [
        (["app/__init__.py", "app/a.py"], "app/a.py", "app.a"),
        (["app/__init__.py"], "app/__init__.py", "app"),
        (["src/app/__init__.py", "src/app/a.py"], "src/app/a.py", "app.a"),
        (["a/b/app/__init__.py", "a/b/app/c.py"], "a/b/app/c.py", "app.c"),
        (["scripts/run.py"], "scripts/run.py", "run"),
        (["run.py"], "run.py", "run"),
        (["app/__init__.py", "app/no-name.py"], "app/no-name.py", ""),
    ],
)
def test_a_file_is_known_by_the_name_that_its_packages_give_it(paths, path, name):
    assert Modules(paths).name_of(path) == name


def test_a_folder_without_a_file_of_its_own_is_a_package_all_the_same():
    modules = Modules(["main.py", "app/ws/manager.py"])

    assert modules.file_of("app.ws.manager") == "app/ws/manager.py"
    assert modules.is_package("app.ws")
    assert modules.children("app") == {"ws"}


def test_a_namespace_package_below_a_source_root():
    modules = Modules(["src/company/app/__init__.py", "src/company/app/a.py"])

    assert modules.file_of("company.app.a") == "src/company/app/a.py"


def test_of_two_alike_the_one_near_the_importer_is_meant():
    modules = Modules(
        [
            "services/one/app/__init__.py",
            "services/one/app/a.py",
            "services/two/app/__init__.py",
            "services/two/app/a.py",
        ]
    )

    for service in ("one", "two"):
        importer = f"services/{service}/app/b.py"
        expected = f"services/{service}/app/a.py"
        assert modules.file_of("app.a", importer=importer) == expected


def test_a_configured_root_names_files():
    paths = ["lib/python/run/a.py", "lib/python/run/b.py"]

    assert Modules(paths, roots=["lib/python"]).name_of(paths[0]) == "run.a"
    assert Modules(paths, roots=["./lib/python/"]).name_of(paths[0]) == "run.a"


def test_a_tree_that_is_a_package_itself():
    modules = Modules(["__init__.py", "ws/__init__.py", "ws/a.py"], package="app")

    assert modules.name_of("ws/a.py") == "app.ws.a"
    assert modules.file_of("app") == "__init__.py"


@pytest.mark.parametrize(
    ("path", "module", "level", "absolute"),
    [
        ("app/ws/a.py", "b", 0, "b"),
        ("app/ws/a.py", "b", 1, "app.ws.b"),
        ("app/ws/a.py", "", 1, "app.ws"),
        ("app/ws/a.py", "b", 2, "app.b"),
        ("app/ws/__init__.py", "b", 1, "app.ws.b"),
        ("app/ws/__init__.py", "", 2, "app"),
        ("app/ws/a.py", "b", 4, ""),
        ("run.py", "b", 1, ""),
    ],
)
def test_a_relative_import_is_counted_from_its_package(path, module, level, absolute):
    modules = Modules(
        ["app/__init__.py", "app/ws/__init__.py", "app/ws/a.py", "run.py"]
    )

    assert modules.absolute(path, module, level) == absolute


def test_what_begins_in_the_tree_is_its_own():
    modules = Modules(["app/__init__.py", "app/a.py"])

    assert modules.is_own("app.nothing")
    assert not modules.is_own("os.path")
    assert modules.file_of("app.nothing") is None


def test_all_names_of_a_file_are_known():
    modules = Modules(["src/app/__init__.py", "src/app/a.py"])

    assert set(modules.names_of("src/app/a.py")) == {"app.a", "src.app.a"}


def test_of_two_roots_above_an_importer_the_inner_one_is_meant():
    paths = ["a/run.py", "a/b/run.py", "a/b/main.py", "a/main.py"]
    modules = Modules(paths, roots=["a", "a/b"])

    assert modules.file_of("run", importer="a/b/main.py") == "a/b/run.py"
    assert modules.file_of("run", importer="a/main.py") == "a/run.py"


def test_one_name_that_is_known_names_what_lies_beside_it():
    """Packages without a file of their own do not tell where names begin."""
    paths = ["hub/exporting/files.py", "hub/billing/sheets.py", "tests/fakes.py"]
    modules = Modules(paths)

    modules.trust(paths[0], "hub.exporting.files")

    assert [modules.name_of(path) for path in paths] == [
        "hub.exporting.files", "hub.billing.sheets", "fakes",
    ]  # fmt: skip


def test_whoever_goes_up_further_than_its_best_name_has_a_longer_one():
    modules = Modules(["hub/exporting/files.py", "hub/billing/sheets.py"])

    found = modules.absolute("hub/billing/sheets.py", "exporting.files", 2)

    assert modules.file_of(found) == "hub/exporting/files.py"
