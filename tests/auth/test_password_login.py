import asyncio

import pytest

from goldenpath._settings import Settings
from goldenpath.auth._identity import Credentials
from goldenpath.auth._password_login import PasswordAuthenticator
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._users import Users
from goldenpath.errors import (
    AuthError,
    SettingsError,
    StorageError,
    TooManyAttemptsError,
)
from goldenpath.storage._sqlite import Database

pytestmark = pytest.mark.anyio

HERE = "203.0.113.1"
ELSEWHERE = "198.51.100.7"
PAGE = "https://app.example.com"


async def test_the_right_password_opens_a_session(authenticator, ada, clock):
    token, identity = await authenticator.login(" ADA", "correct horse", HERE)

    assert identity.user == ada.id
    assert identity.expires_at == clock.now + Settings().session_lasts
    assert await authenticator.identify(Credentials(cookie=token)) == identity


async def test_each_login_opens_a_new_session(authenticator, ada):
    """S27: a session that was planted in a browser stays nobody's."""
    first = await authenticator.login("ada", "correct horse", HERE)
    second = await authenticator.login("ada", "correct horse", HERE)

    assert first[0] != second[0]
    assert first[1].session != second[1].session


async def test_no_refusal_tells_which_it_was(authenticator, users, ada, hasher):
    """S24: same class, same text, same work, whatever the reason."""
    await users.add("bob", "correct horse", now=0.0)
    await users.disable("bob")
    tries = [
        ("ada", "wrong"),
        ("carol", "wrong"),
        ("bob", "wrong"),
        ("bob", "correct horse"),
        ("in\x00valid", "wrong"),
        ("", "wrong"),
    ]
    seen = set()
    for name, password in tries:
        before = len(hasher.compared)
        with pytest.raises(AuthError) as caught:
            await authenticator.login(name, password, HERE)
        compared = len(hasher.compared) - before
        seen.add((type(caught.value), str(caught.value), compared))

    assert seen == {(AuthError, "the name or the password is wrong", 1)}


async def test_an_impossible_password_is_a_wrong_one(authenticator, ada):
    for password in ("", "x" * 5000, "\ud800"):
        with pytest.raises(AuthError, match=r"^the name or the password is wrong$"):
            await authenticator.login("ada", password, HERE)


async def test_guessing_is_slowed_down_for_the_guesser_only(
    authenticator, ada, clock, hasher
):
    """S26: and while it must wait, no hash is computed."""
    for _ in range(5):
        with pytest.raises(AuthError):
            await authenticator.login("ada", "wrong", ELSEWHERE)
    compared = len(hasher.compared)
    with pytest.raises(TooManyAttemptsError) as caught:
        await authenticator.login("ADA", "correct horse", ELSEWHERE)

    assert caught.value.retry_after == 12
    assert len(hasher.compared) == compared
    await authenticator.login("ada", "correct horse", HERE)
    clock.now += caught.value.retry_after
    await authenticator.login("ada", "correct horse", ELSEWHERE)


async def test_a_hundred_guesses_at_once_are_a_hundred_guesses(
    authenticator, ada, hasher
):
    """Counting after the comparison would let them all pass."""
    await asyncio.gather(
        *(authenticator.login("ada", f"wrong {n}", HERE) for n in range(100)),
        return_exceptions=True,
    )

    assert len(hasher.compared) == 5


async def test_unknown_names_are_slowed_down_like_known_ones(authenticator):
    """Otherwise the limit itself would tell which names exist."""
    for _ in range(5):
        with pytest.raises(AuthError):
            await authenticator.login("carol", "wrong", HERE)
    with pytest.raises(TooManyAttemptsError):
        await authenticator.login("carol", "wrong", HERE)


async def test_logging_in_often_is_no_attack(authenticator, ada):
    for _ in range(30):
        await authenticator.login("ada", "correct horse", HERE)


@pytest.fixture
def stronger(database, clock, stronger_hasher):
    """The same login after its parameters were raised."""
    return PasswordAuthenticator(
        database, Settings(), passwords=Passwords(stronger_hasher), clock=clock
    )


