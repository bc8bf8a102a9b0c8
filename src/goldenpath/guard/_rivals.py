"""Classes that may do the concept's job elsewhere, and how sure that is.

Rule 1: neither a name alone nor alike methods alone make a rival. Two things that have
        nothing to do with each other have to speak for it.
Rule 2: what a class is for is looked at before it is called a rival, in ``_roles.py``:
        a promise, an adapter that hands on, a factory, a stand-in, a value.
Rule 3: a score comes with its reasons, each with its share, so that a person can
        disagree with one of them. Some speak against it, and have a negative one.
Rule 4: names are compared by their words: ``scheduleJob`` is ``schedule_job``. A method
        that a common base demands says nothing about who else fulfils it.

The weights were set on the labelled corpus, see ``tests/guard/corpus``. They lean
towards silence: when packages were looked at for the first time, nothing was named
wrongly, and a good third of the rivals was missed. What was changed since then has been
measured on real packages only.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping

from goldenpath.guard._facts import Class, Function
from goldenpath.guard._resolve import Thing
from goldenpath.guard._roles import Role, role_of
from goldenpath.guard._view import View
from goldenpath.guard._vocabulary import likeness
from goldenpath.guard._words import singular, words_of

# How much each reason says. They add up, and the sum is cut at one; then what speaks
# against it is taken away.
_WEIGHTS = {
    "name": 0.40,  # it ends with one of the concept's names
    "short name": 0.25,  # which is a single word
    "part of the name": 0.20,  # its last word and another one, or nothing else
    "about": 0.10,  # one of the concept's names, and then what it is of that
    "same noun": 0.10,  # its last word, where that is no word for just anything
    "same subject": 0.10,  # what one of the concept's names is about
    "methods": 0.50,  # times the share of the home's methods that it has too
    # These two say little of a class that has little of the home's shape.
    "signatures": 0.25,  # times the share of those with alike parameters
    "state": 0.10,  # it keeps collections, as the home does
    "types": 0.15,  # it handles the types from elsewhere that the home handles
    "calls": 0.15,  # its methods call what the home's methods call
    "whole": 0.08,  # all that it offers, and that is something, the home offers too
    "vocabulary": 0.12,  # it speaks of the same things, in words that others do not use
    "document": 0.10,  # its docstring says the concept's name
    "other parameters": -0.15,  # none of the common methods takes what the home's does
    "brothers": -0.25,  # a base in the tree says that there are several of the kind
    "other subject": -0.25,  # it does for another thing what the home does for its own
    "other subject, same types": -0.15,
}
# From here on it is a rival.
THRESHOLD = 0.50
# So many reasons of different kinds must speak for it.
_LEAST_KINDS = 2
_KINDS = {
    "name": "name",
    "short name": "name",
    "part of the name": "name",
    "about": "name",
    "same noun": "name",
    "same subject": "name",
    "document": "name",
    "methods": "shape",
    "signatures": "shape",
    "whole": "shape",
    "vocabulary": "body",
    "state": "state",
    "types": "body",
    "calls": "body",
}
# Nearly every class keeps a collection: that adds nothing to a name alone.
_NOT_ENOUGH = frozenset(("name", "state"))
# A home of fewer methods than this says little by them.
_TELLING_METHODS = 3
# Where words are as alike as this, they say all that they can.
_ALIKE_WORDS = 0.35
# What may stand behind the noun and leave it what it is: ``ManagerV2``.
_SUFFIXES = frozenset(
    (
        "v", "impl", "implementation", "new", "old", "legacy", "base", "ext", "service",
        "client", "helper", "manager", "handler", "provider", "system", "util",
        "wrapper",
    )
)  # fmt: skip
# Last words that say how something is built and not what it does.
_PLAIN_NOUNS = _SUFFIXES | {
    "adapter", "builder", "controller", "dao", "engine", "factory", "gateway", "loader",
    "object", "registry", "repository", "store",
}  # fmt: skip
# What may stand before it and is no subject of its own.
_QUALIFIERS = frozenset(
    (
        "abstract", "advanced", "async", "base", "basic", "better", "central", "core",
        "custom", "default", "distributed", "enhanced", "extended", "fast", "generic",
        "global", "improved", "in", "internal", "legacy", "local", "main", "master",
        "memory", "my", "native", "new", "old", "optimized", "persistent", "primary",
        "real", "redis", "robust", "safe", "scalable", "shared", "simple", "singleton",
        "smart", "standard", "sync", "the", "threaded", "time", "unified", "universal",
    )
)  # fmt: skip
# Verbs of which most classes have one.
_PLAIN_VERBS = frozenset(
    (
        "add", "create", "do", "find", "from", "get", "handle", "has", "is", "list",
        "make", "on", "remove", "set", "to",
    )
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks for a class being a rival.

    Attributes:
        kind: Which reason it is.
        share: What it adds to the score; below zero if it speaks against it.
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
        kinds = {_KINDS[one.kind] for one in self.reasons if one.share > 0}
        return (
            self.role == "implementation"
            and self.score >= THRESHOLD
            and len(kinds) >= _LEAST_KINDS
            and kinds != _NOT_ENOUGH
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
    found = _without_heirs(view, found)
    counted = _liveness(view, [one.thing for one in found])
    likely = [
        dataclasses.replace(
            one, made=counted[one.thing][0], imported=counted[one.thing][1]
        )
        for one in found
    ]
    return sorted(likely, key=lambda one: (-one.score, one.thing.path, one.thing.line))


def _without_heirs(view: View, found: list[Rival]) -> list[Rival]:
    """Let classes that have it all from a rival be subclasses, not further rivals."""
    named = {one.thing for one in found if one.is_rival}
    return [
        dataclasses.replace(one, role="subclass")
        if one.is_rival and _is_heir(view, one, named)
        else one
        for one in found
    ]


def _is_heir(view: View, rival: Rival, named: Collection[Thing]) -> bool:
    if not any(base in named for base in view.resolver.ancestors(rival.thing)):
        return False
    own = {words_of(name) for name in view.resolver.methods(rival.thing)}
    kept = [name for name in rival.shared if words_of(name) in own]
    return len(kept) * 2 < len(rival.shared)


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
        self._view, self._chain = view, chain
        for one in chain:
            for name, function in resolver.methods(one).items():
                self.methods.setdefault(name, function)
            class_ = resolver.class_of(one)
            if class_ is not None:
                self.state |= {where for _name, _line, where in class_.collections}
        self.public = {n for n in self.methods if not n.startswith("_")}
        #: Public methods, by the words of their names.
        self.spelled = {words_of(name): name for name in sorted(self.public)}
        common_frameworks = _frameworks(view, thing) & view.once(_home_frameworks)
        #: Whether it and the home have a base from elsewhere in common: who derives
        #: from a framework's class has the methods that the framework calls.
        self.has_framework = thing != view.home and bool(common_frameworks)
        #: What a base that it shares with the home demands anyway.
        self.demanded = {
            name
            for one in resolver.ancestors(thing)
            if one.kind == "class" and one in common
            for name in resolver.methods(one)
        }
        #: Bases that it shares with the home, the nearest first.
        self.brothers = [
            one.name
            for one in resolver.ancestors(thing)
            if one.kind == "class" and one in common and one != view.home
        ]
        if self.has_framework:
            self.demanded |= _demanded_by(common_frameworks)

    # Most classes are none of the concept's business: nobody asks what is in them.

    @functools.cached_property
    def types(self) -> set[str]:
        """The types that its methods are given."""
        return {
            last
            for one in self._chain
            for binding in self._view.facts(one.path).bindings
            if binding.kind == "parameter" and binding.scope.startswith(f"{one.name}.")
            if (last := binding.target.rpartition(".")[2])[:1].isupper()
        } - _EVERYBODYS_TYPES

    @functools.cached_property
    def calls(self) -> set[str]:
        """The names that its methods call."""
        return {
            name
            for one in self._chain
            for call in self._view.facts(one.path).calls
            if call.scope.startswith(f"{one.name}.")
            if not (name := call.target.rpartition(".")[2]).endswith(_ERRORS)
        } - _EVERYBODY

    def vocabulary(self) -> set[str]:
        """Return the words of its public methods, their parameters and types."""
        names = [*self.public, *self.types]
        for name in self.public:
            signature = self.methods[name].signature
            names += (*signature.positional, *signature.keywords)
        return {word for name in names for word in singular(words_of(name))}


def _home_frameworks(view: View) -> set[str]:
    return _frameworks(view, view.home)


def _frameworks(view: View, thing: Thing) -> set[str]:
    """Return the classes from elsewhere that one is derived from."""
    return {
        one.name
        for one in view.resolver.ancestors(thing)
        if one.kind == "external"
        and not one.name.startswith(
            ("typing.", "typing_extensions.", "abc.", "builtins.")
        )
        and not one.name.startswith("?.")
    }


def _demanded_by(frameworks: Collection[str]) -> set[str]:
    return {
        name
        for prefix, names in _CALLBACKS.items()
        if any(one.startswith(prefix) for one in frameworks)
        for name in names
    }


_ERRORS = ("Error", "Exception", "Warning")
# What classes of the standard library that many derive from call.
_CALLBACKS = {
    "asyncio.": (
        "connection_made", "connection_lost", "data_received", "eof_received",
        "pause_writing", "resume_writing", "datagram_received", "error_received",
    ),
    "threading.Thread": ("run",),
    "logging.": ("emit", "format", "filter", "flush"),
    "ast.": ("visit", "generic_visit"),
    "json.": ("default",),
}  # fmt: skip
# What any class may be given.
_EVERYBODYS_TYPES = frozenset(
    (
        "AbstractEventLoop", "Any", "Callable", "Event", "Executor", "FrameType",
        "Lock", "Logger", "ModuleType", "Path", "PathLike", "PurePath", "Queue",
        "Random", "TracebackType",
    )
)  # fmt: skip
# What every class calls says nothing about one.
_EVERYBODY = frozenset(
    (
        "len", "str", "int", "list", "dict", "set", "tuple", "isinstance", "getattr",
        "append", "get", "pop", "items", "values", "keys", "join", "format", "print",
        "info", "debug", "warning", "error", "exception", "super", "range", "sorted",
        "add", "update", "remove", "discard", "extend", "split", "strip", "now", "time",
        "__init__", "getLogger", "any", "all", "max", "min", "sum", "setdefault",
        "bool", "bytes", "call_later", "cancel", "cast", "clear", "close", "copy",
        "count", "decode", "encode", "endswith", "enumerate", "exists", "filter",
        "float",
        "hasattr", "index", "insert", "iter", "log", "lower", "map", "next", "open",
        "partial", "read", "replace", "set_result", "setattr", "sleep", "start",
        "startswith", "stop", "type", "upper", "wait", "write", "zip", "Event", "Lock",
    )
)  # fmt: skip


def _weigh(view: View, thing: Thing, class_: Class, home: _Profile) -> Rival | None:
    mine = _Profile(view, thing)
    wanted = [n for n in view.distinctive_methods() if n in home.methods] or list(
        view.distinctive_methods()
    )
    shared = {
        mine.spelled[words_of(name)]: name
        for name in wanted
        if words_of(name) in mine.spelled and name not in mine.demanded
    }
    pro = [
        *_name_reasons(view, class_),
        *_shape_reasons(mine, home, shared, wanted),
    ]
    if not any(_KINDS[reason.kind] in ("name", "shape") for reason in pro):
        return None
    pro += _body_reasons(view, mine, home, len(shared) / (len(wanted) or 1))
    contra = list(_reasons_against(view, class_, mine, home, shared))
    if shared and _doubtful(_sum(pro, contra)):
        # The words of a class cost more than all else, and are asked for last.
        pro += _vocabulary_reasons(view, thing, home, shared)
    score = _sum(pro, contra)
    # Half of what makes a rival is worth a word.
    if score < THRESHOLD / 2:
        return None
    return Rival(
        thing=thing,
        class_=class_,
        role=role_of(view, thing, class_, methods=mine.methods, homes=home.public),
        score=score,
        reasons=(*pro, *contra),
        shared=tuple(sorted(shared.values())),
        missing=tuple(
            sorted(n for n in home.public if words_of(n) not in mine.spelled)
        ),
        extra=tuple(
            sorted(n for w, n in mine.spelled.items() if w not in home.spelled)
        ),
    )


def _sum(pro: Iterable[Reason], contra: Iterable[Reason]) -> float:
    return min(1.0, sum(one.share for one in pro)) + sum(one.share for one in contra)


def _doubtful(score: float) -> bool:
    return THRESHOLD - _WEIGHTS["vocabulary"] <= score < THRESHOLD


# Its name.


def _name_reasons(view: View, class_: Class) -> Iterator[Reason]:
    words = singular(words_of(class_.name))
    phrases = [singular(phrase) for phrase in view.concept.phrases]
    yield from _longest_name(words, phrases)
    written = "".join(words_of(class_.document))
    for phrase in view.concept.phrases:
        if len(phrase) > 1 and "".join(phrase) in written:
            text = f"its docstring says {' '.join(phrase)!r}"
            yield Reason("document", _WEIGHTS["document"], text)
            break


def _longest_name(
    words: tuple[str, ...], phrases: list[tuple[str, ...]]
) -> Iterator[Reason]:
    """Yield what a name says, once: the most that any of the phrases finds in it."""
    core = words
    while len(core) > 1 and (core[-1] in _SUFFIXES or core[-1].isdigit()):
        core = core[:-1]
    # With what stands behind the noun, if the concept says it too.
    for phrase in sorted(phrases, key=len, reverse=True):
        if _ends_with(words, phrase) or _ends_with(core, phrase):
            kind = "name" if len(phrase) > 1 else "short name"
            text = f"its name has {' '.join(phrase)!r} in it"
            yield Reason(kind, _WEIGHTS[kind], text)
            return
    for phrase in phrases:
        for name in (words, core):
            common = set(name[:-1]) & set(phrase[:-1])
            if name and name[-1] == phrase[-1] and (common or len(name) == 1):
                said = " and ".join((*sorted(common), phrase[-1]))
                text = f"its name has {said}"
                yield Reason("part of the name", _WEIGHTS["part of the name"], text)
                return
    for phrase in phrases:
        if any(_ends_with(words[:end], phrase) for end in range(1, len(words))):
            text = f"its name has {' '.join(phrase)!r} in it, and is of {words[-1]!r}"
            yield Reason("about", _WEIGHTS["about"], text)
            return
    yield from _alike_names(core, phrases)


def _alike_names(
    core: tuple[str, ...], phrases: list[tuple[str, ...]]
) -> Iterator[Reason]:
    nouns = {phrase[-1] for phrase in phrases} - _PLAIN_NOUNS
    if core and core[-1] in nouns:
        text = f"its name ends with {core[-1]!r}"
        yield Reason("same noun", _WEIGHTS["same noun"], text)
    subjects = {word for phrase in phrases for word in phrase[:-1]} - _PLAIN_NOUNS
    common = sorted((subjects - _QUALIFIERS) & set(core))
    if common:
        text = f"its name has {common[0]!r} in it"
        yield Reason("same subject", _WEIGHTS["same subject"], text)


def _ends_with(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Tell whether a name ends with a phrase, wherever its words are parted.

    A phrase of several words may begin inside of a word, as in ``Multiwebsocket``; one
    of a single word may not: a syllabus is no bus.
    """
    joined, wanted = "".join(words), "".join(phrase)
    if not joined.endswith(wanted):
        return False
    left, length = len(joined) - len(wanted), 0
    starts = set()
    for word in words:
        starts.add(length)
        length += len(word)
    return left in starts or len(phrase) > 1


