"""S56 and S57: what one person decides or does, another can neither do nor see."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect

from goldenpath.protocol._events import EVENT_TYPES
from goldenpath.protocol._frames import AnyServerFrame
from tests.support.raw import SUBPROTOCOL
from tests.support.served import WITHIN, Served

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("approvals")
    many = {"frames_burst": 10_000, "connections_per_user": 100}
    with Served(data, ["ada", "eve"], settings=many) as served:
        yield served
        assert served.server.errors() == []


def asking(device):
    """Have an agent ask; return thread, run and call."""
    sent = device.say("ask")
    device.follow(sent["thread"])
    call = device.event_of(sent["thread"], "input_requested")["call"]
    return sent["thread"], sent["run"], call


def received(served, name, thread):
    """Return the answers that a thread's log holds."""
    path = f"/threads/{thread}/history"
    _, _, body = served.request("GET", path, headers=[served.bearer(name)])
    events = [frame["event"] for frame in json.loads(body)["events"]]
    return [one["value"] for one in events if one["type"] == "input_received"]


def refusal(answer):
    """Return what an error says, without what names the request."""
    assert answer["frame"] == "error", answer
    return {key: value for key, value in answer.items() if key != "id"}


def test_s56_nobody_decides_for_somebody_else(served):
    """Nor learns whether there is anything to decide."""
    with served.device("ada") as ada, served.device("eve") as eve:
        thread, run, call = asking(ada)
        message = ada.say("ask", client_message_id="adas own")["run"]
        attempts = [
            ("answer", {"run": run, "call": call, "value": "yes"}),
            ("answer", {"run": run, "call": "other", "value": "yes"}),
            ("cancel", {"run": run}),
            ("cancel", {"client_message_id": "adas own"}),
            ("retry", {"run": run}),
            ("retry", {"run": message}),
            ("subscribe", {"thread": thread}),
            ("send", {"thread": thread, "text": "yes", "client_message_id": "m"}),
            ("resume", {"log": f"thread:{thread}"}),
        ]
        told = []
        for kind, fields in attempts[:-1]:
            real = refusal(eve.ask(kind, **fields))
            # The same of what never was; only the name that she gave differs.
            swapped = {
                key: value[::-1] if value in (run, message, thread) else value
                for key, value in fields.items()
                if isinstance(value, str)
            }
            if "client_message_id" in fields and kind == "cancel":
                swapped["client_message_id"] = "nwo sada"
            never = refusal(eve.ask(kind, **fields | swapped))
            for one, names in ((real, fields), (never, swapped)):
                for name in names.values():
                    one["message"] = one["message"].replace(repr(name[:40]), "it")
            assert real == never
            told.append(real["code"])
        eve.put("resume", **attempts[-1][1])
        told.append(eve.take("error")["code"])
        # It is hers, and goes on as if nothing had been tried.
        ada.ask("answer", run=run, call=call, value="mine")

        assert set(told) == {"not_found"}
        assert received(served, "ada", thread) == ["mine"]


def test_s56_an_answer_counts_once_however_often_it_is_sent(served):
    """A copy of a frame is worth nothing, on this connection or another."""
    with served.device("ada") as ada, served.device("ada") as other:
        thread, run, call = asking(ada)
        frame = {"id": "1", "run": run, "call": call}
        first = ada.ask("answer", **frame, value="yes")
        again = [
            device.ask("answer", **frame, value=value)
            for device in (ada, other)
            for value in ("yes", "no")
        ]
        other.follow(thread)
        text = other.end_of(thread)["text"]
        after = ada.ask("answer", **frame, value="yes")

        assert first["frame"] == "result"
        assert {one["code"] for one in (*again, after)} == {"conflict"}
        assert text == "heard 'yes'"
        assert received(served, "ada", thread) == ["yes"]


def test_s56_of_twenty_answers_at_once_one_is_heard(served):
    with served.device("ada") as ada:
        thread, run, call = asking(ada)

        async def answer(number):
            url = f"ws://127.0.0.1:{served.port}/ws"
            headers = [served.bearer("ada")]
            async with connect(
                url,
                subprotocols=[SUBPROTOCOL],
                additional_headers=headers,
                compression=None,
                proxy=None,
            ) as websocket:
                for frame in (
                    {"frame": "hello", "device": f"{number}"},
                    {"frame": "answer", "id": "1", "run": run, "call": call}
                    | {"value": number},
                ):
                    await websocket.send(json.dumps(frame))
                while True:
                    taken = json.loads(await websocket.recv())
                    if taken.get("id") == "1":
                        return taken.get("code", number)

        async def all_at_once():
            async with asyncio.timeout(WITHIN):
                return await asyncio.gather(*map(answer, range(20)))

        outcomes = asyncio.run(all_at_once())
        winners = [one for one in outcomes if one != "conflict"]
        text = ada.end_of(thread)["text"]

    assert len(winners) == 1
    assert text == f"heard {winners[0]}"
    assert received(served, "ada", thread) == winners