async def test_an_outdated_hash_is_renewed_at_login(
    authenticator, stronger, users, ada
):
    """S25: parameters grow with the years, and nobody has to do anything."""
    _, before = await authenticator.login("ada", "correct horse", HERE)

    _, after = await stronger.login("ada", "correct horse", HERE)

    renewed = await users.find("ada")
    assert "t=2" in renewed.password_hash
    assert await stronger.alive([before.session, after.session]) == {
        before.session,
        after.session,
    }
    await stronger.login("ada", "correct horse", HERE)
    assert await users.find("ada") == renewed


async def test_a_wrong_password_renews_nothing(stronger, users, ada):
    with pytest.raises(AuthError):
        await stronger.login("ada", "wrong", HERE)

    assert await users.find("ada") == ada


async def test_logins_at_once_with_an_outdated_hash_all_succeed(stronger, ada):
    """The first renews the hash that the others have just compared with."""
    opened = await asyncio.gather(
        *(stronger.login("ada", "correct horse", HERE) for _ in range(5))
    )

    assert len({token for token, _ in opened}) == 5


class MeddlingPasswords(Passwords):
    """Real ones, during whose comparisons something else happens."""

    meddle = None

    async def verify(self, password, encoded):
        is_right = await super().verify(password, encoded)
        if self.meddle is not None:
            await self.meddle()
        return is_right


@pytest.fixture
def meddling(hasher):
    return MeddlingPasswords(hasher)


@pytest.fixture
def meddled(database, meddling, clock):
    return PasswordAuthenticator(database, Settings(), passwords=meddling, clock=clock)


async def test_a_password_that_is_replaced_meanwhile_opens_nothing(
    meddled, meddling, users, sessions, ada
):
    """The change has just ended all sessions; this one must not come after."""

    async def meddle():
        meddling.meddle = None
        await users.set_password("ada", "battery staple")

    meddling.meddle = meddle
    with pytest.raises(AuthError, match=r"^the name or the password is wrong$"):
        await meddled.login("ada", "correct horse", HERE)
    assert await users.disable("ada") == ()


async def test_a_hash_that_is_renewed_meanwhile_is_compared_again(
    meddled, meddling, users, ada
):
    async def meddle():
        meddling.meddle = None
        await users.renew_hash(ada, "correct horse")

    meddling.meddle = meddle
    _, identity = await meddled.login("ada", "correct horse", HERE)

    assert identity.user == ada.id


async def test_a_hash_that_changes_all_the_time_is_given_up(
    meddled, meddling, users, ada
):
    async def meddle():
        await users.set_password("ada", "correct horse")

    meddling.meddle = meddle
    with pytest.raises(AuthError, match=r"^the name or the password is wrong$"):
        await meddled.login("ada", "correct horse", HERE)


async def test_nobody_brings_nothing(authenticator):
    with pytest.raises(AuthError, match="log in"):
        await authenticator.identify(Credentials(origin=PAGE))


async def test_a_token_in_a_header_is_good_without_an_origin(authenticator, ada):
    """S03: a program sends no origin, and no browser sends this header unasked."""
    token, opened = await authenticator.login("ada", "correct horse", HERE)

    identity = await authenticator.identify(Credentials(bearer=token))

    assert identity.session == opened.session
    assert identity.how == "header"


@pytest.mark.parametrize("bearer", ["", "wrong"])
async def test_a_bad_header_is_not_helped_out_by_the_cookie(authenticator, ada, bearer):
    """With a header the origin is not checked, so that any page could add one."""
    token, _ = await authenticator.login("ada", "correct horse", HERE)

    with pytest.raises(AuthError):
        await authenticator.identify(Credentials(cookie=token, bearer=bearer))


async def test_the_identity_is_the_tokens_owner(authenticator, users, ada):
    """S17: it is a function of the secret and of nothing else."""
    bob = await users.add("bob", "secret", now=0.0)
    adas, _ = await authenticator.login("ada", "correct horse", HERE)
    bobs, _ = await authenticator.login("bob", "secret", HERE)

    assert (await authenticator.identify(Credentials(cookie=adas))).user == ada.id
    assert (await authenticator.identify(Credentials(cookie=bobs))).user == bob.id
    with pytest.raises(AuthError):
        await authenticator.identify(Credentials(cookie=ada.id))


