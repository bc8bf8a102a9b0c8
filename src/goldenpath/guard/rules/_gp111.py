"""GP111: A call that cannot work.

What it finds:
    A call of the concept that its signature does not allow: too many or too few
    arguments, a keyword that is not there, a method that the home no longer has, an
    ``await`` of something that cannot be awaited, a coroutine that nobody awaits. The
    same for calls that the home's own module makes into the tree.

Why it matters:
    It is the commonest real breakage after a change of the home, and no import fails.
    Under a broad ``except`` it looks like a network that closes connections.

Example:
    ``build_frame(event)`` where ``build_frame(kind, event)`` is defined.

What to do instead:
    Call it as it is defined, or change the definition and all callers together.

Is the fix safe?
    It is not made: which side is right is a decision.

When to allow it:
    Never. If the rule is wrong about a call, that is a bug of the rule: it says only
    what is certain, and is silent where arguments are unpacked, a decorator changes
    the signature, attributes are made up as they are asked for or put there by others,
    where a subclass may have what is called or take what is given, where the function
    asks what it was given (``isinstance``, ``hasattr``, ``is_…``), and where a test
    expects the call to fail or puts something else in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from goldenpath.guard._calls import complaint
from goldenpath.guard._facts import Call
from goldenpath.guard._files import decode
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._resolve import Thing
from goldenpath.guard._uses import method_calls
from goldenpath.guard._view import View
from goldenpath.guard.rules._missing import class_lacks, heirs

# Under one of these with one of those a call is meant to fail.
_EXPECTS = frozenset(("raises", "assertRaises", "assertRaisesRegex"))
_FAILURES = frozenset(("TypeError", "AttributeError", "Exception", "BaseException", ""))
_INTERFACES = "zope.interface."
# Who asks such a thing of a value thinks that it may be another one.
_ASKS = re.compile(
    r"isinstance|issubclass|hasattr|getattr|callable|type|signature|is_\w+"
)
# What is said to be one in a test may be a mock, which has these besides.
_OF_MOCKS = frozenset(
    ("reset_mock", "configure_mock", "attach_mock", "mock_add_spec", "return_value")
)


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each call that cannot work."""
    seen: set[tuple[str, int, int]] = set()
    for path, call, thing, receiver in _calls(view):
        place = (path, call.line, call.column)
        wrong = complaint(view.resolver, call, thing, bound=receiver is not None)
        if not wrong or place in seen or _is_expected(view, path, call):
            continue
        if _is_asked(view, path, call) or _is_replaced(view, path, call):
            continue
        if receiver is not None and not _is_certain(view, path, call, thing, receiver):
            continue
        seen.add(place)
        where = (
            (Evidence(thing.path, thing.line, "defined here"),) if thing.line else ()
        )
        yield Finding(
            code="GP111",
            concept=view.concept.name,
            path=path,
            line=call.line,
            column=call.column + 1,
            message=(
                f"{call.target}() cannot work: {wrong}; "
                f"the home of {view.concept.name!r} is {view.home_place}"
            ),
            subject=f"{call.scope}:{call.target}:{wrong}",
            evidence=(Evidence(path, call.line, f"calls {call.target}"), *where),
            is_test=view.is_test(path),
        )


def _is_certain(view: View, path: str, call: Call, thing: Thing, class_: Thing) -> bool:
    """Tell whether a call of a method is wrong, whatever it is called on."""
    owner, _, name = call.target.rpartition(".")
    is_made = _is_made(view, path, owner, call, class_)
    family = (class_, *view.resolver.ancestors(class_))
    if any(one.name.startswith(_INTERFACES) for one in family):
        return False  # its methods are written down without a ``self``
    if not is_made and any(
        _is_derived_inside(view, one)
        for heir in (class_, *heirs(view, class_, asker=path))
        for one in (heir, *view.resolver.ancestors(heir))
    ):
        return False
    if thing.kind == "missing":
        if not is_made and view.is_test(path) and _is_of_mocks(name):
            return False
        # What is only said to be one may be of a subclass, as ``self`` may.
        return class_lacks(
            view, class_, name, path=path, is_self=not is_made
        ) and not view.once(_is_filled)
    return is_made or all(
        found is not None and complaint(view.resolver, call, found, bound=True)
        for below in heirs(view, class_, asker=path)
        for found in [view.resolver.method(below, name)]
    )


