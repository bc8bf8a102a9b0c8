"""HR writes its contracts and references in LaTeX, because of the hyphenation."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "tex"


class TypesettingFailed(RuntimeError):
    def __init__(self, log):
        super().__init__("pdflatex failed")
        self.log = log


class LetterTypesetter:
    def __init__(self, templates: Path = TEMPLATES, runs: int = 2):
        self.runs = runs
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(str(templates)),
            block_start_string="<%",
            block_end_string="%>",
            variable_start_string="<<",
            variable_end_string=">>",
        )

    def typeset(self, name: str, fields: dict) -> bytes:
        source = self.env.get_template(f"{name}.tex").render(**self._escape(fields))
        workdir = Path(tempfile.mkdtemp(prefix="hr-"))
        try:
            (workdir / "letter.tex").write_text(source, encoding="utf-8")
            for _ in range(self.runs):
                done = subprocess.run(
                    ["pdflatex", "-interaction=nonstopmode", "letter.tex"],
                    cwd=workdir,
                    capture_output=True,
                )
            if done.returncode:
                raise TypesettingFailed(done.stdout.decode("latin-1"))
            return (workdir / "letter.pdf").read_bytes()
        finally:
            shutil.rmtree(workdir)

    @staticmethod
    def _escape(fields):
        table = str.maketrans({"&": r"\&", "%": r"\%", "_": r"\_", "#": r"\#"})
        return {
            k: v.translate(table) if isinstance(v, str) else v
            for k, v in fields.items()
        }


def employment_contract(employee):
    return LetterTypesetter().typeset(
        "contract", {"name": employee.full_name, "start": employee.start}
    )
