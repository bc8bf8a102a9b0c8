"""Interviews come on reporters' phones as .m4a and have to be text before the evening meeting."""

import pathlib
import subprocess
import tempfile


class InterviewTypist:
    def __init__(self, desk="/srv/newsroom/interviews", model="medium", language="de"):
        self.desk = pathlib.Path(desk)
        self.model = model
        self.language = language

    def type_out(self, recording):
        recording = pathlib.Path(recording)
        with tempfile.TemporaryDirectory() as tmp:
            subprocess.run(
                [
                    "whisper",
                    str(recording),
                    "--model",
                    self.model,
                    "--language",
                    self.language,
                    "--output_format",
                    "txt",
                    "--output_dir",
                    tmp,
                ],
                check=True,
            )
            text = (pathlib.Path(tmp) / (recording.stem + ".txt")).read_text()
        target = self.desk / (recording.stem + ".txt")
        target.write_text(text)
        return target

    def type_new(self):
        done = []
        for m4a in self.desk.glob("*.m4a"):
            if not m4a.with_suffix(".txt").exists():
                done.append(self.type_out(m4a))
        return done


if __name__ == "__main__":
    for path in InterviewTypist().type_new():
        print(path)
