import abc


class DocumentIssuer(abc.ABC):
    """What gives a commercial document its number, its paper and its way out.

    Tax law wants the same of all of them: no gaps, no second copy under
    another number, nothing changed afterwards.
    """

    series = ""

    @abc.abstractmethod
    def issue(self, document, on=None):
        """Give the document its number and freeze it."""

    @abc.abstractmethod
    def write(self, document):
        """Make the PDF and keep it; returns its bytes."""

    @abc.abstractmethod
    def send(self, document, to=None):
        """Send the PDF to the customer."""
