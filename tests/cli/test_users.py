"""Who may log in: added, listed, changed, while nothing is served."""

import asyncio
import json
import os
import pty
import subprocess
import sys
import time

import pytest

from goldenpath._manager import WebSocketManager
from goldenpath.auth import Passwords, Users
from goldenpath.storage import Database

PASSWORD = "correct horse"


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("GOLDENPATH_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def add(goldenpath, data):
    def add(name, password=PASSWORD):
        return goldenpath("users", "add", name, "--password-stdin", stdin=password)

    return add


async def _opens(data, name, password):
    async with Database(WebSocketManager.database_path(data)) as database:
        passwords = Passwords()
        user = await Users(database, passwords).find(name)
        return await passwords.verify(password, user.password_hash)


def test_who_was_added_is_listed(goldenpath, add):
    added = add("Ada")
    add("bob")
    listed = goldenpath("users", "list")

    assert (added.code, added.out, added.err) == (0, "", "ada may log in\n")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    assert listed.code == 0
    assert listed.out.splitlines() == [
        f"ada  enabled   since {day}",
        f"bob  enabled   since {day}",
    ]
    assert listed.err == ""


def test_a_list_in_json_holds_no_secret(goldenpath, add):
    add("ada")

    (user,) = json.loads(goldenpath("users", "list", "--json").out)

    assert user.keys() == {"id", "name", "is_disabled", "created_at"}
    assert user["name"] == "ada"
    assert user["is_disabled"] is False
    assert abs(user["created_at"] - time.time()) < 60


def test_nobody_is_added_twice(goldenpath, add):
    add("ada")

    again = add("ADA", "another password")

    assert again.code == 2
    assert again.err == "goldenpath: there is a user 'ada' already\n"
    assert len(json.loads(goldenpath("users", "list", "--json").out)) == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb", "\u202eada"])
def test_a_name_that_nobody_can_have_is_refused(add, name):
    outcome = add(name)

    assert outcome.code == 2
    assert outcome.err.startswith("goldenpath: the name ")


@pytest.mark.parametrize("password", ["x" * 2000, "\ud800"])
def test_a_password_that_nobody_can_have_is_refused_and_not_shown(add, password):
    outcome = add("ada", password)

    assert outcome.code == 2
    assert outcome.err.startswith("goldenpath: the password ")
    assert password not in outcome.err


def test_a_password_is_the_first_line_and_keeps_its_spaces(add, data):
    """Only the end of the line is not the password's."""
    outcome = add("ada", "  two words \r\nnot this\n")

    assert outcome.code == 0
    assert asyncio.run(_opens(data, "ada", "  two words "))


@pytest.mark.parametrize("command", ["add", "password"])
def test_without_a_terminal_the_way_out_is_named(goldenpath, add, command):
    add("bob")

    outcome = goldenpath("users", command, "bob", stdin=PASSWORD)

    assert outcome.code == 2
    assert "there is no terminal" in outcome.err
    assert "\n\nhint: add --password-stdin" in outcome.err


@pytest.mark.parametrize("given", ["", "\n", "\r\n"])
def test_no_password_is_none(goldenpath, data, given):
    outcome = goldenpath("users", "add", "ada", "--password-stdin", stdin=given)

    assert outcome.code == 2
    assert outcome.err == "goldenpath: standard input holds no password\n"


@pytest.mark.process
def test_a_password_that_is_no_text_is_refused(data):
    done = subprocess.run(
        [sys.executable, "-m", "goldenpath", "users", "add", "ada", "--password-stdin"],
        input=b"\xff\xfe\n",
        capture_output=True,
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:strict"},
        check=False,
        timeout=30,
    )

    assert done.returncode == 2
    assert done.stderr == b"goldenpath: the password on standard input is no text\n"


@pytest.mark.process
@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (b"correct horse\ncorrect horse\n", 0, b"ada may log in"),
        (b"correct horse\ncorrect house\n", 2, b"the two passwords differ"),
        (b"\x04", 2, b"no password was given"),
    ],
)
def test_at_a_terminal_a_new_password_is_asked_for_twice(data, typed, code, said):
    """And not shown."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "goldenpath", "users", "add", "ada"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        # getpass throws away what was typed before it asked.
        for line in typed.splitlines(keepends=True):
            asked = shown.count(b": ")
            while shown.count(b": ") == asked:
                shown += os.read(ours, 1024)
            os.write(ours, line)
        while True:
            try:
                shown += os.read(ours, 1024)
            except OSError:  # the other end was closed
                break
        assert process.wait(10) == code, shown
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)

    assert said in shown
    assert b"correct horse" not in shown
    assert b"Traceback" not in shown


def test_a_new_password_takes_the_place_of_the_old(goldenpath, add, data):
    add("ada", "old")

    outcome = goldenpath("users", "password", "ada", "--password-stdin", stdin="new")

    assert outcome.code == 0
    assert outcome.err == "ada has a new password; sessions ended: 0\n"
    assert asyncio.run(_opens(data, "ada", "new"))
    assert not asyncio.run(_opens(data, "ada", "old"))


def test_somebody_is_kept_out_and_let_in_again(goldenpath, add):
    add("ada")

    outcomes = [goldenpath("users", "disable", "Ada"), goldenpath("users", "list")]
    outcomes += [goldenpath("users", "disable", "ada")]
    outcomes += [goldenpath("users", "enable", "ada"), goldenpath("users", "list")]

    assert [outcome.code for outcome in outcomes] == [0] * 5
    assert outcomes[0].err == "Ada may not log in any more; sessions ended: 0\n"
    assert outcomes[1].out.split()[:2] == ["ada", "disabled"]
    assert outcomes[4].out.split()[:2] == ["ada", "enabled"]


@pytest.mark.parametrize("command", ["password", "disable", "enable"])
def test_somebody_who_is_not_there_is_named(goldenpath, add, command):
    add("ada")
    options = ["--password-stdin"] if command == "password" else []

    outcome = goldenpath("users", command, "nobody", *options, stdin="x")

    assert outcome.code == 2
    assert outcome.err == "goldenpath: there is no user 'nobody'\n"


@pytest.mark.parametrize("command", ["list", "password", "disable", "enable"])
def test_a_folder_without_a_database_is_named_and_left_alone(goldenpath, data, command):
    """Whoever mistypes --data must not be told that there is nobody."""
    arguments = {
        "list": [],
        "password": ["ada", "--password-stdin"],
        "disable": ["ada"],
        "enable": ["ada"],
    }[command]

    outcome = goldenpath("users", command, *arguments, stdin="x")

    assert outcome.code == 2
    assert "there is no database at" in outcome.err
    assert str(data) in outcome.err
    assert not data.exists()


def test_an_empty_list_says_what_to_do(goldenpath, add):
    add("", "x")  # refused, but there is a database now

    add_first = goldenpath("users", "list")

    assert add_first.code == 0
    assert add_first.out == ""
    assert "goldenpath users add" in add_first.err


def test_an_option_goes_before_the_environment(goldenpath, add, tmp_path):
    add("ada")
    elsewhere = tmp_path / "elsewhere"
    goldenpath(
        "users", "add", "bob", "--password-stdin", "--data", elsewhere, stdin="x"
    )

    assert goldenpath("users", "list").out.split()[0] == "ada"
    assert goldenpath("users", "list", "--data", elsewhere).out.split()[0] == "bob"


def test_a_database_that_is_none_is_named(goldenpath, data):
    data.mkdir()
    (data / "goldenpath.db").write_text("this is no database" * 100)

    outcome = goldenpath("users", "list")

    assert outcome.code == 2
    assert "cannot open the database" in outcome.err
