import os
import subprocess
import tempfile

from django.template.loader import render_to_string


class HtmlToPdf:
    """wkhtmltopdf wrapper.

    >>> HtmlToPdf(orientation="Landscape").convert_template("x.html", {})
    """

    binary = "/usr/local/bin/wkhtmltopdf"

    def __init__(self, **options):
        self.options = {"page-size": "A4", "encoding": "utf-8"}
        self.options.update({k.replace("_", "-"): v for k, v in options.items()})

    def _args(self):
        args = [self.binary, "--quiet"]
        for key, value in self.options.items():
            args.append("--" + key)
            if value is not True:
                args.append(str(value))
        return args

    def convert(self, html):
        fd, name = tempfile.mkstemp(suffix=".html")
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as f:
                f.write(html)
            proc = subprocess.run(
                self._args() + [name, "-"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            # 1 means "some image was not found"; who cares
            if proc.returncode not in (0, 1):
                raise RuntimeError(proc.stderr.decode("utf-8", "replace"))
            return proc.stdout
        finally:
            os.unlink(name)

    def convert_template(self, template, context):
        return self.convert(render_to_string(template, context))
