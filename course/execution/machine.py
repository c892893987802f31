"""What a chapter ran on: processor, threads, versions. Called inside the kernel, at the end."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import sys
import time
from pathlib import Path

from course import recording


def processor() -> str:
    """The name of the processor, as the system gives it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def accelerators() -> list[str]:
    """The names of the GPUs that TensorFlow sees; none when it was never imported."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return []
    config = tensorflow.config
    devices = config.list_physical_devices("GPU")
    return [config.experimental.get_device_details(d).get("device_name", "GPU") for d in devices]


def peak_memory() -> int | None:
    """The most memory that this process has held at once, in bytes; None where nobody knows.

    Linux keeps the peak of this very program. What `getrusage` gives there is also the peak of the
    program that started it, if that was larger.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def note_end() -> None:
    """Note the machine, what the kernel used of it, and the versions of what it imported."""
    owners = importlib.metadata.packages_distributions()
    libraries = {}
    for name in sorted({module.split(".")[0] for module in sys.modules}):
        for distribution in owners.get(name, [])[:1]:
            version = importlib.metadata.version(distribution)
            libraries[name] = {"distribution": distribution, "version": version}
    cores = os.cpu_count()
    recording.note(
        "machine",
        device="; ".join(accelerators()) or f"{processor()}, {cores} cores",
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        cpu_seconds=round(time.process_time(), 1),
        peak_memory=peak_memory(),
        libraries=libraries,
    )
