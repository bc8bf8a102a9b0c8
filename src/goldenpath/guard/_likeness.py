"""What classes speak of, whatever they are called, and how like the home that is.

A class that does the home's job need not have one name in common with it. What it can
hardly avoid is to speak of the same things: in its names, its parameters, its comments
and docstrings, its keys, addresses and statements of SQL. So all of its text is taken
for a bag of words.

Rule 1: words count as stems, and a word of the same kind (see ``_synonyms.py``) counts
        for less than the word itself.
Rule 2: the rarer a word is, in code at large and among the classes that are compared,
        the more it says.
Rule 3: that a class is like the home means little if all others are too: likeness is
        compared with that of the others. A few classes are no crowd.
Rule 4: who works with the home, or for it, speaks of the same things and is no rival:
        what imports what is looked at.
Rule 5: the tree says what is much to do, and whether it is usual to await. What nine of
        ten classes do not do is much.
Rule 6: a concept that is named by one common word is hardly known by it.
Rule 7: a class speaks in its own lines, in the head of its file and, where it is alone
        there, in what is around it; what functions say that use it is theirs.
Rule 8: the name of a class counts for the deed that it says: a ``report``, or the
        opposite of what the concept's names say.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import math
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from goldenpath.guard._common_words import rarity
from goldenpath.guard._facts import Class, Function
from goldenpath.guard._nouns import (
    OPPOSITES,
    OTHER_DEEDS,
    PLAIN_NOUNS,
)
from goldenpath.guard._project import Question
from goldenpath.guard._resolve import Thing
from goldenpath.guard._synonyms import kinds_of, stem
from goldenpath.guard._view import View
from goldenpath.guard._words import words_of

# Fewer classes than this are no crowd to be compared with.
LEAST_CLASSES = 8
# So many files besides those that were read anyway are read without a second thought;
# of more, the likeliest so many, by so many words of so many letters at least.
_SMALL_TREE, _MOST_FILES = 300, 100
_RARE_WORDS, _LEAST_LETTERS = 12, 4
# One in so many of the words has to be there.
_LEAST_SHARE = 4
# A concept whose names say less than this, by how rare their words are, is hardly known
# by them: half of all classes speak of a client.
_TELLING_NAMES = 6.0
# What a word of the same kind counts for, where the word itself counts for one.
_OF_A_KIND = 0.7

# A text of so many words is brief.
_BRIEF = 200

_STOP_WORDS = """
self cls the and of to in is for it that be as an on by with not or none true false
return def class import from if else elif try except finally raise pass lambda yield
async await while break continue assert del global nonlocal str int bool list dict
tuple set any type init name are was were this which its at one has have but all no
than so what who they them their can may will does do did how when where then there
only more each per into out up off over after before same two three new old
"""
_STOP = frozenset(_STOP_WORDS.split())
# What people write above what they made for themselves.
_ASIDE_WORDS = """
own ourselves copy copied instead standalone independent until first deprecated migrate
legacy central since still never directly without separate private nobody knows older
previous former historical temporary workaround quick
"""
_ASIDE = frozenset(map(stem, _ASIDE_WORDS.split()))
_OTHER_DEEDS = {stem(word): word for word in OTHER_DEEDS}
_OPPOSITES = {stem(one): stem(other) for one, other in OPPOSITES.items()}
# Names by which a class reaches out of the process, or keeps something.
_REACHES = {
    "the web": """requests httpx urllib urlopen aiohttp http https urllib3 httplib
        urllib2 post""",
    "a database": """sqlite3 psycopg psycopg2 sqlalchemy mysqldb pymysql asyncpg cursor
        execute executemany commit pyodbc insert select""",
    "a store of keys": """redis memcache aioredis hset hget hgetall setnx setex boto3
        dynamodb pymongo mongo collection etcd etcd3 kazoo zookeeper""",
    "files": """open shutil tempfile unlink mkdir makedirs glob pickle shelve replace
        rename zipfile csv""",
    "the network": """socket smtplib ftplib paramiko websocket websockets telnetlib
        kafka pika amqp grpc imaplib""",
    "other programs": "subprocess popen",
}
_REACHED = {name: what for what, names in _REACHES.items() for name in names.split()}
_NAME = re.compile(r"[^\W\d]\w*")
_OF_PYTHON = frozenset(name.lower() for name in sys.stdlib_module_names)
# So large a share of the classes does less than what is much in a tree; a bit more
# than that still says more. Where all are small, much is not less than this.
_MUCH, _MOST_SUBSTANCE, _LEAST_SUBSTANCE = 0.9, 1.2, 1.5


@dataclasses.dataclass(frozen=True, slots=True)
class Likeness:
    """How like the home a class is.

    Attributes:
        known: The share of what it says of itself that the home knows.
        covered: The share of what one of the concept's names is about that it speaks
            of: of the name that it speaks of most.
        spoken: The share of what all of the concept's names are about.
        above: How far it is above the others in the kinds of things that it speaks of,
            in standard deviations.
        substance: How much it does: one if that is much in this tree.
        smaller: How much smaller than the home it is.
        aside: Words that say that it was made beside something else.
        brief: One if it is brief; such words are in every long text.
        reaches: What it reaches out to: ``a database``, ``files``.
        common: Rare words that it has in common with the home.
        works_with: How many other things of the tree it works with.
        other_deed: What its name says that it is, where that is no thing of the home's
            kind: a ``report``.
        tools: Libraries from elsewhere that it uses.
        is_twin: It awaits and the home does not, or the other way round, and most
            classes are like the home in that.
        is_beside: It is in the home's own folder.
        is_partner: It names the home, or the home names it.
    """

    known: float
    covered: float
    spoken: float
    above: float
    substance: float
    smaller: float
    aside: tuple[str, ...]
    brief: float
    reaches: tuple[str, ...]
    common: tuple[str, ...]
    works_with: int
    other_deed: str
    tools: tuple[str, ...]
    is_twin: bool
    is_beside: bool
    is_partner: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Speech:
    """What a class says: all its words, what it says of itself, and names as written.

    Attributes:
        bag: All its words, and how often.
        gist: What it says of itself: its name, its docstring's first line, its public
            methods and their parameters.
        name: The words of its name, as stems.
        names: Names as they stand there, in small letters.
        length: How many words its text has.
        statements: How many statements its methods have.
        imported: Things of the tree that it works with.
        tools: Libraries from elsewhere that it uses.
        methods: How many of its methods do something.
        awaits: One of these has to be awaited.
        is_named_here: The rest of its own file names it.
    """

    bag: Mapping[str, float]
    gist: Mapping[str, float]
    name: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    length: int = 0
    statements: int = 0
    imported: frozenset[Thing] = frozenset()
    tools: frozenset[str] = frozenset()
    methods: int = 0
    awaits: bool = False
    is_named_here: bool = False


def kindred(view: View) -> list[str]:
    """Return the files that are worth a look for what they speak of, in order.

    In a small tree those are all of them; in a larger one, those that say anything of
    the concept, and a few more that have the most of the home's rare words.
    """
    paths = {*view.candidates, view.home.path}
    others = (
        path
        for path in view.project.files
        if path not in paths and not view.is_test(path) and not view.is_fake(path)
    )
    has_class = Question(lambda content: b"class " in content, ("has a class",))
    rest = list(view.project.choose(others, has_class))
    if len(rest) > _SMALL_TREE:
        rest = _likeliest(view, rest)
    view.project.read(rest)
    return sorted((*paths, *rest))


def _likeliest(view: View, paths: Iterable[str]) -> list[str]:
    """Return files that have many of the rare words of the home and its names."""
    phrases = [word for phrase in view.concept.phrases for word in _stems(phrase)]
    text = view.project.content(view.home.path).decode("utf-8", "replace")
    spoken = Counter(_stems(words_of(text)))
    for word in phrases:
        spoken[word] += 3
    wanted = sorted(
        (word for word in spoken if len(word) >= _LEAST_LETTERS),
        key=lambda word: (-_damped(spoken[word]) * rarity(word), word),
    )[:_RARE_WORDS]
    needles = [word.encode() for word in wanted]
    # To look for a few first costs a third of looking for all.
    rarest = [form for one in needles[:3] for form in (one, one.capitalize())]
    has_rare = Question(
        lambda content: any(one in content for one in rarest), ("rare words", rarest)
    )
    found = []
    for path in view.project.choose(paths, has_rare):
        lowered = view.project.content(path).lower()
        count = sum(needle in lowered for needle in needles)
        if count * _LEAST_SHARE >= len(needles):
            found.append((-count, path))
    return [path for _count, path in sorted(found)[:_MOST_FILES]]


class Crowd:
    """All the classes that are compared with the home, and the home.

    Args:
        view: The concept. Classes of tests are not compared.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._speeches: dict[Thing, _Speech] = {}
        for path in view.once(kindred):
            if not view.is_test(path) and not view.is_fake(path):
                self._speeches.update(_speeches(view, path))
        self.size = len(self._speeches)
        self._frequent = Counter(
            word for one in self._speeches.values() for word in one.bag
        )
        self._expanded = {
            thing: _kinds(one.bag) for thing, one in self._speeches.items()
        }
        self._frequent_kinds = Counter(
            kind for one in self._expanded.values() for kind in one
        )
        home = self._speeches.get(view.home)
        self._home = home or _Speech({}, {})
        self._know_home(view)
        self._compare()
        done = sorted(
            _done(one) for thing, one in self._speeches.items() if thing != view.home
        )
        most = done[int(_MUCH * len(done))] if done else 0.0
        self._much = max(_LEAST_SUBSTANCE, most)
        working = [one for one in self._speeches.values() if one.methods > 1]
        alike = sum(one.awaits == self._home.awaits for one in working)
        self._most_await_alike = 2 * alike > len(working)

    def _know_home(self, view: View) -> None:
        phrases = [_stems(phrase) for phrase in view.concept.phrases]
        plain = {stem(word) for word in PLAIN_NOUNS}
        #: What each of the concept's names is about.
        self._about = [
            [word for word in phrase if word not in plain] or phrase
            for phrase in phrases
        ]
        self._all_about = sorted({word for words in self._about for word in words})
        told = sum(rarity(word) for word in self._all_about)
        #: How much the names tell, at most one.
        self._told = min(1.0, told / _TELLING_NAMES)
        gist = {*self._home.gist, *(word for phrase in phrases for word in phrase)}
        self._home_words = {*gist, *self._home.bag}
        self._home_kinds = {kind for word in gist for kind in kinds_of(word)}

    def _compare(self) -> None:
        """Find out how like the home each is, and how like that is for this tree."""
        home = self._weighed_kinds(_kinds(self._home.bag))
        alike = {
            thing: _product(home, self._weighed_kinds(bag))
            for thing, bag in self._expanded.items()
            if thing != self._view.home
        }
        mean = sum(alike.values()) / (len(alike) or 1)
        spread = math.sqrt(
            sum((one - mean) ** 2 for one in alike.values()) / (len(alike) or 1)
        )
        self._above = {
            thing: (one - mean) / (spread or 1.0) for thing, one in alike.items()
        }

    def _weight(self, word: str) -> float:
        """Return what a word says, by how rare it is here and elsewhere."""
        here = math.log((self.size + 1) / (self._frequent[word] + 0.5))
        return 0.5 * max(0.0, here) + 0.5 * rarity(word)

    def _weighed_kinds(self, bag: Mapping[str, float]) -> dict[str, float]:
        found = {
            kind: _damped(count)
            * max(0.0, math.log((self.size + 1) / (self._frequent_kinds[kind] + 0.5)))
            for kind, count in bag.items()
        }
        length = math.sqrt(sum(one * one for one in found.values())) or 1.0
        return {kind: one / length for kind, one in found.items()}

    def likeness(self, thing: Thing) -> Likeness | None:
        """Compare a class with the home; None if it is in no crowd."""
        speech = self._speeches.get(thing)
        if speech is None or self.size < LEAST_CLASSES:
            return None
        view = self._view
        smaller = -0.5 - math.log((1 + speech.length) / (1 + self._home.length))
        folder = view.home.path.rpartition("/")[0]
        return Likeness(
            known=self._known(speech),
            covered=max((self._share(thing, one) for one in self._about), default=0.0),
            spoken=self._share(thing, self._all_about),
            above=min(2.5, max(0.0, self._above[thing])),
            substance=min(_MOST_SUBSTANCE, _done(speech) / self._much),
            smaller=min(1.2, max(0.0, smaller)),
            aside=tuple(sorted(_ASIDE & set(speech.bag)))[:2],
            brief=min(1.0, _BRIEF / (1 + speech.length)),
            reaches=tuple(
                sorted({_REACHED[name] for name in speech.names if name in _REACHED})
            ),
            common=self._common(speech),
            works_with=min(4, len(speech.imported - {thing})),
            other_deed=self._other_deed(speech),
            tools=tuple(sorted(speech.tools)),
            is_twin=speech.awaits != self._home.awaits and self._most_await_alike,
            is_beside=thing.path.rpartition("/")[0] == folder,
            is_partner=thing in self._home.imported or view.home in speech.imported,
        )

    def _known(self, speech: _Speech) -> float:
        total = known = 0.0
        for word, count in speech.gist.items():
            weight = math.log1p(count) * self._weight(word)
            total += weight
            if word in self._home_words:
                known += weight
            elif kinds_of(word) & self._home_kinds:
                known += _OF_A_KIND * weight
        return known / total if total else 0.0

    def _share(self, thing: Thing, wanted: Collection[str]) -> float:
        """Return the share of some words that is spoken, or in words of the kind.

        Times how much the concept's names tell at all.
        """
        spoken, kinds = self._speeches[thing].bag, self._expanded[thing].keys()
        total = found = 0.0
        for word in wanted:
            total += rarity(word)
            if word in spoken:
                found += rarity(word)
            elif kinds_of(word) & kinds:
                found += _OF_A_KIND * rarity(word)
        return self._told * found / (total or 1.0)

    def _other_deed(self, speech: _Speech) -> str:
        last = speech.name[-1] if speech.name else ""
        known = {*self._home.gist, *(word for words in self._about for word in words)}
        for word in speech.name:
            opposite = _OPPOSITES.get(word, "")
            if opposite in known and word not in known:
                return word
        return "" if last in known else _OTHER_DEEDS.get(last, "")

    def _common(self, speech: _Speech) -> tuple[str, ...]:
        common = set(speech.bag) & set(self._home.bag)
        return tuple(sorted(common, key=lambda word: (-self._weight(word), word))[:5])

    # Who works with whom.

    @functools.cached_property
    def _below(self) -> frozenset[str]:
        """Files that the home's file needs."""
        return self._reach(self._view.home.path)

    def is_named_here(self, thing: Thing) -> bool:
        """Tell whether the rest of a class's own file names it."""
        speech = self._speeches.get(thing)
        return speech is not None and speech.is_named_here

    def is_needed(self, path: str) -> bool:
        """Tell whether the home's file needs a file."""
        return path != self._view.home.path and path in self._below

    def _reach(self, path: str) -> frozenset[str]:
        seen = {path}
        waiting = [path]
        while waiting:
            for other in self._needed(waiting.pop()):
                if other not in seen and not other.endswith("__init__.py"):
                    seen.add(other)
                    waiting.append(other)
        return frozenset(seen)

    def _needed(self, path: str) -> Iterator[str]:
        """Yield the files of the classes that a file imports, of those read anyway."""
        view = self._view
        if path not in self._read:
            return
        for binding in view.facts(path).bindings:
            if binding.kind == "from":
                for answer in view.resolver.follow(path, binding):
                    if answer.thing.kind in ("class", "module"):
                        yield answer.thing.path

    @functools.cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(self._view.once(kindred))


