"""One concept in one tree: its home, the paths to it, and who takes which.

Everything that rules ask about is gathered here once. Two tiers are told apart: files
that mention the concept's names (counted), and files that stand in a relation to it:
they import it, make one, patch it or call it.
"""

from __future__ import annotations

import dataclasses
import difflib
import fnmatch
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from goldenpath.guard._config import Concept, Configuration, split_place
from goldenpath.guard._entry_points import entry_points
from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._facts import Binding, Call, FileFacts
from goldenpath.guard._project import Project, Question
from goldenpath.guard._resolve import Answers, Hop, Resolver, Thing
from goldenpath.guard._search import Search
from goldenpath.guard._tests import is_test_path
from goldenpath.guard._words import singular, words_of

# Methods that every class may have say nothing about what it is for.
_PLAIN = frozenset(
    ("get", "set", "add", "remove", "run", "start", "stop", "close", "open", "main")
)


Answer = TypeVar("Answer")


@dataclasses.dataclass(frozen=True, slots=True)
class Use:
    """Somebody who takes a path to the home.

    Attributes:
        path: The file.
        line: Where.
        scope: In which scope.
        name: Under which name it is used there.
        is_test: Whether that is a test.
        is_deferred: Inside a function, or only for type checkers.
    """

    path: str
    line: int
    scope: str
    name: str
    is_test: bool
    is_deferred: bool = False


@dataclasses.dataclass(slots=True)
class ImportPath:
    """One dotted path under which the home can be had.

    Attributes:
        module: The module's name.
        path: And its file.
        name: The name in it.
        line: Where it is bound there.
        kind: ``home``, ``door``, or how the name is bound: ``from``, ``star``,
            ``alias``, ``getattr``, ``subclass``, ``entry``, ``replaced``.
        chain: From there to the home, step by step.
        uses: Who takes it.
    """

    module: str
    path: str
    name: str
    line: int
    kind: str
    chain: tuple[Hop, ...] = ()
    uses: list[Use] = dataclasses.field(default_factory=list)

    @property
    def place(self) -> str:
        """As people write it: ``package.module:Name``."""
        return f"{self.module}:{self.name}"

    @property
    def is_allowed(self) -> bool:
        """Whether it is the home's own path, or its door."""
        return self.kind in ("home", "door")


@dataclasses.dataclass(frozen=True, slots=True)
class Construction:
    """A place where one is made.

    Attributes:
        path: The file.
        call: The call.
        through: Dotted text of what is called.
        via_factory: Whether the factory is called and not the class.
        is_test: Whether that is a test.
    """

    path: str
    call: Call
    through: str
    via_factory: bool
    is_test: bool


