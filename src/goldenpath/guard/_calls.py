"""Whether a call can work, by the signature of what it calls.

Rule 1: only what is certain is said. Unpacked arguments, decorators and classes that
        make attributes up end the question.
"""

from __future__ import annotations

from goldenpath.guard._facts import Call, Function, Signature
from goldenpath.guard._resolve import Answers, Resolver, Thing

# These leave a function's arguments as they are.
_HARMLESS = frozenset(
    (
        "staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod",
        "override", "typing.override", "final", "typing.final",
    )
)  # fmt: skip
# Nobody can await what these return.
_PLAIN = frozenset(
    f"builtins.{name}"
    for name in (
        "len", "sum", "int", "str", "float", "bool", "bytes", "repr", "abs", "round",
        "list", "dict", "set", "frozenset", "tuple", "sorted", "any", "all", "range",
        "isinstance", "issubclass", "hash", "id",
    )
)  # fmt: skip
# Every object has these.
_OBJECTS = frozenset(dir(type)) | frozenset(dir(object))


def complaint(resolver: Resolver, call: Call, thing: Thing, *, bound: bool) -> str:
    """Return why a call of a thing cannot work, or ``""`` if that cannot be said.

    Args:
        resolver: Knows the signatures.
        call: The call.
        thing: What it certainly calls.
        bound: Whether it is called on an instance.
    """
    match thing.kind:
        case "missing" if bound:
            owner, _, name = thing.name.rpartition(".")
            if name in _OBJECTS:
                return ""
            return f"{owner} has no {name!r}"
        case "class":
            return _class_complaint(resolver, call, thing)
        case "function":
            function = resolver.function_of(thing)
            if function is None:
                return ""
            return _function_complaint(resolver, call, thing, function, bound=bound)
        case _:
            return ""


def _class_complaint(resolver: Resolver, call: Call, thing: Thing) -> str:
    class_ = resolver.class_of(thing)
    if class_ is None or class_.decorators or class_.keywords:
        return ""
    made = resolver.method(thing, "__new__")
    if made is None or made.kind != "missing":
        return ""
    if call.is_awaited:
        awaits = resolver.method(thing, "__await__")
        if awaits is not None and awaits.kind == "missing":
            return f"an instance of {thing.name} cannot be awaited"
    init = resolver.method(thing, "__init__")
    if init is None or init.kind not in ("function", "missing"):
        return ""
    if init.kind == "missing":
        return _arguments(call, Signature(), skip=0)
    function = resolver.function_of(init)
    if function is None or function.decorators:
        return ""
    return _arguments(call, function.signature, skip=1)


def _function_complaint(
    resolver: Resolver, call: Call, thing: Thing, function: Function, *, bound: bool
) -> str:
    if set(function.decorators) - _HARMLESS:
        return ""
    is_static = "staticmethod" in function.decorators
    is_method = bool(function.scope) and not is_static
    takes_class = "classmethod" in function.decorators
    skip = 1 if is_method and (bound or takes_class) else 0
    wrong = _arguments(call, function.signature, skip=skip)
    return wrong or _awaiting(resolver, call, thing, function)


def _arguments(call: Call, signature: Signature, *, skip: int) -> str:
    if call.has_star:
        return ""
    positional = signature.positional[skip:]
    if call.positional > len(positional) and not signature.has_args:
        most = _count(len(positional))
        return f"it takes {most} by position, and is given {call.positional}"
    by_name = set(positional[max(0, signature.only_positional - skip) :])
    by_name |= set(signature.keywords)
    if not signature.has_kwargs:
        for name in call.keywords:
            if name not in by_name:
                return f"it has no parameter {name!r}"
    given = set(positional[: call.positional])
    for name in call.keywords:
        if name in given:
            return f"{name!r} is given twice"
    needed = positional[: len(positional) - min(signature.defaults, len(positional))]
    lacking = [
        name
        for name in (*needed, *signature.required_keywords)
        if name not in given and name not in call.keywords
    ]
    if lacking:
        return f"it lacks {', '.join(map(repr, lacking))}"
    return ""


def _count(number: int) -> str:
    return {0: "no arguments", 1: "one argument"}.get(number, f"{number} arguments")


def _awaiting(resolver: Resolver, call: Call, thing: Thing, function: Function) -> str:
    if function.is_async and not function.is_generator:
        if not call.is_awaited and not call.is_used_otherwise:
            return "it is a coroutine that nobody awaits"
        return ""
    if not call.is_awaited:
        return ""
    if function.is_async:
        return "an asynchronous generator cannot be awaited"
    if function.is_generator:
        return "a generator cannot be awaited"
    if function.is_abstract or function.returns_other:
        return ""
    made = [
        answers
        for text in function.made
        for answers in [resolver.lookup(thing.path, text, scope=thing.name)]
    ]
    if all(_is_plain_class(resolver, answers) for answers in made):
        return "what it returns cannot be awaited"
    return ""


def _is_plain_class(resolver: Resolver, answers: Answers) -> bool:
    """Tell whether what a call of a name gives certainly cannot be awaited."""
    if answers and all(answer.thing.name in _PLAIN for answer in answers):
        return True
    if not answers or any(answer.thing.kind != "class" for answer in answers):
        return False
    awaits = [resolver.method(answer.thing, "__await__") for answer in answers]
    return all(found is not None and found.kind == "missing" for found in awaits)
