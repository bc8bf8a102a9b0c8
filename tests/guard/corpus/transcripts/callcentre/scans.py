import re
import subprocess


class LetterReader:
    """Reads scanned letters of complaint (OCR)."""

    def __init__(self, language="deu"):
        self.language = language

    def read(self, path):
        out = subprocess.run(
            ["tesseract", path, "-", "-l", self.language],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return re.sub(r"-\n(?=[a-zäöü])", "", out)

    def read_all(self, paths):
        return {p: self.read(p) for p in paths}


class CallRecorder:
    """Writes the two legs of a call into one WAV file."""

    def __init__(self, folder):
        self.folder = folder
        self.open = {}

    def start(self, call_id):
        import wave

        w = wave.open(f"{self.folder}/{call_id}.wav", "wb")
        w.setnchannels(2)
        w.setsampwidth(2)
        w.setframerate(8000)
        self.open[call_id] = w

    def frames(self, call_id, pcm):
        self.open[call_id].writeframes(pcm)

    def stop(self, call_id):
        self.open.pop(call_id).close()