def _is_derived_inside(view: View, class_: Thing) -> bool:
    """Tell whether more is derived from a class where nobody can read it.

    That is ``class Own(cls)``, or of another parameter, and ``type(name, bases, …)``,
    in its file.
    """
    if class_.kind != "class":
        return False
    facts = view.facts(class_.path)
    derived = {(base, one.scope) for one in facts.classes for base in one.bases}
    return any(
        one.kind == "parameter" and (one.name, one.scope) in derived
        for one in facts.bindings
    ) or any(call.target == "type" and call.positional > 1 for call in facts.calls)


def _is_made(view: View, path: str, owner: str, call: Call, class_: Thing) -> bool:
    """Tell whether a receiver is made here, and so is of just this class."""
    targets = [
        (one.target if one.kind == "call" else "", one.scope, one.line)
        for one in view.facts(path).bindings
        if one.name == owner
    ]
    if owner.endswith("()"):
        targets = [(owner.removesuffix("()"), call.scope, call.line)]
    return bool(targets) and all(
        target
        and [
            answer.thing
            for answer in view.resolver.lookup(path, target, scope=scope, line=line)
        ]
        == [class_]
        for target, scope, line in targets
    )


def _is_of_mocks(name: str) -> bool:
    return name.startswith("assert_") or name in _OF_MOCKS


def _is_filled(view: View) -> bool:
    """Tell whether somebody puts attributes on one under names that he computes."""
    for path in sorted(view.related):
        for call in view.facts(path).calls:
            if call.target != "setattr" or len(call.arguments) < 2:
                continue
            owner, name = call.arguments[:2]
            if not owner or name.startswith("'") or owner == "self":
                continue  # of ``self`` its class knows
            made = view.resolver.instances(
                path, owner, scope=call.scope, line=call.line
            )
            if any(map(view.derives, made)) or view.means_home(
                path, owner, scope=call.scope, line=call.line
            ):
                return True
    return False


def _is_expected(view: View, path: str, call: Call) -> bool:
    """Tell whether a call stands under ``with pytest.raises(TypeError)`` or the like.

    A block's head is the nearest line above it that begins further to the left.
    """
    lines = decode(view.project.content(path)).splitlines()
    heads = {
        one.line
        for one in view.facts(path).calls
        if one.target.rpartition(".")[2] in _EXPECTS
        and not _FAILURES.isdisjoint(one.arguments)
    }
    if not heads:
        return False
    inner = _indent(lines[call.line - 1])
    for number in range(call.line - 1, 0, -1):
        line = lines[number - 1]
        if line.strip() and _indent(line) < inner:
            if number in heads:
                return True
            inner = _indent(line)
    return False


def _is_asked(view: View, path: str, call: Call) -> bool:
    """Tell whether a function asks what the receiver of a call is."""
    receiver = call.target.rpartition(".")[0]
    return receiver != "" and any(
        (receiver in one.arguments or call.target in one.arguments)
        and one.scope == call.scope
        and _ASKS.fullmatch(one.target.rpartition(".")[2]) is not None
        for one in view.facts(path).calls
    )


def _is_replaced(view: View, path: str, call: Call) -> bool:
    """Tell whether a test puts something else in the place of what is called."""
    if not view.is_test(path):
        return False
    name = re.escape(call.target.rpartition(".")[2].encode())
    replaced = rb"(?:patch|setattr)[\w.]*\([^()]*[\"'](?:[\w.]*[.:])?%b[\"']" % name
    written = rb"\.%b\s*=[^=]" % name
    content = view.project.content(path)
    return re.search(replaced + b"|" + written, content) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _calls(view: View) -> Iterator[tuple[str, Call, Thing, Thing | None]]:
    """Yield calls with what they certainly call, and on what, if on an instance."""
    for touch in view.once(method_calls)[0]:
        assert touch.call is not None
        assert touch.owner is not None
        method = touch.call.target.rpartition(".")[2]
        thing = view.resolver.method(touch.owner, method)
        if thing is not None:
            yield touch.path, touch.call, thing, touch.owner
    for made in view.constructions:
        thing = view.factory if made.via_factory and view.factory else view.home
        answers = view.resolver.lookup(
            made.path, made.through, scope=made.call.scope, line=made.call.line
        )
        if all(answer.thing.kind == thing.kind for answer in answers):
            yield made.path, made.call, thing, None
    home = view.home.path
    for path in sorted(view.related):
        for call in view.facts(path).calls:
            if "(" in call.target or call.target.startswith("self."):
                continue
            answers = view.resolver.lookup(
                path, call.target, scope=call.scope, line=call.line
            )
            if len(answers) != 1:
                continue
            thing = answers[0].thing
            if thing.kind != "function" or "." in thing.name:
                continue
            if home in (path, thing.path):
                yield path, call, thing, None
