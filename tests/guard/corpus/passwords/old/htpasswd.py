"""Reads and writes Apache password files. Not needed any more once the
download area has moved behind the application."""

import crypt
import os
import random

SALTCHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./"


class HtpasswdFile:
    def __init__(self, fileName):
        self.fileName = fileName
        self.entries = []
        self.load()

    def load(self):
        self.entries = []
        if os.path.exists(self.fileName):
            for line in open(self.fileName):
                user, hashed = line.rstrip().split(":", 1)
                self.entries.append([user, hashed])

    def save(self):
        f = open(self.fileName, "w")
        for user, hashed in self.entries:
            f.write("%s:%s\n" % (user, hashed))
        f.close()

    def update(self, user, password):
        salt = random.choice(SALTCHARS) + random.choice(SALTCHARS)
        hashed = crypt.crypt(password, salt)
        for entry in self.entries:
            if entry[0] == user:
                entry[1] = hashed
                break
        else:
            self.entries.append([user, hashed])
        self.save()

    def verify(self, user, password):
        for name, hashed in self.entries:
            if name == user:
                return crypt.crypt(password, hashed[:2]) == hashed
        return False

    def delete(self, user):
        self.entries = [e for e in self.entries if e[0] != user]
        self.save()
