# Every two weeks the agency sends an xlsx with new translations.

import json
import os

import openpyxl


class TranslationImporter:
    """Puts the agency's xlsx into the text files"""

    def __init__(self, folder="/srv/hotel/texts"):
        self.folder = folder
        self.changed = 0

    def importFile(self, xlsx):
        sheet = openpyxl.load_workbook(xlsx, read_only=True).active
        rows = sheet.iter_rows(values_only=True)
        head = next(rows)
        columns = {}
        for row in rows:
            for lang, text in zip(head[1:], row[1:]):
                if text:
                    columns.setdefault(lang, {})[row[0]] = text.strip()
        for lang, texts in columns.items():
            self.merge(lang, texts)
        return self.changed

    def merge(self, lang, texts):
        path = os.path.join(self.folder, lang + ".json")
        old = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                old = json.load(f)
        self.changed += sum(1 for k in texts if old.get(k) != texts[k])
        old.update(texts)
        with open(path, "w", encoding="utf-8") as f:
            json.dump(old, f, ensure_ascii=False, indent=1, sort_keys=True)


class TextRow:
    """one row of the agency's list"""

    __slots__ = ("key", "lang", "text", "comment")

    def __init__(self, key, lang, text, comment=""):
        self.key = key
        self.lang = lang
        self.text = text
        self.comment = comment

    def __eq__(self, other):
        return (self.key, self.lang, self.text) == (other.key, other.lang, other.text)


class MissingTextReport:
    """What the agency must still translate. Asks the catalog, writes a csv"""

    def __init__(self, catalog):
        self.catalog = catalog

    def rows(self, lang):
        have = set(self.catalog.keys(lang))
        return [TextRow(k, lang, "") for k in self.catalog.keys("en") if k not in have]

    def write(self, path, languages):
        with open(path, "w", encoding="utf-8") as f:
            for lang in languages:
                for row in self.rows(lang):
                    f.write("%s;%s\n" % (row.lang, row.key))
