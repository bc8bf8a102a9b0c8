class QualityAudit:
    def __init__(self, supplier, auditor):
        self.supplier = supplier
        self.auditor = auditor
        self.findings = []

    def note(self, chapter, text, grave=False):
        self.findings.append((chapter, text, grave))

    def verify(self, chapter):
        self.findings = [f for f in self.findings if f[0] != chapter]

    def export(self, printer):
        for chapter, text, grave in self.findings:
            printer.line(f"{chapter}: {text}" + (" (!)" if grave else ""))

    def passed(self):
        return not any(grave for _, _, grave in self.findings)
