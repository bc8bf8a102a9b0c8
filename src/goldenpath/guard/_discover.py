"""Concepts that nobody wrote down: what a tree seems to have more than once.

Three things make a class worth proposing as a concept's home:

1. it is imported under several paths;
2. it goes by several names;
3. there are others like it: names that end in the same words, and alike methods.

A proposal says why, and who would be its home: of those alike, the one that most of
the application imports. Nothing is judged here; ``scan`` does that.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._project import Project
from goldenpath.guard._resolve import Resolver, Thing
from goldenpath.guard._tests import is_test_path
from goldenpath.guard._words import words_of

# Alike methods: at least so many in common, and so large a share of all of them.
_LEAST_COMMON, _LEAST_SHARE = 2, 0.4
# A family of more has a name that says nothing, such as "…Serializer".
_LARGEST_FAMILY = 12
_SAY_NOTHING = frozenset(
    (
        "test", "tests", "config", "meta", "error", "exception", "mixin", "base",
        "settings",
    )
)  # fmt: skip
# Bases of classes that only promise something.
_PROMISES = frozenset(("Protocol", "Interface"))


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """A concept that seems to be there.

    Attributes:
        concept: As it would be written down.
        weight: How much of the code is concerned.
        reasons: Why, in words.
        others: Classes that seem to do the same.
    """

    concept: Concept
    weight: float
    reasons: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclasses.dataclass(slots=True)
class _Seen:
    """What was seen of one class."""

    thing: Thing
    methods: frozenset[str]
    paths: Counter[str] = dataclasses.field(default_factory=Counter)
    importers: set[str] = dataclasses.field(default_factory=set)
    in_tests: set[str] = dataclasses.field(default_factory=set)
    names: set[str] = dataclasses.field(default_factory=set)


def discover(
    project: Project,
    configuration: Configuration,
    *,
    most: int = 20,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Proposal]:
    """Return what seems to be there more than once, the weightiest first.

    Args:
        project: All of its files are read.
        configuration: What counts as a test.
        most: How many proposals at most.
        progress: Called with how many files were read, of how many.
    """
    project = project.outlined()
    project.read(project.files, progress=progress)
    resolver = Resolver(project)
    seen = _classes(project, configuration, resolver)
    _count_importers(project, configuration, resolver, seen)
    families = _families(seen.values(), resolver)
    proposals = []
    proposed: set[Thing] = set()
    for family in families:
        home = max(family, key=_rank)
        proposed |= {one.thing for one in family}
        proposals.append(_proposal(project, home, family))
    proposals += [
        _proposal(project, one, [one])
        for one in seen.values()
        if one.thing not in proposed and (len(one.paths) > 1 or one.names)
    ]
    proposals.sort(key=lambda proposal: (-proposal.weight, proposal.concept.home))
    return proposals[:most]


def _classes(
    project: Project, configuration: Configuration, resolver: Resolver
) -> dict[Thing, _Seen]:
    found = {}
    for path in project.files:
        if is_test_path(path, configuration):
            continue
        for class_ in project.facts(path).classes:
            if class_.scope or not project.modules.name_of(path):
                continue
            thing = Thing("class", path, class_.name, class_.line)
            methods = frozenset(
                name for name in resolver.methods(thing) if not name.startswith("_")
            )
            found[thing] = _Seen(thing, methods)
    return found


def _count_importers(
    project: Project,
    configuration: Configuration,
    resolver: Resolver,
    seen: dict[Thing, _Seen],
) -> None:
    modules = project.modules
    for path in project.files:
        is_test = is_test_path(path, configuration)
        for binding in project.facts(path).bindings:
            if binding.kind == "alias" and not binding.scope and not is_test:
                for answer in resolver.follow(path, binding):
                    one = seen.get(answer.thing)
                    if one is not None and binding.name != answer.thing.name:
                        one.names.add(f"{modules.name_of(path)}:{binding.name}")
            if binding.kind != "from":
                continue
            module, _, member = binding.target.partition(":")
            absolute = modules.absolute(path, module, binding.level)
            for answer in resolver.follow(path, binding):
                one = seen.get(answer.thing)
                if one is None or answer.thing.path == path:
                    continue
                one.paths[f"{absolute}:{member}"] += 1
                (one.in_tests if is_test else one.importers).add(path)


def _families(seen: Iterable[_Seen], resolver: Resolver) -> list[list[_Seen]]:
    """Group classes with alike names and alike methods."""
    by_words: dict[tuple[str, ...], list[_Seen]] = defaultdict(list)
    for one in seen:
        words = words_of(one.thing.name)
        if len(words) < 2 or words[-1] in _SAY_NOTHING or len(one.methods) < 2:
            continue
        if _is_promise(one, resolver):
            continue
        by_words[words[-2:]].append(one)
    families = []
    for group in by_words.values():
        if not 2 <= len(group) <= _LARGEST_FAMILY:
            continue
        family = _alike(group, resolver)
        if len({one.thing.path for one in family}) > 1:
            families.append(family)
    return families


def _alike(group: list[_Seen], resolver: Resolver) -> list[_Seen]:
    """Return those of a group whose methods are like some other's."""
    found: dict[Thing, _Seen] = {}
    for index, one in enumerate(group):
        for other in group[index + 1 :]:
            common = one.methods & other.methods
            smaller = min(len(one.methods), len(other.methods))
            is_alike = (
                len(common) >= _LEAST_COMMON and len(common) >= _LEAST_SHARE * smaller
            )
            if is_alike and not _are_kin(one.thing, other.thing, resolver):
                found[one.thing] = one
                found[other.thing] = other
    return list(found.values())


