"""Classes that may do the concept's job elsewhere, and how sure that is.

Rule 1: neither a name alone nor alike methods alone make a rival. Two things that have
        nothing to do with each other have to speak for it.
Rule 2: what a class is for is looked at before it is called a rival: a promise (a
        protocol, an abstract base), an adapter that hands on, a factory, a stand-in for
        tests, a value without behaviour.
Rule 3: a score comes with its reasons, each with its share, so that a person can
        disagree with one of them.

The weights were set on six packages of the labelled corpus and are only reported on the
other six; see ``tests/guard/corpus``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal

from goldenpath.guard._facts import Class, Function
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View
from goldenpath.guard._words import words_of

Role = Literal[
    "implementation", "promise", "adapter", "subclass", "factory", "fake", "test",
    "value", "error",
]  # fmt: skip

# How much each reason says. They add up, and the sum is cut at one.
_WEIGHTS = {
    "name": 0.40,  # all words of one of the concept's names
    "part of the name": 0.20,  # its last word and another one
    "methods": 0.50,  # times the share of the home's methods that it has too
    "signatures": 0.10,  # times the share of those with alike parameters
    "state": 0.15,  # it keeps collections, as the home does
    "types": 0.15,  # it handles the types from elsewhere that the home handles
    "calls": 0.15,  # its methods call what the home's methods call
    "document": 0.10,  # its docstring says the concept's name
}
# From here on it is a rival.
THRESHOLD = 0.50
# So many reasons of different kinds must speak for it.
_LEAST_KINDS = 2
_KINDS = {
    "name": "name",
    "part of the name": "name",
    "document": "name",
    "methods": "shape",
    "signatures": "shape",
    "state": "body",
    "types": "body",
    "calls": "body",
}
_FAKES = frozenset(("fake", "mock", "dummy", "stub", "spy", "test", "null", "noop"))
_PROMISES = frozenset(
    ("typing.Protocol", "typing_extensions.Protocol", "abc.ABC", "abc.ABCMeta")
)
_VALUES = frozenset(
    (
        "typing.NamedTuple", "typing.TypedDict", "enum.Enum", "enum.IntEnum",
        "enum.StrEnum", "pydantic.BaseModel", "msgspec.Struct",
        "typing_extensions.TypedDict", "pydantic_settings.BaseSettings",
    )
)  # fmt: skip
_ERRORS = ("Error", "Exception", "Warning")
# A class that hands on at least so large a share of its methods is an adapter.
_ADAPTS = 0.6


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks for a class being a rival.

    Attributes:
        kind: Which reason it is.
        share: What it adds to the score.
        text: In words.
    """

    kind: str
    share: float
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Rival:
    """A class that was looked at.

    Attributes:
        thing: The class.
        class_: Its facts.
        role: What it is for, as far as can be told.
        score: From 0 to 1.
        reasons: Why.
        shared: Methods that it has in common with the home.
        missing: Methods of the home that it lacks.
        extra: Public methods that the home has not.
        made: Places where it is made, in the application and in tests.
        imported: Files that import it, in the application and in tests.
    """

    thing: Thing
    class_: Class
    role: Role
    score: float
    reasons: tuple[Reason, ...]
    shared: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    made: tuple[int, int] = (0, 0)
    imported: tuple[int, int] = (0, 0)

    @property
    def is_rival(self) -> bool:
        """Whether it does the concept's job elsewhere."""
        kinds = {_KINDS[reason.kind] for reason in self.reasons}
        return (
            self.role == "implementation"
            and self.score >= THRESHOLD
            and len(kinds) >= _LEAST_KINDS
        )


def rivals(view: View) -> list[Rival]:
    """Return every class that is worth a word, the likeliest first.

    Those that are no rivals are among them, with the role that says why.
    """
    profile = _Profile(view, view.home)
    ancestors = set(view.resolver.ancestors(view.home))
    found = []
    for path in view.candidates:
        for class_ in view.facts(path).classes:
            thing = Thing("class", path, class_.qualified, class_.line)
            is_alias = class_.is_empty and len(class_.bases) == 1
            # What the home is made of is no rival of it.
            if thing == view.home or thing in ancestors or is_alias:
                continue
            rival = _weigh(view, thing, class_, profile)
            if rival is not None:
                found.append(rival)
    likely = [one for one in found if one.score >= THRESHOLD / 2]
    counted = _liveness(view, [one.thing for one in likely])
    likely = [
        dataclasses.replace(
            one, made=counted[one.thing][0], imported=counted[one.thing][1]
        )
        for one in likely
    ]
    return sorted(likely, key=lambda one: (-one.score, one.thing.path, one.thing.line))