# Its methods.


def _shape_reasons(
    mine: _Profile, home: _Profile, shared: dict[str, str], wanted: Collection[str]
) -> Iterator[Reason]:
    alike = _alike(mine, home, set(wanted) - set(shared.values()), shared)
    if not wanted or not shared:
        return
    share = (len(shared) + len(alike) / 2) / max(len(wanted), _TELLING_METHODS)
    names = ", ".join(sorted(shared)[:6])
    text = f"it has {len(shared)} of the home's {len(wanted)} methods: {names}"
    if alike:
        text += f"; and {', '.join(alike[:6])}, which are alike"
    if mine.has_framework:
        share /= 2
        text += "; both are derived from a class from elsewhere, which may ask for them"
    yield Reason("methods", _WEIGHTS["methods"] * share, text)
    if len(shared) >= _TELLING_METHODS and len(shared) == len(mine.public):
        text = "it offers nothing that the home does not"
        yield Reason("whole", _WEIGHTS["whole"], text)
    alike_ones = _alike_parameters(mine, home, shared)
    if alike_ones:
        text = f"{', '.join(sorted(alike_ones)[:6])} with alike parameters"
        worth = min(1.0, 3 * share) * sum(alike_ones.values()) / len(shared)
        yield Reason("signatures", _WEIGHTS["signatures"] * worth, text)


