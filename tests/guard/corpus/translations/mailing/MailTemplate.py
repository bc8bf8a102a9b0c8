import os
import string


class MailTemplate:
    """A mail's frame, into which texts are put that somebody else has got. One frame for all languages."""

    folder = "/srv/hotel/mail"

    def __init__(self, name):
        with open(os.path.join(self.folder, name + ".txt"), encoding="utf-8") as f:
            self.template = string.Template(f.read())

    def fill(self, **parts):
        return self.template.safe_substitute(parts)
