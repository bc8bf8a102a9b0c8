"""The gate and the socket, over a real server on a loopback port."""

import json
import socket

import pytest
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from goldenpath._manager import WebSocketManager
from goldenpath._settings import Settings
from goldenpath.asgi._websocket import Socket
from goldenpath.connections._transport import PeerLostError


def bearer(server, name="ada"):
    return {"Authorization": f"Bearer {server.login(name)}"}


def refused(server, **how):
    """Return status and code with which a handshake is refused."""
    with pytest.raises(InvalidStatus) as caught, server.open(**how):
        pass
    response = caught.value.response
    body = response.body.decode()
    assert "Traceback" not in body
    return response.status_code, json.loads(body)["error"]["code"]


def closed(websocket):
    with pytest.raises(ConnectionClosed) as caught:  # noqa: PT012 - drains it
        while True:
            websocket.recv(10)
    return caught.value.rcvd.code


def page(server):
    return f"http://127.0.0.1:{server.port}"


def test_a_bearer_token_opens_a_connection_that_carries_a_whole_answer(server, talk):
    with server.open(additional_headers=bearer(server)) as websocket:
        phone = talk(websocket)
        welcome = phone.hello()
        phone.put("send", id="1", client_message_id="m", text="one two")
        sent = phone.take("result", id="1")
        phone.put("subscribe", id="2", thread=sent["thread"])
        events = []
        frame = phone.take("snapshot", log=f"thread:{sent['thread']}")
        events += [event["event"] for event in frame["state"].get("events", ())]
        while "agent_completed" not in [event["type"] for event in events]:
            events.append(phone.take("event", log=frame["log"])["event"])

    assert websocket.subprotocol == "goldenpath.v1"
    assert welcome["user"]["name"] == "ada"
    assert events[0]["type"] == "user_message"
    assert events[-1]["text"] == "one two "


@pytest.mark.parametrize("offered", [None, ("other.v1",), ("goldenpath.v2",)])
def test_without_our_subprotocol_there_is_no_connection(server, offered):
    assert refused(server, subprotocols=offered, additional_headers=bearer(server)) == (
        400,
        "bad_message",
    )


def test_a_refusal_is_no_error_of_ours(server, caplog):
    """I9: whoever knocks at the wrong door must not alarm anybody."""
    for _ in range(5):
        refused(server, subprotocols=("other.v1",))
    # On the same loop, later than all that came before.
    server.login()

    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == []


def test_of_several_subprotocols_ours_is_chosen(server, talk):
    with server.open(
        subprotocols=("other.v1", "goldenpath.v1"), additional_headers=bearer(server)
    ) as websocket:
        assert websocket.subprotocol == "goldenpath.v1"
        talk(websocket).hello()


@pytest.mark.parametrize(
    "query", ["ticket=x", "token=x", "Access_Token=x", "a=b&session=", "password"]
)
def test_a_credential_in_the_url_is_refused_whatever_else_is_right(server, query):
    assert refused(server, path=f"/ws?{query}", additional_headers=bearer(server)) == (
        400,
        "bad_message",
    )


def test_a_bad_bearer_token_is_told_before_the_accept(server):
    assert refused(server, additional_headers={"Authorization": "Bearer bad"}) == (
        401,
        "authenticate",
    )


def test_a_cookie_of_our_own_page_is_enough(server, talk):
    cookie = {"Cookie": f"goldenpath={server.login()}"}
    with server.open(origin=page(server), additional_headers=cookie) as websocket:
        assert talk(websocket).hello()["user"]["name"] == "ada"


def test_a_cookie_that_opens_nothing_is_told_after_the_accept(server, talk):
    """A browser shows its page a close code, but no refused handshake."""
    cookie = {"Cookie": "goldenpath=worthless"}
    with server.open(origin=page(server), additional_headers=cookie) as websocket:
        phone = talk(websocket)
        phone.put("hello", device="phone")
        assert phone.take("error")["code"] == "authenticate"
        assert closed(websocket) == 4401


def test_whoever_says_nothing_is_closed(server):
    with server.open() as websocket:
        assert closed(websocket) == 4408


def test_a_frame_beyond_the_limit_costs_its_sender_only(server, talk):
    headers = bearer(server)
    with (
        server.open(additional_headers=headers) as large,
        server.open(additional_headers=headers) as other,
    ):
        one, two = talk(large), talk(other)
        one.hello()
        two.hello()
        large.send('"' + "x" * (256 * 1024) + '"')
        assert closed(large) == 1009
        two.put("send", id="1", client_message_id="n", text="hi")
        assert two.take("result", id="1")["run"]


def test_bytes_that_are_no_text_cost_their_sender_only(server, talk):
    headers = bearer(server)
    with (
        server.open(additional_headers=headers) as bad,
        server.open(additional_headers=headers) as other,
    ):
        talk(bad).hello()
        bad.send(b"\xff\xfe", text=True)
        assert closed(bad) == 1007
        two = talk(other)
        two.hello()
        two.put("unsubscribe", id="1", thread="t")
        assert two.take("result", id="1")


def test_a_peer_that_vanishes_in_the_middle_of_an_answer_is_no_error(
    server, talk, caplog
):
    """F04: a send to somebody who left ends the connection, and alarms nobody."""
    for _ in range(5):
        with server.open(additional_headers=bearer(server)) as websocket:
            phone = talk(websocket)
            phone.hello()
            phone.put("send", id="1", client_message_id=f"{id(phone)}", text="w " * 99)
            thread = phone.take("result", id="1")["thread"]
            phone.put("subscribe", id="2", thread=thread)
            phone.take("snapshot", log=f"thread:{thread}")
            websocket.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
            )
            websocket.socket.close()
    with server.open(additional_headers=bearer(server)) as websocket:
        talk(websocket).hello()

    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == []


def test_who_is_not_ready_says_so_before_the_accept(tmp_path, serving, add_people):
    add_people(tmp_path, "ada")

    async def silent(message, ctx):
        return
        yield

    manager = WebSocketManager(agent=silent, settings=Settings(data=tmp_path))
    with serving(manager.asgi()) as server:
        headers = bearer(server)
        manager._is_ready = False
        with (
            pytest.raises(InvalidStatus) as caught,
            server.open(additional_headers=headers),
        ):
            pass

    assert caught.value.response.status_code == 503
    assert caught.value.response.headers["Retry-After"] == "1"


def test_an_authenticator_that_hangs_at_the_gate_is_not_waited_for(tmp_path, serving):
    import asyncio

    class Hangs:
        async def identify(self, credentials):
            await asyncio.Event().wait()

    async def silent(message, ctx):
        return
        yield

    manager = WebSocketManager(
        agent=silent,
        settings=Settings(data=tmp_path, authenticated_within=0.1),
        authenticator=Hangs(),
    )
    with serving(manager.asgi()) as server:
        assert refused(server, additional_headers={"Authorization": "Bearer x"}) == (
            503,
            "unavailable",
        )


@pytest.mark.anyio
@pytest.mark.parametrize("error", [OSError("reset"), RuntimeError("closed")])
async def test_a_send_that_fails_says_that_the_peer_is_lost(error):
    """Whatever the server and Starlette call it between them."""
    has_left = False

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        if has_left:
            raise error

    websocket = WebSocket({"type": "websocket"}, receive, send)
    await websocket.accept()
    has_left = True
    for do in (
        lambda: Socket(websocket).send(b"{}"),
        lambda: Socket(websocket).send(b"{}"),
    ):
        with pytest.raises(PeerLostError):
            await do()