def _alike(
    mine: _Profile, home: _Profile, rest: Collection[str], shared: Collection[str]
) -> list[str]:
    """Return methods that do the same to something called otherwise.

    ``scheduleTask`` for ``scheduleJob``, ``capture_payment`` for ``capture``; of as
    many parameters.
    """
    found = []
    left = {w: n for w, n in mine.spelled.items() if n not in shared}
    for name in sorted(rest):
        verb = words_of(name)[:1]
        if name not in home.methods or not verb or verb[0] in _PLAIN_VERBS:
            continue
        count = len(_parameters(home.methods[name]))
        for words, other in left.items():
            if other in mine.demanded:
                continue
            takes = len(_parameters(mine.methods[other]))
            if words[:1] == verb and takes == count:
                found.append(other)
                del left[words]
                break
    return found


def _alike_parameters(
    mine: _Profile, home: _Profile, shared: dict[str, str]
) -> dict[str, float]:
    """Return methods with alike parameters, and what that says.

    The same two names say much, the same one half as much, none nothing; as many under
    other names say half, if they are two at least.
    """
    found = {}
    for name, theirs in shared.items():
        if theirs not in home.methods:
            continue
        have = _parameters(mine.methods[name])
        want = _parameters(home.methods[theirs])
        if have == want:
            worth = min(2, len(want)) / 2
        else:
            worth = 0.5 if len(have) == len(want) > 1 else 0.0
        if worth:
            found[name] = worth
    return found


