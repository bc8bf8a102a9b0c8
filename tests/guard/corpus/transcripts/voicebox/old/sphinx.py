# first version of the archive search, 2014. The nightly reindex of the radio archive still calls it.
import os
import sqlite3
import subprocess
import wave


class VoiceDecoder(object):
    def __init__(self, model_dir, db="/var/lib/voicebox/words.db"):
        from pocketsphinx import Decoder

        config = Decoder.default_config()
        config.set_string("-hmm", os.path.join(model_dir, "en-us"))
        config.set_string("-lm", os.path.join(model_dir, "en-us.lm.bin"))
        config.set_string("-dict", os.path.join(model_dir, "cmudict.dict"))
        self.decoder = Decoder(config)
        self.db = sqlite3.connect(db)
        self.db.execute("create table if not exists words (file text, hyp text)")

    def decode_file(self, path):
        wav = "/tmp/decode_%d.wav" % os.getpid()
        subprocess.check_call(["sox", path, "-r", "16000", "-c", "1", wav])
        f = wave.open(wav)
        self.decoder.start_utt()
        while True:
            buf = f.readframes(1024)
            if not buf:
                break
            self.decoder.process_raw(buf, False, False)
        self.decoder.end_utt()
        os.unlink(wav)
        hyp = self.decoder.hyp()
        text = hyp.hypstr if hyp else ""
        self.db.execute("insert into words values (?, ?)", (path, text))
        self.db.commit()
        return text
