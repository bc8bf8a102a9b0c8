import json
import os
import threading
import time


class RecipeTalk(object):
    """Comments below recipes; one .jsonl file per recipe, so the static site generator can read them."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()

    def write(self, recipe, who, text):
        entry = {
            "id": "%s-%d" % (recipe, time.time_ns()),
            "who": who,
            "text": text,
            "when": time.time(),
            "shown": len(text) < 1000 and "http" not in text,
        }
        with self.lock, open(self._path(recipe), "a", encoding="utf-8") as f:
            f.write(json.dumps(entry) + "\n")
        return entry["id"]

    def read(self, recipe, hidden=False):
        if not os.path.exists(self._path(recipe)):
            return []
        with open(self._path(recipe), encoding="utf-8") as f:
            entries = [json.loads(line) for line in f]
        return [e for e in entries if e["shown"] or hidden]

    def show(self, recipe, entry_id, shown=True):
        with self.lock:
            entries = self.read(recipe, hidden=True)
            for entry in entries:
                if entry["id"] == entry_id:
                    entry["shown"] = shown
            self._rewrite(recipe, entries)

    def remove(self, recipe, entry_id):
        with self.lock:
            self._rewrite(
                recipe, [e for e in self.read(recipe, True) if e["id"] != entry_id]
            )

    def _path(self, recipe):
        return os.path.join(self.folder, recipe + ".jsonl")

    def _rewrite(self, recipe, entries):
        temp = self._path(recipe) + ".new"
        with open(temp, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(e) + "\n" for e in entries)
        os.replace(temp, self._path(recipe))


def build_page(recipe, template, folder="talk"):
    return template.render(recipe=recipe, talk=RecipeTalk(folder).read(recipe))