def _takes(function: Function | None) -> tuple[str, ...]:
    return () if function is None else _parameters(function)


def _parameters(function: Function) -> tuple[str, ...]:
    """Return the positional parameters that a caller gives."""
    positional = function.signature.positional
    return positional[1:] if positional[:1] in (("self",), ("cls",)) else positional


# What it does inside.


def _body_reasons(
    view: View, mine: _Profile, home: _Profile, common_shape: float
) -> Iterator[Reason]:
    if mine.state and home.state and common_shape:
        text = "it keeps collections, as the home does"
        yield Reason("state", _WEIGHTS["state"] * min(1.0, 3 * common_shape), text)
    handled = _handled(view) & mine.types
    if handled:
        text = f"it handles {', '.join(sorted(handled))}, as the home does"
        yield Reason("types", _WEIGHTS["types"], text)
    common = (mine.calls & home.calls) - home.public
    if home.calls and len(common) >= 2:
        share = len(common) / len(mine.calls | home.calls)
        text = f"its methods call {', '.join(sorted(common)[:5])}, as the home's do"
        yield Reason("calls", _WEIGHTS["calls"] * min(1.0, 3 * share), text)


def _handled(view: View) -> set[str]:
    """Return the types from elsewhere that say what the home works with."""
    return set(view.handled_types) - _EVERYBODYS_TYPES