def test_s56_an_answer_to_one_question_is_none_to_another(served):
    """Whoever was asked about the harmless thing has not agreed to the other."""
    with served.device("ada") as ada:
        harmless, dangerous = asking(ada), asking(ada)
        crossed = [
            ada.ask("answer", run=dangerous[1], call=harmless[2], value="yes"),
            ada.ask("answer", run=harmless[1], call=dangerous[2], value="yes"),
        ]
        ada.ask("answer", run=harmless[1], call=harmless[2], value="yes")
        ada.end_of(harmless[0])

        assert {one["code"] for one in crossed} == {"conflict"}
        assert received(served, "ada", dangerous[0]) == []
        ada.ask("answer", run=dangerous[1], call=dangerous[2], value="no")
        assert ada.end_of(dangerous[0])["text"] == "heard 'no'"


def test_s56_a_run_that_ended_can_be_neither_cancelled_nor_answered(served):
    with served.device("ada") as ada:
        thread, run, call = asking(ada)
        assert ada.ask("cancel", run=run)["frame"] == "result"
        assert ada.end_of(thread)["type"] == "agent_cancelled"
        late = [
            ada.ask("answer", run=run, call=call, value="yes"),
            ada.ask("cancel", run=run),
        ]
        # A cancel that is sent again is no new decision.
        assert late[0]["code"] == "conflict"
        assert late[1]["frame"] == "result" or late[1]["code"] == "conflict"
        assert received(served, "ada", thread) == []


def test_s56_the_same_name_for_a_message_is_two_messages_of_two_people(served):
    """So one of them can neither find out nor stop what the other does with it."""
    with served.device("ada") as ada, served.device("eve") as eve:
        hers = ada.say("ask", client_message_id="shared")
        mine = eve.say("of eve's", client_message_id="shared")
        assert eve.answer_of(mine["thread"])["text"] == "of eve's"
        eve.ask("cancel", client_message_id="shared")
        ada.follow(hers["thread"])
        call = ada.event_of(hers["thread"], "input_requested")["call"]
        ada.ask("answer", run=hers["run"], call=call, value="go on")

        assert mine["thread"] != hers["thread"]
        assert ada.end_of(hers["thread"])["text"] == "heard 'go on'"


def test_s57_nobody_hears_that_somebody_else_is_there(served):
    """Whatever ada does on two devices, not one byte of it reaches eve."""
    adas, eves = who(served, "ada"), who(served, "eve")
    headers = [served.bearer("ada")]
    with (
        served.device("eve") as eve,
        served.device("ada") as ada,
        served.device("ada") as second,
    ):
        # She asks for the log in which all of it is written, in every way.
        log = f"user:{adas}"
        eve.put("resume", log=log)
        refused = [eve.take("error")] + [
            eve.ask("subscribe", thread=name)
            for name in (log, adas, f"../{log}", f"x\x00{log}", "user:")
        ]
        with served.opened("eve") as again:
            cursor = {"epoch": "e", "incarnation": "i", "number": 0}
            greeting = again.hello(threads=[log, adas], cursors={log: cursor})
        thread, run, call = asking(ada)
        second.follow(thread)
        ada.ask("answer", run=run, call=call, value="marker in an answer")
        ada.end_of(thread)
        ada.say("marker in a message")
        path = f"/threads/{thread}"
        served.request("PATCH", path, {"title": "marker"}, headers=headers)
        served.request("DELETE", path, headers=headers)
        # What she gets of her own comes after all of that.
        thread = eve.say("of eve's")["thread"]
        eve.follow(thread)
        seen = []
        while not seen or seen[-1].get("event", {}).get("type") != "agent_completed":
            seen.append(eve.next())
    heard = json.dumps(seen)

    assert {one["code"] for one in refused} == {"not_found"}
    assert set(greeting["cursors"]) == {f"user:{eves}"}
    assert "marker" not in heard
    assert adas not in heard
    mine = {f"user:{eves}", f"thread:{thread}"}
    assert {one["log"] for one in seen if "log" in one} <= mine


def test_s57_nothing_on_the_wire_says_who_is_there_or_writes():
    """There is no such frame and no such event; whoever adds one thinks of S57."""
    frames = {kind.__struct_config__.tag for kind in AnyServerFrame.__args__}

    assert frames == {
        "welcome", "event", "snapshot", "live", "result", "error", "ping",
        "draining", "expiring", "revoked",
    }  # fmt: skip
    assert {
        "user_message", "agent_started", "agent_thinking", "text_delta",
        "tool_executing", "tool_progress", "tool_completed",
        "input_requested", "input_received",
        "agent_completed", "agent_failed", "agent_cancelled", "agent_interrupted",
        "thread_created", "thread_renamed", "thread_deleted",
        "run_queued", "run_started", "run_ended", "session_revoked", "unreadable",
    } == set(EVENT_TYPES)  # fmt: skip


def who(served, name):
    """Return somebody's id."""
    with served.opened(name) as peer:
        return peer.hello()["user"]["id"]
