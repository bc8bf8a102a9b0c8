# The front end people keep their own texts (.po from their tool). They are served as json.

import json
import os
import re
import threading


class JsTexts:
    def __init__(self, poFolder):
        self.poFolder = poFolder
        self.lock = threading.Lock()
        self.parsed = {}

    def translate(self, msgid, lang):
        return (
            self._messages(lang).get(msgid) or self._messages("en").get(msgid) or msgid
        )

    def ntranslate(self, singular, plural, n, lang):
        return self.translate(n == 1 and singular or plural, lang).replace("%d", str(n))

    def bundle(self, name, lang):
        """all messages of a bundle, as json text"""
        wanted = self._messages(lang)
        return json.dumps(
            dict((k, v) for k, v in wanted.items() if k.startswith(name + ":"))
        )

    def _messages(self, lang):
        path = os.path.join(self.poFolder, lang + ".po")
        try:
            stamp = os.path.getmtime(path)
        except OSError:
            return {}
        with self.lock:
            if lang not in self.parsed or self.parsed[lang][0] != stamp:
                self.parsed[lang] = (stamp, self._parse(path))
            return self.parsed[lang][1]

    def _parse(self, path):
        found = {}
        msgid = None
        for line in open(path, encoding="utf-8"):
            m = re.match(r'(msgid|msgstr) "(.*)"\s*$', line)
            if not m:
                continue
            if m.group(1) == "msgid":
                msgid = m.group(2)
            elif msgid:
                found[msgid] = m.group(2)
        return found