def _speeches(view: View, path: str) -> Iterator[tuple[Thing, _Speech]]:
    """Yield the classes of a file, and what each says."""
    facts = view.facts(path)
    if facts.error or not facts.classes:
        return
    text = view.project.content(path).decode("utf-8", "replace")
    lines = text.split("\n")
    header = _stems(words_of(_header(text)))
    imported = _imports(view, path)
    for class_ in facts.classes:
        thing = Thing("class", path, class_.qualified, class_.line)
        own = "\n".join(lines[class_.line - 1 : class_.end_line])
        names = _NAME.findall(own)
        written = frozenset(names)
        spoken = [word for name in names for word in words_of(name)]
        name = _stems(words_of(class_.name))
        bag: dict[str, float] = {}
        _count(bag, _stems(spoken), 1)
        _count(bag, header, 1 / min(len(facts.classes), 3))
        _count(bag, name, 2)
        if len(facts.classes) == 1:
            rest = _rest(lines, class_, facts.functions)
            _count(bag, _stems(words_of(rest)), 0.5)
        methods = view.resolver.methods(thing)
        gist: dict[str, float] = {}
        _count(gist, name, 2)
        _count(gist, _stems(words_of(class_.document)), 1)
        _count(gist, header, 0.7)
        for function in methods.values():
            if not function.name.startswith("_"):
                _count(gist, _stems(words_of(function.name)), 1)
                for parameter in function.signature.positional:
                    _count(gist, _stems(words_of(parameter)), 0.7)
        used = [imported[name] for name in written & imported.keys()]
        inner = {one for _target, things in used for one in things}
        inner |= {
            Thing("class", path, one.qualified, one.line)
            for one in facts.classes
            if one.name in written and one is not class_
        }
        targets = {target for target, _things in used if target}
        outer = {part for target, _things in used for part in target.split(".")}
        yield (
            thing,
            _Speech(
                bag,
                gist,
                tuple(name),
                frozenset(name.lower() for name in (*written, *spoken)) | outer,
                len(spoken),
                sum(function.statements for function in methods.values()),
                frozenset(inner),
                _tools(view, targets),
                sum(function.statements > 0 for function in methods.values()),
                any(function.is_async for function in methods.values()),
                _count_of(class_.name, text) > _count_of(class_.name, own),
            ),
        )


