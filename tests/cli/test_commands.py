"""Every command once, as people give it: what it prints, and how it exits."""

import json
import signal

import pytest

pytestmark = pytest.mark.process

PASSWORD = "correct horse"


@pytest.mark.parametrize(
    "command",
    [
        "",
        "serve",
        "chat",
        "probe",
        "backup",
        "users",
        "users add",
        "users list",
        "users password",
        "users disable",
        "users enable",
    ],
)
def test_every_command_explains_itself(shell, command):
    done = shell.run(*command.split(), "--help", check=0)

    assert done.stdout.startswith("Usage: ")
    assert f"goldenpath {command}".strip() in done.stdout
    assert done.stderr == ""
    assert not shell.data.exists()


def test_the_version_is_one_line(shell):
    done = shell.run("--version", check=0)

    assert done.stdout.strip()[0].isdigit()
    assert len(done.stdout.splitlines()) == 1


def test_an_unknown_command_exits_with_2(shell):
    assert shell.run("dance").returncode == 2


def test_users_are_added_listed_disabled_and_enabled(shell):
    shell.add_user("Ada")
    assert (
        shell.run("users", "add", "ada", "--password-stdin", stdin="x").returncode == 2
    )
    shell.run("users", "disable", "ada", check=0)
    listed = json.loads(shell.run("users", "list", "--json", check=0).stdout)
    shell.run("users", "enable", "ada", check=0)
    table = shell.run("users", "list", check=0).stdout

    assert [(user["name"], user["is_disabled"]) for user in listed] == [("ada", True)]
    assert "password" not in json.dumps(listed)
    assert table.split()[:2] == ["ada", "enabled"]


@pytest.mark.parametrize("command", ["password", "disable", "enable"])
def test_a_user_who_is_not_there_is_named(shell, command):
    shell.add_user()
    stdin = ["--password-stdin"] if command == "password" else []
    done = shell.run("users", command, "nobody", *stdin, stdin="x")

    assert done.returncode == 2
    assert "there is no user 'nobody'" in done.stderr


def test_a_password_is_never_asked_for_without_a_terminal(shell):
    done = shell.run("users", "add", "ada")

    assert done.returncode == 2
    assert "--password-stdin" in done.stderr


def test_an_empty_password_is_none(shell):
    done = shell.run("users", "add", "ada", "--password-stdin", stdin="\n")

    assert done.returncode == 2
    assert "holds no password" in done.stderr


def probe(shell, serving, password=PASSWORD, *more):
    return shell.run(
        "probe", serving.url, "--user", "ada", "--password-stdin", *more, stdin=password
    )


def test_the_probe_walks_a_server_chat_talks_to_it_and_a_copy_serves(shell):
    """One server for all of it: a start costs a second."""
    shell.add_user()
    with shell.serving() as serving:
        walked = probe(shell, serving, PASSWORD, "--json")
        assert walked.returncode == 0, walked.stdout + walked.stderr
        report = json.loads(walked.stdout)
        assert report["ok"] is True
        assert [step["name"] for step in report["steps"]] == [
            "ready",
            "login",
            "connect",
            "send",
            "resume",
            "answer",
            "order",
            "history",
            "leave",
        ]
        for step in report["steps"]:
            assert step.keys() == {"name", "ok", "seconds", "detail"}

        wrong = probe(shell, serving, "wrong")
        assert wrong.returncode == 1
        assert "FAILED login" in wrong.stdout
        assert "step 'login' failed" in wrong.stderr
        assert probe(shell, serving, "").returncode == 2

        said = shell.run(
            "chat",
            serving.url,
            "--user",
            "ada",
            "--password-stdin",
            "--message",
            "What is 17 * 23?",
            "--message",
            "What is 2 + 3?",
            stdin=PASSWORD,
            check=0,
        )
        assert "391" in said.stdout
        assert "completed in" in said.stdout
        assert "\x1b" not in said.stdout

        copy = shell.folder / "copy" / "goldenpath.db"
        copy.parent.mkdir()
        shell.run("backup", str(copy), check=0)
        again = shell.run("backup", str(copy))
        assert (again.returncode, "exists already" in again.stderr) == (2, True)
        serving.signal(signal.SIGTERM)
        serving.stopped()
    with shell.serving(data=copy.parent) as serving:
        restored = probe(shell, serving, PASSWORD, "--keep")
        assert restored.returncode == 0, restored.stdout + restored.stderr


@pytest.mark.parametrize("command", ["probe", "chat"])
def test_a_server_that_is_not_there_is_named(shell, command):
    done = shell.run(
        command,
        "http://127.0.0.1:9",
        "--user",
        "ada",
        "--password-stdin",
        stdin="x",
    )

    assert done.returncode == (1 if command == "probe" else 2)
    assert "127.0.0.1:9" in done.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:9", "ftp://127.0.0.1", "http://[::1", ""])
def test_what_is_no_url_is_said_to_be_none(shell, url):
    done = shell.run("probe", url, "--user", "ada", "--password-stdin", stdin="x")

    assert done.returncode == 2
    assert "is no address of a server" in done.stderr


def test_a_backup_of_nothing_is_refused(shell):
    done = shell.run("backup", "copy.db")

    assert done.returncode == 2
    assert "there is no database" in done.stderr
    assert not shell.data.exists()
