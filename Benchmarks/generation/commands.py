"""Patina's command line: every step leaves a folder or a file, and is not done twice."""

import json
import subprocess
from pathlib import Path

from harness.files import write_whole


class Patina:
    def __init__(self, program: Path, threads: int, device: str = "cpu") -> None:
        self.program, self.threads, self.device = program, threads, device

    def run(self, *arguments: object) -> str:
        words = [str(argument) for argument in arguments]
        print("$ patina", *words, flush=True)
        return subprocess.run([self.program, *words], check=True, stdout=subprocess.PIPE, text=True).stdout

    def make(self, folder: Path, *arguments: object) -> Path:
        """A folder that a command writes whole or not at all."""
        if not folder.exists():
            self.run(*arguments, "--to", folder)
        return folder

    def train(self, kind: str, run: Path, *arguments: object) -> Path:
        """To the end; goes on after the last checkpoint of a run that was stopped."""
        if (run / "weights.safetensors").exists():
            return run
        if (run / "run.json").exists():
            self.run("train", kind, "--run", run, "--resume")
        else:
            self.run("train", kind, "--run", run, "--threads", self.threads, "--device", self.device, *arguments)
        return run

    def measure(self, file: Path, *arguments: object) -> dict:
        """What a command prints as JSON."""
        if not file.exists():
            text = self.run(*arguments, "--json")
            json.loads(text)
            write_whole(file, text)
        return json.loads(file.read_text(encoding="utf-8"))
