"""``goldenpath``, with settings that a test can wait for.

``python hasty.py '{"silent_after": 3}' serve …`` is ``goldenpath serve …`` in all else.
"""

import json
import sys

from goldenpath.cli import _serve, main

if __name__ == "__main__":
    changes = json.loads(sys.argv.pop(1))
    of_product = _serve.Settings
    _serve.Settings = lambda **given: of_product(**given | changes)
    main()
