from __future__ import annotations

import logging
from dataclasses import dataclass

from google.cloud import speech

from voicemail.inbox import Voicemail, VoicemailInbox

log = logging.getLogger("voicemail")


@dataclass
class VoicemailReader:
    """Listens to a voicemail and returns what the caller said."""

    client: speech.SpeechAsyncClient
    language: str = "de-DE"
    min_confidence: float = 0.4

    async def read(self, mail: Voicemail) -> str:
        response = await self.client.recognize(
            config=speech.RecognitionConfig(
                encoding=speech.RecognitionConfig.AudioEncoding.AMR,
                sample_rate_hertz=8000,
                language_code=self.language,
            ),
            audio=speech.RecognitionAudio(content=mail.audio),
        )
        best = [r.alternatives[0] for r in response.results if r.alternatives]
        words = [a.transcript for a in best if a.confidence >= self.min_confidence]
        log.info(
            "voicemail %s: %d of %d parts understood", mail.id, len(words), len(best)
        )
        return " ".join(words)


async def answer_voicemails(inbox: VoicemailInbox, post) -> None:
    reader = VoicemailReader(speech.SpeechAsyncClient())
    async for mail in inbox.unheard():
        await post(f"{mail.caller}: {await reader.read(mail)}")
        await inbox.mark_heard(mail)
