"""Kes in Slack, for the colleagues. Run by ``manage.py slack``."""

from collections import defaultdict

from django.conf import settings
from openai import OpenAI, OpenAIError
from slack_bolt import App

app = App(token=settings.SLACK_BOT_TOKEN)


class SlackKes:
    def __init__(self, model="gpt-4o-mini"):
        self.openai = OpenAI(api_key=settings.OPENAI_API_KEY)
        self.model = model
        self.threads = defaultdict(list)

    def handle(self, event, say):
        ts = event.get("thread_ts") or event["ts"]
        thread = self.threads[ts]
        thread.append({"role": "user", "content": event["text"]})
        try:
            r = self.openai.chat.completions.create(
                model=self.model,
                messages=[
                    {
                        "role": "system",
                        "content": "You help employees of Kestrel Insurance.",
                    },
                    *thread[-20:],
                ],
            )
        except OpenAIError:
            say("Give me a minute, the model does not answer.", thread_ts=ts)
            return
        text = r.choices[0].message.content
        thread.append({"role": "assistant", "content": text})
        say(text, thread_ts=ts)

    def forget(self, ts):
        self.threads.pop(ts, None)


class ReminderBot:
    """Posts the on-call and birthday reminders in #general every morning."""

    def __init__(self, client, channel="#general"):
        self.client = client
        self.channel = channel

    def say(self, text):
        self.client.chat_postMessage(channel=self.channel, text=text)

    def run(self, people, today):
        for person in people:
            if (person.born.month, person.born.day) == (today.month, today.day):
                self.say(f":birthday: {person.name} has birthday today!")
            if person.on_call == today:
                self.say(f":pager: {person.name} is on call.")


kes = SlackKes()


@app.event("app_mention")
def mention(event, say):
    kes.handle(event, say)
