"""S06, S08, S16: a ticket stands for one session, once, and cannot be guessed."""

import asyncio
import base64
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.security.conftest import closed

EVIL = "https://evil.test"
APP = "https://app.test"


def audit_lines(caplog, event):
    """Return what the audit log says of an event, as it was meant to be read."""
    lines = [
        record.getMessage().partition(" ")
        for record in caplog.records
        if record.name == "goldenpath.audit"
    ]
    return [json.loads(fields) for name, _, fields in lines if name == event]


async def try_ticket(url, ticket):
    """Say hello with a ticket; return the user who is welcomed, or the close code."""
    async with connect(
        url, subprotocols=["goldenpath.v1"], compression=None, proxy=None
    ) as websocket:
        hello = {"frame": "hello", "device": "d", "ticket": ticket}
        await websocket.send(json.dumps(hello))
        try:
            while True:
                frame = json.loads(await asyncio.wait_for(websocket.recv(), 30))
                if frame["frame"] == "welcome":
                    return frame["user"]["name"]
        except ConnectionClosed as end:
            return end.rcvd.code


def test_s06_of_fifty_uses_at_once_one_succeeds(door, caplog):
    """And the audit log has the other forty-nine."""
    ticket = door.ticket()
    url = f"ws://127.0.0.1:{door.port}/ws"

    async def all_at_once():
        return await asyncio.gather(*(try_ticket(url, ticket) for _ in range(50)))

    outcomes = asyncio.run(all_at_once())

    assert sorted(map(str, outcomes)) == ["4401"] * 49 + ["ada"]
    refused = audit_lines(caplog, "ticket_refused")
    assert refused == [{"why": "it was used, or never was"}] * 49
    assert ticket not in caplog.text


def test_s06_the_second_use_is_4401_and_leaves_the_first_alone(door):
    ticket = door.ticket()
    with door.talking() as first, door.talking() as second:
        assert first.hello(ticket=ticket)["user"]["name"] == "ada"
        second.put("hello", device="thief", ticket=ticket)
        assert second.take("error")["code"] == "authenticate"
        assert closed(second) == 4401
        first.put("send", id="1", client_message_id="m", text="still here")
        assert first.take("result", id="1")["run"]


@pytest.mark.parametrize(
    ("fetched_by", "used_by"), [(APP, EVIL), (APP, None), (None, EVIL), (APP, "null")]
)
def test_s06_a_ticket_belongs_to_the_page_that_fetched_it(
    door, caplog, fetched_by, used_by
):
    """Also after it was tried from elsewhere: then it is used up."""
    ticket = door.ticket(**({"Origin": fetched_by} if fetched_by else {}))
    for origin, why in (
        (used_by, "it belongs to another origin"),
        (fetched_by, "it was used, or never was"),
    ):
        with door.talking(origin=origin) as phone:
            phone.put("hello", device="d", ticket=ticket)
            assert closed(phone) == 4401
        assert audit_lines(caplog, "ticket_refused")[-1]["why"] == why
    first = audit_lines(caplog, "ticket_refused")[0]
    assert first.get("origin") == used_by
    assert first["session"]


def test_s06_a_ticket_ends_with_its_session(door):
    """Whoever logs out takes back what was handed out a moment before."""
    door.tokens["ada"] = door.new_session()
    ticket = door.ticket()
    door.ask("POST", "/logout", headers=door.bearer())
    with door.talking() as phone:
        phone.put("hello", device="d", ticket=ticket)
        assert closed(phone) == 4401


def test_s06_a_ticket_that_nobody_used_in_time_is_worthless(make_door, caplog):
    door = make_door(ticket_lasts=0.0)
    ticket = door.ticket()
    with door.talking() as phone:
        phone.put("hello", device="d", ticket=ticket)
        assert closed(phone) == 4401
    assert audit_lines(caplog, "ticket_refused")[0]["why"] == "it is too old"


def test_s06_a_connection_on_a_ticket_stands_on_the_session_that_fetched_it(door):
    """Its logout closes the connection: a ticket is not a session of its own."""
    door.tokens["ada"] = door.new_session()
    with door.talking() as phone:
        phone.hello(ticket=door.ticket())
        door.ask("POST", "/logout", headers=door.bearer())
        assert closed(phone) == 4410


def test_s08_a_ticket_has_256_bits_of_which_none_is_fixed(door):
    tickets = [door.ticket() for _ in range(50)]
    bits = [int.from_bytes(base64.urlsafe_b64decode(f"{t}="), "big") for t in tickets]
    always, ever = (1 << 256) - 1, 0
    for one in bits:
        always &= one
        ever |= one

    assert {len(base64.urlsafe_b64decode(f"{t}=")) for t in tickets} == {32}
    assert len(set(tickets)) == 50
    # Each bit is 0 in some and 1 in others.
    assert always == 0
    assert ever == (1 << 256) - 1


@pytest.mark.parametrize("guess", ["", "0", "x" * 43, "A" * 256, "\u0000", "' OR 1=1"])
def test_s08_what_never_was_a_ticket_opens_nothing(door, guess):
    door.ticket()
    with door.talking() as phone:
        phone.put("hello", device="d", ticket=guess)
        assert closed(phone) == 4401


def test_s08_one_user_gets_so_many_tickets_and_no_other_user_has_to_wait(door, caplog):
    """Each is a row in the database until it is used or too old."""
    statuses = []
    while 429 not in statuses:
        response = door.ask("POST", "/ws/ticket", {}, headers=door.bearer("ada"))
        statuses.append(response.status_code)
        assert len(statuses) < 1000

    assert statuses.index(429) >= 60
    assert response.json()["error"]["code"] == "rate_limited"
    assert int(response.headers["retry-after"]) == 1
    assert len(audit_lines(caplog, "ticket_limited")) == 1
    assert door.ticket("bob")


def test_s16_a_ticket_of_somebody_else_does_not_change_whose_connection_it_is(door):
    """The connection goes on as it was, and the ticket is gone."""
    bobs = door.ticket("bob")
    with door.talking_as("ada") as phone:
        ada = phone.hello()["user"]
        phone.put("authenticate", id="1", ticket=bobs)
        assert phone.take("error", id="1")["code"] == "forbidden"
        phone.put("send", id="2", client_message_id="m", text="whose is it?")
        thread = phone.take("result", id="2")["thread"]
        mine = door.ask("GET", "/threads", headers=door.bearer("ada")).json()
        bob = door.ask("GET", "/threads", headers=door.bearer("bob")).json()
        # It stands on the session that it stood on.
        door.ask("POST", "/logout", headers=door.bearer("bob"))
        phone.put("authenticate", id="3", ticket=door.ticket("ada"))
        assert phone.take("result", id="3")["expires_in"] > 0
        phone.put("authenticate", id="4", ticket=bobs)
        assert phone.take("error", id="4")["code"] == "authenticate"
        door.ask("POST", "/logout", headers=door.bearer("ada"))
        assert closed(phone) == 4410

    assert ada["name"] == "ada"
    assert [one["id"] for one in mine["threads"]] == [thread]
    assert bob["threads"] == []


def test_s16_a_hello_with_somebody_elses_ticket_is_nobody(door):
    """A cookie says one thing and a ticket another: neither is believed."""
    with door.talking_as("ada") as phone:
        phone.put("hello", device="d", ticket=door.ticket("bob"))
        assert phone.take("error")["code"] == "authenticate"
        assert closed(phone) == 4401
