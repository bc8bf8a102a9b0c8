import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.auth._passwords import Passwords
from goldenpath.auth._users import Users, normalise_name
from goldenpath.errors import RefusedError

pytestmark = pytest.mark.anyio

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ada", "ada"),
        ("ADA", "ada"),
        ("  Ada \n", "ada"),
        ("ａｄａ", "ada"),
        ("Strasse", "strasse"),
        ("Straße", "strasse"),
        ("Cafe\u0301", "caf\u00e9"),
        ("Ada Lovelace", "ada lovelace"),
        ("Ada\u00a0Lovelace", "ada lovelace"),
        ("ada@example.com", "ada@example.com"),
        ("李", "李"),
        ("\u2102arol", "carol"),  # a capital only after normalising
        ("\u0390", "\u0390"),  # composed no more after folding
        ("x" * 64, "x" * 64),
    ],
)
def test_a_name_has_one_form(typed, expected):
    assert normalise_name(typed) == expected


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 65,
        "x" * 10_000,
        " " * 300,
        "\ufdfa" * 10,  # each becomes 18 characters
        "ada\nbob",
        "ada\x00bob",
        "ada\x1b[31m",
        "ada\u202ebob",  # turns the rest around
        "ada\u200b",  # shows nothing
        "a\u00adda",
        "ada\u2028bob",
        "ada\ud800",
        "ada\ue000",
    ],
)
def test_a_name_that_could_deceive_is_refused(name):
    with pytest.raises(RefusedError) as caught:
        normalise_name(name)
    assert caught.value.code == "bad_name"
    assert str(caught.value).isprintable()


@given(st.text(max_size=70))
def test_normalising_twice_changes_nothing(name):
    try:
        once = normalise_name(name)
    except RefusedError:
        return
    assert normalise_name(once) == once


async def test_a_user_is_found_in_any_case(users):
    added = await users.add("Ada", "secret", now=NOW)

    assert await users.find("ADA") == added
    assert added.name == "ada"
    assert added.created_at == NOW
    assert not added.is_disabled
    assert await users.find("bob") is None


async def test_a_user_does_not_show_the_hash(ada):
    assert ada.password_hash.startswith("$argon2id$")
    assert "argon2" not in repr(ada)


async def test_users_are_listed_by_name(users):
    for name in ("carol", "Ada", "bob"):
        await users.add(name, "secret", now=NOW)

    assert [user.name for user in await users.list()] == ["ada", "bob", "carol"]


async def test_a_name_is_given_once(users, ada):
    with pytest.raises(RefusedError, match="a user 'ada' already") as caught:
        await users.add("ADA", "other", now=NOW)

    assert caught.value.code == "name_taken"
    assert await users.list() == [ada]


async def test_a_name_is_given_once_also_to_many_at_the_same_time(users):
    outcomes = await asyncio.gather(
        *(users.add("ada", f"secret {n}", now=NOW) for n in range(10)),
        return_exceptions=True,
    )

    refused = [one for one in outcomes if isinstance(one, RefusedError)]
    assert len(refused) == 9
    assert len(await users.list()) == 1


async def test_a_new_password_replaces_the_old_and_ends_all_sessions(
    users, sessions, passwords, ada
):
    """S14: whoever has the old one, or a session from it, is out."""
    bob = await users.add("bob", "secret", now=NOW)
    mine = [
        await sessions.create(ada.id, password_hash=ada.password_hash, now=NOW)
        for _ in range(3)
    ]
    _, other = await sessions.create(bob.id, password_hash=bob.password_hash, now=NOW)
    handles = {identity.session for _, identity in mine}

    ended = await users.set_password("ADA", "battery staple")

    found = await users.find("ada")
    assert set(ended) == handles
    assert await sessions.alive([*handles, other.session]) == {other.session}
    assert await passwords.verify("battery staple", found.password_hash)
    assert not await passwords.verify("correct horse", found.password_hash)


async def test_disabling_ends_all_sessions_and_enabling_brings_none_back(
    users, sessions, ada
):
    _, identity = await sessions.create(
        ada.id, password_hash=ada.password_hash, now=NOW
    )

    ended = await users.disable("ada")

    assert ended == (identity.session,)
    assert (await users.find("ada")).is_disabled
    assert await sessions.alive([identity.session]) == set()
    await users.enable("ada")
    assert not (await users.find("ada")).is_disabled
    assert await sessions.alive([identity.session]) == set()


async def test_only_the_named_user_is_changed(users, ada):
    bob = await users.add("bob", "secret", now=NOW)
    await users.disable("ada")
    await users.set_password("ada", "other")

    assert await users.find("bob") == bob


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [("set_password", ("x",)), ("disable", ()), ("enable", ())],
)
async def test_somebody_unknown_cannot_be_changed(users: Users, verb, arguments):
    with pytest.raises(RefusedError, match="no user 'bob'") as caught:
        await getattr(users, verb)("bob", *arguments)
    assert caught.value.code == "not_found"


async def test_a_hash_is_renewed_without_ending_sessions(
    database, sessions, ada, stronger_hasher
):
    stronger = Users(database, Passwords(stronger_hasher))
    _, identity = await sessions.create(
        ada.id, password_hash=ada.password_hash, now=NOW
    )

    await stronger.renew_hash(ada, "correct horse")

    found = await stronger.find("ada")
    assert "t=2" in found.password_hash
    assert await sessions.alive([identity.session]) == {identity.session}


async def test_a_renewal_that_comes_late_does_not_undo_a_new_password(users, ada):
    await users.set_password("ada", "battery staple")
    changed = await users.find("ada")

    await users.renew_hash(ada, "correct horse")

    assert await users.find("ada") == changed
