"""Verbs that name the same deed: a mail that is sent is also delivered or dispatched.

It is a thesaurus of what programs do, made from no particular code base. A verb may be
in several groups; two verbs are alike if a group has both, or if they are one word in
two forms.
"""

from __future__ import annotations

import functools

_GROUPS = """
send deliver dispatch post notify transmit push emit publish broadcast fire forward
save store put persist write keep record upsert insert add register set append
load fetch get read find lookup retrieve query obtain pull search select show list
delete remove drop purge discard erase forget unregister clear evict invalidate revoke
update edit modify change patch amend alter rename
acquire lock take hold grab claim reserve checkout borrow lease obtain enter
release unlock free return checkin give leave
connect open attach join login start begin launch run execute perform process handle
disconnect close detach shutdown stop end finish terminate quit dispose abort kill
cancel abort stop
create make build construct new generate produce issue mint compose prepare render
check verify validate test authenticate authorize allow permit is has can
encode dump serialize pack marshal
decode parse deserialize unpack unmarshal
export download extract report
import upload ingest
retry resend redeliver replay repeat
schedule enqueue submit queue plan defer delay
subscribe listen watch observe follow on
unsubscribe unlisten unfollow ignore off
charge pay bill capture debit
refund reverse credit
geocode locate resolve
count total size len number
renew extend refresh touch
sign seal stamp
log audit trace track
"""
_ENDINGS = (
    "ations", "ation", "ions", "ion", "ings", "ing", "ers", "er", "ors", "or", "ies",
    "ied", "ed", "es", "s", "y", "e",
)  # fmt: skip
# What is left of a word must be one.
_SHORTEST = 3


def are_alike(one: str, other: str) -> bool:
    """Tell whether two verbs name the same deed."""
    if stem(one) == stem(other):
        return True
    return bool(_groups_of(one) & _groups_of(other))


@functools.lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return what the forms of a word have in common: ``deliveries`` is ``deliver``."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


def _groups_of(word: str) -> frozenset[int]:
    return _table().get(stem(word), frozenset())


@functools.cache
def _table() -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for number, line in enumerate(_GROUPS.split("\n")):
        for word in line.split():
            found[stem(word)] = found.get(stem(word), frozenset()) | {number}
    return found
