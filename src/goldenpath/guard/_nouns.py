"""The nouns of names: how a thing is built, what it is about, and what is opposite."""

from __future__ import annotations

from collections.abc import Iterable

#: What may stand behind the noun and leave it what it is: ``ManagerV2``.
SUFFIXES = frozenset(
    (
        "v", "impl", "implementation", "new", "old", "legacy", "base", "ext", "service",
        "client", "helper", "manager", "handler", "provider", "system", "util",
        "wrapper",
    )
)  # fmt: skip
#: Last words that say how something is built and not what it does.
PLAIN_NOUNS = SUFFIXES | {
    "adapter", "builder", "controller", "dao", "engine", "factory", "gateway", "loader",
    "object", "registry", "repository", "store",
}  # fmt: skip
#: What may stand before it and is no subject of its own.
QUALIFIERS = frozenset(
    (
        "abstract", "advanced", "async", "base", "basic", "better", "central", "core",
        "custom", "default", "distributed", "enhanced", "extended", "fast", "generic",
        "global", "improved", "in", "internal", "legacy", "local", "main", "master",
        "memory", "my", "native", "new", "old", "optimized", "persistent", "primary",
        "real", "redis", "robust", "safe", "scalable", "shared", "simple", "singleton",
        "smart", "standard", "sync", "the", "threaded", "time", "unified", "universal",
    )
)  # fmt: skip


def subjects_of(phrases: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Return the words that say what names are about.

    >>> sorted(subjects_of([("default", "mail", "service"), ("mailer",)]))
    ['mail']
    """
    words = {word for phrase in phrases for word in phrase[:-1]}
    return frozenset(words - PLAIN_NOUNS - QUALIFIERS)


_OTHER_DEED_WORDS = """
view page form admin serializer widget layout printer formatter command template screen
panel renderer
report statistics stats counter monitor dashboard profiler tracker track scoreboard
aging audit history meter
reader importer import loader parser crawler scanner scraper extractor
checker validator policy rule guard eligibility verifier normalizer cleaner filter
detector inspector
planner schedule calendar timetable reminder reorder forecast estimator
codec encoder decoder signer table stack window clock lock buffer thread worker runner
run retrier breaker
"""
#: What shows a thing, reports on it, takes it in, judges or plans it, or is a tool for
#: anything: a home that is not called so itself does something else.
OTHER_DEEDS = frozenset(_OTHER_DEED_WORDS.split())
_OPPOSITES = """
import export
importer exporter
upload download
uploader downloader
send receive
sender receiver
publisher subscriber
producer consumer
encode decode
encoder decoder
encrypt decrypt
compress extract
issue redeem
charge refund
buy sell
client server
incoming outgoing
inbound outbound
debit credit
enlarge shrink
enlarger shrinker
backup restore
purge keep
"""
#: What does the one does not do the other.
OPPOSITES = {
    one: other
    for line in _OPPOSITES.split("\n")
    if line
    for one, other in (line.split(), line.split()[::-1])
}
