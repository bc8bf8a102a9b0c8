"""Text that grows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenpath.agents._pace import speak


def gathered(text: str, pace: float = 0) -> tuple[list[str], list[float]]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def gather() -> list[str]:
        return [piece async for piece in speak(text, pace, sleep)]

    # Nothing in it really waits, so one step runs it to its end.
    with pytest.raises(StopIteration) as ended:
        gather().send(None)
    return ended.value.value, slept


@settings(database=None)
@given(st.text().filter(str.strip))
def test_the_pieces_are_the_text(text):
    assert "".join(gathered(text)[0]) == text


def test_it_pauses_between_words_only():
    assert gathered(" one two\nthree ", 0.5) == (
        [" one", " two", "\nthree "],
        [0.5, 0.5],
    )


def test_without_a_pace_it_does_not_pause():
    assert gathered("one two", 0)[1] == []
