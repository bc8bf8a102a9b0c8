"""S17 to S19, S52: nobody reads, changes or even counts what is somebody else's."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.security.town import ASKS, NAMES, SETTINGS, THREADS, Thread, agent, town

pytestmark = pytest.mark.timeout(180)

# The town is built once for all examples: what is asked for has to leave no trace.
bounded = hypothesis.settings(
    max_examples=40,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
people = st.integers(0, len(NAMES) - 1)


@pytest.fixture
def place(make_door):
    with town(make_door(*NAMES, agent=agent, **SETTINGS)) as made:
        yield made


def is_refused(answer):
    return answer.get("code") == "not_found"


def test_s18_only_its_owner_reaches_a_thread_whatever_is_asked(place):
    """Three people, five threads each; a model says who may."""

    def act(actor, owner, index, what):
        person, thread = place.people[actor], place.threads[owner][index]
        answer = ASKS[what](person, thread)
        if actor != owner:
            assert is_refused(answer), (what, answer)
            return
        if thread.is_deleted:
            # To stop again what has ended changes nothing.
            assert "code" in answer or what.startswith("cancel"), (what, answer)
            return
        # A log has to be followed before it can be resumed.
        assert not is_refused(answer) or what == "resume", (what, answer)
        if answer.get("code") is not None:
            return
        if what == "send":
            thread.messages += 1
        elif what == "rename":
            thread.title = "renamed"
        elif what == "delete":
            thread.is_deleted = True

    asked = st.tuples(
        people,
        people,
        st.integers(0, THREADS - 1),
        # Of what one's own threads are left with, little would be left to ask for.
        st.sampled_from([one for one in ASKS if one != "delete"]),
    )

    @bounded
    @given(st.lists(asked, min_size=1, max_size=15))
    def play(steps):
        for step in steps:
            act(*step)
        place.everything_stayed_with_its_owner()

    play()
    # And everything by everybody, each thread's deletion last.
    for what in ASKS:
        for actor in range(len(NAMES)):
            for owner in range(len(NAMES)):
                if actor != owner:
                    act(actor, owner, 0, what)
    for owner in range(len(NAMES)):
        act(owner, owner, 0, "delete")
        for what in ASKS:
            for actor in range(len(NAMES)):
                act(actor, owner, 0, what)
    place.everything_stayed_with_its_owner()


def test_s52_somebody_elses_is_as_missing_as_what_never_was(place):
    """The same words, whatever was asked: nobody finds out which ids exist."""
    bob = place.people[1]
    for what, ask in ASKS.items():
        answers = set()
        for thread in (*place.threads[0], Thread.missing()):
            answer = repr(ask(bob, thread))
            for name in ("said", "id", "run", "call"):
                answer = answer.replace(getattr(thread, name)[:40], "NAME")
            answers.add(answer)

        assert len(answers) == 1, what
        assert "not_found" in answers.pop()


def test_s52_how_far_a_foreign_log_has_come_cannot_be_asked(place):
    """A cursor before, at and beyond its head: the answers are the same."""
    ada, bob, _ = place.people
    thread = place.threads[0][0]
    for log in (thread.log, f"user:{ada.id}"):
        answers = {
            repr(bob.resume(log, cursor=thread.cursor | {"number": number}))
            for number in (0, 1, 2, 3, 10**6)
        }
        assert len(answers) == 1
        assert "not_found" in answers.pop()
    for number in (0, 1, 10**6):
        cursor = thread.cursor | {"number": number}
        answer = bob.ask("subscribe", thread=thread.id, cursor=cursor)
        assert is_refused(answer)
    place.everything_stayed_with_its_owner()


WORDS = [
    *("user", "user_id", "userId", "sub", "owner", "author", "from", "as", "name"),
    *("session", "identity", "token", "role", "admin", "is_admin", "on_behalf_of"),
    *("log", "device_id", "connection", "x-user"),
]


def test_s17_who_somebody_is_never_comes_from_what_they_say(place):
    """Unknown fields of a frame, headers and bodies that name others are nothing."""
    ada, bob, _ = place.people
    victim, own = place.threads[0][2], place.threads[1][2]

    @bounded
    @given(
        planted=st.dictionaries(
            st.sampled_from(WORDS),
            st.one_of(
                st.sampled_from([ada.id, "ada", f"user:{ada.id}", victim.id]),
                st.builds(lambda name: {name: ada.id}, st.sampled_from(WORDS)),
                st.just([ada.id]),
                st.just(True),
            ),
            max_size=4,
        ),
        what=st.sampled_from(
            ["send", "subscribe", "unsubscribe", "cancel", "retry", "answer", "new"]
        ),
    )
    def play(planted, what):
        theirs = {
            "subscribe": {"thread": victim.id},
            "cancel": {"run": victim.run},
            "retry": {"run": victim.run},
            "answer": {"run": victim.run, "call": victim.call, "value": ada.id},
            "send": {"thread": victim.id, "text": "x", "client_message_id": "n"},
        }
        if what in theirs:
            assert is_refused(bob.ask(what, **(planted | theirs[what])))
        if what == "new":
            # A message in a new thread, named as one of ada's is.
            sent = bob.ask("send", **planted, text="x", client_message_id=victim.said)
            assert sent["thread"] not in {one.id for one in place.threads[0]}
        elif what == "send":
            name = f"{bob.count}"
            sent = bob.ask(
                "send", **planted, thread=own.id, text="x", client_message_id=name
            )
            assert sent["thread"] == own.id
            own.messages += 1
        elif what == "unsubscribe":
            bob.ask(what, **planted, thread=own.id)
        place.everything_stayed_with_its_owner()

    play()


def test_s17_nor_from_a_hello_a_body_a_header_or_a_query(place):
    ada, bob, _ = place.people
    door = bob.door
    named = dict.fromkeys(WORDS, ada.id)
    with door.talking_as("bob") as phone:
        phone.put("hello", **named, device="d", previous=ada.id)
        welcome = phone.take("welcome")
    names = ["X-User", "X-User-Id", "X-Forwarded-User", "Remote-User", "From"]
    query = f"?user={ada.id}&user_id={ada.id}&owner={ada.id}&as=ada"
    made, listed = set(), set()
    for body, headers, asked in (
        (named, {}, ""),
        ({}, dict.fromkeys(names, ada.id), ""),
        ({}, {}, query),
    ):
        how = {"headers": door.bearer("bob") | headers}
        answer = door.ask("POST", f"/threads{asked}", body, **how)
        made.add(answer.json()["id"])
        answer = door.ask("GET", f"/threads{asked}", **how)
        listed |= {one["id"] for one in answer.json()["threads"]}
    _, adas = ada.http("GET", "/threads")

    assert welcome["user"] == {"id": bob.id, "name": "bob"}
    assert welcome["log"] == f"user:{bob.id}"
    assert len(made) == 3
    assert made <= listed
    assert not listed & {one["id"] for one in adas["threads"]}
