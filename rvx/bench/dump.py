"""Results as arrays, so that anyone can recompute the errors.

A folder for each run, `KERNEL-SIZE/VARIANT`, holds as float64 the operands before quantization
(`inputs_0.npy`, `inputs_1.npy`), quantized (`operand_0.npy`, ...), the result (`result.npy`) and
the two float64 answers (`reference.npy`, `reference_quantized.npy`), and as raw codes
`operand_0_codes.npy`, ..., and `result_codes.npy`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rvx.bench.result import Arrays, Result


def dump(results: Sequence[Result], directory: Path) -> list[Path]:
    """Write the arrays; the folders written. Raises OSError, and then no file is half-written."""
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with _scratch(directory) as scratch:
        for result in results:
            place = Path(f"{result.kernel}-{result.size}", result.variant)
            (scratch / place).mkdir(parents=True)
            for name, array in _files(result.arrays):
                np.save(scratch / place / name, array)
            written.append(directory / place)
        for target in written:
            target.mkdir(parents=True, exist_ok=True)
            for file in (scratch / target.relative_to(directory)).iterdir():
                file.replace(target / file.name)
    return written


def _scratch(directory: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix=".rvx-dump-", dir=directory)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(directory)) from None


def _files(arrays: Arrays) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for i, (inputs, operand) in enumerate(zip(arrays.inputs, arrays.operands, strict=True)):
        yield f"inputs_{i}.npy", inputs
        yield f"operand_{i}.npy", operand.values
        yield f"operand_{i}_codes.npy", operand.codes
    yield "result.npy", arrays.result.values
    yield "result_codes.npy", arrays.result.codes
    yield "reference.npy", arrays.reference
    yield "reference_quantized.npy", arrays.quantized_reference
