"""Transposition and im2col: `firmware/kernels/layout/layout.h`. Images are (h, w, c)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Values, exactly


@dataclass(frozen=True)
class Window:
    """What moves over an image: kh by kw, `stride` apart, with `pad` zeros on every side."""

    h: int
    w: int
    c: int
    kh: int
    kw: int
    stride: int
    pad: int

    @property
    def rows(self) -> int:
        """Of positions."""
        return (self.h + 2 * self.pad - self.kh) // self.stride + 1

    @property
    def columns(self) -> int:
        return (self.w + 2 * self.pad - self.kw) // self.stride + 1

    @property
    def taps(self) -> int:
        """Elements under the window."""
        return self.kh * self.kw * self.c

    def patches(self, x: Values) -> Values:
        """im2col: (positions, taps)."""
        padded = np.pad(x, ((self.pad, self.pad), (self.pad, self.pad), (0, 0)))
        views = np.lib.stride_tricks.sliding_window_view(padded, (self.kh, self.kw), axis=(0, 1))
        chosen = views[:: self.stride, :: self.stride].transpose(0, 1, 3, 4, 2)
        return np.ascontiguousarray(chosen).reshape(self.rows * self.columns, self.taps)

    def gathered(self, patches: Values) -> Values:
        """col2im, the transpose of `patches`: what lies on one element is added up."""
        image = np.zeros((self.h + 2 * self.pad, self.w + 2 * self.pad, self.c))
        parts = patches.reshape(self.rows, self.columns, self.kh, self.kw, self.c)
        for i in range(self.kh):
            for j in range(self.kw):
                rows = slice(i, i + self.rows * self.stride, self.stride)
                columns = slice(j, j + self.columns * self.stride, self.stride)
                image[rows, columns] += parts[:, :, i, j]
        return image[self.pad : self.pad + self.h, self.pad : self.pad + self.w]


def transpose(inputs: Inputs) -> dict[str, Answer]:
    return {"y": exactly(inputs["x"].T)}


def im2col(window: Window, inputs: Inputs) -> dict[str, Answer]:
    return {"columns": exactly(window.patches(inputs["x"]))}


def col2im(window: Window, inputs: Inputs) -> dict[str, Answer]:
    columns = inputs["columns"]
    terms = window.kh * window.kw
    magnitude = window.gathered(np.abs(columns))
    return {"dx": Answer(window.gathered(columns), magnitude, terms, stores=terms)}
