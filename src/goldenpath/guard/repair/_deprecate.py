"""Turns modules that only handed on into ones that warn, until a day.

For those outside of the tree, who cannot be moved from here. The module itself says
until when: the guard reads it there, and does not count it before that day is past.
"""

from __future__ import annotations

import datetime as dt
import json

from goldenpath.guard._facts import Binding
from goldenpath.guard._view import View
from goldenpath.guard._waivers import deprecated_until
from goldenpath.guard.repair._changes import Change, Changes, Collector
from goldenpath.guard.repair._remove import free_shims

_TEMPLATE = '''\
"""Deprecated until {until}: {advice}."""

import warnings

__all__ = {exported}


def __getattr__(name):
{branches}    else:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    text = f"{{__name__}}.{{name}} goes after {until}; {advice}"
    warnings.warn(text, DeprecationWarning, stacklevel=2)
    return value
'''
_BRANCH = """\
    {word} name == "{name}":
        from {module} import {clause}

        value = {name}
"""


def deprecate_shims(view: View, began: View, until: dt.date) -> Changes:
    """Let modules warn that only handed on, and that nothing here imports any more.

    Args:
        view: The tree as it is.
        began: As it was before the repair, when there was something to hand on.
        until: The last day on which they are there.
    """
    phase = Collector(view, began)
    for path in free_shims(phase):
        content = view.project.content(path)
        if deprecated_until(view.facts(path)):
            continue
        names = _handed_on(began, path)
        if not names:
            phase.leave(path, 1, "what it hands on cannot be listed: it warns nobody")
            continue
        text = _warning(names, until)
        what = f"{len(names)} names warn until {until}"
        phase.made.changes.append(Change(path, content, text.encode(), (what,)))
    return phase.made


def _handed_on(view: View, path: str) -> dict[str, tuple[str, str]]:
    """Return the module and the name behind each name; none if one is not known."""
    found: dict[str, tuple[str, str]] = {}
    for binding in view.facts(path).bindings:
        if binding.scope or binding.name.startswith("__"):
            continue
        if binding.kind == "star":
            return {}
        target = _target(view, path, binding)
        if target is not None:
            found[binding.name] = target
    return found


def _target(view: View, path: str, binding: Binding) -> tuple[str, str] | None:
    for answer in view.resolver.follow(path, binding):
        thing = answer.thing
        module = view.project.modules.name_of(thing.path)
        if thing.kind in ("class", "function") and module and "." not in thing.name:
            return module, thing.name
    return None


def _warning(names: dict[str, tuple[str, str]], until: dt.date) -> str:
    modules = sorted({module for module, _ in names.values()})
    advice = f"import from {' and '.join(modules)}"
    branches = "".join(
        _BRANCH.format(
            word="elif" if index else "if",
            name=name,
            module=module,
            clause=attribute if attribute == name else f"{attribute} as {name}",
        )
        for index, (name, (module, attribute)) in enumerate(sorted(names.items()))
    )
    return _TEMPLATE.format(
        until=until,
        advice=advice,
        exported=json.dumps(sorted(names)),
        branches=branches,
    )
