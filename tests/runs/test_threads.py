"""What people do with their threads, and what they may not."""

import pytest

from goldenpath.errors import RefusedError
from goldenpath.runs._threads import title_of

pytestmark = pytest.mark.anyio


async def silent(message, ctx):
    return
    yield


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  What is\n 2 + 2? ", "What is 2 + 2?"),
        ("word " * 30, "word " * 11 + "word…"),
        ("x" * 100, "x" * 60 + "…"),
        ("a" * 50 + ", and more words than fit", "a" * 50 + ", and…"),
        ("\u200b\u202e", ""),
        ("", ""),
    ],
)
def test_a_title_is_the_beginning_of_a_message_in_one_line(text, title):
    assert title_of(text) == title


async def test_a_message_that_is_too_long_or_empty_is_refused_before_it_is_stored(
    make_house,
):
    house = await make_house(silent, message_bytes=10)
    codes = []
    for text in ("é" * 6, " \n "):
        with pytest.raises(RefusedError) as refused:
            await house.post(text)
        codes.append(refused.value.code)

    assert codes == ["too_large", "bad_message"]
    assert (await house.log.threads("ada", before=None, limit=5))[0] == []


async def test_what_readers_could_not_be_sent_is_refused_before_it_is_stored(
    make_house,
):
    """A control character is six bytes of JSON: the frame would exceed the limit."""
    house = await make_house(silent)
    for attempt in (
        house.post("\x01" * 40_000),
        house.threads.answer("ada", "r", "c", ["x" * 200_000]),
    ):
        with pytest.raises(RefusedError) as refused:
            await attempt
        assert refused.value.code == "too_large"

    assert (await house.log.threads("ada", before=None, limit=5))[0] == []


async def test_the_same_message_twice_is_one_message_and_one_run(make_house):
    house = await make_house(silent)
    first, again = [
        await house.threads.post("ada", "hi", client_message_id="m") for _ in range(2)
    ]

    assert (again.run, again.is_duplicate) == (first.run, True)


async def test_a_deleted_thread_does_not_come_back_with_a_late_copy(make_house):
    house = await make_house(silent)
    posted = await house.threads.post("ada", "hi", client_message_id="m")
    await house.ended(posted)
    await house.threads.delete("ada", posted.thread)
    again = await house.threads.post("ada", "hi", client_message_id="m")

    assert again.is_duplicate
    assert (await house.log.threads("ada", before=None, limit=5))[0] == []


async def test_nobody_changes_somebody_elses_thread(make_house):
    house = await make_house(silent)
    posted = await house.post()
    for attempt in (
        house.threads.rename("bob", posted.thread, "mine"),
        house.threads.delete("bob", posted.thread),
        house.threads.retry("bob", posted.run),
        house.threads.cancel("bob", run=posted.run),
        house.threads.cancel("bob", client_message_id=posted.client_message_id),
        house.threads.post("bob", "a", client_message_id="m", thread=posted.thread),
    ):
        with pytest.raises(RefusedError) as refused:
            await attempt
        assert refused.value.code == "not_found"


async def test_a_thread_without_a_title_takes_one_from_its_first_message(make_house):
    house = await make_house(silent)
    thread = await house.threads.create("ada")
    await house.post("What is love?", thread=thread.id)
    with pytest.raises(RefusedError, match="needs a title"):
        await house.threads.rename("ada", thread.id, " \0 ")
    found, _ = await house.threads.page("ada", before=None, limit=5)

    assert [t.title for t in found] == ["What is love?"]


async def test_a_completed_run_cannot_be_run_again(make_house):
    house = await make_house(silent)
    posted = await house.post()
    await house.ended(posted)
    with pytest.raises(RefusedError) as refused:
        await house.threads.retry("ada", posted.run)

    assert refused.value.code == "conflict"