def _vocabulary_reasons(
    view: View, thing: Thing, profile: _Profile, shared: Mapping[str, str]
) -> Iterator[Reason]:
    # What the common methods are called has been weighed already.
    weighed = {
        word
        for name in shared.values()
        for text in (name, *_takes(profile.methods.get(name)))
        for word in singular(words_of(text))
    }
    alike, telling = likeness(view, thing, view.home, besides=weighed)
    if telling:
        share = _WEIGHTS["vocabulary"] * min(1.0, alike / _ALIKE_WORDS)
        text = f"it speaks of {', '.join(telling[:5])}, as the home does"
        yield Reason("vocabulary", share, text)


# What speaks against it.


def _reasons_against(
    view: View, class_: Class, mine: _Profile, home: _Profile, shared: dict[str, str]
) -> Iterator[Reason]:
    if len(shared) > 1 and not any(
        theirs in home.methods
        and len(_parameters(mine.methods[name]))
        == len(_parameters(home.methods[theirs]))
        for name, theirs in shared.items()
    ):
        text = "none of them takes as many parameters as the home's"
        yield Reason("other parameters", _WEIGHTS["other parameters"], text)
    if mine.brothers:
        text = f"both are derived from {mine.brothers[0]}, which has several heirs"
        yield Reason("brothers", _WEIGHTS["brothers"], text)
    subject = _other_subject(view, class_, mine, home)
    if subject:
        is_alike = bool(_handled(view) & mine.types)
        kind = "other subject, same types" if is_alike else "other subject"
        text = f"it does that for {subject!r}, of which the home knows nothing"
        yield Reason(kind, _WEIGHTS[kind], text)


def _other_subject(view: View, class_: Class, mine: _Profile, home: _Profile) -> str:
    """Return the word in a class's name that says what it is about, if it is another.

    ``ProductRepository`` is about products if its methods are given some, and
    ``OrderRepository`` is not.
    """
    words = singular(words_of(class_.name))
    phrases = [singular(phrase) for phrase in view.concept.phrases]
    if not words or all(words[-1] != phrase[-1] for phrase in phrases):
        return ""
    known = {word for phrase in phrases for word in phrase} | _QUALIFIERS
    theirs = home.vocabulary()
    for word in words[:-1]:
        if word not in known and word in mine.vocabulary() and word not in theirs:
            return word
    return ""


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
