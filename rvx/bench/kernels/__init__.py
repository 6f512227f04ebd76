"""The kernels of `firmware/kernels`: a table a family, and all of them by name."""

from __future__ import annotations

from typing import Final

from rvx.bench.kernel import Kernel
from rvx.bench.kernels import elementwise, image, normalization, product, quantize, sequence

KERNELS: Final[dict[str, Kernel]] = {
    kernel.name: kernel
    for family in (product, quantize, elementwise, normalization, image, sequence)
    for kernel in family.KERNELS
}
