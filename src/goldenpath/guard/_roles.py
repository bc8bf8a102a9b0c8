"""What a class is for, as far as that excuses it from being a rival.

Rule 1: who hands on to the home is no rival of it, thin or not: a measuring, caching,
        locking or retrying wrapper, several homes behind one face, the home for one
        user. What counts is whom its methods call, not how short they are.
Rule 2: what the home itself hands on to is a part of it.
Rule 3: who hands on to something from elsewhere (a driver, a client of a server) has an
        implementation of its own; so has who makes something from elsewhere and calls
        that: ``HTML(text).render()``.
Rule 4: a method that calls one of its own that hands on hands on as well. Who looks for
        whatever it has not itself in what it holds need hand on but one.
Rule 5: what is called or entered does something, even if all else are properties.
Rule 6: a class is a stand-in by its place or name, unless the concept's own names have
        that word in them, or if all that it does is to give back constants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from goldenpath.guard._facts import Binding, Call, Class, Function
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View
from goldenpath.guard._words import singular, words_of

Role = Literal[
    "implementation", "promise", "adapter", "subclass", "factory", "fake", "test",
    "value", "error", "part",
]  # fmt: skip

_FAKES = frozenset(("fake", "mock", "dummy", "stub", "spy", "test", "null", "noop"))
#: A class that is directly derived from one of these says what others must keep.
PROMISES = frozenset(
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
# What a class without other methods does its work in.
_DEEDS = frozenset(("__call__", "__enter__", "__aenter__"))
# An adapter hands on at least so large a share of what it has in common with the home;
# one that certainly holds a home, so large a share of all its methods.
_ADAPTS, _ADAPTS_HOME = 0.6, 0.5


def role_of(
    view: View,
    thing: Thing,
    class_: Class,
    *,
    methods: Mapping[str, Function],
    homes: Collection[str],
) -> Role:
    """Tell what a class is for.

    Args:
        view: The concept.
        thing: The class.
        class_: Its facts.
        methods: Its methods by name, inherited ones included.
        homes: Names of the home's public methods.
    """
    ancestors = list(view.resolver.ancestors(thing))
    names = {ancestor.name for ancestor in ancestors}
    behaviour = [f for n, f in methods.items() if not n.startswith("__")]
    if class_.name.startswith("Test") or "unittest.TestCase" in names:
        return "test"
    if any(name.endswith(_ERRORS) for name in (class_.name, *names)):
        return "error"
    if _is_promise(view, thing, class_, behaviour):
        return "promise"
    is_passive = all(map(_is_property, behaviour)) and not _DEEDS & set(methods)
    if names & _VALUES or is_passive:
        return "value"
    if view.derives(thing):
        return "subclass"
    # Where the concept itself is a test, as an A/B test is, the word says nothing.
    spoken = {word for phrase in view.concept.phrases for word in singular(phrase)}
    words = set(words_of(class_.name)) & (_FAKES - spoken)
    if view.is_fake(thing.path) or view.is_test(thing.path) or words:
        return "fake"
    if _does_nothing(view, behaviour, thing):
        return "fake"
    if _hands_on(view, thing, methods, homes):
        return "adapter"
    working = [f for n, f in methods.items() if f in behaviour or n in _DEEDS]
    if _makes_homes(view, thing, working):
        return "factory"
    if _is_part(view, thing, methods, homes):
        return "part"
    return "implementation"


def _is_promise(
    view: View, thing: Thing, class_: Class, behaviour: list[Function]
) -> bool:
    if behaviour and all(f.is_abstract for f in behaviour):
        return True
    # One that adds nothing but what others must write.
    mine = [f for f in behaviour if f.scope == thing.name]
    if len(mine) > 1 and all(f.is_abstract for f in mine):
        return True
    direct = {base.name for base in view.resolver.bases(thing)}
    is_meta = any(keyword.endswith("ABCMeta") for keyword in class_.keywords)
    if not direct & PROMISES and not is_meta:
        return False
    own = view.resolver.methods(thing).values()
    abstract = [f for f in own if f.is_abstract]
    return len(abstract) * 2 >= len(own)


def _does_nothing(view: View, behaviour: list[Function], thing: Thing) -> bool:
    """Tell whether its methods give back constants, whatever they are asked."""
    if any(
        f.statements > 1 or f.made or f.returns_other or f.scope != thing.name
        for f in behaviour
    ):
        return False
    facts = view.facts(thing.path)
    prefix = thing.name + "."
    # What has state can do something with it.
    if any(
        b.name.startswith("self.") and b.scope.startswith(prefix)
        for b in facts.bindings
    ):
        return False
    scopes = {prefix + f.name for f in behaviour}
    return not any(
        scope in scopes
        for scope in (
            *(call.scope for call in facts.calls),
            *(scope for _text, scope, _line in facts.reads),
            # ``self.sockets[user] = socket``
            *(one.scope for one in facts.bindings if one.kind == "entry"),
        )
    )


def _is_property(function: Function) -> bool:
    return any(
        text.rpartition(".")[2] in ("property", "cached_property")
        for text in function.decorators
    )


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


# Handing on.


def _hands_on(
    view: View, thing: Thing, methods: Mapping[str, Function], homes: Collection[str]
) -> bool:
    """Tell whether the home does the work, or something in its place."""
    public = {name for name in methods if not name.startswith("_")}
    common = public & set(homes)
    to_home: set[str] = set()
    to_alike: set[str] = set()
    to_namesake: set[str] = set()
    telling = set(view.distinctive_methods())
    for name, call in _calls_of(view, thing, public):
        receiver, _, called = call.target.rpartition(".")
        if called not in homes or receiver in ("", "self", "cls", "super()"):
            continue
        kind = _receiver(view, thing, receiver, call)
        if kind == "home":
            to_home.add(name)
        elif kind == "unknown" and (called == name or _sounds(view, receiver)):
            to_alike.add(name)
        if kind == "unknown" and called in telling and _sounds(view, receiver):
            to_namesake.add(name)
    # ``notify_many`` that calls ``self.notify``, which hands on, hands on as well.
    to_home |= _callers(view, thing, public, to_home)
    to_alike |= _callers(view, thing, public, to_alike)
    # Whoever does nothing but call something of the concept's name as one calls a home.
    if public and to_namesake == public:
        return True
    if to_home and len(to_home) >= _ADAPTS_HOME * len(public):
        return True
    handed = (to_home | to_alike) & common
    least = 1 if _hands_all_on(view, thing) else 2
    return len(handed) >= max(least, _ADAPTS * len(common))


def _hands_all_on(view: View, thing: Thing) -> bool:
    """Tell whether what it has not itself is looked for in what it holds."""
    return any(
        call.target == "getattr" and call.arguments[:1] and "." in call.arguments[0]
        for _name, call in _calls_of(view, thing, ("__getattr__",))
    )


def _callers(
    view: View, thing: Thing, names: Collection[str], called: Collection[str]
) -> set[str]:
    """Return those of a class's methods that call some of its own."""
    wanted = {f"self.{name}" for name in called}
    return {
        name for name, call in _calls_of(view, thing, names) if call.target in wanted
    }