def _rest(lines: list[str], class_: Class, functions: Iterable[Function]) -> str:
    """Return what is around a class in its file, but for functions that use it."""
    others = [(class_.line, class_.end_line)]
    for one in functions:
        text = "\n".join(lines[one.line - 1 : one.end_line])
        if not one.scope and _count_of(class_.name, text):
            others.append((one.line, one.end_line))
    taken = {number for first, last in others for number in range(first, last + 1)}
    return "\n".join(
        line for number, line in enumerate(lines, 1) if number not in taken
    )


def _done(speech: _Speech) -> float:
    """Return how much a class does; the second hundred of statements says little."""
    return math.log(1 + speech.statements)


def _count_of(name: str, text: str) -> int:
    """Count where a name stands for itself, and not as a text."""
    count, start = 0, text.find(name)
    while start >= 0:
        end = start + len(name)
        around = text[start - 1 : start] + text[end : end + 1]
        count += not any(one.isalnum() or one in "_'\"" for one in around)
        start = text.find(name, end)
    return count


def _tools(view: View, targets: Iterable[str]) -> frozenset[str]:
    """Return the libraries of what is imported: neither Python's own nor the tree's."""
    heads = {target.partition(".")[0] for target in targets}
    return frozenset(heads - {""} - _OF_PYTHON - view.once(_own_heads))


