from assistant.llm import CompletionClient

KINDS = ["motor", "home", "liability", "travel", "complaint", "other"]


class ClaimSummarizer:
    """A claim file of forty pages in ten sentences, for the clerk's screen."""

    def __init__(self, client=None):
        self.client = client or CompletionClient(model="gpt-4o")

    def summarize(self, claim):
        text = "\n\n".join(
            document.text for document in claim.documents.order_by("received")
        )
        summary, _ = self.client.complete(
            [
                {
                    "role": "system",
                    "content": "Summarize this insurance claim in at most ten sentences.",
                },
                {"role": "user", "content": text[:60000]},
            ]
        )
        claim.summary = summary
        claim.save(update_fields=["summary"])
        return summary


class MailTriage:
    """Which desk gets an incoming mail."""

    def __init__(self, client=None):
        self.client = client or CompletionClient()

    def classify(self, subject, body):
        label, _ = self.client.complete(
            [
                {
                    "role": "user",
                    "content": f"One word of {KINDS}.\nSubject: {subject}\n\n{body[:3000]}",
                }
            ],
            temperature=0,
        )
        label = label.strip().lower()
        return label if label in KINDS else "other"


class ClaimConversation:
    """The letters and phone notes of a claim, in order, as the clerk sees them."""

    def __init__(self, claim):
        self.claim = claim

    def messages(self):
        letters = [(d.received, "letter", d.text) for d in self.claim.documents.all()]
        notes = [(n.created, "note", n.text) for n in self.claim.notes.all()]
        return sorted(letters + notes)

    def add_note(self, clerk, text):
        return self.claim.notes.create(author=clerk, text=text)
