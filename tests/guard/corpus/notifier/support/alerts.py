import json

import redis
from django.core.mail import EmailMessage
from slack_sdk import WebClient
from twilio.rest import Client as Twilio


class TicketAlerts:
    """Support's own: alerts agents and customers on ticket changes.

    Everybody picks how they are alerted on the ticket page; the choice lives in
    Redis (``support:alert:<user id>``), as we could not get a migration in time.
    """

    def __init__(self, redis_url, slack_token, twilio_sid, twilio_token, sender):
        self.r = redis.from_url(redis_url)
        self.slack = WebClient(token=slack_token)
        self.twilio = Twilio(twilio_sid, twilio_token)
        self.sender = sender

    def set_choice(self, user, *ways):
        self.r.set("support:alert:%s" % user.pk, json.dumps(ways))

    def choice(self, user):
        raw = self.r.get("support:alert:%s" % user.pk)
        return json.loads(raw) if raw else ["mail"]

    def alert(self, user, ticket, what):
        text = "Ticket #%s: %s" % (ticket.pk, what)
        for way in self.choice(user):
            if way == "mail":
                EmailMessage(text, ticket.last_comment, to=[user.email]).send(
                    fail_silently=True
                )
            elif way == "slack":
                self.slack.chat_postMessage(channel=user.profile.slack_id, text=text)
            elif way == "sms":
                self.twilio.messages.create(
                    to=user.profile.phone, from_=self.sender, body=text
                )
        self.r.lpush("support:alerted", json.dumps([user.pk, ticket.pk, what]))

    def alert_watchers(self, ticket, what):
        for user in ticket.watchers.all():
            self.alert(user, ticket, what)
