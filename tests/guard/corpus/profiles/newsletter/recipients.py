import json
import os
import tempfile

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

ROOT = "/srv/newsletter/people"


class PeopleFiles:
    """One JSON file for each user, with name, language and what they told us of themselves.

    The newsletter runs on a machine without access to the database.
    """

    def __init__(self, root=ROOT):
        self.root = root
        os.makedirs(root, exist_ok=True)

    def _path(self, user_id):
        return os.path.join(self.root, "%s.json" % user_id)

    def load(self, user_id):
        try:
            with open(self._path(user_id)) as f:
                return json.load(f)
        except FileNotFoundError:
            return None

    def save(self, user_id, **profile):
        merged = self.load(user_id) or {}
        merged.update(profile)
        fd, tmp = tempfile.mkstemp(dir=self.root)
        with os.fdopen(fd, "w") as f:
            json.dump(merged, f, indent=1, sort_keys=True)
        os.replace(tmp, self._path(user_id))

    def delete(self, user_id):
        if os.path.exists(self._path(user_id)):
            os.remove(self._path(user_id))

    def all(self):
        for name in sorted(os.listdir(self.root)):
            if name.endswith(".json"):
                yield self.load(name[:-5])


def send_issue(issue):
    for person in PeopleFiles().all():
        body = render_to_string(
            "newsletter/issue.html", {"person": person, "issue": issue}
        )
        mail = EmailMultiAlternatives(issue.subject, issue.text, to=[person["email"]])
        mail.attach_alternative(body, "text/html")
        mail.send()
