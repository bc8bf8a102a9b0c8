"""Every place where code touches a concept: imports it, makes one, or calls one."""

from __future__ import annotations

import dataclasses

from goldenpath.guard._facts import Call
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View


@dataclasses.dataclass(frozen=True, slots=True)
class Touch:
    """A place where code touches the concept.

    Attributes:
        path: The file.
        line: Where.
        text: What is done there, in words of the code.
        is_import: Whether it is an import.
        call: The call, if it is one.
        owner: For a call of a method, the class that was certainly meant.
    """

    path: str
    line: int
    text: str
    is_import: bool = False
    call: Call | None = None
    owner: Thing | None = None


def touches(view: View) -> list[Touch]:
    """Return all places, in the order of files and lines."""
    found = [
        Touch(use.path, use.line, use.name)
        if "." in use.name  # a module that was imported elsewhere is read
        else Touch(use.path, use.line, f"the import of {offered.place}", is_import=True)
        for offered in view.paths
        for use in offered.uses
        if use.path in view.project.files  # and not the project's settings
    ]
    found += [
        Touch(made.path, made.call.line, f"{made.through}()", call=made.call)
        for made in view.constructions
    ]
    found += method_calls(view)[0]
    return sorted(found, key=lambda touch: (touch.path, touch.line))


def method_calls(view: View) -> tuple[list[Touch], int]:
    """Return calls of methods on what certainly is one, and how many may be one.

    The second number counts calls of names like the home's methods whose receiver
    could not be followed: what is said of the first says nothing about those.
    """
    names = set(view.distinctive_methods())
    found: list[Touch] = []
    unknown = 0
    for path in sorted(view.related):
        for call in view.facts(path).calls:
            receiver, _, method = call.target.rpartition(".")
            if not receiver or "(" in method:
                continue  # what a call gives is called: ``make()()``
            owners = view.resolver.instances(
                path, receiver, scope=call.scope, line=call.line
            )
            if owners and all(view.derives(owner) for owner in owners):
                text = f"{call.target}()"
                found.append(Touch(path, call.line, text, call=call, owner=owners[0]))
            elif not owners and method in names:
                unknown += 1
    return found, unknown
