# -*- coding: utf-8 -*-
import json
import os


class TextFileReader:
    """Reads texts/<lang>.json, nested or flat, into a flat dict"""

    def __init__(self, folder):
        self.folder = folder

    def read(self, lang):
        path = os.path.join(self.folder, lang + ".json")
        if not os.path.exists(path):
            return {}
        with open(path, encoding="utf-8") as f:
            return self.flatten(json.load(f))

    def flatten(self, tree, prefix=""):
        flat = {}
        for name, value in tree.items():
            if isinstance(value, dict):
                flat.update(self.flatten(value, prefix + name + "."))
            else:
                flat[prefix + name] = value
        return flat


class FallbackChain:
    """de_AT -> de -> en"""

    last = "en"

    def __init__(self, languages):
        self.languages = languages

    def chain(self, lang):
        result = [lang]
        if "_" in lang:
            result.append(lang.split("_")[0])
        if self.last not in result:
            result.append(self.last)
        return [l for l in result if l in self.languages]


class PluralRules:
    def formFor(self, lang, count):
        if lang.startswith("fr") or lang == "pt_BR":
            return count < 2 and "one" or "many"
        return count == 1 and "one" or "many"
