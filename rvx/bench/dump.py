"""Results as arrays, so that anyone can recompute the errors.

A folder for each run, `KERNEL-SIZE/SYSTEM`, holds for every operand NAME as float64 its values
before they were rounded (`input_NAME.npy`) and after (`operand_NAME.npy`), for every result
`result_NAME.npy` and the float64 answers for both (`reference_NAME.npy`,
`reference_quantized_NAME.npy`), and raw codes (`operand_NAME_codes.npy`, `result_NAME_codes.npy`).
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
            place = Path(f"{result.kernel}-{result.size}", result.system)
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
    for name, operand in arrays.operands.items():
        yield f"input_{name}.npy", arrays.inputs[name]
        yield f"operand_{name}.npy", operand.values
        yield f"operand_{name}_codes.npy", operand.codes
    for name, output in arrays.outputs.items():
        yield f"result_{name}.npy", output.matrix.values
        yield f"result_{name}_codes.npy", output.matrix.codes
        yield f"reference_{name}.npy", output.reference
        yield f"reference_quantized_{name}.npy", output.quantized_reference
