from django.conf import settings
from django.shortcuts import get_object_or_404, redirect

from support.alerts import TicketAlerts
from support.models import Ticket


def close_ticket(request, pk):
    ticket = get_object_or_404(Ticket, pk=pk)
    ticket.close(by=request.user)
    alerts = TicketAlerts(**settings.SUPPORT_ALERTS)
    alerts.alert_watchers(ticket, "closed")
    return redirect("ticket", pk=pk)
