"""``moods`` in a process whose bus loses, repeats and delays hints."""

import asyncio
import random

from moods import agent  # noqa: F401 - named on the command line

from goldenpath.buses import LocalBus

_dice = random.Random(37)
_publish = LocalBus.publish


def publish(self, hints):
    """Lose one in five, say one in five twice, and one in five late."""
    for hint in hints:
        match _dice.randrange(5):
            case 0:
                pass
            case 1:
                _publish(self, [hint, hint])
            case 2:
                late = _dice.uniform(0.0, 0.1)
                loop = asyncio.get_running_loop()
                loop.call_later(late, _publish, self, [hint])
            case _:
                _publish(self, [hint])


LocalBus.publish = publish
