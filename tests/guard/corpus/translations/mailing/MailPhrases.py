# -*- coding: utf-8 -*-
"""
Phrases for the mails to guests.

Marketing wanted to edit these by themselves, so they live in MySQL (mail_phrase) and not in the
text files. One row per phrase, one column per language.
"""

import time

import MySQLdb
import MySQLdb.cursors


class MailPhrases:
    COLUMNS = {"de": "txt_de", "en": "txt_en", "fr": "txt_fr", "it": "txt_it"}

    def __init__(self, host, user, password):
        self.conn = MySQLdb.connect(
            host=host,
            user=user,
            passwd=password,
            db="marketing",
            charset="utf8",
            cursorclass=MySQLdb.cursors.DictCursor,
        )
        self.phrases = None
        self.readAt = 0

    def phrase(self, code, lang, **fields):
        row = self.allPhrases().get(code)
        if row is None:
            raise KeyError("no mail phrase %r" % code)
        text = row[self.COLUMNS.get(lang, "txt_en")] or row["txt_en"]
        for name, value in fields.items():
            text = text.replace("##%s##" % name.upper(), str(value))
        return text

    def salutation(self, guest):
        code = {"f": "DEAR_MRS", "m": "DEAR_MR"}.get(guest.gender, "DEAR_GUEST")
        return self.phrase(code, guest.lang, name=guest.lastName)

    def allPhrases(self):
        if self.phrases is None or time.time() - self.readAt > 900:
            cur = self.conn.cursor()
            cur.execute(
                "SELECT code, txt_de, txt_en, txt_fr, txt_it FROM mail_phrase WHERE active = 1"
            )
            self.phrases = dict((r["code"], r) for r in cur.fetchall())
            self.readAt = time.time()
        return self.phrases