def _is_part(
    view: View, thing: Thing, methods: Mapping[str, Function], homes: Collection[str]
) -> bool:
    """Tell whether the home hands on to it what they have in common."""
    common = {name for name in methods if not name.startswith("_")} & set(homes)
    handed = set()
    for name, call in _calls_of(view, view.home, common):
        receiver, _, called = call.target.rpartition(".")
        if called in methods and receiver not in ("", "self", "cls", "super()"):
            held = view.resolver.instances(
                view.home.path, receiver, scope=call.scope, line=call.line
            )
            if thing in held:
                handed.add(name)
    return len(handed) > 1 and len(handed) >= _ADAPTS_HOME * len(common)


def _calls_of(
    view: View, thing: Thing, names: Collection[str]
) -> Iterator[tuple[str, Call]]:
    """Yield the calls inside of a class's own methods, with the method's name."""
    prefix = thing.name + "."
    for call in view.facts(thing.path).calls:
        if call.scope.startswith(prefix):
            name = call.scope[len(prefix) :].partition(".")[0]
            if name in names:
                yield name, call


def _receiver(
    view: View, thing: Thing, text: str, call: Call
) -> Literal["home", "unknown", "other"]:
    """Tell whether what is called is a home, may be one, or is something else."""
    found = view.resolver.instances(thing.path, text, scope=call.scope, line=call.line)
    if found:
        is_home = all(view.derives(one) or is_promised(view, one) for one in found)
        return "home" if is_home else "unknown"
    return "other" if _is_foreign(view, thing, text, call) else "unknown"


def is_promised(view: View, thing: Thing) -> bool:
    """Tell whether a class only says what the home does."""
    class_ = view.resolver.class_of(thing)
    if class_ is None or not set(view.distinctive_methods()) & set(
        view.resolver.methods(thing)
    ):
        return False
    own = [f for n, f in view.resolver.methods(thing).items() if not n.startswith("__")]
    return _is_promise(view, thing, class_, own)


def _is_foreign(view: View, thing: Thing, text: str, call: Call) -> bool:
    """Tell whether something certainly comes from outside of the tree."""
    facts = view.facts(thing.path)
    prefix = thing.name + "."
    if text.startswith("self."):
        attribute = ".".join(text.split(".")[:2])
        bindings = [
            one
            for one in facts.bindings
            if (one.name == attribute and one.scope.startswith(prefix))
            or (one.scope == thing.name and one.name == attribute[5:])
        ]
    else:
        # What a class from elsewhere makes is from elsewhere: ``HTML(text).render()``.
        head = text.partition(".")[0].removesuffix("()")
        bindings = [
            one
            for one in facts.bindings
            if one.name == head and one.scope in (call.scope, "")
        ]
    return any(_leads_out(view, thing, one, facts.bindings) for one in bindings)


def _leads_out(
    view: View, thing: Thing, binding: Binding, others: Iterable[Binding]
) -> bool:
    """Tell whether a name is bound to something from outside of the tree."""
    text, scope = binding.target, binding.scope
    if binding.kind == "alias":  # a parameter with an annotation, mostly
        for one in others:
            if one.kind == "parameter" and (one.name, one.scope) == (text, scope):
                text, scope = one.target, scope.rpartition(".")[0]
                break
    elif binding.kind in ("import", "import_as", "from"):
        text = binding.name
    elif binding.kind == "parameter":
        scope = scope.rpartition(".")[0]
    elif binding.kind not in ("call", "annotated"):
        return False
    answers = view.resolver.lookup(thing.path, text, scope=scope) if text else ()
    return bool(answers) and all(
        answer.thing.kind == "external"
        and not answer.thing.name.startswith(("builtins.", "typing."))
        for answer in answers
    )


def _sounds(view: View, receiver: str) -> bool:
    """Tell whether a name is that of the concept: ``self._manager``."""
    words = words_of(receiver.rpartition(".")[2])
    return bool(words) and any(words[-1] == p[-1] for p in view.concept.phrases)
