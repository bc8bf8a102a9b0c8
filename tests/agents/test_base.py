"""What people see of an agent."""

import pytest

from goldenpath.agents import ToolsAgent
from goldenpath.agents._base import agent_name, agent_note


async def plain(message, ctx):
    yield message


class Nameless:
    def __call__(self, message, ctx):
        raise NotImplementedError


@pytest.mark.parametrize(
    ("agent", "name", "note"),
    [
        (plain, "plain", ""),
        (Nameless(), "Nameless", ""),
        (ToolsAgent(documents={}), "Tools", ToolsAgent.note),
    ],
)
def test_an_agent_has_a_name_and_maybe_a_note(agent, name, note):
    assert agent_name(agent) == name
    assert agent_note(agent) == note
