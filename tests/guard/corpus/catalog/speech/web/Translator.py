import json


class Translator(object):
    def __init__(self, locale):
        self.locale = locale
        self.texts = {}

    def loadTexts(self, path):
        with open(path) as file:
            self.texts.update(json.load(file))

    def translate(self, key, values):
        return self.texts.get(key, key).format(**values)

    def getPlural(self, key, count, values):
        texts = self.texts[key]
        return texts[0 if count == 1 else 1].format(count=count, **values)

    def switchLocale(self, locale, path):
        self.locale = locale
        self.texts = {}
        self.loadTexts(path)
