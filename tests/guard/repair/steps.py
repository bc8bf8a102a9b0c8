"""One step of a repair, carried out on a small tree, twice."""

from collections import Counter

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._scan import findings_of
from goldenpath.guard._view import View
from tests.guard.trees import project_of


def counted(view):
    return Counter(finding.code for finding in findings_of(view))


class Outcome:
    """What a step made of a tree.

    Its attributes: ``texts`` of the files that changed, by path, None for those that
    are gone; ``what`` was done, by path; ``left``, the reasons by path; ``gone``, how
    many findings of a code less.
    """

    def __init__(self, folder, files, step, *, home="app.home:Manager", **concept):
        project = project_of(folder, files)
        concept = Concept(name=concept.pop("name", "manager"), home=home, **concept)
        began = View(project, concept, Configuration())
        made = step(began, began)
        contents = {one.path: one.after for one in made.changes}
        self.view = View(project.changed(contents), concept, Configuration())
        again = step(self.view, began)
        assert again.changes == []
        self.texts = {
            path: None if content is None else content.decode()
            for path, content in contents.items()
        }
        self.what = {one.path: "\n".join(one.what) for one in made.changes}
        self.left = {}
        for one in again.left:
            self.left[one.path] = f"{self.left.get(one.path, '')}{one.why}\n"
        now = counted(self.view)
        self.gone = {
            code: count - now[code]
            for code, count in counted(began).items()
            if count != now[code]
        }
