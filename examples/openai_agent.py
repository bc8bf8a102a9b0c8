"""A language model behind an OpenAI-compatible endpoint, with a tool of one's own.

Run it from the repository, for a model that Ollama serves::

    MODEL_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2 \
        goldenpath serve --agent examples.openai_agent:agent
"""

from __future__ import annotations

import os
from typing import Any

from goldenpath.agents import Tool, built_in_tools
from goldenpath.agents.openai_compatible import OpenAICompatibleAgent
from goldenpath.errors import AgentError

STOCK = {"coffee": 12, "tea": 0, "cake": 3}


async def look_up_stock(item: str) -> dict[str, Any]:
    """Return how many of something are there."""
    if item not in STOCK:
        # The model is told this, and may try again.
        raise AgentError(f"there is no {item!r}; there is {', '.join(STOCK)}")
    return {"item": item, "in_stock": STOCK[item]}


stock = Tool(
    name="look_up_stock",
    description="Tell how many of an item are in stock.",
    parameters={
        "type": "object",
        "properties": {"item": {"type": "string", "description": "Such as coffee"}},
        "required": ["item"],
        "additionalProperties": False,
    },
    function=look_up_stock,
)

agent = OpenAICompatibleAgent(
    os.environ.get("MODEL_URL", "http://127.0.0.1:11434/v1"),
    os.environ.get("MODEL_KEY") or None,
    os.environ.get("MODEL", "llama3.2"),
    system="You help in a small café. Look things up instead of guessing.",
    tools=(stock, *built_in_tools()),
)
