"""Reporting a claim by dialogue instead of by form."""

import json

from anthropic import Anthropic
from django.db import models

FIELDS = ("policy", "date", "place", "what_happened", "damage_estimate")


class IntakeDialog(models.Model):
    customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    turns = models.JSONField(default=list)
    collected = models.JSONField(default=dict)
    finished = models.BooleanField(default=False)


class ClaimIntake:
    """Chats with the customer until all facts of the claim are there."""

    model = "claude-3-5-haiku-latest"
    instructions = (
        "You take down insurance claims. Ask for one fact at a time: "
        + ", ".join(FIELDS)
        + ". "
        "When you have all of them, answer with DONE and a JSON object."
    )

    def __init__(self, customer):
        self.dialog, _ = IntakeDialog.objects.get_or_create(
            customer=customer, finished=False
        )
        self.anthropic = Anthropic()

    def turn(self, words):
        self.dialog.turns.append({"role": "user", "content": words})
        message = self.anthropic.messages.create(
            model=self.model,
            system=self.instructions,
            max_tokens=600,
            messages=self.dialog.turns,
        )
        answer = message.content[0].text
        self.dialog.turns.append({"role": "assistant", "content": answer})
        if answer.startswith("DONE"):
            self.dialog.collected = json.loads(answer[4:])
            self.dialog.finished = True
            answer = "Thank you, your claim has been recorded."
        self.dialog.save()
        return answer

    def so_far(self):
        return [(turn["role"], turn["content"]) for turn in self.dialog.turns]

    def abandon(self):
        self.dialog.delete()
