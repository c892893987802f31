"""How much a submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    Attributes:
        seconds: time of all cells: of the processor, at most three times as much by the clock.
        cell_seconds: time of one cell, measured in the same way.
        case_seconds: wall time of one test case, what it asks of the student included; and of
            reading the values of a question.
        memory_mb: resident memory of all processes together, and room in memory for files.
        processes: processes and threads.
        file_mb: size of one file.
        output_kb: printed text that is kept; what is more is thrown away.
        threads: that numerical libraries are told to use.
    """

    seconds: float = 300.0
    cell_seconds: float = 120.0
    case_seconds: float = 30.0
    memory_mb: int = 3000
    processes: int = 256
    file_mb: int = 128
    output_kb: int = 512
    threads: int = 1

    def text(self) -> str:
        """One line for the record of a grade."""
        return ", ".join(f"{name} {value:g}" for name, value in asdict(self).items())
