import asyncio
import contextlib

import pytest

from goldenpath.auth._identity import Identity
from goldenpath.auth._tickets import Tickets
from goldenpath.errors import AuthError
from goldenpath.storage._sqlite import Database

pytestmark = pytest.mark.anyio

NOW = 1_700_000_000.0
PAGE = "https://app.example.com"


@pytest.fixture
async def identity(sessions, ada):
    _, identity = await sessions.create(
        ada.id, password_hash=ada.password_hash, now=NOW
    )
    return identity


async def count(database):
    return await database.read(
        lambda connection: connection.execute("SELECT count(*) FROM tickets").fetchone()
    )


async def test_a_ticket_stands_for_its_session_once(tickets, identity):
    ticket = await tickets.issue(identity, PAGE, now=NOW)

    found = await tickets.redeem(ticket, PAGE, now=NOW + 1)

    assert found.user == identity.user
    assert found.session == identity.session
    assert found.expires_at == identity.expires_at
    assert found.how == "ticket"
    with pytest.raises(AuthError, match="get a new one"):
        await tickets.redeem(ticket, PAGE, now=NOW + 1)


async def test_of_fifty_uses_at_once_one_succeeds(tickets, database, identity):
    """S06, from two programs on one file, as a thief would be elsewhere (S07)."""
    async with Database(database.path) as elsewhere:
        theirs = Tickets(elsewhere, lasts=30.0)
        ticket = await tickets.issue(identity, PAGE, now=NOW)
        outcomes = await asyncio.gather(
            *(
                (tickets if n % 2 else theirs).redeem(ticket, PAGE, now=NOW)
                for n in range(50)
            ),
            return_exceptions=True,
        )

    winners = [one for one in outcomes if isinstance(one, Identity)]
    losers = [one for one in outcomes if isinstance(one, AuthError)]
    assert (len(winners), len(losers)) == (1, 49)


async def test_a_ticket_lasts_thirty_seconds(tickets, identity):
    in_time = await tickets.issue(identity, PAGE, now=NOW)
    late = await tickets.issue(identity, PAGE, now=NOW)

    await tickets.redeem(in_time, PAGE, now=NOW + 29.999)
    with pytest.raises(AuthError):
        await tickets.redeem(late, PAGE, now=NOW + 30.0)


@pytest.mark.parametrize(
    ("issued_to", "tried_by"),
    [
        (PAGE, "https://app.example.com.evil"),
        (PAGE, None),
        (PAGE, ""),
        (PAGE, "HTTPS://APP.EXAMPLE.COM"),  # a browser never changes its spelling
        (None, PAGE),
    ],
)
async def test_a_wrong_origin_uses_it_up(tickets, identity, issued_to, tried_by):
    """A stolen ticket is tried once, from wherever."""
    ticket = await tickets.issue(identity, issued_to, now=NOW)

    with pytest.raises(AuthError):
        await tickets.redeem(ticket, tried_by, now=NOW)
    with pytest.raises(AuthError):
        await tickets.redeem(ticket, issued_to, now=NOW)


async def test_an_expired_attempt_uses_it_up(tickets, database, identity):
    """Also if the clock is set back after it."""
    ticket = await tickets.issue(identity, PAGE, now=NOW)
    with contextlib.suppress(AuthError):
        await tickets.redeem(ticket, PAGE, now=NOW + 31)

    with pytest.raises(AuthError):
        await tickets.redeem(ticket, PAGE, now=NOW)
    assert await count(database) == (0,)


async def test_a_program_without_a_page_has_tickets_too(tickets, identity):
    ticket = await tickets.issue(identity, None, now=NOW)

    assert (await tickets.redeem(ticket, None, now=NOW)).session == identity.session


async def test_a_ticket_does_not_outlive_its_session(tickets, sessions, identity):
    """Logging out also ends what was fetched a moment before."""
    ticket = await tickets.issue(identity, PAGE, now=NOW)
    await sessions.revoke(identity.session)

    with pytest.raises(AuthError):
        await tickets.redeem(ticket, PAGE, now=NOW)


async def test_nor_the_end_of_its_session(tickets, identity):
    just_before = identity.expires_at - 1
    ticket = await tickets.issue(identity, PAGE, now=just_before)

    with pytest.raises(AuthError):
        await tickets.redeem(ticket, PAGE, now=identity.expires_at)


async def test_a_disabled_user_has_no_use_for_one(tickets, users, identity):
    ticket = await tickets.issue(identity, PAGE, now=NOW)
    await users.disable("ada")
    await users.enable("ada")

    with pytest.raises(AuthError):
        await tickets.redeem(ticket, PAGE, now=NOW)


@pytest.mark.parametrize("ticket", ["", "x", "\ud800", "x" * 100_000])
async def test_what_never_was_a_ticket_is_none(tickets, identity, ticket):
    await tickets.issue(identity, PAGE, now=NOW)

    with pytest.raises(AuthError):
        await tickets.redeem(ticket, PAGE, now=NOW)


async def test_a_ticket_is_stored_by_its_hash(tickets, tmp_path, identity):
    ticket = await tickets.issue(identity, PAGE, now=NOW)
    stored = b"".join(
        path.read_bytes() for path in tmp_path.iterdir() if path.is_file()
    )

    assert ticket.encode() not in stored
    assert PAGE.encode() in stored


async def test_unused_tickets_are_forgotten(tickets, database, identity):
    for _ in range(5):
        await tickets.issue(identity, PAGE, now=NOW)
    await tickets.issue(identity, PAGE, now=NOW + 20)
    assert await count(database) == (6,)

    await tickets.issue(identity, PAGE, now=NOW + 31)
    assert await count(database) == (2,)


async def test_a_clock_that_is_set_back_does_not_stop_forgetting(
    tickets, database, identity
):
    await tickets.issue(identity, PAGE, now=NOW + 1_000_000)
    await tickets.issue(identity, PAGE, now=NOW)
    await tickets.issue(identity, PAGE, now=NOW + 31)

    assert await count(database) == (2,)
