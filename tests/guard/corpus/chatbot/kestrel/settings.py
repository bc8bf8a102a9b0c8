import os

SECRET_KEY = os.environ.get("SECRET_KEY", "dev")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "assistant",
    "claims",
    "contact",
    "staff",
]

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache:6379/1",
    }
}

ASSISTANT = {
    "ENGINE": "assistant.bot.ChatBot",
    "MODEL": "gpt-4o-mini",
    "API_URL": "https://llm-gateway.kestrel.internal/v1",
    "API_KEY": os.environ.get("LLM_KEY", ""),
    "WINDOW_TOKENS": 6000,
    "BEDROCK_AGENT": ("K7XQ", "PROD"),
    "MODERATE": True,
}

OPENAI_API_KEY = os.environ.get("OPENAI_API_KEY", "")
SLACK_BOT_TOKEN = os.environ.get("SLACK_BOT_TOKEN", "")
