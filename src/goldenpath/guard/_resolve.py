"""What a name stands for: the thing that defines it, and the way that leads there.

Rule 1: names are followed through bindings, in the order of the lines, as Python does
        at import time. ``X = X`` below an import of ``X`` is the import's ``X``.
Rule 2: where two bindings may count (``try`` and ``except``, ``if`` and ``else``), both
        answers are given.
Rule 3: what cannot be followed is unknown, and is never guessed.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from goldenpath.guard._facts import Binding, Class, FileFacts, Function
from goldenpath.guard._project import Project

ThingKind = Literal["class", "function", "value", "module", "external", "missing"]


class Thing(NamedTuple):
    """What a name stands for in the end.

    Attributes:
        kind: ``external`` is not in the tree; ``missing`` should be and is not.
        path: The file that defines it; of a module, the module's own; else ``""``.
        name: Its qualified name in that file; the dotted name of something external
            or missing; the module's name for a module.
        line: Where it is defined.
    """

    kind: ThingKind
    path: str
    name: str
    line: int = 0


class Hop(NamedTuple):
    """One step on the way from a name to a thing.

    Attributes:
        path: The file in which the step is taken.
        line: Where.
        name: The name there.
        kind: How it is bound; ``getattr`` for a lazy one.
    """

    path: str
    line: int
    name: str
    kind: str


class Resolved(NamedTuple):
    """A thing, and the way that led to it, the nearest step first."""

    thing: Thing
    hops: tuple[Hop, ...] = ()


Answers = tuple[Resolved, ...]

_NOTHING: Answers = ()
_NONE: Sequence[Binding] = ()
_NO_METHODS: Mapping[str, Function] = {}
_BUILTINS = frozenset(dir(builtins))
# Classes from elsewhere of which nobody inherits a method that is called by name.
_BRINGS_NOTHING = frozenset(
    (
        "builtins.object", "typing.Protocol", "typing.Generic", "abc.ABC",
        "typing_extensions.Protocol", "typing_extensions.Generic",
    )
)  # fmt: skip
# A class can be put together from anything; so can what is derived from these.
_MAKERS = frozenset(("type", "super"))
_ENTERED = ("__enter__", "__aenter__")
# What these take first is no instance.
_NO_INSTANCE = frozenset(("classmethod", "staticmethod"))
_PLAIN_METACLASSES = frozenset(("abc.ABCMeta",))
# These give the class back, with no more than names like ``__init__``.
_PLAIN_DECORATORS = frozenset(
    (
        "dataclasses.dataclass", "pydantic.dataclasses.dataclass", "enum.unique",
        "functools.total_ordering", "warnings.deprecated", "attr.s", "attr.attrs",
        "attr.dataclass", "attr.define", "attr.mutable", "attr.frozen", "attrs.define",
        "attrs.mutable", "attrs.frozen", "zope.interface.implementer",
        "zope.interface.provider", "zope.interface.implementer_only",
        *(
            f"{module}.{name}"
            for module in ("typing", "typing_extensions")
            for name in (
                "final", "runtime_checkable", "no_type_check", "type_check_only",
                "dataclass_transform", "deprecated",
            )
        ),
    )
)  # fmt: skip


class Resolver:
    """Answers what names stand for in a project.

    Args:
        project: Its files are read when they are needed.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._modules = project.modules
        self._members: dict[tuple[str, str], Answers] = {}
        self._lookups: dict[tuple[str, str, str, int], Answers] = {}
        self._under_way: set[tuple[object, ...]] = set()
        self._by_name: dict[str, dict[tuple[str, str], list[Binding]]] = {}
        self._class_scopes: dict[str, dict[str, Class]] = {}
        self._functions: dict[str, dict[str, Function]] = {}
        self._methods: dict[str, dict[str, dict[str, Function]]] = {}
        self._set_on_self: dict[str, dict[str, list[str]]] = {}
        self._ancestors: dict[Thing, tuple[Thing, ...]] = {}
        self._attributes: dict[tuple[Thing, str], Thing | None] = {}

    # Modules and their members.

    def module(self, name: str, *, importer: str = "") -> Resolved | None:
        """Return a module of the tree by its absolute name."""
        path = self._modules.file_of(name, importer=importer)
        if path is not None:
            return Resolved(Thing("module", path, name))
        if self._modules.is_package(name):
            return Resolved(Thing("module", "", name))
        return None

    def member(self, path: str, name: str) -> Answers:
        """Return what ``from module import name`` gives, the module being a file."""
        key = (path, name)
        if key in self._members:
            return self._members[key]
        if key in self._under_way:
            return _NOTHING  # a circle of re-exports defines nothing
        self._under_way.add(key)
        try:
            found = self._find_member(path, name)
        finally:
            self._under_way.discard(key)
        # What was cut short by a circle must not be remembered for others.
        if not self._under_way:
            self._members[key] = found
        return found

    def _find_member(self, path: str, name: str) -> Answers:
        facts = self._project.facts(path)
        found = self._bound(path, facts, name, before=None)
        if found:
            return found
        child = f"{self._modules.name_of(path)}.{name}"
        if path.endswith("__init__.py") and (
            module := self.module(child, importer=path)
        ):
            return (module,)
        return self._lazy_member(path, facts, name) if facts.has_getattr else _NOTHING

    def _bound(
        self, path: str, facts: FileFacts, name: str, *, before: int | None
    ) -> Answers:
        """Follow the bindings of a name in a module's own scope."""
        counted: list[Binding] = []
        for binding in self._bindings(path, facts, "", name):
            if before is not None and binding.line >= before:
                break
            if binding.kind == "star":
                source = self._star_source(path, binding)
                if source is None or not self._gives(source, name):
                    continue
            if not binding.is_guarded:
                counted = []
            counted.append(binding)
        at_run_time = [binding for binding in counted if not binding.is_typing]
        answers: dict[Resolved, None] = {}
        for binding in at_run_time or counted:
            for answer in self.follow(path, binding, name=name):
                answers.setdefault(answer)
        return tuple(answers)

    def _star_source(self, path: str, binding: Binding) -> str | None:
        name = self._modules.absolute(path, binding.target, binding.level)
        return self._modules.file_of(name, importer=path)

    def _gives(self, source: str, name: str) -> bool:
        """Tell whether a star import of a module brings a name along."""
        facts = self._project.facts(source)
        if facts.exported is not None and not facts.is_export_dynamic:
            if name not in facts.exported:
                return False
        elif name.startswith("_") and name not in (facts.exported or ()):
            return False
        return bool(self.member(source, name))

    def _lazy_member(self, path: str, facts: FileFacts, name: str) -> Answers:
        """Follow a module's ``__getattr__`` in the usual shapes."""
        for binding in facts.bindings:
            if binding.scope == "__getattr__" and binding.kind in ("from", "import_as"):
                if binding.name == name:
                    return self._with_hop(
                        self.follow(path, binding), path, binding, "getattr", name
                    )
            elif binding.kind == "lazy" and binding.name == name:
                return self._with_hop(
                    self._at(path, binding.target, name), path, binding, "getattr", name
                )
        return _NOTHING

    def _at(self, path: str, text: str, name: str) -> Answers:
        """Return what a text such as ``.module`` or ``module:Name`` names."""
        module, _, member = text.partition(":")
        level = len(module) - len(module.lstrip("."))
        absolute = self._modules.absolute(path, module.lstrip("."), level)
        for candidate, wanted in (
            (absolute, member or name),
            (absolute.rpartition(".")[0], absolute.rpartition(".")[2]),
        ):
            source = self._modules.file_of(candidate, importer=path)
            if source is not None and (found := self.member(source, wanted)):
                return found
        return _NOTHING

    def absolute(self, text: str, *, importer: str = "") -> Answers | None:
        """Return what an absolute dotted path names, as ``patch`` looks it up.

        None if there is certainly nothing; nothing known if that cannot be told.
        """
        parts = text.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]), importer=importer)
            if module is None:
                continue
            answers: Answers = (module,)
            for name in parts[length:]:
                things = [answer.thing for answer in answers]
                answers = tuple(
                    deeper
                    for thing in things
                    for deeper in self._attribute(thing, name)
                )
                if not answers:
                    is_told = all(map(self._tells_all, things))
                    return None if is_told else _NOTHING
                if all(answer.thing.kind == "missing" for answer in answers):
                    return None
            return answers
        return None

    def _tells_all(self, thing: Thing) -> bool:
        """Tell whether all attributes of a thing are known."""
        if thing.kind != "module" or not thing.path:
            return False
        facts = self._project.facts(thing.path)
        return not (
            facts.error
            or facts.has_getattr
            or facts.replaces_itself
            or self._has_unknown_star(thing.path, facts)
        )

    # Bindings.

    def follow(self, path: str, binding: Binding, *, name: str = "") -> Answers:
        """Return what a binding binds its name to."""
        name = name or binding.name
        match binding.kind:
            case "def":
                return (self._own("function", path, binding),)
            case "class":
                return (self._own("class", path, binding),)
            case "import":
                first = binding.target.partition(".")[0]
                found = self._module_or_external(first, path)
            case "import_as":
                found = self._module_or_external(binding.target, path)
            case "from":
                found = self._imported(path, binding)
            case "star":
                source = self._star_source(path, binding)
                found = self.member(source, name) if source else _NOTHING
            case "alias":
                found = self.lookup(
                    path, binding.target, scope=binding.scope, line=binding.line
                )
            case _:
                return (self._own("value", path, binding),)
        return self._with_hop(found, path, binding, binding.kind, name)

    def _own(self, kind: ThingKind, path: str, binding: Binding) -> Resolved:
        name = binding.name
        if binding.scope:
            name = f"{binding.scope}.{name}"
        return Resolved(Thing(kind, path, name, binding.line))

    def _with_hop(
        self, found: Answers, path: str, binding: Binding, kind: str, name: str
    ) -> Answers:
        hop = Hop(path, binding.line, name, kind)
        return tuple(Resolved(one.thing, (hop, *one.hops)) for one in found)

    def _module_or_external(self, name: str, path: str) -> Answers:
        module = self.module(name, importer=path)
        if module is not None:
            return (module,)
        kind: ThingKind = "missing" if self._modules.is_own(name) else "external"
        return (Resolved(Thing(kind, "", name)),)

    def _imported(self, path: str, binding: Binding) -> Answers:
        module, _, member = binding.target.partition(":")
        absolute = self._modules.absolute(path, module, binding.level)
        if not absolute:
            written = f"{module}.{member}" if module else member
            return self._beyond(path, f"{'.' * binding.level}{written}")
        whole = f"{absolute}.{member}"
        source = self._modules.file_of(absolute, importer=path)
        if source is not None:
            # ``from . import x`` in a package's own file means the module x.
            if source != path and (found := self.member(source, member)):
                return found
            if (child := self.module(whole, importer=path)) is not None:
                return (child,)
            if source == path and (found := self.member(source, member)):
                return found
            facts = self._project.facts(source)
            if facts.error or facts.has_getattr or facts.replaces_itself:
                return _NOTHING
            if self._has_unknown_star(source, facts):
                return _NOTHING
            return (Resolved(Thing("missing", source, whole)),)
        if (child := self.module(whole, importer=path)) is not None:
            return (child,)
        is_own = binding.level > 0 or self._modules.is_own(absolute)
        return (Resolved(Thing("missing" if is_own else "external", "", whole)),)

    def _beyond(self, path: str, written: str) -> Answers:
        """Return what goes up further than a file's package: nothing has that name."""
        if not self._modules.name_of(path):
            return _NOTHING  # a file that nobody can name may be started anywhere
        return (Resolved(Thing("missing", "", written)),)

    def _has_unknown_star(self, path: str, facts: FileFacts) -> bool:
        """Tell whether a module star-imports something that is not in the tree."""
        return any(
            binding.kind == "star" and self._star_source(path, binding) is None
            for binding in facts.bindings
        )

    # Names, seen from a place.

    def lookup(
        self, path: str, text: str, *, scope: str = "", line: int = 0
    ) -> Answers:
        """Return what dotted text stands for where it is written.

        Args:
            path: The file.
            text: Such as ``ws.Manager``.
            scope: The scope in which it stands.
            line: And the line, for text in the module's own scope.
        """
        # In a function, what counts is bound when it is called.
        is_in_order = not scope or scope in self._classes(path)
        key = (path, text, scope, line if is_in_order else 0)
        if key in self._lookups:
            return self._lookups[key]
        if key in self._under_way:
            return _NOTHING
        self._under_way.add(key)
        try:
            found = self._look_up(path, text, scope, line)
        finally:
            self._under_way.discard(key)
        if not self._under_way:
            self._lookups[key] = found
        return found

    def _look_up(self, path: str, text: str, scope: str, line: int) -> Answers:
        first, *rest = text.split(".")
        if "(" in first:
            return _NOTHING
        answers: Iterable[Resolved] = self._first(path, first, scope, line)
        for attribute in rest:
            if "(" in attribute:
                return _NOTHING
            answers = [
                Resolved(deeper.thing, (*answer.hops, *deeper.hops))
                for answer in answers
                for deeper in self._attribute(answer.thing, attribute)
            ]
        return tuple(dict.fromkeys(answers))

    def _first(self, path: str, name: str, scope: str, line: int) -> Answers:
        facts = self._project.facts(path)
        classes = self._classes(path)
        inner = scope
        while inner:
            # A class's own names are seen in its body, and not in its methods.
            if inner == scope or inner not in classes:
                bindings = self._bindings(path, facts, inner, name)
                found = tuple(
                    answer
                    for binding in bindings
                    if binding.kind != "star"
                    and not (line and inner in classes and binding.line >= line)
                    for answer in self.follow(path, binding)
                )
                if found:
                    return tuple(dict.fromkeys(found))
            inner = inner.rpartition(".")[0]
        if not scope and line:
            found = self._bound(path, facts, name, before=line)
            if found:
                return found
        found = self._bound(path, facts, name, before=None)
        if found:
            return found
        if name in _BUILTINS:
            return (Resolved(Thing("external", "", f"builtins.{name}")),)
        return _NOTHING

    def _attribute(self, thing: Thing, name: str) -> Answers:
        match thing.kind:
            case "module" if thing.path:
                if found := self.member(thing.path, name):
                    return found
                child = self.module(f"{thing.name}.{name}", importer=thing.path)
                return (child,) if child is not None else _NOTHING
            case "module":
                child = self.module(f"{thing.name}.{name}")
                if child is not None:
                    return (child,)
                return (Resolved(Thing("missing", "", f"{thing.name}.{name}")),)
            case "class":
                found_method = self.method(thing, name)
                return (Resolved(found_method),) if found_method else _NOTHING
            case "external":
                return (Resolved(Thing("external", "", f"{thing.name}.{name}")),)
            case _:
                return _NOTHING

    # Classes.

    def class_of(self, thing: Thing) -> Class | None:
        """Return the facts of a class."""
        if thing.kind != "class":
            return None
        return self._classes(thing.path).get(thing.name)

    def function_of(self, thing: Thing) -> Function | None:
        """Return the facts of a function or method."""
        if thing.kind != "function":
            return None
        return self._function_table(thing.path).get(thing.name)

    def methods(self, thing: Thing) -> Mapping[str, Function]:
        """Return the methods that a class defines itself."""
        table = self._methods.get(thing.path)
        if table is None:
            table = self._methods[thing.path] = {}
            for function in self._project.facts(thing.path).functions:
                table.setdefault(function.scope, {})[function.name] = function
        return table.get(thing.name, _NO_METHODS)

    def bases(self, thing: Thing) -> list[Thing]:
        """Return what a class is directly derived from, known or not."""
        class_ = self.class_of(thing)
        if class_ is None:
            return []
        found = []
        for text in class_.bases:
            answers = self.lookup(
                thing.path, text, scope=class_.scope, line=class_.line
            )
            found += [answer.thing for answer in answers] or [
                Thing("external", "", f"?.{text}")
            ]
        return found

    def ancestors(self, thing: Thing) -> tuple[Thing, ...]:
        """Return all that a class is derived from, the nearest first."""
        found = self._ancestors.get(thing)
        if found is None:
            found = tuple(self._find_ancestors(thing))
            # What was cut short by a circle must not be remembered for others.
            if not self._under_way:
                self._ancestors[thing] = found
        return found

    def _find_ancestors(self, thing: Thing) -> Iterator[Thing]:
        seen = {thing}
        waiting = self.bases(thing)
        while waiting:
            base = waiting.pop(0)
            if base in seen:
                continue
            seen.add(base)
            yield base
            if base.kind == "class":
                waiting += self.bases(base)

    def method(self, thing: Thing, name: str) -> Thing | None:
        """Return what an attribute of a class stands for, inherited ones included.

        ``missing`` if no class on the way has it and all of them are known; None if
        that cannot be told.
        """
        key = (thing, name)
        if key in self._attributes:
            return self._attributes[key]
        found = self._find_attribute(thing, name)
        if not self._under_way:
            self._attributes[key] = found
        return found

    def _find_attribute(self, thing: Thing, name: str) -> Thing | None:
        is_known = True
        for class_ in (thing, *self.ancestors(thing)):
            if class_.kind != "class":
                attributes = _attributes_of(class_.name)
                if attributes is None:
                    is_known = False
                elif name in attributes:
                    return Thing("external", "", f"{class_.name}.{name}")
                continue
            facts = self._project.facts(class_.path)
            for binding in reversed(
                self._bindings(class_.path, facts, class_.name, name)
            ):
                answers = self.follow(class_.path, binding)
                if answers:
                    return answers[-1].thing
            if self._sets(class_, name):
                return Thing("value", class_.path, f"{class_.name}.{name}")
            if is_known and self._is_dynamic(class_, name):
                is_known = False
        if not is_known:
            return None
        return Thing("missing", thing.path, f"{thing.name}.{name}")

    def _sets(self, thing: Thing, name: str) -> bool:
        table = self._set_on_self.get(thing.path)
        if table is None:
            table = self._set_on_self[thing.path] = {}
            for binding in self._project.facts(thing.path).bindings:
                if binding.name.startswith("self."):
                    table.setdefault(binding.name, []).append(binding.scope)
        prefix = thing.name + "."
        return any(scope.startswith(prefix) for scope in table.get(f"self.{name}", ()))

    def _is_dynamic(self, thing: Thing, name: str) -> bool:
        """Tell whether a class may have an attribute that nobody wrote down."""
        class_ = self.class_of(thing)
        if class_ is None or class_.is_open:
            return True
        facts = self._project.facts(thing.path)
        if any(
            self._bindings(thing.path, facts, thing.name, asked)
            for asked in ("__getattr__", "__getattribute__")
        ):
            return True
        maker = self.methods(thing).get("__new__")
        if maker is not None and not all(
            text.endswith("__new__") for text in maker.made
        ):
            return True  # it makes something else
        # A decorator may write an ``__init__``.
        if class_.decorators and name.startswith("__"):
            return True
        return not all(
            self._is_plain(thing.path, class_, text)
            for text in (*class_.decorators, *class_.keywords)
        )

    def _is_plain(self, path: str, class_: Class, text: str) -> bool:
        """Tell whether a decorator or a metaclass makes no attributes up."""
        keyword, _, value = text.removesuffix("()").rpartition("=")
        if keyword not in ("", "metaclass"):
            return False
        wanted = _PLAIN_METACLASSES if keyword else _PLAIN_DECORATORS
        answers = self.lookup(path, value, scope=class_.scope, line=class_.line)
        return bool(answers) and all(
            answer.thing.kind == "external" and answer.thing.name in wanted
            for answer in answers
        )

    # Instances.

    def instances(
        self, path: str, text: str, *, scope: str = "", line: int = 0
    ) -> list[Thing]:
        """Return the classes whose instance dotted text is, as far as that is certain.

        Followed are constructors, functions that return what they construct or are
        annotated, annotated parameters and variables, ``self`` and ``self.x``.
        """
        key = ("instances", path, text, scope, line)
        if key in self._under_way:
            return []
        self._under_way.add(key)
        try:
            return self._find_instances(path, text, scope, line)
        finally:
            self._under_way.discard(key)

    def _find_instances(
        self, path: str, text: str, scope: str, line: int
    ) -> list[Thing]:
        if text.endswith("()"):
            return self.made_by(path, text[:-2], scope=scope, line=line)
        facts = self._project.facts(path)
        if text == "self" and scope:
            return self._class_of_self(path, scope)
        if text.startswith("self.") and text.count(".") == 1:
            return [
                made
                for class_ in self._class_of_self(path, scope)
                for made in self._attribute_instances(class_, text)
            ]
        if "." in text:
            head, _, attribute = text.rpartition(".")
            return [
                made
                for owner in self.instances(path, head, scope=scope, line=line)
                for made in self._attribute_instances(owner, f"self.{attribute}")
            ]
        classes = self._classes(path)
        inner = scope
        while True:
            if inner == scope or inner not in classes:
                bindings = self._bindings(path, facts, inner, text)
                if bindings:
                    return self._made_by_bindings(path, bindings)
            if not inner:
                return []
            inner = inner.rpartition(".")[0]

    def _made_by_bindings(self, path: str, bindings: Sequence[Binding]) -> list[Thing]:
        """Return what a name holds; nothing if its bindings do not agree."""
        found: list[list[Thing]] = []
        for binding in bindings:
            match binding.kind:
                case "call":
                    made = self.made_by(
                        path, binding.target, scope=binding.scope, line=binding.line
                    )
                    if made and self._gives_another(path, binding, made):
                        made = []
                case "parameter" | "annotated" if binding.target:
                    made = self._named_classes(path, binding)
                case "alias":
                    made = self.instances(
                        path, binding.target, scope=binding.scope, line=binding.line
                    )
                case "from" | "star":
                    made = [
                        thing
                        for answer in self.follow(path, binding)
                        if answer.thing.kind == "value"
                        for thing in self.instances(
                            answer.thing.path, answer.thing.name
                        )
                    ]
                case _:
                    made = []
            found.append(made)
        first = found[0]
        return first if all(one == first for one in found) else []

    def _gives_another(
        self, path: str, binding: Binding, made: Sequence[Thing]
    ) -> bool:
        """Tell whether a name holds something else than what a call makes.

        That is so of a coroutine that is not awaited yet, of an instance that is, and
        of one whose ``with`` is said to give something else.
        """
        answers = self.lookup(
            path, binding.target, scope=binding.scope, line=binding.line
        )
        functions = [self.function_of(answer.thing) for answer in answers]
        is_async = any(one is not None and one.is_async for one in functions)
        if is_async != self._is_awaited(path, binding) and (
            is_async or all(one is None for one in functions)
        ):
            return True
        return any(self._enters(class_, name) for class_ in made for name in _ENTERED)

    def _is_awaited(self, path: str, binding: Binding) -> bool:
        """Tell whether the call that a name is bound to is awaited."""
        calls = [
            (call.line, call.column, call.is_awaited)
            for call in self._project.facts(path).calls
            if (call.target, call.scope) == (binding.target, binding.scope)
            and (call.line, call.column) > (binding.line, binding.column)
        ]
        return bool(calls) and min(calls)[2]

    def _enters(self, class_: Thing, name: str) -> bool:
        """Tell whether a method returns something of another class."""
        method = self.method(class_, name)
        function = None if method is None else self.function_of(method)
        if method is None or function is None:
            return False
        if not function.returns:
            return bool(function.made)
        answers = self.lookup(method.path, function.returns, scope=function.scope)
        return not any(
            answer.thing in (class_, *self.ancestors(class_))
            or answer.thing.name.endswith(".Self")
            for answer in answers
        )

    def _named_classes(self, path: str, binding: Binding) -> list[Thing]:
        scope = binding.scope.rpartition(".")[0]
        answers = self.lookup(path, binding.target, scope=scope)
        return [a.thing for a in answers if a.thing.kind == "class"]

    def _attribute_instances(self, class_: Thing, name: str) -> list[Thing]:
        if class_.kind != "class":
            return []
        prefix = class_.name + "."
        facts = self._project.facts(class_.path)
        bindings = [
            binding
            for binding in facts.bindings
            if binding.name == name and binding.scope.startswith(prefix)
        ] or [
            binding
            for binding in facts.bindings
            if binding.scope == class_.name and binding.name == name.partition(".")[2]
        ]
        made = self._made_by_bindings(class_.path, bindings) if bindings else []
        # What a descriptor gives is something else, if it does not say that it is not.
        for one in made:
            found = self.method(one, "__get__")
            if found is not None and found.kind != "missing":
                function = self.function_of(found)
                if function is None or not function.returns:
                    return []
                if self._enters(one, "__get__"):
                    return []
        return made

    def made_by(
        self, path: str, text: str, *, scope: str = "", line: int = 0
    ) -> list[Thing]:
        """Return the classes whose instance a call of dotted text gives."""
        made: dict[Thing, None] = {}
        answers = self.lookup(path, text, scope=scope, line=line)
        if any(answer.thing.kind in ("external", "missing") for answer in answers):
            return []  # what stands in for it when it is not installed is not it
        for answer in answers:
            for thing in self._made_of(answer.thing):
                made.setdefault(thing)
        return list(made)

    def _made_of(self, thing: Thing) -> list[Thing]:
        if thing.kind == "class":
            return [thing]
        function = self.function_of(thing)
        key = ("made of", thing)
        if function is None or key in self._under_way:
            return []  # one that returns what it returns itself says nothing
        self._under_way.add(key)
        try:
            return self._returned(thing, function)
        finally:
            self._under_way.discard(key)

    def _returned(self, thing: Thing, function: Function) -> list[Thing]:
        if function.returns:
            answers = self.lookup(thing.path, function.returns, scope=function.scope)
            found = [a.thing for a in answers if a.thing.kind == "class"]
            if found:
                return found
        return [
            one
            for text in function.made
            for one in self.made_by(thing.path, text, scope=thing.name)
        ]

    def _class_of_self(self, path: str, scope: str) -> list[Thing]:
        """Return the class of ``self``: that of the nearest method that takes one."""
        facts = self._project.facts(path)
        while scope and not any(
            binding.kind == "parameter"
            for binding in self._bindings(path, facts, scope, "self")
        ):
            scope = scope.rpartition(".")[0]
        function = self._function_table(path).get(scope)
        class_ = self._classes(path).get(scope.rpartition(".")[0])
        if class_ is None or function is None:
            return []
        if not _NO_INSTANCE.isdisjoint(function.decorators):
            return []  # it is the class itself
        return [Thing("class", path, class_.qualified, class_.line)]

    # Tables of one file.

    def _bindings(
        self, path: str, facts: FileFacts, scope: str, name: str
    ) -> Sequence[Binding]:
        table = self._by_name.get(path)
        if table is None:
            table = {}
            for binding in facts.bindings:
                if binding.kind in ("entry", "lazy"):
                    continue
                table.setdefault((binding.scope, binding.name), []).append(binding)
            self._by_name[path] = table
        own = table.get((scope, name), _NONE)
        stars = table.get((scope, "*"))
        if not stars or name == "*":
            return own
        return sorted((*own, *stars), key=lambda one: (one.line, one.column))

    def _classes(self, path: str) -> dict[str, Class]:
        table = self._class_scopes.get(path)
        if table is None:
            table = self._class_scopes[path] = {}
            for one in self._project.facts(path).classes:
                # Of two of one name nobody knows which is the one.
                is_second = one.qualified in table
                table[one.qualified] = (
                    msgspec.structs.replace(one, is_open=True) if is_second else one
                )
        return table

    def _function_table(self, path: str) -> dict[str, Function]:
        table = self._functions.get(path)
        if table is None:
            table = self._functions[path] = {
                f"{one.scope}.{one.name}" if one.scope else one.name: one
                for one in self._project.facts(path).functions
            }
        return table


@functools.cache
def _attributes_of(name: str) -> frozenset[str] | None:
    """Return what a class from elsewhere gives to what is derived from it.

    None if that is not known. What every object has is never asked for.
    """
    if name in _BRINGS_NOTHING:
        return frozenset()
    module, _, own = name.rpartition(".")
    class_ = getattr(builtins, own, None) if module == "builtins" else None
    if not isinstance(class_, type) or own in _MAKERS:
        return None
    return frozenset(dir(class_))