async def test_a_session_ends_after_its_time(authenticator, ada, clock):
    token, identity = await authenticator.login("ada", "correct horse", HERE)
    clock.now = identity.expires_at

    with pytest.raises(AuthError):
        await authenticator.identify(Credentials(cookie=token))


async def test_purging_leaves_a_connection_its_grace(authenticator, ada, clock):
    """S15: 30 seconds after the end it is closed with its own code."""
    _, identity = await authenticator.login("ada", "correct horse", HERE)
    clock.now = identity.expires_at + Settings().expired_grace
    assert await authenticator.purge() == 0
    assert await authenticator.alive([identity.session]) == {identity.session}

    clock.now += 1
    assert await authenticator.purge() == 1
    assert await authenticator.alive([identity.session]) == set()


async def test_logging_out_ends_the_session_and_no_other(authenticator, ada):
    """S13: the server asks `alive` and closes what is missing."""
    token, identity = await authenticator.login("ada", "correct horse", HERE)
    other_token, other = await authenticator.login("ada", "correct horse", HERE)

    assert await authenticator.logout(token) == identity.session
    assert await authenticator.logout(token) is None
    assert await authenticator.alive([identity.session, other.session]) == {
        other.session
    }
    with pytest.raises(AuthError):
        await authenticator.identify(Credentials(cookie=token))
    await authenticator.identify(Credentials(cookie=other_token))


async def test_a_change_by_another_program_is_seen_here(
    authenticator, ada, database, passwords
):
    """S14: `goldenpath users` is a process of its own."""
    _, identity = await authenticator.login("ada", "correct horse", HERE)
    async with Database(database.path) as elsewhere:
        await Users(elsewhere, passwords).disable("ada")

    assert await authenticator.alive([identity.session]) == set()
    with pytest.raises(AuthError):
        await authenticator.login("ada", "correct horse", HERE)


async def test_a_ticket_is_good_once_for_half_a_minute(authenticator, ada, clock):
    """S06"""
    _, identity = await authenticator.login("ada", "correct horse", HERE)
    first = await authenticator.issue_ticket(identity, PAGE)
    second = await authenticator.issue_ticket(identity, PAGE)

    redeemed = await authenticator.redeem_ticket(first, PAGE)

    assert redeemed.session == identity.session
    assert redeemed.how == "ticket"
    with pytest.raises(AuthError):
        await authenticator.redeem_ticket(first, PAGE)
    clock.now += Settings().ticket_lasts
    with pytest.raises(AuthError):
        await authenticator.redeem_ticket(second, PAGE)


async def test_a_ticket_is_no_token_and_a_token_no_ticket(authenticator, ada):
    token, identity = await authenticator.login("ada", "correct horse", HERE)
    ticket = await authenticator.issue_ticket(identity, PAGE)

    with pytest.raises(AuthError):
        await authenticator.identify(Credentials(bearer=ticket))
    with pytest.raises(AuthError):
        await authenticator.redeem_ticket(token, PAGE)


async def test_an_origin_that_is_none_stops_the_start(database, passwords):
    with pytest.raises(SettingsError, match="example"):
        PasswordAuthenticator(
            database, Settings(origins=("*.example.com",)), passwords=passwords
        )


async def test_without_its_store_nobody_is_let_in(authenticator, ada, database):
    """S23: an error that says come back, and never an identity."""
    token, identity = await authenticator.login("ada", "correct horse", HERE)
    await database.close()

    for attempt in (
        authenticator.identify(Credentials(cookie=token)),
        authenticator.login("ada", "correct horse", HERE),
        authenticator.issue_ticket(identity, PAGE),
        authenticator.redeem_ticket("x", PAGE),
        authenticator.alive([identity.session]),
    ):
        with pytest.raises(StorageError):
            await attempt


async def test_by_default_passwords_are_hashed_as_they_should(database, ada, users):
    authenticator = PasswordAuthenticator(database, Settings())

    await authenticator.login("ada", "correct horse", HERE)

    assert "m=19456,t=2,p=1" in (await users.find("ada")).password_hash
