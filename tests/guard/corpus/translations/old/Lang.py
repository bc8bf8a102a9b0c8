# DO NOT ADD TEXTS HERE. use core.TextCatalog

import configparser


class Lang:
    cache = {}

    def __init__(self, lang="de"):
        self.lang = lang
        if lang not in Lang.cache:
            p = configparser.RawConfigParser()
            p.optionxform = str
            p.read(
                ["/srv/hotel/old/lang/de.ini", "/srv/hotel/old/lang/%s.ini" % lang],
                encoding="latin-1",
            )
            Lang.cache[lang] = dict(p.items("texts"))

    def get(self, name, *args):
        t = Lang.cache[self.lang].get(name, name)
        if args:
            t = t % args
        return t
