"""Classes that may do the concept's job elsewhere, and how sure that is.

Rule 1: a name alone makes no rival, and a few alike methods alone make none. Two things
        that have nothing to do with each other have to speak for it, or nearly the
        whole of what the home offers.
Rule 2: what a class is for is looked at before it is called a rival, in ``_roles.py``:
        a promise, an adapter that hands on, a factory, a stand-in, a value.
Rule 3: a score comes with its reasons, each with its share, so that a person can
        disagree with one of them. Some speak against it, and have a negative one.
Rule 4: names are compared by their words: ``scheduleJob`` is ``schedule_job``. A method
        that a common base demands says nothing about who else fulfils it.
Rule 5: where there are enough classes to compare with, what a class speaks of and does
        counts, and its name does not (see ``_likeness.py``): who writes the same thing
        again seldom calls it the same. Among a few, name and shape are all there is.
Rule 6: another fulfilment of a promise that the home fulfils is hardly a rival. It may
        say so, by a base, or have a protocol's methods, if it knows of the protocol.
Rule 7: of those that are worth a word, one that nobody makes, imports or names is less
        likely, unless that is so of most. A test is nobody.
Rule 8: who has it all from a rival is no further rival.
Rule 9: the more classes there are to compare with, the fewer of them are rivals, and in
        a large tree hardly any without a method that does what one of the home's does;
        unless its methods are given the same as the home's.

The weights in a crowd were fitted to the labelled corpus (see ``tests/guard/corpus``),
package by package against all others; to classes of one of its packages beside those of
another; and to the classes of real packages that are no rivals. They were rounded. Rule
9 and what is needed by the home's file were set by hand.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from goldenpath.guard._facts import Class, Function
from goldenpath.guard._likeness import Crowd, Likeness, kindred
from goldenpath.guard._nouns import PLAIN_NOUNS, QUALIFIERS, SUFFIXES, subjects_of
from goldenpath.guard._resolve import Thing
from goldenpath.guard._roles import Role, is_promised, role_of
from goldenpath.guard._synonyms import deeds_of
from goldenpath.guard._view import View
from goldenpath.guard._words import singular, words_of

# How much each reason says. They add up, and the sum is cut at one; then what speaks
# against it is taken away.
_WEIGHTS = {
    "name": 0.15,  # it ends with one of the concept's names
    "short name": 0.10,  # which is a single word
    "part of the name": 0.08,  # its last word and another one, or nothing else
    "about": 0.04,  # one of the concept's names, and then what it is of that
    "same noun": 0.04,  # its last word, where that is no word for just anything
    "same subject": 0.04,  # what one of the concept's names is about
    "methods": 0.14,  # times the share of the home's methods that it has too
    "alike": 0.13,  # times those that do the same to as many things, whatever called
    "own": 0.22,  # times the share of its methods that the home has, whatever called
    "signatures": 0.40,  # times the share of those with parameters called the same
    "legacy": 0.15,  # it is said to be what was there before
    "state": 0.10,  # it keeps collections, as the home does
    "types": 0.06,  # it handles the types from elsewhere that the home handles
    "calls": 0.12,  # its methods call what the home's methods call
    "brothers": -0.30,  # a base in the tree says that there are several of the kind
    "other subject": -0.30,  # it does for another thing what the home does for its own
}
# The same, where a class is compared with a crowd of others: there all of them add up,
# and the sum is cut at one.
_WEIGHTS_IN_CROWD = {
    "known": 0.143,  # times the share of what it says of itself that the home knows
    "covered": 0.066,  # times the share of what the concept is about in its text
    "spoken": 0.171,  # times the share of all that it is about
    "above": 0.031,  # times how far its text is more like the home's than others' are
    "aside": 0.047,  # for each of two words that say that it stands beside something
    "substance": 0.359,  # times how much it does
    "tools": 0.024,  # for each of two libraries from elsewhere that it works with
    "twin": 0.055,  # it awaits and the home does not, or the other way round
    "signatures": 0.035,  # as above
    "legacy": 0.134,
    "brothers": -0.187,
    "other things": -0.408,  # times the share of namesakes that are given other things
    "other deed": -0.066,  # its name says that it shows, reports, judges or the like
    "nobody": -0.11,  # nobody makes or imports it: an entry, or left over
    "smaller": -0.086,  # times how much smaller than the home it is
    "beside": -0.157,  # it is in the home's own folder
    "is needed": -0.2,  # the home's file needs its file: it is a part, or a helper
    "partner": -0.22,  # it names the home, or is named by it
    "works with": -0.031,  # for each of four other things of the tree
    "crowd": -0.34,  # the more classes there are, the fewer of them are rivals
    "hardly alike": -0.55,  # and far fewer that hardly have a method that does the same
}
# What nobody has who is not compared with a crowd.
_OF_A_CROWD = frozenset(("known", "covered", "spoken", "above", "substance"))
# A crowd of more than so many is a large one.
_LARGE_CROWD = 50
# Less than this share of the home's methods is hardly any.
_HARDLY = 0.1
# Who shares so many signatures with the home is looked at in the largest crowd.
_GIVEN_THE_SAME = 0.6
# More than this share of the classes is most of them.
_MOST = 0.7
# From here on it is a rival.
THRESHOLD = 0.46
# So many reasons of different kinds must speak for it, unless it has nearly all of the
# home's shape.
_LEAST_KINDS, _SHAPE_ALONE = 2, 0.6
_KINDS = {
    "name": "name",
    "short name": "name",
    "part of the name": "name",
    "about": "name",
    "same noun": "name",
    "same subject": "name",
    "legacy": "name",
    "methods": "shape",
    "alike": "shape",
    "own": "shape",
    "signatures": "shape",
    "state": "state",
    "types": "body",
    "calls": "body",
    "known": "speech",
    "covered": "speech",
    "spoken": "speech",
    "above": "speech",
    "aside": "speech",
    "substance": "deeds",
    "tools": "deeds",
    "twin": "deeds",
}
# Nearly every class keeps a collection: that adds nothing to a name alone.
_NOT_ENOUGH = frozenset(("name", "state"))
# A home of fewer methods than this says little by them.
_TELLING_METHODS = 3
# Likewise a class that offers hardly anything.
_TELLING_OWN = 2
# What people call what they mean to replace.
_LEGACY = frozenset(("legacy", "old", "deprecated", "compat", "obsolete", "previous"))


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
            and (len(kinds) >= _LEAST_KINDS or self.score >= _SHAPE_ALONE)
            and kinds != _NOT_ENOUGH
        )


def rivals(view: View) -> list[Rival]:
    """Return every class that is worth a word, the likeliest first.

    Those that are no rivals are among them, with the role that says why.
    """
    profile = _Profile(view, view.home)
    ancestors = set(view.resolver.ancestors(view.home))
    found = []
    for path in view.once(kindred):
        for class_ in view.facts(path).classes:
            thing = Thing("class", path, class_.qualified, class_.line)
            is_alias = class_.is_empty and len(class_.bases) == 1
            # What the home is made of is no rival of it.
            if thing == view.home or thing in ancestors or is_alias:
                continue
            rival = _weigh(view, thing, class_, profile)
            if rival is not None:
                found.append(rival)
    counted = _liveness(view, [one.thing for one in found])
    # Where nobody uses most of them, who does is outside of the tree.
    unused = sum(not any(used for used, _tests in one) for one in counted.values())
    is_telling = unused <= _MOST * len(counted)
    crowd = view.once(Crowd)
    likely = [
        _with_users(
            one,
            *counted[one.thing],
            is_telling=is_telling and not crowd.is_named_here(one.thing),
        )
        for one in found
    ]
    likely = _without_heirs(view, likely)
    return sorted(likely, key=lambda one: (-one.score, one.thing.path, one.thing.line))


def _with_users(
    rival: Rival,
    made: tuple[int, int],
    imported: tuple[int, int],
    *,
    is_telling: bool,
) -> Rival:
    """Say who uses a class; that nobody does may speak against it, in a crowd.

    What is used in the home's place is a rival. Most of what is not used is called from
    outside, by a framework or a shell.
    """
    reasons = rival.reasons
    if is_telling and _is_in_crowd(reasons) and not made[0] and not imported[0]:
        text = "nobody makes or imports it but tests"
        nobody = Reason("nobody", _WEIGHTS_IN_CROWD["nobody"], text)
        reasons = (*reasons, nobody)
    return dataclasses.replace(
        rival, made=made, imported=imported, reasons=reasons, score=_sum(reasons)
    )


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
        self._view, self._thing = view, thing
        self._chain, self._common = chain, common
        for one in chain:
            for name, function in resolver.methods(one).items():
                self.methods.setdefault(name, function)
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
        if self.has_framework:
            self.demanded |= _demanded_by(common_frameworks)

    # Most classes are none of the concept's business: nobody asks what is in them.

    @functools.cached_property
    def asked(self) -> int:
        """How many of its methods say what it is."""
        return sum(name in self.methods for name in self._view.distinctive_methods())

    @functools.cached_property
    def state(self) -> set[str]:
        """Where it keeps collections: in the class, or in each instance."""
        classes = filter(None, map(self._view.resolver.class_of, self._chain))
        return {where for one in classes for _name, _line, where in one.collections}

    @functools.cached_property
    def brothers(self) -> list[str]:
        """Bases that it shares with the home, the nearest first."""
        return [
            one.name
            for one in self._view.resolver.ancestors(self._thing)
            if one.kind == "class" and one in self._common and one != self._view.home
        ]

    @functools.cached_property
    def promises(self) -> list[str]:
        """Promises that it fulfils, and that the home fulfils without saying so."""
        return [
            one.name
            for one in self._view.resolver.ancestors(self._thing)
            if one.kind == "class"
            and one not in self._common
            and _is_kept(self._view, one)
        ] or list(_unsaid_promises(self._view, self._thing, self.methods))

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


def _is_kept(view: View, thing: Thing) -> bool:
    """Tell whether a class is a promise, and the home fulfils it."""
    promised = {n for n in view.resolver.methods(thing) if not n.startswith("_")}
    kept = set(view.resolver.methods(view.home))
    return promised <= kept and is_promised(view, thing)


def _unsaid_promises(
    view: View, thing: Thing, methods: Mapping[str, Function]
) -> Iterator[str]:
    """Yield the protocols that a class fulfils without being derived from them.

    It must know of them: name them, or import something from where they are. Whoever
    has the same methods by chance fulfils nothing.
    """
    for promise in view.once(_kept_protocols):
        wanted = {
            name: function
            for name, function in view.resolver.methods(promise).items()
            if not name.startswith("_")
        }
        if all(
            name in methods
            and methods[name].is_async == function.is_async
            and _parameters(methods[name]) == _parameters(function)
            for name, function in wanted.items()
        ) and _knows_of(view, thing, promise):
            yield promise.name


def _kept_protocols(view: View) -> list[Thing]:
    """Return the protocols of the files that are looked at that the home fulfils."""
    found = []
    for path in view.once(kindred):
        for class_ in view.facts(path).classes:
            if any(base.endswith("Protocol") for base in class_.bases):
                thing = Thing("class", path, class_.qualified, class_.line)
                if thing != view.home and _is_kept(view, thing):
                    found.append(thing)
    return found


def _knows_of(view: View, thing: Thing, promise: Thing) -> bool:
    class_ = view.resolver.class_of(thing)
    if class_ is not None and promise.name in class_.document:
        return True
    return any(
        answer.thing.path == promise.path
        for binding in view.facts(thing.path).bindings
        if binding.kind == "from"
        for answer in view.resolver.follow(thing.path, binding)
    )


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
    shape = [
        *_name_reasons(view, class_, thing.path),
        *_shape_reasons(mine, home, shared, wanted),
    ]
    crowd = view.once(Crowd)
    alike = crowd.likeness(thing)
    # Who has neither a name nor a method in common is looked at in a crowd alone.
    if not shape and alike is None:
        return None
    by_shape = []
    if any(_KINDS[reason.kind] in ("name", "shape") for reason in shape):
        common = len(shared) / (len(wanted) or 1)
        by_shape = [*shape, *_body_reasons(view, mine, home, common)]
    against = list(_reasons_against(view, class_, mine, home))
    by_shape += against
    in_crowd = []
    if alike is not None:
        others = _other_things(mine, home, shared)
        in_crowd = [
            *_reasons_in_crowd(alike, (*shape, *against), others),
            *_crowded(crowd, shape),
        ]
    # Half of what makes a rival is worth a word.
    if max(_sum(by_shape), _sum(in_crowd)) < THRESHOLD / 2:
        return None
    role = role_of(view, thing, class_, methods=mine.methods, homes=home.public)
    reasons = by_shape
    if alike is not None and role == "implementation":
        reasons = in_crowd
        reasons += _links(crowd, thing)
    score = _sum(reasons)
    if score < THRESHOLD / 2:
        return None
    return Rival(
        thing=thing,
        class_=class_,
        role=role,
        score=score,
        reasons=tuple(reasons),
        shared=tuple(sorted(shared.values())),
        missing=tuple(
            sorted(n for n in home.public if words_of(n) not in mine.spelled)
        ),
        extra=tuple(
            sorted(n for w, n in mine.spelled.items() if w not in home.spelled)
        ),
    )


def _sum(reasons: Collection[Reason]) -> float:
    """Return the score: in a crowd the plain sum, at most one."""
    shares = [one.share for one in reasons]
    if _is_in_crowd(reasons):
        return min(1.0, sum(shares))
    return min(1.0, sum(max(0.0, one) for one in shares)) + sum(
        min(0.0, one) for one in shares
    )


def _is_in_crowd(reasons: Iterable[Reason]) -> bool:
    return any(one.kind in _OF_A_CROWD for one in reasons)


# What it speaks of and does.


def _reasons_in_crowd(
    alike: Likeness, shape: Iterable[Reason], other_things: tuple[float, str]
) -> Iterator[Reason]:
    weights = _WEIGHTS_IN_CROWD
    known = f"the home knows {alike.known:.0%} of what it says of itself"
    if alike.common:
        known += f"; both speak of {', '.join(alike.common)}"
    found = [
        ("known", alike.known, known),
        ("covered", alike.covered, f"it speaks of {alike.covered:.0%} of the concept"),
        ("spoken", alike.spoken, f"and {alike.spoken:.0%} of all its names"),
        ("above", alike.above, "its text is more like the home's than most are"),
        (
            "aside",
            len(alike.aside) * alike.brief,
            f"its text says {' and '.join(alike.aside)}",
        ),
        ("substance", alike.substance, "it does something itself"),
    ]
    if alike.reaches:
        reached = f"it does something itself, with {', '.join(alike.reaches)}"
        found[-1] = ("substance", alike.substance, reached)
    found += [
        (one.kind, one.share / _WEIGHTS[one.kind], one.text)
        for one in shape
        if one.kind in weights
    ]
    found += [
        ("other things", *other_things),
        (
            "other deed",
            bool(alike.other_deed),
            f"its name ends with {alike.other_deed!r}, which says another deed",
        ),
        (
            "tools",
            min(2, len(alike.tools)),
            f"it works with {' and '.join(alike.tools)} itself",
        ),
        (
            "twin",
            alike.is_twin,
            "it awaits or blocks, which neither the home nor most here do",
        ),
        ("smaller", alike.smaller, "it is far smaller than the home"),
        ("beside", alike.is_beside, "it is in the home's own folder"),
        ("partner", alike.is_partner, "it names the home, or the home names it"),
        ("works with", alike.works_with, "it works with other things of this tree"),
    ]
    for kind, much, text in found:
        if much:
            yield Reason(kind, weights[kind] * much, text)


def _crowded(crowd: Crowd, shape: Iterable[Reason]) -> Iterator[Reason]:
    """Yield what a large crowd says: of many classes, few are rivals.

    The more its methods are given what the home's are, the less that says.
    """
    if crowd.size <= _LARGE_CROWD:
        return
    shares = {one.kind: one.share for one in shape}
    given = shares.get("signatures", 0.0) / _WEIGHTS["signatures"]
    size = math.log(crowd.size / _LARGE_CROWD) * max(0.0, 1 - given / _GIVEN_THE_SAME)
    if not size:
        return
    text = f"there are {crowd.size} classes to choose from"
    yield Reason("crowd", _WEIGHTS_IN_CROWD["crowd"] * size, text)
    if shares.get("alike", 0.0) < _HARDLY * _WEIGHTS["alike"]:
        text = "and hardly any of its methods does what one of the home's does"
        yield Reason("hardly alike", _WEIGHTS_IN_CROWD["hardly alike"] * size, text)


def _links(crowd: Crowd, thing: Thing) -> Iterator[Reason]:
    if crowd.is_needed(thing.path):
        text = "the home's file needs its file"
        yield Reason("is needed", _WEIGHTS_IN_CROWD["is needed"], text)


def _other_things(
    mine: _Profile, home: _Profile, shared: dict[str, str]
) -> tuple[float, str]:
    """Return which methods are called as the home's and given nothing that those are.

    With the share that they are of the home's, as the weight is for the whole of it.
    """
    names = []
    for name, theirs in shared.items():
        have = _parameters(mine.methods[name])
        want = _parameters(home.methods[theirs]) if theirs in home.methods else have
        if have != want and not set(have) & set(want):
            names.append(name)
    text = f"{', '.join(sorted(names)[:5])} are given other things than the home's"
    return len(names) / max(home.asked, _TELLING_METHODS), text


# Its name.


def _name_reasons(view: View, class_: Class, path: str) -> Iterator[Reason]:
    words = singular(words_of(class_.name))
    phrases = [singular(phrase) for phrase in view.concept.phrases]
    yield from _longest_name(words, phrases)
    said = _LEGACY & {*words, *words_of(path.replace("/", "_"))}
    if said:
        text = f"it is called {min(said)!r}"
        yield Reason("legacy", _WEIGHTS["legacy"], text)


def _longest_name(
    words: tuple[str, ...], phrases: list[tuple[str, ...]]
) -> Iterator[Reason]:
    """Yield what a name says, once: the most that any of the phrases finds in it."""
    core = words
    while len(core) > 1 and (core[-1] in SUFFIXES or core[-1].isdigit()):
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
    nouns = {phrase[-1] for phrase in phrases} - PLAIN_NOUNS
    if core and core[-1] in nouns:
        text = f"its name ends with {core[-1]!r}"
        yield Reason("same noun", _WEIGHTS["same noun"], text)
    common = sorted(subjects_of(phrases) & set(core))
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
    pairs = _pairs(mine, wanted)
    if not pairs:
        return
    most = max(len(wanted), _TELLING_METHODS)
    share = len(shared) / most
    if shared:
        names = ", ".join(sorted(shared)[:6])
        text = f"it has {len(shared)} of the home's {len(wanted)} methods: {names}"
        if mine.has_framework:
            share /= 2
            text += "; both derive from a class from elsewhere, which may ask for them"
        yield Reason("methods", _WEIGHTS["methods"] * share, text)
    as_many = sorted(
        name
        for theirs, name in pairs.items()
        if theirs in home.methods
        and len(_parameters(home.methods[theirs]))
        == len(_parameters(mine.methods[name]))
    )
    if as_many:
        text = f"{', '.join(as_many[:6])} do what the home does, to as many things"
        yield Reason("alike", _WEIGHTS["alike"] * len(as_many) / most, text)
    own = len(mine.public - mine.demanded)
    text = f"{len(pairs)} of the {own} methods that it offers are the home's, or alike"
    share_of_own = len(pairs) / max(own, _TELLING_OWN)
    yield Reason("own", _WEIGHTS["own"] * share_of_own, text)
    alike_ones = _alike_parameters(mine, home, shared)
    if alike_ones:
        text = f"{', '.join(sorted(alike_ones)[:6])} with alike parameters"
        worth = min(1.0, 3 * share) * sum(alike_ones.values()) / len(shared)
        yield Reason("signatures", _WEIGHTS["signatures"] * worth, text)


def _pairs(mine: _Profile, wanted: Collection[str]) -> dict[str, str]:
    """Return for methods of the home those that do the same, by whatever name.

    ``scheduleTask`` for ``scheduleJob``, ``deliver`` for ``send``.
    """
    left = {words: n for words, n in mine.spelled.items() if n not in mine.demanded}
    found: dict[str, str] = {}
    for name in wanted:
        words = words_of(name)
        if words in left:
            found[name] = left.pop(words)
    deeds = {words: deeds_of(words[0]) for words in left if words}
    for name in wanted:
        verb = words_of(name)[:1]
        if not verb or name in found:
            continue
        wants = deeds_of(verb[0])
        for words, does in deeds.items():
            if not does.isdisjoint(wants):
                found[name] = left[words]
                del deeds[words]
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


# What speaks against it.


def _reasons_against(
    view: View, class_: Class, mine: _Profile, home: _Profile
) -> Iterator[Reason]:
    if mine.brothers:
        text = f"both are derived from {mine.brothers[0]}, which has several heirs"
        yield Reason("brothers", _WEIGHTS["brothers"], text)
    elif mine.promises:
        text = f"both fulfil {mine.promises[0]}, which may have several fulfilments"
        yield Reason("brothers", _WEIGHTS["brothers"], text)
    subject = _other_subject(view, class_, mine, home)
    if subject:
        text = f"it does that for {subject!r}, of which the home knows nothing"
        yield Reason("other subject", _WEIGHTS["other subject"], text)


def _other_subject(view: View, class_: Class, mine: _Profile, home: _Profile) -> str:
    """Return the word in a class's name that says what it is about, if it is another.

    ``ProductRepository`` is about products if its methods are given some, and
    ``OrderRepository`` is not.
    """
    words = singular(words_of(class_.name))
    phrases = [singular(phrase) for phrase in view.concept.phrases]
    if not words or all(words[-1] != phrase[-1] for phrase in phrases):
        return ""
    known = {word for phrase in phrases for word in phrase} | QUALIFIERS
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
