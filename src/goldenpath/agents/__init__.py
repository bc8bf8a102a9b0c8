"""Agents: what may answer a message, and the ones that come along.

Two more are doors of their own: ``goldenpath.agents.openai_compatible`` and
``goldenpath.agents.local``, which needs ``goldenpath[local]``.
"""

from __future__ import annotations

from goldenpath.agents._base import ToolCall, Turn
from goldenpath.agents._toolbox import Tool, built_in_tools
from goldenpath.agents._tools import ToolsAgent

__all__ = ["Tool", "ToolCall", "ToolsAgent", "Turn", "built_in_tools"]
