"""The losses of the workloads in numpy and float64, forward only: what gradients are held to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rvx.train.data import DataSet

Array = np.ndarray


class Parts:
    """Parameters one behind the other, each part rounded up to four elements."""

    def __init__(self, weights: Array) -> None:
        self._weights, self._at = weights, 0

    def take(self, *shape: int) -> Array:
        count = int(np.prod(shape))
        found = self._weights[self._at : self._at + count].reshape(shape)
        self._at += -(-count // 4) * 4
        return found

    @property
    def is_used_up(self) -> bool:
        return self._at == len(self._weights)


def entropy(logits: Array, labels: Array) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    chances = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return float(-chances[np.arange(len(labels)), labels].mean())


def dense(x: Array, parts: Parts, out: int) -> Array:
    return x @ parts.take(out, x.shape[-1]).T + parts.take(out)


def digits(data: DataSet) -> tuple[Array, Array]:
    entries = np.frombuffer(data.data, np.uint8).reshape(-1, 65)[: data.train]
    return entries[:, 1:] / 16, entries[:, 0].astype(int)


def mlp(weights: Array, data: DataSet, shift: int) -> float:
    x, labels = digits(data)
    parts = Parts(weights)
    hidden = np.maximum(dense(x, parts, 64), 0)
    found = entropy(dense(hidden, parts, 10), labels)
    assert parts.is_used_up
    return found


def convolved(images: Array, parts: Parts, filters: int, stride: int) -> Array:
    """3 by 3 windows over images[n][h][w][c], padded by one."""
    n, h, w, c = images.shape
    kernel, bias = parts.take(filters, 3, 3, c), parts.take(filters)
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows, columns = range(0, h, stride), range(0, w, stride)
    found = np.zeros((n, len(rows), len(columns), filters))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            window = padded[:, top : top + 3, left : left + 3, :]
            found[:, i, j] = np.einsum("nhwc,fhwc->nf", window, kernel) + bias
    return found


def cnn(weights: Array, data: DataSet, shift: int) -> float:
    x, labels = digits(data)
    parts = Parts(weights)
    first = np.maximum(convolved(x.reshape(-1, 8, 8, 1), parts, 8, 1), 0)
    second = np.maximum(convolved(first, parts, 16, 2), 0)
    found = entropy(dense(second.reshape(len(x), -1), parts, 10), labels)
    assert parts.is_used_up
    return found


def regression(weights: Array, data: DataSet, shift: int) -> float:
    entries = np.frombuffer(data.data, "<i2").reshape(-1, 21)[: data.train].astype(float)
    power = 2.0 ** entries[:, 20:]
    parts = Parts(weights)
    y = entries[:, :16] / 2**12 * power
    for out, is_hidden in ((64, True), (64, True), (4, False)):
        y = y @ parts.take(out, y.shape[1]).T
        y = np.maximum(y, 0) if is_hidden else y
    assert parts.is_used_up
    return float(np.mean((y / power - entries[:, 16:20] / 2**12) ** 2))


def normalised(x: Array, parts: Parts) -> Array:
    gamma, beta = parts.take(x.shape[-1]), parts.take(x.shape[-1])
    centred = x - x.mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) + beta


def attended(x: Array, parts: Parts) -> Array:
    n, d = x.shape[1:]
    q, k, v = (x @ parts.take(d, d).T for _ in range(3))
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(d)
    scores = np.where(np.tri(n, dtype=bool), scores, -np.inf)
    chances = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True) @ v


def gelu(x: Array) -> Array:
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def windows(data: DataSet, shift: int) -> Iterator[Array]:
    codes = np.frombuffer(data.data, np.uint8).astype(int)
    for i in range(data.train):
        yield codes[i * 32 + shift : i * 32 + shift + 33]


def transformer(weights: Array, data: DataSet, shift: int) -> float:
    text = np.array(list(windows(data, shift)))
    tokens, labels = text[:, :-1], text[:, 1:].reshape(-1)
    parts = Parts(weights)
    symbols, positions = parts.take(32, 64), parts.take(32, 64)
    x = symbols[tokens] + positions
    x = x + dense(attended(normalised(x, parts), parts), parts, 64)
    x = x + dense(gelu(dense(normalised(x, parts), parts, 256)), parts, 64)
    found = entropy(dense(normalised(x, parts), parts, 32).reshape(-1, 32), labels)
    assert parts.is_used_up
    return found


LOSSES = {"mlp": mlp, "cnn": cnn, "regression": regression, "transformer": transformer}