class _Profile:
    """What is compared of a class.

    What it shares with the home by descent is not counted: brothers are alike.
    """

    def __init__(self, view: View, thing: Thing) -> None:
        resolver = view.resolver
        common = set() if thing == view.home else set(resolver.ancestors(view.home))
        chain = [
            one
            for one in (thing, *resolver.ancestors(thing))
            if one.kind == "class" and one not in common
        ]
        self.methods: dict[str, Function] = {}
        self.state: set[str] = set()
        self.types: set[str] = set()
        self.calls: set[str] = set()
        for one in chain:
            for name, function in resolver.methods(one).items():
                self.methods.setdefault(name, function)
            class_ = resolver.class_of(one)
            if class_ is not None:
                self.state |= {where for _name, _line, where in class_.collections}
            self._look_inside(view, one)
        self.public = {n for n in self.methods if not n.startswith("_")}
        self.calls -= _EVERYBODY

    def _look_inside(self, view: View, one: Thing) -> None:
        prefix = one.name + "."
        facts = view.facts(one.path)
        for binding in facts.bindings:
            if binding.kind == "parameter" and binding.scope.startswith(prefix):
                last = binding.target.rpartition(".")[2]
                if last[:1].isupper():
                    self.types.add(last)
        for call in facts.calls:
            if call.scope.startswith(prefix):
                self.calls.add(call.target.rpartition(".")[2])


# What every class calls says nothing about one.
_EVERYBODY = frozenset(
    (
        "len", "str", "int", "list", "dict", "set", "tuple", "isinstance", "getattr",
        "append", "get", "pop", "items", "values", "keys", "join", "format", "print",
        "info", "debug", "warning", "error", "exception", "super", "range", "sorted",
        "add", "update", "remove", "discard", "extend", "split", "strip", "now", "time",
        "__init__", "getLogger", "any", "all", "max", "min", "sum", "setdefault",
    )
)  # fmt: skip


def _weigh(view: View, thing: Thing, class_: Class, home: _Profile) -> Rival | None:
    mine = _Profile(view, thing)
    wanted = set(view.distinctive_methods())
    shared = mine.public & wanted
    reasons = [
        *_name_reasons(view, class_),
        *_shape_reasons(mine, home, shared, wanted),
        *_body_reasons(view, mine, home),
    ]
    score = min(1.0, sum(reason.share for reason in reasons))
    if not any(_KINDS[reason.kind] != "body" for reason in reasons):
        return None
    return Rival(
        thing=thing,
        class_=class_,
        role=_role(view, thing, class_, mine),
        score=score,
        reasons=tuple(reasons),
        shared=tuple(sorted(shared)),
        missing=tuple(sorted(home.public - mine.public)),
        extra=tuple(sorted(mine.public - home.public)),
    )


def _name_reasons(view: View, class_: Class) -> Iterator[Reason]:
    phrase = view.family_of(class_.name)
    if phrase is not None:
        text = f"its name has {' '.join(phrase)!r} in it"
        yield Reason("name", _WEIGHTS["name"], text)
    else:
        mine = words_of(class_.name)
        for phrase in view.concept.phrases:
            is_alike = mine and phrase and mine[-1] == phrase[-1]
            common = set(mine[:-1]) & set(phrase[:-1])
            if is_alike and common:
                text = f"its name has {' and '.join(sorted(common))} and {phrase[-1]}"
                yield Reason("part of the name", _WEIGHTS["part of the name"], text)
                break
    written = "".join(words_of(class_.document))
    for phrase in view.concept.phrases:
        if len(phrase) > 1 and "".join(phrase) in written:
            text = f"its docstring says {' '.join(phrase)!r}"
            yield Reason("document", _WEIGHTS["document"], text)
            break


