"""Tools can be called by name, by an agent or by a model."""

import datetime as dt

import pytest

from goldenpath.agents import Tool, built_in_tools
from goldenpath.agents._toolbox import local_now
from goldenpath.errors import AgentError

pytestmark = pytest.mark.anyio

NOW = dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC)
TOOLS = {
    tool.name: tool
    for tool in built_in_tools(documents={"Cats": "A cat sleeps"}, clock=lambda: NOW)
}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        (
            "calculate",
            {"expression": "6*7"},
            {"value": "42", "is_exact": True, "text": "42"},
        ),
        (
            "calculate",
            {"expression": "1/3"},
            {
                "value": "0.333333333333",
                "is_exact": False,
                "text": "1/3 ≈ 0.333333333333",
            },
        ),
        (
            "convert_units",
            {"value": "1", "source": "km", "target": "m"},
            {"value": "1000", "unit": "m"},
        ),
        (
            "answer_dates",
            {"question": "in 1 day"},
            {
                "date": "2026-11-24",
                "weekday": "Tuesday",
                "answer": "**Tuesday, 24 November 2026**, "
                "1 day after 23 November 2026.",
            },
        ),
        ("search_documents", {"query": "zebra"}, {"passages": []}),
    ],
)
async def test_a_built_in_tool_gives_json(name, arguments, expected):
    assert await TOOLS[name].call(arguments) == expected


async def test_a_search_gives_passages():
    (passage,) = (await TOOLS["search_documents"].call({"query": "cats"}))["passages"]

    assert passage["title"] == "Cats"
    assert passage["text"] == "A cat sleeps"
    assert passage["score"] > 0


def test_every_tool_describes_itself():
    for tool in TOOLS.values():
        assert tool.description.endswith(".")
        assert tool.parameters["type"] == "object"
        assert set(tool.parameters["required"]) == set(tool.parameters["properties"])


async def echo(**arguments):
    return arguments


async def strict(number: int = 0):
    return number


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("string", "x", True),
        ("string", 1, False),
        ("integer", 1, True),
        ("integer", 1.5, False),
        ("integer", True, False),
        ("number", 1.5, True),
        ("number", 1, True),
        ("number", False, False),
        ("boolean", True, True),
        ("boolean", 1, False),
        ("array", [], True),
        ("array", "x", False),
        ("object", {}, True),
        ("object", [], False),
        ("unheard of", 1, True),
    ],
)
async def test_arguments_must_be_of_their_type(kind, value, fits):
    tool = Tool("echo", "", {"properties": {"x": {"type": kind}}}, echo)
    if fits:
        assert await tool.call({"x": value}) == {"x": value}
        return
    with pytest.raises(AgentError, match="'x' is not of type"):
        await tool.call({"x": value})


async def test_arguments_that_do_not_fit_the_function_are_told():
    tool = Tool("strict", "", {}, strict)

    assert await tool.call({"number": 5}) == 5
    with pytest.raises(AgentError, match="strict: got an unexpected keyword"):
        await tool.call({"wrong": 5})


def test_the_clock_knows_its_zone():
    assert local_now().utcoffset() is not None