class View:
    """What there is to know about a concept in a project.

    Args:
        project: The tree.
        concept: The concept.
        configuration: For what counts as a test.
        progress: Called with how many files were read, of how many.

    Raises:
        ConfigurationError: The home is not there; the message says what is.
    """

    def __init__(
        self,
        project: Project,
        concept: Concept,
        configuration: Configuration,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self.project = project
        self.concept = concept
        self.configuration = configuration
        self.resolver = Resolver(project)
        #: What its settings name, and others import.
        self.entry_points = entry_points(project.root)
        self._progress = progress
        self._analyses: dict[Callable[[View], Any], Any] = {}
        self.home = self._find_home(concept.home, "the home")
        self.factory = self._find_factory(concept.factory) if concept.factory else None
        self.handled_types = self._handled_types()
        self.candidates: list[str] = []
        # Names that lead to the home by now, modules that offer it, files with stars.
        self._known_names: dict[str, None] = {}
        self._home_modules = {project.modules.name_of(self.home.path): None}
        self._with_stars: list[str] = []
        self._search()
        self.paths = self._find_paths()
        self._find_uses()
        self.constructions = list(self._find_constructions())

    # Questions that rules ask.

    def is_test(self, path: str) -> bool:
        """Tell whether a file is a test, or helps tests."""
        return is_test_path(path, self.configuration)

    def is_fake(self, path: str) -> bool:
        """Tell whether a file is where the concept's stand-ins belong."""
        return any(
            path.startswith(place) or fnmatch.fnmatchcase(path, place)
            for place in self.concept.fakes
        )

    def facts(self, path: str) -> FileFacts:
        """Return a file's facts."""
        return self.project.facts(path)

    def place_of(self, thing: Thing) -> str:
        """Return a thing as people write it: ``package.module:Name``."""
        module = self.project.modules.name_of(thing.path)
        return f"{module}:{thing.name}" if thing.path else thing.name

    @property
    def home_place(self) -> str:
        """The home as people write it."""
        return self.place_of(self.home)

    def is_home(self, answers: Answers) -> bool:
        """Tell whether a name stands for the home."""
        return any(answer.thing == self.home for answer in answers)

    def means_home(
        self, path: str, text: str, *, scope: str = "", line: int = 0
    ) -> bool:
        """Tell whether dotted text stands for the home where it is written."""
        return self.is_home(self.resolver.lookup(path, text, scope=scope, line=line))

    def is_instance(
        self, path: str, text: str, *, scope: str = "", line: int = 0
    ) -> bool:
        """Tell whether dotted text certainly is an instance of the home."""
        found = self.resolver.instances(path, text, scope=scope, line=line)
        return bool(found) and all(self.derives(thing) for thing in found)

    def derives(self, thing: Thing) -> bool:
        """Tell whether a class is the home, or is derived from it."""
        return thing == self.home or any(
            base == self.home for base in self.resolver.ancestors(thing)
        )

    # The home.

    def _find_home(self, place: str, what: str) -> Thing:
        module, name = split_place(place, what)
        modules = self.project.modules
        path = modules.file_of(module)
        if path is None:
            raise ConfigurationError(
                f"{what} {place!r}: there is no module {module!r} in this tree"
                + self._near(module)
            )
        modules.trust(path, module)
        error = self.project.facts(path).error
        if error:
            raise ConfigurationError(
                f"{what} {place!r}: {path} cannot be read: {error}"
            )
        answers = self.resolver.member(path, name)
        for answer in answers:
            if answer.thing.kind in ("class", "function"):
                if answer.thing.path == path and answer.thing.name == name:
                    return answer.thing
                raise ConfigurationError(
                    f"{what} {place!r} is not defined there; it comes from "
                    f"{self.place_of(answer.thing)!r}, which is where a home is"
                )
        if answers:
            raise ConfigurationError(
                f"{what} {place!r} is no class: {answers[0].thing.kind}"
            )
        defined = [
            one.name for one in self.project.facts(path).classes if not one.scope
        ]
        near = difflib.get_close_matches(name, defined, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        if not near and defined:
            hint = f"; it has {', '.join(sorted(defined)[:5])}"
        raise ConfigurationError(f"{what} {place!r}: {path} has no {name!r}{hint}")

    def _find_factory(self, place: str) -> Thing:
        factory = self._find_home(place, "the factory")
        if factory.kind != "function":
            raise ConfigurationError(
                f"the factory {place!r} is a class, not a function"
            )
        return factory

    def _near(self, module: str) -> str:
        names = [self.project.modules.name_of(path) for path in self.project.files]
        near = difflib.get_close_matches(module, names, 1, 0.75)
        same = [n for n in names if n.endswith("." + module.rpartition(".")[2])]
        found = near or same[:1]
        return f"; did you mean {found[0]!r}?" if found else ""

    # Which files.

    def _search(self) -> None:
        search = Search(
            names=self._names(),
            phrases=self.concept.phrases,
            methods=self.distinctive_methods(),
            types=self.handled_types,
        )
        rest = list(self.project.files)
        question: Question | None = search.question
        while question is not None:
            chosen = self.project.choose(rest, question)
            found = self.project.read(chosen, progress=self._progress)
            self.candidates += found
            taken = set(found)
            rest = [path for path in rest if path not in taken]
            self._learn_names(found)
            question = search.grow(self._known_names, self._home_modules)
        self.candidates.sort()

    def _names(self) -> list[str]:
        names = [self.home.name]
        if self.factory is not None:
            names.append(self.factory.name)
        return names

    def distinctive_methods(self) -> tuple[str, ...]:
        """Return the methods by which a class like the home is recognised."""
        return self.concept.methods or self.once(_distinctive_methods)

    def _handled_types(self) -> tuple[str, ...]:
        """Return names of types from elsewhere that the home's methods are given."""
        facts = self.project.facts(self.home.path)
        prefix = self.home.name + "."
        found: dict[str, None] = {}
        for binding in facts.bindings:
            if binding.kind != "parameter" or not binding.target:
                continue
            if not binding.scope.startswith(prefix):
                continue
            answers = self.resolver.lookup(self.home.path, binding.target)
            for answer in answers:
                name = answer.thing.name.rpartition(".")[2]
                is_foreign = answer.thing.kind == "external"
                if is_foreign and not answer.thing.name.startswith(
                    ("builtins.", "typing.", "collections.", "uuid.", "datetime.")
                ):
                    found.setdefault(name)
        return tuple(found)

    def _learn_names(self, paths: Iterable[str]) -> None:
        """Find names that lead to the home in files, and modules that offer it."""
        name_of = self.project.modules.name_of
        for path in paths:
            facts = self.project.facts(path)
            for binding in self._module_names(facts):
                if self.is_home(self.resolver.member(path, binding.name)):
                    self._known_names.setdefault(binding.name)
                    self._home_modules.setdefault(name_of(path))
            if any(one.kind == "star" and not one.scope for one in facts.bindings):
                self._with_stars.append(path)
        # Who has the home by a star hands it on by one, under every name that it has.
        for path in self._with_stars:
            if any(
                self.is_home(self.resolver.member(path, name))
                for name in (self.home.name, *self._known_names)
            ):
                self._home_modules.setdefault(name_of(path))

    @staticmethod
    def _module_names(facts: FileFacts) -> Iterator[Binding]:
        seen = set()
        for binding in facts.bindings:
            if binding.scope or binding.name in seen:
                continue
            if binding.kind in ("from", "alias", "import_as", "lazy"):
                seen.add(binding.name)
                yield binding

    # Which paths.

    def _find_paths(self) -> list[ImportPath]:
        modules = self.project.modules
        found: dict[tuple[str, str], ImportPath] = {}
        home_module = modules.name_of(self.home.path)
        own = ImportPath(
            home_module, self.home.path, self.home.name, self.home.line, "home"
        )
        found[self.home.path, self.home.name] = own
        for path in self.candidates:
            for name, line, kind, chain in self._offered(path):
                if (path, name) in found or not modules.name_of(path):
                    continue
                found[path, name] = ImportPath(
                    modules.name_of(path), path, name, line, kind, chain
                )
        if self.concept.door:
            self._mark_door(found)
        return list(found.values())

    def _offered(self, path: str) -> Iterator[tuple[str, int, str, tuple[Hop, ...]]]:
        facts = self.project.facts(path)
        # The last binding of a name counts; that of a star has none of its own.
        names = {
            binding.name: binding.line
            for binding in facts.bindings
            if not binding.is_typing
            and (
                (not binding.scope and binding.kind in ("from", "alias", "lazy"))
                or (binding.scope == "__getattr__" and binding.kind == "from")
            )
        }
        for binding in facts.bindings:
            if binding.kind == "star" and not binding.scope:
                names.setdefault(self.home.name, binding.line)
        for name, line in names.items():
            for answer in self.resolver.member(path, name):
                if answer.thing == self.home and answer.hops:
                    yield name, line, answer.hops[0].kind, answer.hops
                    break
        yield from self._entries(path, facts)
        yield from self._empty_subclasses(path, facts)

    def _entries(
        self, path: str, facts: FileFacts
    ) -> Iterator[tuple[str, int, str, tuple[Hop, ...]]]:
        for binding in facts.bindings:
            if binding.kind != "entry" or binding.scope:
                continue
            hop = Hop(path, binding.line, binding.name, "entry")
            for answer in self.resolver.lookup(path, binding.target, line=binding.line):
                if answer.thing == self.home:
                    yield binding.name, binding.line, "entry", (hop, *answer.hops)

    def _empty_subclasses(
        self, path: str, facts: FileFacts
    ) -> Iterator[tuple[str, int, str, tuple[Hop, ...]]]:
        for class_ in facts.classes:
            if class_.scope or not class_.is_empty or len(class_.bases) != 1:
                continue
            if self.means_home(path, class_.bases[0], line=class_.line):
                hop = Hop(path, class_.line, class_.name, "subclass")
                yield class_.name, class_.line, "subclass", (hop,)

    def _mark_door(self, found: dict[tuple[str, str], ImportPath]) -> None:
        module, name = split_place(self.concept.door, "the door")
        path = self.project.modules.file_of(module)
        door = found.get((path, name)) if path is not None else None
        if door is None:
            raise ConfigurationError(
                f"the door {self.concept.door!r} does not lead to {self.home_place!r}"
            )
        door.kind = "door"

    def path_at(self, path: str, name: str) -> ImportPath | None:
        """Return the import path that a file offers under a name."""
        return self._by_place.get((path, name))

    # Who takes them.

    def _find_uses(self) -> None:
        self._by_place = {(one.path, one.name): one for one in self.paths}
        #: Every file that stands in a relation to the concept.
        self.related: set[str] = {self.home.path}
        known = {offered.name for offered in self.paths}
        for path in self.candidates:
            facts = self.project.facts(path)
            for binding in facts.bindings:
                if binding.kind == "from":
                    self._note_import(path, binding)
                elif binding.kind == "star" and not binding.scope:
                    self._note_star(path, facts, binding)
            for text, scope, line in facts.reads:
                if "." in text and not known.isdisjoint(text.split(".")):
                    self._note_read(path, text, scope, line)
            for call in facts.calls:
                parts = call.target.split(".")
                if len(parts) > 1 and not known.isdisjoint(parts):
                    self._note_read(path, call.target, call.scope, call.line)

        self._note_entry_points()

    def _note_entry_points(self) -> None:
        for point in self.entry_points:
            source = self.project.modules.file_of(point.module)
            name = point.name.partition(".")[0]
            offered = self.offer(source, name) if source and name else None
            if offered is not None:
                # No file of the tree: nothing else is to be asked of it.
                use = Use(point.path, point.line, "", name, is_test=False)
                offered.uses.append(use)

    def _note_import(self, path: str, binding: Binding) -> None:
        module, _, member = binding.target.partition(":")
        absolute = self.project.modules.absolute(path, module, binding.level)
        source = self.project.modules.file_of(absolute, importer=path)
        if source is None or source == path:
            return
        offered = self.offer(source, member)
        if offered is not None:
            self._note(
                offered,
                path,
                binding.line,
                binding.scope,
                binding.name,
                is_deferred=bool(binding.scope) or binding.is_typing,
            )

    def _note_star(self, path: str, facts: FileFacts, binding: Binding) -> None:
        absolute = self.project.modules.absolute(path, binding.target, binding.level)
        source = self.project.modules.file_of(absolute, importer=path)
        if source is None or source == path:
            return
        for offered in self.paths:
            if offered.path == source and self._is_taken_by_star(
                path, facts, binding, offered.name
            ):
                self._note(offered, path, binding.line, binding.scope, offered.name)

    def _is_taken_by_star(
        self, path: str, facts: FileFacts, star: Binding, name: str
    ) -> bool:
        """Tell whether somebody uses a name that he has by a star, and not otherwise.

        A star brings much that nobody asked for. What is bound below it counts more,
        and what was imported by its name above it needs no star.
        """
        places = [
            (scope, line)
            for text, scope, line in (
                *facts.reads,
                *((call.target, call.scope, call.line) for call in facts.calls),
            )
            if text.partition(".")[0] == name
        ]
        if not places:
            return False
        above = [
            binding
            for binding in facts.bindings
            if binding.name == name
            and not binding.scope
            and binding.line < star.line
            and binding.kind not in ("entry", "lazy")
        ]
        if above and self.is_home(self.resolver.follow(path, above[-1])):
            return False
        return any(
            answer.thing == self.home
            and answer.hops
            and (answer.hops[0].kind, answer.hops[0].line) == ("star", star.line)
            for scope, line in dict.fromkeys(places)
            for answer in self.resolver.lookup(path, name, scope=scope, line=line)
        )

    def _note_read(self, path: str, text: str, scope: str, line: int) -> None:
        """Note ``module.Name``, by whatever name the module goes."""
        head, _, name = text.rpartition(".")
        while head:
            for answer in self.resolver.lookup(path, head, scope=scope, line=line):
                if answer.thing.kind == "module" and answer.thing.path != path:
                    offered = self.offer(answer.thing.path, name)
                    if offered is not None:
                        self._note(
                            offered, path, line, scope, text, is_deferred=bool(scope)
                        )
                        return
            head, _, name = head.rpartition(".")

    def offer(self, source: str, name: str) -> ImportPath | None:
        """Return the path that a file offers, also if nobody was known to take it."""
        offered = self._by_place.get((source, name))
        if offered is not None or not source:
            return offered
        # A path through a file that was not worth parsing by itself.
        for answer in self.resolver.member(source, name):
            if answer.thing == self.home:
                kind = answer.hops[0].kind if answer.hops else "home"
                line = answer.hops[0].line if answer.hops else answer.thing.line
                module = self.project.modules.name_of(source)
                offered = ImportPath(module, source, name, line, kind, answer.hops)
                self._by_place[source, name] = offered
                self.paths.append(offered)
                return offered
        return None

    def _note(
        self,
        offered: ImportPath,
        path: str,
        line: int,
        scope: str,
        name: str,
        *,
        is_deferred: bool = False,
    ) -> None:
        self.related.add(path)
        offered.uses.append(
            Use(path, line, scope, name, self.is_test(path), is_deferred)
        )

    # Where one is made.

    def _find_constructions(self) -> Iterator[Construction]:
        factory = self.factory
        known = {offered.name for offered in self.paths}
        if factory is not None:
            known.add(factory.name)
        for path in self.candidates:
            facts = self.project.facts(path)
            # What goes by another name here, or may.
            here = known | {
                binding.name
                for binding in facts.bindings
                if binding.kind in ("from", "alias", "import_as")
                and binding.target.rpartition(".")[2].rpartition(":")[2] in known
            }
            for call in facts.calls:
                text = call.target
                if "(" in text or text.rpartition(".")[2] not in here:
                    continue
                for answer in self.resolver.lookup(
                    path, text, scope=call.scope, line=call.line
                ):
                    is_factory = factory is not None and answer.thing == factory
                    if (
                        answer.thing == self.home
                        or is_factory
                        or (
                            answer.thing.kind == "class"
                            and self._is_alias(answer.thing)
                        )
                    ):
                        self.related.add(path)
                        yield Construction(
                            path, call, text, is_factory, self.is_test(path)
                        )
                        break

    def _is_alias(self, thing: Thing) -> bool:
        offered = self._by_place.get((thing.path, thing.name))
        return offered is not None and offered.kind == "subclass"

    def factories(self) -> dict[Thing, list[Construction]]:
        """Return functions that make one and return it, and where they are called."""
        found: dict[Thing, list[Construction]] = defaultdict(list)
        for path in sorted(self.related):
            for function in self.project.facts(path).functions:
                if not function.made and not function.returns:
                    continue
                name = (
                    f"{function.scope}.{function.name}"
                    if function.scope
                    else function.name
                )
                for text in function.made:
                    made = self.resolver.made_by(path, text, scope=name)
                    if self.home in made:
                        thing = Thing("function", path, name, function.line)
                        found.setdefault(thing, [])
                        break
        return dict(found)

    def mentioning(self, names: Collection[str]) -> list[str]:
        """Return the files that hold one of some names, and read them."""
        if not names:
            return []
        wanted = sorted({name.rpartition(".")[2].encode() for name in names})
        question = Question(
            lambda content: any(name in content for name in wanted),
            ("mentioning", wanted),
        )
        found = self.project.choose(self.project.files, question)
        return self.project.read(found, progress=self._progress)

    def strings_naming(self, thing: Thing) -> list[tuple[str, int]]:
        """Return where a string names a thing by its path."""
        dotted = self.place_of(thing)
        wanted = {dotted, dotted.replace(":", ".")}
        return [
            (path, string.line)
            for path in self.mentioning([thing.name])
            for string in self.project.facts(path).strings
            if string.text in wanted
        ] + [
            (point.path, point.line)
            for point in self.entry_points
            if point.dotted == dotted.replace(":", ".")
        ]

    def is_of_family(self, name: str) -> bool:
        """Tell whether a name has one of the concept's phrases in it.

        A single word has to be one of its words: a surfer is no user.
        """
        words = words_of(name)
        return any(
            "".join(phrase) in "".join(words)
            if len(phrase) > 1
            else not set(singular(phrase)).isdisjoint(singular(words))
            for phrase in self.concept.phrases
        )

    def once(self, analyse: Callable[[View], Answer]) -> Answer:
        """Return what an analysis of this view found; it is made once."""
        if analyse not in self._analyses:
            self._analyses[analyse] = analyse(self)
        found: Answer = self._analyses[analyse]
        return found

    @property
    def examined(self) -> tuple[int, int, int]:
        """How many files there are, were parsed, and stand in a relation to it."""
        return (
            len(self.project.files),
            self.project.read_files,
            len(self.related),
        )


def _distinctive_methods(view: View) -> tuple[str, ...]:
    names = [
        name
        for class_ in (view.home, *view.resolver.ancestors(view.home))
        if class_.kind == "class"
        for name in view.resolver.methods(class_)
    ]
    return tuple(
        dict.fromkeys(
            name for name in names if not name.startswith("_") and name not in _PLAIN
        )
    )
