class TextError(Exception):
    pass


class MissingText(TextError):
    def __init__(self, key, lang):
        TextError.__init__(self, "no text %s in %s" % (key, lang))
        self.key = key
        self.lang = lang


class UnknownLanguage(TextError):
    pass