def _shape_reasons(
    mine: _Profile, home: _Profile, shared: set[str], wanted: set[str]
) -> Iterator[Reason]:
    if not wanted or not shared:
        return
    share = len(shared) / len(wanted)
    names = ", ".join(sorted(shared)[:6])
    text = f"it has {len(shared)} of the home's {len(wanted)} methods: {names}"
    yield Reason("methods", _WEIGHTS["methods"] * share, text)
    alike = [
        name
        for name in shared
        if name in home.methods
        and mine.methods[name].signature.positional
        == home.methods[name].signature.positional
    ]
    if alike and len(shared) > 1:
        share = len(alike) / len(shared)
        text = f"{len(alike)} of them have the same parameters"
        yield Reason("signatures", _WEIGHTS["signatures"] * share, text)


def _body_reasons(view: View, mine: _Profile, home: _Profile) -> Iterator[Reason]:
    if mine.state and home.state:
        text = "it keeps collections, as the home does"
        yield Reason("state", _WEIGHTS["state"], text)
    handled = set(view.handled_types) & mine.types
    if handled:
        text = f"it handles {', '.join(sorted(handled))}, as the home does"
        yield Reason("types", _WEIGHTS["types"], text)
    common = mine.calls & home.calls
    if home.calls and len(common) >= 2:
        share = len(common) / len(mine.calls | home.calls)
        text = f"its methods call {', '.join(sorted(common)[:5])}, as the home's do"
        yield Reason("calls", _WEIGHTS["calls"] * min(1.0, 3 * share), text)


def _role(view: View, thing: Thing, class_: Class, mine: _Profile) -> Role:
    ancestors = list(view.resolver.ancestors(thing))
    direct = {base.name for base in view.resolver.bases(thing)}
    methods = [f for n, f in mine.methods.items() if not n.startswith("__")]
    own = view.resolver.methods(thing).values()
    if class_.name.startswith("Test") or "unittest.TestCase" in {
        a.name for a in ancestors
    }:
        return "test"
    if class_.name.endswith(_ERRORS):
        return "error"
    if direct & _PROMISES or _is_meta_abstract(class_):
        abstract = [f for f in own if f.is_abstract]
        if not own or len(abstract) * 2 >= len(own):
            return "promise"
    if methods and all(f.is_abstract for f in methods):
        return "promise"
    if {a.name for a in ancestors} & _VALUES or not methods:
        return "value"
    if view.derives(thing):
        return "subclass"
    words = set(words_of(class_.name))
    if view.is_fake(thing.path) or words & _FAKES:
        return "fake"
    if view.is_test(thing.path):
        return "fake"
    forwards = [f for f in methods if f.forwards_to]
    if forwards and len(forwards) >= _ADAPTS * len(methods):
        return "adapter"
    if _makes_homes(view, thing, methods):
        return "factory"
    return "implementation"


def _is_meta_abstract(class_: Class) -> bool:
    return any(keyword.endswith("ABCMeta") for keyword in class_.keywords)


def _makes_homes(view: View, thing: Thing, methods: list[Function]) -> bool:
    """Tell whether what it does is to make the home for others."""
    makers = 0
    for function in methods:
        for text in function.made:
            scope = f"{function.scope}.{function.name}"
            if view.home in view.resolver.made_by(thing.path, text, scope=scope):
                makers += 1
                break
    return makers > 0 and makers * 3 >= len(methods)


def _liveness(
    view: View, things: list[Thing]
) -> dict[Thing, tuple[tuple[int, int], tuple[int, int]]]:
    """Count who makes and who imports each class."""
    wanted = {thing.name: thing for thing in things}
    made = {thing: [0, 0] for thing in things}
    imported: dict[Thing, tuple[set[str], set[str]]] = {
        thing: (set(), set()) for thing in things
    }
    by_thing = set(things)
    for path in view.mentioning(wanted):
        is_test = view.is_test(path)
        facts = view.facts(path)
        for binding in facts.bindings:
            if binding.kind != "from":
                continue
            for answer in view.resolver.follow(path, binding):
                if answer.thing in by_thing and answer.thing.path != path:
                    imported[answer.thing][is_test].add(path)
        for call in facts.calls:
            for answer in view.resolver.lookup(
                path, call.target, scope=call.scope, line=call.line
            ):
                if answer.thing in by_thing:
                    made[answer.thing][is_test] += 1
                    if answer.thing.path != path:
                        imported[answer.thing][is_test].add(path)
    return {
        thing: (
            (made[thing][0], made[thing][1]),
            (len(imported[thing][0]), len(imported[thing][1])),
        )
        for thing in things
    }
