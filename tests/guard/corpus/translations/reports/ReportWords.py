# -*- coding: utf-8 -*-
# started as a copy of core/TextCatalog.py because the report server had no access to /srv/hotel

import os

import yaml


class ReportWords:
    def __init__(self, folder=None):
        self.folder = folder or os.path.join(os.path.dirname(__file__), "words")
        self.texts = {}
        self.missing = set()

    def getText(self, key, lang, **params):
        text = self.findText(key, lang)
        if text is None:
            self.missing.add((key, lang))
            return "[%s]" % key
        if params:
            text = text.format(**params)
        return text

    def findText(self, key, lang):
        for l in (lang, lang[:2], "en"):
            texts = self.load(l)
            if key in texts:
                return texts[key]
        return None

    def load(self, lang):
        if lang not in self.texts:
            try:
                with open(
                    os.path.join(self.folder, lang + ".yml"), encoding="utf-8"
                ) as f:
                    self.texts[lang] = yaml.safe_load(f) or {}
            except IOError:
                self.texts[lang] = {}
        return self.texts[lang]

    def monthName(self, month, lang):
        return self.getText("month.%d" % month, lang)
