"""Files of studies that go on where they stopped."""

import json
import os
import sys
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """All of it or nothing, whenever this is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f".{path.name}.{os.getpid()}.part")
    staging.write_text(text, encoding="utf-8")
    staging.replace(path)


def check_settings(path: Path, settings: dict) -> None:
    """Runs of two settings do not compare: a folder is for one."""
    if path.exists() and (found := json.loads(path.read_text(encoding="utf-8"))) != settings:
        sys.exit(f"{path}: expected {settings}, found {found}; give another OUT or those settings")
    write_whole(path, json.dumps(settings, indent=1) + "\n")
