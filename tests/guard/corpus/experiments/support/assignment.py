from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone


class Ticket(models.Model):
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    agent = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL)
    assigned_at = models.DateTimeField(null=True)
    closed = models.BooleanField(default=False)


class TicketAssigner:
    """Gives each new ticket to the agent of the language with the fewest open ones."""

    def __init__(self, agents):
        self.agents = agents

    def choose(self, ticket):
        return (
            self.agents.filter(profile__languages__contains=ticket.language)
            .annotate(load=Count("ticket", filter=Q(ticket__closed=False)))
            .order_by("load", "?")
            .first()
        )

    @transaction.atomic
    def assign(self, ticket):
        ticket.agent = self.choose(ticket)
        ticket.assigned_at = timezone.now()
        ticket.save(update_fields=["agent", "assigned_at"])
        return ticket.agent

    def assign_all(self):
        return [
            self.assign(t)
            for t in Ticket.objects.select_for_update().filter(agent=None, closed=False)
        ]

    def force(self, ticket, agent):
        Ticket.objects.filter(pk=ticket.pk).update(
            agent=agent, assigned_at=timezone.now()
        )
