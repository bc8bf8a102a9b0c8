"""The golden path of a deployment, walked: what holds, and which step does not."""

import asyncio
import json

import pytest

from goldenpath._manager import WebSocketManager
from goldenpath.storage import Database

pytestmark = pytest.mark.process

STEPS = [
    *("ready", "login", "connect", "send", "resume"),
    *("answer", "order", "history", "leave"),
]


@pytest.fixture
def probe(goldenpath, served):
    def run(*arguments, password=served.password, url=served.url, user="ada"):
        return goldenpath(
            *("probe", url, "--user", user, "--password-stdin", *arguments),
            stdin=password,
        )

    return run


async def _left(data):
    """Return how many sessions and threads there are."""

    def work(connection):
        return tuple(
            connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
            for what in ("sessions", "threads WHERE NOT is_deleted")
        )

    async with Database(WebSocketManager.database_path(data)) as database:
        return await database.read(work)


def test_a_deployment_that_holds_is_0_and_says_each_step(probe):
    outcome = probe()

    assert outcome.code == 0, outcome
    lines = outcome.out.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", step] for step in STEPS]
    assert outcome.err == ""


def test_the_report_in_json_has_one_shape(probe):
    report = json.loads(probe("--json").out)

    assert report["ok"] is True
    assert [step["name"] for step in report["steps"]] == STEPS
    for step in report["steps"]:
        assert step.keys() == {"name", "ok", "seconds", "detail"}
        assert step["ok"] is True
        assert 0.0 <= step["seconds"] < 30.0


@pytest.mark.parametrize("is_json", [True, False])
def test_a_failed_login_is_named(probe, is_json):
    outcome = probe(*["--json"] * is_json, password="wrong")

    assert outcome.code == 1
    if is_json:
        report = json.loads(outcome.out)
        assert report["ok"] is False
        assert [step["ok"] for step in report["steps"]] == [True, False]
        assert report["steps"][-1]["name"] == "login"
    else:
        assert "FAILED login" in outcome.out
    assert "step 'login' failed after" in outcome.err
    assert "wrong" not in outcome.err.replace("is wrong", "")


def test_a_failing_agent_fails_the_answer_and_leaves_nothing_behind(probe, served):
    """A probe that is run each minute must not fill the disk when it fails."""
    before = asyncio.run(_left(served.data))

    outcome = probe("--json", "--message", "fail")

    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert [step["name"] for step in report["steps"]] == STEPS[:6]
    assert report["steps"][-1]["detail"] == "the run has failed"
    assert "step 'answer' failed" in outcome.err
    assert "a secret" not in outcome.err + outcome.out
    assert asyncio.run(_left(served.data)) == before


def test_a_slow_answer_fails_when_its_time_is_over(probe):
    outcome = probe("--json", "--message", "sleep", "--within", "1")

    (*_, last) = json.loads(outcome.out)["steps"]
    assert outcome.code == 1
    assert (last["name"], last["detail"]) == ("answer", "not done within 1 s")
    assert 1.0 <= last["seconds"] < 3.0


def test_a_server_that_is_not_there_is_not_ready(probe):
    outcome = probe("--json", url="http://127.0.0.1:9")

    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert [step["name"] for step in report["steps"]] == ["ready"]
    assert "http://127.0.0.1:9/readyz" in report["steps"][0]["detail"]


def test_a_thread_is_kept_if_that_is_asked_for(probe, served):
    sessions, threads = asyncio.run(_left(served.data))

    outcome = probe("--keep")

    assert "thread kept" in outcome.out
    assert asyncio.run(_left(served.data)) == (sessions, threads + 1)


def test_a_probe_that_cannot_begin_is_2(probe, goldenpath, served):
    """Not 1: nothing was found out about the deployment."""
    without_password = goldenpath("probe", served.url, "--user", "ada")
    empty = probe(password="")
    no_url = probe(url="chat.example.com")

    assert [o.code for o in (without_password, empty, no_url)] == [2, 2, 2]
    assert "hint: add --password-stdin" in without_password.err
    assert "no password" in empty.err
    assert "is no address" in no_url.err
    assert {o.out for o in (without_password, empty, no_url)} == {""}
