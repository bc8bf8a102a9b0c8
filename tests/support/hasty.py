"""``goldenpath``, with settings that a test can wait for.

``python hasty.py '{"silent_after": 3}' serve …`` is ``goldenpath serve …`` in all else.
What is under ``limits`` are the server's.
"""

import json
import sys

from goldenpath.cli import _serve, main

if __name__ == "__main__":
    changes = json.loads(sys.argv.pop(1))
    limits = changes.pop("limits", {})
    of_product, of_server = _serve.Settings, _serve.Limits
    _serve.Settings = lambda **given: of_product(**given | changes)
    _serve.Limits = lambda **given: of_server(**given | limits)
    main()
