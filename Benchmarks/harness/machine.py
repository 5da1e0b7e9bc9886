"""Where and with what the figures were taken."""

import datetime
import os
import platform
from importlib import metadata
from pathlib import Path

from harness.contestants import Contestant
from harness.session import Session

PACKAGES = ("torch", "torchvision", "numpy", "pillow", "onnx", "onnxruntime", "onnxscript")


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def describe(session: Session) -> dict:
    with Contestant("patina", session.ours("step", *session.network("64/8/1/1", "fp32"))) as worker:
        greeting = worker.greeting
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "cpu": processor(), "cpu_capability": greeting["cpu"], "threads": session.options.threads,
        "environment": {name: value for name, value in sorted(os.environ.items())
                        if name.startswith(("OMP_", "KMP_", "GOMP_", "MKL_", "PATINA_"))},
        "versions": {"libtorch": greeting["libtorch"], "python": platform.python_version(),
                     **{name: metadata.version(name) for name in PACKAGES}}}


def heading(machine: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    variables = " ".join(f"{name}={value}" for name, value in machine["environment"].items())
    return (f"{machine['date'][:10]}, {machine['cpu']} ({machine['cpu_capability']}), {machine['threads']} threads, "
            f"{variables or 'no OpenMP settings'}\n{versions}")
