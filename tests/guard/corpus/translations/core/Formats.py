# -*- coding: utf-8 -*-


class LocaleFormatter:
    """Dates, prices and numbers the way people write them in a language. No texts in here."""

    SEPS = {
        "de": (".", ","),
        "fr": ("\u202f", ","),
        "en": (",", "."),
        "de_CH": ("\u2019", "."),
    }
    DATES = {"de": "%d.%m.%Y", "fr": "%d/%m/%Y", "en": "%d %b %Y", "nl": "%d-%m-%Y"}

    def __init__(self, lang):
        self.lang = lang

    def getNumber(self, value, digits=0):
        thousand, point = self.SEPS.get(self.lang, self.SEPS["en"])
        s = "{:,.{d}f}".format(value, d=digits)
        return s.replace(",", "\0").replace(".", point).replace("\0", thousand)

    def getPrice(self, value, currency):
        number = self.getNumber(value, 2)
        if self.lang == "en":
            return "%s %s" % (currency, number)
        return "%s %s" % (number, currency)

    def getDate(self, day):
        return day.strftime(self.DATES.get(self.lang, "%Y-%m-%d"))


class LanguageChooser:
    """Which language for this request: cookie, then profile, then Accept-Language"""

    def __init__(self, languages, default="en"):
        self.languages = languages
        self.default = default

    def choose(self, request):
        cookie = request.cookies.get("lang")
        if cookie in self.languages:
            return cookie
        if request.user and request.user.lang in self.languages:
            return request.user.lang
        best, bestQ = self.default, 0.0
        for part in request.headers.get("Accept-Language", "").split(","):
            lang, _, q = part.strip().partition(";q=")
            lang = lang.replace("-", "_")
            if lang in self.languages and float(q or 1) > bestQ:
                best, bestQ = lang, float(q or 1)
        return best
