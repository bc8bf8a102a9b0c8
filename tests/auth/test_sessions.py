import pytest

from goldenpath.errors import AuthError, StorageError

pytestmark = pytest.mark.anyio

NOW = 1_700_000_000.0
END = NOW + 3600.0


@pytest.fixture
async def opened(sessions, ada):
    return await sessions.create(ada.id, password_hash=ada.password_hash, now=NOW)


async def test_a_token_opens_its_session(sessions, ada, opened):
    token, identity = opened

    found = await sessions.resolve(token, how="header", now=NOW + 1)

    assert (found.user, found.name, found.session) == (ada.id, "ada", identity.session)
    assert found.expires_at == END
    assert found.how == "header"
    assert identity.how == "cookie"


async def test_the_database_knows_neither_token_nor_a_way_to_it(
    sessions, database, tmp_path, opened
):
    """Who steals a backup gets no session."""
    token, identity = opened
    stored = b"".join(
        path.read_bytes() for path in tmp_path.iterdir() if path.is_file()
    )

    assert token.encode() not in stored
    assert identity.session.encode() in stored
    with pytest.raises(AuthError):
        await sessions.resolve(identity.session, how="cookie", now=NOW)


async def test_each_login_is_a_new_session(sessions, ada, opened):
    """S27: what was planted before the login is worth nothing after it."""
    again = await sessions.create(ada.id, password_hash=ada.password_hash, now=NOW)

    assert again[0] != opened[0]
    assert again[1].session != opened[1].session


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\ud800", "' OR 1=1 --"])
async def test_a_foreign_token_opens_nothing(sessions, opened, token):
    with pytest.raises(AuthError):
        await sessions.resolve(token, how="cookie", now=NOW)


async def test_a_session_ends_by_itself(sessions, opened):
    token, _ = opened
    await sessions.resolve(token, how="cookie", now=END - 0.001)

    with pytest.raises(AuthError, match="log in"):
        await sessions.resolve(token, how="cookie", now=END)


async def test_a_disabled_users_session_is_dead_however_it_came_about(
    sessions, database, ada, opened
):
    """A second wall: disabling deletes sessions, and none is believed without it."""
    token, identity = opened
    await database.write(
        lambda connection: connection.execute("UPDATE users SET is_disabled = 1") and 0
    )

    with pytest.raises(AuthError):
        await sessions.resolve(token, how="cookie", now=NOW)
    assert await sessions.alive([identity.session]) == set()
    assert (
        await sessions.create(ada.id, password_hash=ada.password_hash, now=NOW) is None
    )


async def test_no_session_opens_with_a_password_that_was_just_replaced(
    sessions, users, ada
):
    """The comparison takes a while, and the change may fall into it."""
    await users.set_password("ada", "battery staple")

    late = await sessions.create(ada.id, password_hash=ada.password_hash, now=NOW)

    assert late is None
    assert await users.disable("ada") == ()


async def test_revoking_by_handle_ends_one_session(sessions, ada, opened):
    token, identity = opened
    _, other = await sessions.create(ada.id, password_hash=ada.password_hash, now=NOW)

    assert await sessions.revoke(identity.session)
    assert not await sessions.revoke(identity.session)
    assert await sessions.alive([identity.session, other.session]) == {other.session}
    with pytest.raises(AuthError):
        await sessions.resolve(token, how="cookie", now=NOW)


async def test_revoking_by_token_names_the_session_that_ended(sessions, opened):
    token, identity = opened

    assert await sessions.revoke_token(identity.session) is None
    assert await sessions.revoke_token(token) == identity.session
    assert await sessions.revoke_token(token) is None
    assert await sessions.alive([identity.session]) == set()


async def test_all_sessions_of_one_user_end_and_nobody_elses(sessions, users, ada):
    bob = await users.add("bob", "secret", now=NOW)
    handles = set()
    for _ in range(3):
        _, identity = await sessions.create(
            ada.id, password_hash=ada.password_hash, now=NOW
        )
        handles.add(identity.session)
    _, other = await sessions.create(bob.id, password_hash=bob.password_hash, now=NOW)

    assert set(await users.disable("ada")) == handles
    assert await sessions.alive([*handles, other.session]) == {other.session}


async def test_alive_answers_for_as_many_as_a_server_has(sessions, opened):
    """S13, S14: asked for all connections at once, every few seconds."""
    _, identity = opened
    many = [f"unknown-{n}" for n in range(50_000)]

    assert await sessions.alive([*many, identity.session]) == {identity.session}
    assert await sessions.alive([]) == set()
    assert await sessions.alive({"'; DROP TABLE sessions"}) == set()


async def test_purging_forgets_what_ended_before_and_nothing_else(sessions, opened):
    """Until then it is alive: its connections have their grace (S15)."""
    _, identity = opened
    assert await sessions.purge(ended_before=END) == 0
    assert await sessions.alive([identity.session]) == {identity.session}

    assert await sessions.purge(ended_before=END + 0.001) == 1
    assert await sessions.alive([identity.session]) == set()


async def test_without_its_store_nobody_is_let_in(sessions, database, opened):
    """S23: an error, and not an identity."""
    token, _ = opened
    await database.close()

    with pytest.raises(StorageError):
        await sessions.resolve(token, how="cookie", now=NOW)
    with pytest.raises(StorageError):
        await sessions.alive(["x"])
