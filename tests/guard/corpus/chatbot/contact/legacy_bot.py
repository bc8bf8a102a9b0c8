"""First version of the bot on the contact page (hackathon 2023).

The FAQ page and the Austrian site still use it.
"""

import openai
from django.conf import settings

openai.api_key = settings.OPENAI_API_KEY

PROMPT = """You answer questions about Kestrel insurance products.
If you do not know, ask the customer to call 0800 555 11."""


class FaqBot(object):
    SESSION_KEY = "faqbot_history"

    def __init__(self, request):
        self.session = request.session

    @property
    def history(self):
        return self.session.setdefault(self.SESSION_KEY, [])

    def ask(self, question):
        self.history.append({"role": "user", "content": question})
        try:
            result = openai.ChatCompletion.create(
                model="gpt-3.5-turbo",
                messages=[{"role": "system", "content": PROMPT}] + self.history[-10:],
            )
            answer = result["choices"][0]["message"]["content"]
        except openai.error.OpenAIError:
            answer = "Sorry, I am not available at the moment."
        self.history.append({"role": "assistant", "content": answer})
        self.session.modified = True
        return answer

    def reset(self):
        self.session.pop(self.SESSION_KEY, None)
