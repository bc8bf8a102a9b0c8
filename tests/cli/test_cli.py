"""The command line as a whole: help, versions, and mistakes."""

import importlib.metadata
import subprocess
import sys

import pytest

from goldenpath.cli._main import app

COMMANDS = {
    (): ["serve", "chat", "probe", "backup", "users", "--version"],
    ("serve",): [
        *("--host", "--port", "--data", "--agent", "--origin", "--log-level"),
        *("PORT", "GOLDENPATH_DATA", "OPENAI_BASE_URL", "OPENAI_API_KEY"),
        *("OPENAI_MODEL", "8000", "127.0.0.1", "goldenpath-data"),
    ],
    ("chat",): ["URL", "--user", "--password-stdin", "--message"],
    ("probe",): [
        *("URL", "--user", "--password-stdin", "--json", "--message", "--within"),
        "--keep",
    ],
    ("backup",): ["FILE", "--data", "GOLDENPATH_DATA"],
    ("users",): ["add", "list", "password", "disable", "enable"],
    ("users", "add"): ["NAME", "--data", "--password-stdin"],
    ("users", "list"): ["--data", "--json"],
    ("users", "password"): ["NAME", "--data", "--password-stdin"],
    ("users", "disable"): ["NAME", "--data"],
    ("users", "enable"): ["NAME", "--data"],
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_everything_that_a_command_takes(goldenpath, command, flag):
    outcome = goldenpath(*command, flag)

    assert outcome.code == 0
    assert outcome.err == ""
    assert outcome.out.startswith(" ".join(("Usage: goldenpath", *command)))
    missing = [word for word in COMMANDS[command] if word not in outcome.out]
    assert missing == []
    assert "\x1b" not in outcome.out


def _options(command):
    """Return every option that the program knows for a command."""
    found = app
    for name in command:
        found = found[name]
    if found.default_command is None:
        return []
    return [
        name
        for argument in found.assemble_argument_collection()
        for name in argument.names
        if name.startswith("--")
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_is_documented(goldenpath, command):
    """The list above is of the tests; the program's own may be longer."""
    out = goldenpath(*command, "--help").out

    options = _options(command)

    for option in options:
        rows = [row for row in out.splitlines() if row.startswith("│")]
        (line,) = [row for row in rows if f" {option} " in row]
        words = line.partition(option)[2].strip("│ ").split()
        assert len(words) >= 2, f"{option} says nothing about itself: {line}"
    assert bool(options) == (command not in ((), ("users",)))


@pytest.mark.parametrize("arguments", [(), ("users",)])
def test_without_a_command_there_is_help(goldenpath, arguments):
    outcome = goldenpath(*arguments)

    assert outcome.code == 0
    assert "Commands" in outcome.out


def test_the_version_is_that_of_the_package(goldenpath):
    outcome = goldenpath("--version")

    assert outcome.code == 0
    assert outcome.out.strip() == importlib.metadata.version("goldenpath")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("dance",), "dance"),
        (("users", "dance"), "dance"),
        (("serve", "--dance"), "--dance"),
        (("serve", "--port", "abc"), "--port"),
        (("serve", "--port"), "--port"),
        (("users", "add"), "--name"),
        (("probe", "http://localhost"), "--user"),
        (("probe", "http://localhost", "--user", "u", "--within", "x"), "--within"),
        (("backup",), "--file"),
        (("users", "list", "surplus"), "surplus"),
    ],
)
def test_a_mistake_is_named_on_standard_error(goldenpath, arguments, named):
    """Exit 2: it could not run. What a script reads from stdout stays empty."""
    outcome = goldenpath(*arguments)

    assert outcome.code == 2
    assert outcome.out == ""
    assert named in outcome.err


def test_a_variable_that_makes_no_sense_is_named(goldenpath, monkeypatch):
    monkeypatch.setenv("PORT", "many")

    outcome = goldenpath("serve")

    assert outcome.code == 2
    assert "PORT" in outcome.err or "--port" in outcome.err


@pytest.mark.process
def test_the_module_is_the_program():
    result = subprocess.run(
        [sys.executable, "-m", "goldenpath", "dance"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert result.returncode == 2
    assert result.stdout == ""
    assert "dance" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.process
def test_who_has_read_enough_of_the_output_is_no_error():
    """`goldenpath --help | head -1`"""
    process = subprocess.Popen(
        [sys.executable, "-m", "goldenpath", "serve", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()

    _, errors = process.communicate(timeout=30)

    assert errors == b""
