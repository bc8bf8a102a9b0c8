"""Questions about dates; the clock is stopped."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenpath.agents._dates import answer_dates, is_about_dates
from goldenpath.errors import AgentError

NOW = dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("question", "key", "value"),
    [
        ("today", "date", "2026-11-23"),
        ("What's the date today?", "date", "2026-11-23"),
        ("what day is it", "date", "2026-11-23"),
        ("what time is it now?", "time", "09:05"),
        ("what is the current time", "time", "09:05"),
        ("what day is 2027-01-01", "weekday", "Friday"),
        ("Which weekday was July 20, 1969?", "weekday", "Sunday"),
        ("what day of the week will be 1st of March 2027", "weekday", "Monday"),
        ("29 feb 2024", "weekday", "Thursday"),
        ("weekday of tomorrow", "weekday", "Tuesday"),
        ("what is the date in 45 days", "date", "2027-01-07"),
        ("in 3 weeks", "date", "2026-12-14"),
        ("what day will it be in 10 days", "date", "2026-12-03"),
        ("45 days from now", "date", "2027-01-07"),
        ("90 days ago", "date", "2026-08-25"),
        ("a week before 2026-01-01", "date", "2025-12-25"),
        ("1 month after 2027-01-31", "date", "2027-02-28"),
        ("in 1 year", "date", "2027-11-23"),
        ("1 year after 29 Feb 2024", "date", "2025-02-28"),
        ("what date is 5 days from tomorrow", "date", "2026-11-29"),
        ("days between 2026-01-01 and 2026-12-25", "days", 358),
        ("how many days from 2026-12-25 to 2026-01-01", "days", -358),
        ("how many days until 2027-03-01?", "days", 98),
        ("how many days are left until tomorrow", "days", 1),
        ("how many days since 2026-11-20", "days", 3),
        ("how many weeks until 2027-03-01", "days", 98),
    ],
)
def test_a_question_is_answered(question, key, value):
    assert is_about_dates(question)
    assert answer_dates(question, NOW)[key] == value


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("2026-11-22", "22 November 2026 was a **Sunday**."),
        ("in 1 day", "**Tuesday, 24 November 2026**, 1 day after 23 November 2026."),
        (
            "how many days until 2027-03-02",
            (
                "From 23 November 2026 to 2 March 2027 it is **99 days** "
                "(14 weeks and 1 day)."
            ),
        ),
        (
            "how many days until 2026-11-30",
            "From 23 November 2026 to 30 November 2026 it is **7 days** (1 week).",
        ),
        (
            "how many days until tomorrow",
            "From 23 November 2026 to 24 November 2026 it is **1 day**.",
        ),
    ],
)
def test_an_answer_is_a_sentence(question, answer):
    assert answer_dates(question, NOW)["answer"] == answer


def test_the_clock_says_its_zone():
    paris = NOW.astimezone(dt.timezone(dt.timedelta(hours=5, minutes=30)))

    assert answer_dates("today", paris)["zone"] == "UTC+05:30"
    assert answer_dates("today", NOW)["zone"] == "UTC"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("what day is 2027-02-30", "there is no date '2027-02-30'"),
        ("what day is 31 april 2027", "there is no date"),
        ("in 999999999999 days", "year 1 to year 9999"),
        ("in 999999999 years", "year 1 to year 9999"),
        ("3000 years ago", "year 1 to year 9999"),
        ("hello", "ask for a weekday"),
        ("today" * 100, "ask for a weekday"),
    ],
)
def test_what_has_no_answer_says_why(question, text):
    with pytest.raises(AgentError, match=text):
        answer_dates(question, NOW)


@pytest.mark.parametrize(
    "message", ["hello", "what is 45", "5 foo 2027", "what day", "days", "", "10-5"]
)
def test_other_messages_are_left_alone(message):
    assert not is_about_dates(message)


DATES = st.dates(dt.date(1000, 1, 1), dt.date(9000, 1, 1))


@settings(database=None)
@given(DATES, st.integers(0, 300_000))
def test_there_and_back_is_the_same(date, days):
    moved = answer_dates(f"{days} days after {date}", NOW)["date"]

    assert answer_dates(f"days between {date} and {moved}", NOW)["days"] == days