def _own_heads(view: View) -> frozenset[str]:
    """Return what the modules of the tree begin with, in small letters."""
    files = view.project.files
    return frozenset(
        path.partition("/")[0].removesuffix(".py").lower() for path in files
    )


def _count(bag: dict[str, float], words: Iterable[str], worth: float) -> None:
    for word in words:
        bag[word] = bag.get(word, 0.0) + worth


def _imports(view: View, path: str) -> dict[str, tuple[str, tuple[Thing, ...]]]:
    """Return what a file imports by name: as written, and what of the tree it is."""
    found = {}
    for binding in view.facts(path).bindings:
        if binding.kind in ("import", "import_as", "from"):
            things = tuple(
                answer.thing
                for answer in view.resolver.follow(path, binding)
                if answer.thing.kind != "external"
            )
            target = binding.target.replace(":", ".").lower()
            found[binding.name.partition(".")[0]] = ("" if things else target, things)
    return found


def _header(text: str) -> str:
    """Return the comments and the docstring that a file begins with."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                found.append(token.string)
            elif token.type not in (tokenize.NL, tokenize.NEWLINE):
                break
    except (tokenize.TokenError, SyntaxError):
        pass
    return " ".join(found)


def _stems(words: Iterable[str]) -> list[str]:
    return [
        stem(word)
        for word in words
        if len(word) > 1 and word not in _STOP and not word.isdigit()
    ]


def _kinds(bag: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, count in bag.items():
        for kind in kinds_of(word):
            found[kind] = found.get(kind, 0.0) + count
    return found


def _damped(count: float) -> float:
    return 1 + math.log(count) if count >= 1 else count


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())
