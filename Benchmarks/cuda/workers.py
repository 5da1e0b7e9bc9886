"""The programs of the kit: Patina's and the peers'."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Failure(Exception):
    """A program that did not do what it was asked for; says why."""


class Kit:
    """Patina runs on the libtorch of this Python's torch, so that both sides have the very same libraries."""

    def __init__(self, libtorch: str | None = None) -> None:
        found = importlib.util.find_spec("torch")
        if found is None or found.origin is None:
            raise Failure(f"{sys.executable} has no torch")
        libraries = libtorch or str(Path(found.origin).parent / "lib")
        path = [str(HERE), libraries, os.environ.get("LD_LIBRARY_PATH", "")]
        self.libraries = ":".join(filter(None, path))
        self.built_against = (HERE / "torch-version").read_text(encoding="ascii").strip()

    def ours(self, *arguments: str) -> list[str]:
        # Not for the peers: their Python finds its own.
        return ["env", f"LD_LIBRARY_PATH={self.libraries}", str(HERE / "patina-device-bench"), *arguments]

    def peer(self, *arguments: str) -> list[str]:
        return [sys.executable, str(HERE / "peer.py"), *arguments]

    def once(self, command: list[str]) -> dict:
        """The one line that a command answers."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Failure(str(error)) from error
        if done.returncode != 0:
            raise Failure(f"{name(command)}: {last_line(done.stderr)} (exit code {done.returncode})")
        return json.loads(done.stdout.splitlines()[-1])


class Worker:
    """A process that does as many rounds as it is told and waits in between."""

    def __init__(self, command: list[str]) -> None:
        self.name = name(command)
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, bufsize=1)
        try:
            self._answer()
        except BaseException:
            self.close()
            raise

    def run(self, rounds: int) -> dict:
        try:
            self.process.stdin.write(f"{rounds}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its last words follow
        return self._answer()

    def _answer(self) -> dict:
        answer = self.process.stdout.readline()
        if answer:
            return json.loads(answer)
        code = self.process.wait()
        self.errors.seek(0)
        raise Failure(f"{self.name}: {last_line(self.errors.read())} (exit code {code})")

    def close(self) -> None:
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def name(command: list[str]) -> str:
    """The program or script with its subcommand."""
    place = next(i for i, word in enumerate(command) if Path(word).parent == HERE)
    return f"{Path(command[place]).name} {command[place + 1]}"


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
