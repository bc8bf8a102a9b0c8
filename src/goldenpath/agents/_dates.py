"""Questions about dates, answered by the calendar and a clock that is passed in."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from goldenpath.errors import AgentError

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
_MONTH = f"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DATE = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}|today|tomorrow|yesterday"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_UNIT = r"(?P<unit>day|week|month|year)s?"
_COUNT = r"(?P<count>\d{1,12}|an?|one)"
# Days in the span of a unit, where a span can be counted in it.
_SPANS = {"day": 1, "week": 7}
_FIRST, _SECOND = rf"(?P<first>{_DATE})", rf"(?P<second>{_DATE})"
_ASKED_WEEKDAY = r"(?:what|which) (?:day|weekday)(?: of the week)?"
_ASKED = r"(?:what(?:'s|’s| is| was| will be)|which|tell me)?\s*(?:the )?"


def answer_dates(question: str, now: dt.datetime) -> dict[str, Any]:
    """Answer a question about dates.

    Returns:
        ``answer``, a sentence in Markdown, and what it is made of.

    Raises:
        AgentError: It is no such question, or there is no such date.
    """
    text = _plain(question)
    for pattern, answer in _QUESTIONS:
        if match := pattern.fullmatch(text):
            try:
                return answer(match, now)
            except (OverflowError, ValueError):
                raise _refusal("the calendar goes from year 1 to year 9999") from None
    raise _refusal("ask for a weekday, a date some days away, or the days between two")


def is_about_dates(message: str) -> bool:
    """Return whether :func:`answer_dates` has an answer for a message."""
    text = _plain(message)
    return any(pattern.fullmatch(text) for pattern, _ in _QUESTIONS)


def _plain(question: str) -> str:
    """Return a question in one spelling; a long one is none."""
    if len(question) > 200:
        return ""
    return " ".join(question.lower().strip().rstrip("?.! ").split())


def _read(text: str, today: dt.date) -> dt.date:
    """Return the date that a text names."""
    near = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if text in near:
        return today + dt.timedelta(days=near[text])
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if "-" in text:
        year, month, day = numbers
    else:
        day, year = numbers
        month = next(_MONTHS[word] for word in re.findall(_MONTH, text))
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise _refusal(f"there is no date {text!r}") from None


def _weekday(match: re.Match[str], now: dt.datetime) -> dict[str, Any]:
    date = _read(match["date"], now.date())
    verb = "was" if date < now.date() else "is"
    return {
        "date": date.isoformat(),
        "weekday": f"{date:%A}",
        "answer": f"{_long(date)} {verb} a **{date:%A}**.",
    }


def _now(_: re.Match[str], now: dt.datetime) -> dict[str, Any]:
    zone = _zone(now)
    return {
        "date": now.date().isoformat(),
        "time": f"{now:%H:%M}",
        "zone": zone,
        "answer": f"Today is **{now:%A}, {_long(now.date())}**; "
        f"the server's clock says {now:%H:%M} ({zone}).",
    }


def _zone(now: dt.datetime) -> str:
    """Return a clock's distance from UTC, such as ``UTC+02:00``."""
    offset = f"{now:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}" if offset.strip("+-0") else "UTC"


def _away(match: re.Match[str], now: dt.datetime) -> dict[str, Any]:
    """Answer with the date that lies some days, weeks, months or years away."""
    groups = match.groupdict()
    start = _read(groups.get("date") or "today", now.date())
    count = int(match["count"]) if match["count"].isdecimal() else 1
    back = groups.get("direction") in ("ago", "before")
    date = _moved(start, -count if back else count, match["unit"])
    place = "before" if back else "after"
    unit = match["unit"] + ("" if count == 1 else "s")
    return {
        "date": date.isoformat(),
        "weekday": f"{date:%A}",
        "answer": f"**{date:%A}, {_long(date)}**, "
        f"{count} {unit} {place} {_long(start)}.",
    }


def _moved(date: dt.date, count: int, unit: str) -> dt.date:
    if unit in _SPANS:
        return date + dt.timedelta(days=count * _SPANS[unit])
    months = date.year * 12 + date.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError
    # A month after 31 January is the last day of February.
    day = min(date.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day)


def _between(match: re.Match[str], now: dt.datetime) -> dict[str, Any]:
    """Answer with the days or weeks from one date to another."""
    groups = match.groupdict()
    first = _read(groups.get("first") or "today", now.date())
    second = _read(groups.get("second") or "today", now.date())
    days = (second - first).days
    weeks, rest = divmod(abs(days), 7)
    parts = f" ({_count(weeks, 'week')}" if weeks else ""
    parts += f" and {_count(rest, 'day')})" if parts and rest else ")" * bool(parts)
    return {
        "from": first.isoformat(),
        "to": second.isoformat(),
        "days": days,
        "answer": f"From {_long(first)} to {_long(second)} it is "
        f"**{_count(days, 'day')}**{parts}.",
    }


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}" + ("" if abs(number) == 1 else "s")


def _long(date: dt.date) -> str:
    return f"{date.day} {date:%B} {date.year:04d}"


def _refusal(text: str) -> AgentError:
    return AgentError(f"Cannot answer that: {text}", retryable=False)


_Answer = Callable[[re.Match[str], dt.datetime], dict[str, Any]]
_FROM_TODAY = r"(?:(?:what|which) (?:date|day) (?:is|was|will it be)(?: it)?|"
_FROM_TODAY += rf"{_ASKED}(?:date|day)?)\s?"
_SPAN = rf"(?:between|from) {_FIRST} (?:and|to|until|till) {_SECOND}"
_DIRECTED = rf"(?P<direction>before|after|from) (?P<date>{_DATE})"
_HOW_MANY = r"(?:how many )?(?:days|weeks)"
_QUESTIONS: list[tuple[re.Pattern[str], _Answer]] = [
    (re.compile(pattern), answer)
    for pattern, answer in (
        (rf"{_ASKED}(?:current )?(?:date|time|day)?\s?(?:today|now|right now)", _now),
        (r"what (?:day|date|time) is it(?: today| now)?", _now),
        (r"what(?:'s|’s| is) the (?:current )?(?:date|time|day)", _now),
        (
            rf"{_ASKED_WEEKDAY} (?:is|was|will be|falls on) (?:on )?(?P<date>{_DATE})",
            _weekday,
        ),
        (rf"(?:(?:weekday|day) (?:of|on) )?(?P<date>{_DATE})", _weekday),
        (
            rf"{_HOW_MANY}(?: are there)? {_SPAN}",
            _between,
        ),
        (
            rf"{_HOW_MANY}(?: are left| is it| are there)? (?:until|till|to) {_SECOND}",
            _between,
        ),
        (rf"{_HOW_MANY}(?: have passed| is it)? since {_FIRST}", _between),
        (rf"{_FROM_TODAY}in {_COUNT} {_UNIT}", _away),
        (rf"{_FROM_TODAY}{_COUNT} {_UNIT} (?P<direction>from now|ago)", _away),
        (
            rf"{_FROM_TODAY}{_COUNT} {_UNIT} {_DIRECTED}",
            _away,
        ),
    )
]