def _are_kin(one: Thing, other: Thing, resolver: Resolver) -> bool:
    """Tell whether one derives from the other, or both directly from a third."""
    if one in resolver.ancestors(other) or other in resolver.ancestors(one):
        return True
    common = set(resolver.bases(one)) & set(resolver.bases(other))
    return any(thing.kind == "class" for thing in common)


def _is_promise(one: _Seen, resolver: Resolver) -> bool:
    """Tell whether it only says what others do."""
    bases = (base.name.rpartition(".")[2] for base in resolver.ancestors(one.thing))
    is_said = not _PROMISES.isdisjoint(bases)
    methods = resolver.methods(one.thing).values()
    return is_said and all(function.is_abstract for function in methods)


def _rank(one: _Seen) -> tuple[int, int, int]:
    return (len(one.importers), len(one.in_tests), len(one.methods))


def _proposal(project: Project, home: _Seen, family: list[_Seen]) -> Proposal:
    def place(one: _Seen) -> str:
        return f"{project.modules.name_of(one.thing.path)}:{one.thing.name}"

    others = [one for one in family if one is not home]
    reasons = []
    if others:
        common = frozenset.intersection(*(one.methods for one in family))
        reasons.append(
            f"{len(family)} classes of alike names and methods"
            + (f": {', '.join(sorted(common)[:5])}" if common else "")
        )
    if len(home.paths) > 1:
        paths = ", ".join(f"{path} ({n})" for path, n in home.paths.most_common(4))
        reasons.append(f"{len(home.paths)} import paths: {paths}")
    if home.names:
        reasons.append(f"other names: {', '.join(sorted(home.names)[:4])}")
    used = [one.importers | one.in_tests for one in family]
    reach = len(set().union(*used))
    weight = reach * (1 + len(others) + len(home.names) + 0.5 * (len(home.paths) - 1))
    words = words_of(home.thing.name)
    names = {" ".join(words_of(one.thing.name)) for one in others}
    return Proposal(
        concept=Concept(
            name=" ".join(words),
            home=place(home),
            words=tuple(sorted(names - {" ".join(words)})),
        ),
        weight=round(weight, 1),
        reasons=tuple(reasons),
        others=tuple(sorted(place(one) for one in others)),
    )
