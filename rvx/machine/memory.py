"""Guest memory: RAM anywhere in the address space, device ports beside it, watches on stores.

RAM is anonymous memory of the host: it reads as zero and costs nothing until it is touched.
Alignment is not this module's business; an address is the unsigned value the hart computed.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from rvx.record import record

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

Access: TypeAlias = Literal["load", "store", "fetch"]

# Guest byte order is little, whatever the host's is.
_STRUCTS: Final = {1: Struct("<B"), 2: Struct("<H"), 4: Struct("<I"), 8: Struct("<Q")}
_UNPACK: Final = {size: struct.unpack_from for size, struct in _STRUCTS.items()}
_PACK: Final = {size: struct.pack_into for size, struct in _STRUCTS.items()}
_MASK: Final = {size: (1 << 8 * size) - 1 for size in _STRUCTS}
_CHUNK: Final = 1 << 16


class AccessFault(Exception):
    """An access to an address where nothing is; the hart makes it the trap of that kind."""

    def __init__(self, address: int, size: int, kind: Access) -> None:
        super().__init__(f"{kind} of {size} bytes at {address:#010x}, outside of RAM")
        self.address = address
        self.size = size  # bytes
        self.kind = kind


class MemoryMapError(ValueError):
    """RAM or a port that cannot be where it was asked for: one line for the user."""


@record(frozen=True, eq=False)
class Region:
    """One contiguous piece of RAM; regions never touch each other."""

    base: int
    size: int  # bytes
    bytes: memoryview  # writable

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.base + self.size


@record(frozen=True, eq=False)
class _Port:
    base: int
    size: int
    word: int
    on_store: Callable[[int, int], None]
    on_load: Callable[[int], int]


class Memory:
    """What the guest sees behind its addresses.

    `ram` gives the addresses of RAM; the region that holds the first of them is the fast one.
    Raises MemoryMapError where they overlap or the host has no memory for them.
    """

    def __init__(self, ram: Sequence[range]) -> None:
        if not all(ram) or not ram:
            raise MemoryMapError("a machine needs RAM")
        first = ram[0].start
        regions = [
            Region(addresses.start, len(addresses), _allocate(len(addresses)))
            for addresses in _joined(ram)
        ]
        # Sorting by "not the one" is stable, so the others stay in the order of their addresses.
        self.regions = tuple(sorted(regions, key=lambda r: not r.base <= first < r.end))
        self._ports: list[_Port] = []
        self._watches: list[tuple[range, Callable[[int, int], None]]] = []
        # Called after every write, the guest's and the host's but not those to a `view`, with its
        # address and bytes.
        self.on_write: Callable[[int, int], None] | None = None
        fast = self.regions[0]
        self._base, self._size, self._ram = fast.base, fast.size, fast.bytes
        self._window_base, self._window_size, self._window = fast.base, fast.size, fast.bytes

    def load(self, address: int, size: int) -> int:
        """The unsigned value of `size` bytes. Raises AccessFault."""
        offset = address - self._base
        if 0 <= offset <= self._size - size and size in _UNPACK:
            value: int = _UNPACK[size](self._ram, offset)[0]
            return value
        if (port := self._port(address, size)) is not None:
            return port.on_load(address - port.base)
        return int.from_bytes(self._slice(address, size, "load"), "little")

    def fetch(self, address: int, size: int) -> int:
        """As `load`, for instructions: there are none in devices. Raises AccessFault."""
        offset = address - self._base
        if 0 <= offset <= self._size - size and size in _UNPACK:
            value: int = _UNPACK[size](self._ram, offset)[0]
            return value
        return int.from_bytes(self._slice(address, size, "fetch"), "little")

    def store(self, address: int, size: int, value: int) -> None:
        """Store the low `size` bytes of the value. Raises AccessFault, and what a port or a watch
        raises: the store has then happened."""
        offset = address - self._window_base
        if 0 <= offset <= self._window_size - size and size in _PACK:
            _PACK[size](self._window, offset, value & _MASK[size])
            if self.on_write is not None:
                self.on_write(address, size)
            return
        value &= (1 << 8 * size) - 1
        if (port := self._port(address, size)) is not None:
            port.on_store(address - port.base, value)
            return
        self._slice(address, size, "store")[:] = value.to_bytes(size, "little")
        if self.on_write is not None:
            self.on_write(address, size)
        for watched, on_store in self._watches:
            if address < watched.stop and watched.start < address + size:
                on_store(address, size)

    def check_store(self, address: int, size: int) -> None:
        """Raise AccessFault where a store would, and change nothing."""
        if not 0 <= address - self._base <= self._size - size and not self._port(address, size):
            self._slice(address, size, "store")

    def check(self, address: int, length: int) -> None:
        """Raise AccessFault where not all of it is RAM."""
        self._slice(address, length, "store")

    def read(self, address: int, length: int) -> bytes:
        """Bytes of RAM, for the host: no port answers. Raises AccessFault."""
        return bytes(self._slice(address, length, "load"))

    def write(self, address: int, data: bytes) -> None:
        """Put bytes into RAM, for the host: no port and no watch notices.

        Raises AccessFault, and then nothing has been written.
        """
        self._slice(address, len(data), "store")[:] = data
        if self.on_write is not None and data:
            self.on_write(address, len(data))

    def peek(self, address: int, length: int) -> bytes:
        """As `read`, or as much of it as there is."""
        for region in self.regions:
            if region.base <= address < region.end:
                return bytes(region.bytes[address - region.base :][:length])
        return b""

    def clear(self, address: int, length: int) -> None:
        """Make bytes zero, without touching those that are zero already. Raises AccessFault."""
        whole = self._slice(address, length, "store")
        for start in range(0, length, _CHUNK):
            chunk = whole[start : start + _CHUNK]
            if chunk.tobytes() != (zeros := bytes(len(chunk))):
                chunk[:] = zeros
        if self.on_write is not None and length:
            self.on_write(address, length)

    def view(self, address: int, dtype: DTypeLike, shape: int | Sequence[int]) -> NDArray[Any]:
        """RAM as a numpy array, not a copy: writing the array writes RAM, unnoticed by watches.

        `dtype` is taken as little-endian. Raises AccessFault where not all of it is RAM.
        """
        import numpy as np  # takes longer than most runs

        element = np.dtype(dtype)
        if sys.byteorder == "big":
            element = element.newbyteorder("<")
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        length = int(np.prod(shape, dtype=object)) * element.itemsize
        return np.ndarray(shape, element, buffer=self._slice(address, length, "load"))

    def add_port(
        self,
        base: int,
        size: int,
        word: int,
        on_store: Callable[[int, int], None],
        on_load: Callable[[int], int],
    ) -> None:
        """Let a device answer aligned accesses of `word` bytes at the `size` bytes from `base`,
        which must be free; other accesses there fault.

        `on_store(offset, value)` and `on_load(offset)` get the offset from `base` in bytes; a load
        may raise AccessFault. Raises MemoryMapError.
        """
        taken: list[Region | _Port] = [*self.regions, *self._ports]
        if any(base < other.base + other.size and other.base < base + size for other in taken):
            raise MemoryMapError(f"a port at {base:#010x} would lie inside RAM or another port")
        self._ports.append(_Port(base, size, word, on_store, on_load))

    def watch(self, address: int, size: int, on_store: Callable[[int, int], None]) -> None:
        """Call `on_store(address, size)` after each guest store that touches these bytes of RAM.

        The largest part of the fast region with no watch in it keeps its fast stores.
        Raises AccessFault where there is no RAM.
        """
        self._slice(address, size, "store")
        self._watches.append((range(address, address + size), on_store))
        end = self._base + self._size
        marked = [watched for watched, _ in self._watches if self._base <= watched.start < end]
        stops = [self._base, *sorted(watched.stop for watched in marked)]
        starts = [*sorted(watched.start for watched in marked), end]
        quiet = max((range(*gap) for gap in zip(stops, starts, strict=True)), key=len)
        self._window_base, self._window_size = quiet.start, len(quiet)
        self._window = self._ram[quiet.start - self._base :][: len(quiet)]

    @property
    def host_address(self) -> int:
        """Where the host has the first byte of the fast region."""
        return ctypes.addressof(ctypes.c_char.from_buffer(self._ram))

    @property
    def watched(self) -> list[range]:
        """Where a store is more than a store."""
        return [addresses for addresses, _ in self._watches]

    @property
    def quiet(self) -> range:
        """Addresses in the fast region where a store is nothing but a store: no watch there."""
        return range(self._window_base, self._window_base + self._window_size)

    def _port(self, address: int, size: int) -> _Port | None:
        for port in self._ports:
            offset = address - port.base
            if 0 <= offset < port.size and size == port.word and offset % size == 0:
                return port
        return None

    def _slice(self, address: int, length: int, kind: Access) -> memoryview:
        """The bytes themselves. No bytes are no access: they may be anywhere."""
        for region in self.regions:
            if region.base <= address and address + length <= region.end:
                return region.bytes[address - region.base :][:length]
        if not length:
            return memoryview(bytearray())
        raise AccessFault(address, length, kind)


def _joined(ram: Sequence[range]) -> list[range]:
    """Adjacent pieces are one RAM to the guest: an access may straddle them."""
    ordered = sorted(ram, key=lambda piece: piece.start)
    joined = ordered[:1]
    for below, piece in pairwise(ordered):
        if piece.start < below.stop:
            raise MemoryMapError(f"two pieces of RAM overlap at {piece.start:#010x}")
        if piece.start == below.stop:
            joined[-1] = range(joined[-1].start, piece.stop)
        else:
            joined.append(piece)
    return joined


def _allocate(size: int) -> memoryview:
    try:
        if sys.platform == "win32":
            return memoryview(mmap.mmap(-1, size))
        # Private, so that reading an untouched page takes no memory; unreserved, where the host
        # can, so that --ram 0:4G works on a small one.
        unreserved = getattr(mmap, "MAP_NORESERVE", 0)
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | unreserved
        return memoryview(mmap.mmap(-1, size, flags=flags))
    except (OSError, OverflowError, ValueError) as error:
        raise MemoryMapError(f"the host has no memory for {size:#x} bytes of RAM") from error
