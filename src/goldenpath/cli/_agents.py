"""Which agent answers: the user's own, or one of those that come along."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import traceback
from pathlib import Path

from goldenpath.agents._base import Agent, agent_name
from goldenpath.errors import SettingsError

_DEFAULT_MODEL = "gpt-4o-mini"


def choose_agent(name: str) -> tuple[Agent, str]:
    """Return an agent and one line that says which it is and why.

    Args:
        name: ``auto``, ``tools``, ``local``, ``openai`` or ``module:function``.

    Raises:
        SettingsError: There is no such agent, or it cannot run here.
    """
    match name:
        case "auto":
            return _best()
        case "tools":
            return _tools(), "the built-in tools, as asked; no language model"
        case "local":
            return _local(), "the local demo model with the built-in tools, as asked"
        case "openai":
            return _openai(), f"the endpoint at {_base_url()}, as asked"
        case _ if ":" in name:
            agent = _imported(name)
            return agent, f"{agent_name(agent)} from {name}, as asked"
        case _:
            raise SettingsError(
                f"no agent is called {name!r}\n\n"
                "hint: auto, tools, local, openai, or module:function for your own"
            )


def _best() -> tuple[Agent, str]:
    if os.environ.get("OPENAI_BASE_URL"):
        return (
            _openai(),
            f"the endpoint at {_base_url()}, because OPENAI_BASE_URL is set",
        )
    hint = (
        " (OPENAI_API_KEY is set too: --agent openai would use it)"
        if os.environ.get("OPENAI_API_KEY")
        else ""
    )
    try:
        agent = _local()
    except SettingsError:
        return _tools(), (
            "the built-in tools without a language model, because the extra "
            f"'local' is not installed{hint}"
        )
    return agent, (
        "SmolLM2-135M, a small demo model, with the built-in tools, because the "
        f"extra 'local' is installed{hint}"
    )


def _tools() -> Agent:
    from goldenpath.agents._tools import ToolsAgent

    return ToolsAgent()


def _local() -> Agent:
    from goldenpath.agents._tools import ToolsAgent
    from goldenpath.agents.local import LocalAgent

    return LocalAgent(tools=ToolsAgent())


def _openai() -> Agent:
    from goldenpath.agents._toolbox import built_in_tools
    from goldenpath.agents.openai_compatible import OpenAICompatibleAgent

    return OpenAICompatibleAgent(
        _base_url(),
        os.environ.get("OPENAI_API_KEY") or None,
        os.environ.get("OPENAI_MODEL") or _DEFAULT_MODEL,
        tools=built_in_tools(),
        proxy=os.environ.get("HTTPS_PROXY") or None,
    )


def _base_url() -> str:
    return os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


def _imported(name: str) -> Agent:
    module_name, _, attribute = name.partition(":")
    if not all(part.isidentifier() for part in (*module_name.split("."), attribute)):
        raise SettingsError(f"{name!r} is not of the form module:function")
    # As with `python -m`: modules in the folder where the command is given.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = importlib.import_module(module_name)
    # Whatever somebody's module does when it is imported.
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and _is_within(
            module_name, error.name
        ):
            raise SettingsError(
                f"no module {module_name!r} in {here!r} or among what is installed"
            ) from error
        raise SettingsError(
            f"module {module_name!r} cannot be imported: "
            f"{_place(error)}{type(error).__name__}: {error}"
        ) from error
    agent = getattr(found, attribute, None)
    if agent is None:
        raise SettingsError(f"module {module_name!r} has no {attribute!r}")
    if not callable(agent):
        raise SettingsError(f"{name} is not callable; see goldenpath.Agent")
    if inspect.iscoroutinefunction(agent):
        raise SettingsError(
            f"{name} never yields, so it would answer nothing; see goldenpath.Agent"
        )
    return agent  # type: ignore[no-any-return]


def _is_within(module_name: str, missing: str | None) -> bool:
    return missing is not None and f"{module_name}.".startswith(f"{missing}.")


def _place(error: Exception) -> str:
    """Return the last line that had a part in it, outside of the import itself."""
    frames = traceback.extract_tb(error.__traceback__)
    found = [f for f in frames if not f.filename.startswith("<frozen")]
    # The first two are of this file and importlib's own.
    return f"{found[-1].filename}:{found[-1].lineno}: " if len(found) > 2 else ""
