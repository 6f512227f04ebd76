"""The guest's registers, state and memory inside a function.

A register or state has a variable of the function, loaded on entry where it is used and stored on
exit where it is written. Within a block of code its value is kept as it was last read or written;
`flush` puts the changed ones into the variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from rvx.jit.adding import Adding
from rvx.jit.host import Host, this_host
from rvx.jit.layout import Layout, Place, Slot
from rvx.jit.ram import Ram
from rvx.jit.reach import Reach
from rvx.jit.spread import ALIGN, WAYS, Spread
from rvx.jit.text import Function, literal

FLAGS: Final = Place("state", "fflags", 0)
# Counters, and the bit of the state `inhibit` under which each stands still.
COUNTERS: Final = {"cycle": 0, "instret": 2}
INHIBIT: Final = Place("state", "inhibit", 0)
# Wider values stay in the block: they are worked on in place.
_WIDEST: Final = 128

Waiting: TypeAlias = Mapping[Place, Sequence[Adding]]


class Snapshot(NamedTuple):
    """What is known where control flow parts; the additions that have not been made yet."""

    values: dict[Place, str]
    changed: set[Place]
    modes: dict[Place, int]
    waiting: Waiting = MappingProxyType({})


class Guest:
    """Reads and writes of one function. Values are SSA names or literals, as in `text.py`.

    `modes` are the values of the mode states where code is being emitted, `bail` gives the label
    of what leaves native code before the current instruction, `counter` an i64: the state `cycle`
    or `instret` as the current instruction sees it.
    """

    def __init__(
        self,
        out: Function,
        layout: Layout,
        block: str,
        modes: dict[Place, int],
        bail: Callable[[], str],
        *,
        host: Host | None = None,
        counter: Callable[[str], str] | None = None,
        ram: range | None = None,
    ) -> None:
        self.out = out
        self.layout = layout
        self.block = block
        self.modes = modes
        self.bail = bail
        self.host = host or this_host()
        self._has_flags = FLAGS.name in layout.machine.states
        self.uses_host = False  # whether flags may be in the host's status
        self._counter = counter
        self._ram = Ram(out, layout, block, ram)
        self.reach: Reach | None = None  # of the access that is written next; None: only its own
        self._values: dict[Place, str] = {}
        self._changed: set[Place] = set()
        self._variables: dict[Place, str] = {}
        self._written: set[Place] = set()
        self.way = 0  # of a spread quire, that was added to last
        self._waiting: dict[Place, list[Adding]] = {}
        self._zeros = frozenset(
            Place("register", file.name, file.zero)
            for file in layout.machine.files.values()
            if file.zero is not None
        )

    # Registers and state

    def read(self, place: Place) -> str:
        """The value, an i{width}, as the writes so far have left it."""
        if place in self._waiting:
            self.settle()
        if (known := self._values.get(place)) is not None and place != FLAGS:
            return known
        if (constant := self.modes.get(place)) is not None:
            return str(constant)
        if place in self._zeros:
            return "0"
        slot = self.layout.slot(place)
        if place == FLAGS:
            return self.out.resize(self.fflags(), 32, slot.width)
        if (spread := self._spread(place)) is not None:
            value = self._values[place] = spread.get(self.out, self._variable(place))
            return value
        if slot.width > _WIDEST:
            return self._load(place)
        stored = self.out.load(f"i{slot.stored}", self._variable(place), align=_align(slot))
        value = self._values[place] = self.out.resize(stored, slot.stored, slot.width)
        return value

    def write(self, place: Place, value: str) -> None:
        """Take a new value, an i{width}. A mode's goes to the block at once."""
        if place in self._zeros:
            return
        if place in self._waiting:
            self.settle()
        slot = self.layout.slot(place)
        if place in self.modes:
            constant = literal(value)
            if constant is None or constant != self.modes[place]:
                self._store(place, value)
            if constant is not None:
                self.modes[place] = constant
        elif (spread := self._spread(place)) is not None:
            spread.put(self.out, self._variable(place), value)
            self._values[place] = value
            self._written.add(place)
        elif slot.width > _WIDEST:
            self._store(place, value)
        elif place == FLAGS:
            self.host.clear_flags(self.out)
            self._set(place, self.out.resize(value, slot.width, 32))
        else:
            self._set(place, value)

    def is_spread(self, place: Place) -> bool:
        """Whether additions to a wide state need to know one of its ways, too."""
        return self._spread(place) is not None

    def add(self, place: Place, adding: Adding) -> None:
        """Add to a wide state in place, now or together with others that follow."""
        if self._spread(place) is None:
            pointer, offset = self._where(place)
            adding.call(
                self.out, [self.out.value(f"getelementptr i8, ptr {pointer}, i64 {offset}")]
            )
            return
        self._values.pop(place, None)
        self._written.add(place)
        waiting = self._waiting.get(place, [])
        if waiting and waiting[0].one != adding.one:
            self.settle()
        waiting = self._waiting.setdefault(place, [])
        waiting.append(adding)
        if len(waiting) >= adding.most:
            self.settle()

    def settle(self) -> None:
        """Make the additions that have not been made yet."""
        for place, waiting in self._waiting.items():
            spread, variable = self._spread(place), self._variable(place)
            assert spread is not None
            first, missing = waiting[0], waiting[0].most - len(waiting)
            if first.together is not None and missing < len(waiting):
                arguments = [argument for each in waiting for argument in each.arguments]
                nothing = [(type, "0") for type, _ in first.arguments] * missing
                self.out.call("void", first.together(), ("ptr", variable), *arguments, *nothing)
                continue
            for each in waiting:
                self.way += 1
                each.call(self.out, (spread.way(self.out, variable, self.way % WAYS), variable))
        self._waiting.clear()

    @property
    def waits_for(self) -> frozenset[str]:
        """The states with additions that have not been made yet."""
        return frozenset(place.name for place in self._waiting)

    def is_wide(self, place: Place) -> bool:
        """Whether the value stays in the block."""
        return self.layout.slot(place).width > _WIDEST

    def counter(self, name: str) -> str:
        """A counter as the instruction sees it, an i64."""
        assert self._counter is not None, "this function has no counters"
        running = self._counter(name)
        if INHIBIT.name not in self.layout.machine.states:
            return running
        out, width = self.out, self.layout.slot(INHIBIT).width
        bit = out.op("and", width, self.read(INHIBIT), str(1 << COUNTERS[name]))
        stands = out.compare("ne", width, bit, "0")
        return out.select(stands, "i64", self.read(Place("state", name, 0)), running)

    # Flags: those of software are accrued here, those of the host in its status

    def accrue(self, flags: str) -> None:
        """OR flags (an i32) into fflags."""
        if flags != "0" and self._has_flags:
            self._set(FLAGS, self.out.op("or", 32, self._flags(), flags))

    def fflags(self) -> str:
        """The state fflags as it is now, an i32."""
        return self.out.op("or", 32, self._flags(), self.host.take_flags(self.out))

    def accrued(self) -> str:
        """Those of fflags that the host's status does not hold (an i32): cheap to look at."""
        return self._flags()

    def _flags(self) -> str:
        if (known := self._values.get(FLAGS)) is None:
            known = self.out.load("i32", self._variable(FLAGS), align=4)
            self._values[FLAGS] = known
        return known

    # Memory

    def load(self, address: str, size: int) -> str:
        """A load of `size` bytes, an i{8 * size}; bails where it is not one from RAM."""
        return self._ram.load(address, size, self.bail, self.reach)

    def check_store(self, address: str, size: int) -> str:
        """A host pointer for a store; bails where the store is not merely one."""
        return self._ram.check_store(address, size, self.bail, self.reach)

    def room(self, address: str, reach: Reach, *, stores: bool) -> tuple[str, str, str]:
        """Whether bytes lie where no access to them bails, how far inside, and how far at most."""
        return self._ram.room(address, reach, stores=stores)

    def pointer(self, address: str) -> str:
        """Of the host, to where the byte at an address would lie if there is RAM."""
        return self._ram.pointer(address)

    def bail_if(self, condition: str, likely: bool = False) -> None:
        """Leave before the current instruction where the condition (an i1) holds."""
        known = literal(condition)
        if known == 0:
            return
        on = self.out.label("on")
        if known:
            self.out.jump(self.bail())
        else:
            self.out.branch(condition, self.bail(), on, likely)
        self.out.begin(on)

    # Around control flow

    def flush(self, *, settles: bool = True) -> None:
        """Put changed values into the variables, and forget all: the block of code ends here.
        What settles not leaves additions to the only block that follows."""
        if settles:
            self.settle()
        self.write_back()
        self._values.clear()

    def write_back(self) -> None:
        """Put changed values into the variables; what is known stays known."""
        for place in self._changed:
            value = self._values[place]
            if place == FLAGS:
                self._store_flags(value)
            else:
                slot, pointer = self.layout.slot(place), self._variable(place)
                wide = self.out.resize(value, slot.width, slot.stored)
                self.out.store(f"i{slot.stored}", wide, pointer, align=_align(slot))
        self._changed.clear()

    def snapshot(self) -> Snapshot:
        """What is known here; give it to `restore` where code that this dominates begins."""
        waiting = {place: tuple(each) for place, each in self._waiting.items()}
        return Snapshot(dict(self._values), set(self._changed), dict(self.modes), waiting)

    def restore(self, s: Snapshot) -> None:
        """Go on as at the snapshot."""
        self._values = dict(s.values)
        self._changed = set(s.changed)
        self._waiting = {place: list(each) for place, each in s.waiting.items()}
        self.modes.clear()
        self.modes.update(s.modes)

    def entry(self) -> None:
        """Fill the variables from the block. Emit it last, when all uses are known; it must
        dominate them."""
        self._ram.entry()
        for place, variable in self._variables.items():
            slot = self.layout.slot(place)
            if (spread := self._spread(place)) is not None:
                spread.put(self.out, variable, self._load(place))
                continue
            value, width = self._load(place), slot.stored if place != FLAGS else 32
            value = self.out.resize(value, slot.width, width)
            self.out.store(f"i{width}", value, variable, align=min(width // 8, 8))

    def exit(self) -> None:
        """Store the variables that are ever written, and all flags, into the block. Emit it when
        all writes are known, after `flush` on every way to it."""
        for place, variable in self._variables.items():
            if (spread := self._spread(place)) is not None:
                if place in self._written:
                    self._store(place, spread.get(self.out, variable))
            elif place in self._written and place != FLAGS:
                slot = self.layout.slot(place)
                value = self.out.load(f"i{slot.stored}", variable, align=_align(slot))
                self.out.store(f"i{slot.stored}", value, self.block, slot.offset, align=8)
        if FLAGS in self._written or (self.uses_host and self._has_flags):
            slot, flags = self.layout.slot(FLAGS), self.host.take_flags(self.out)
            if FLAGS in self._variables:
                before = self.out.load("i32", self._variables[FLAGS], align=4)
            else:
                before = self.out.resize(self._load(FLAGS), slot.width, 32)
            flags = self.out.op("or", 32, before, flags)
            self._store(FLAGS, self.out.resize(flags, 32, slot.width))

    def _set(self, place: Place, value: str) -> None:
        self._values[place] = value
        self._changed.add(place)
        self._written.add(place)

    def _variable(self, place: Place) -> str:
        if (variable := self._variables.get(place)) is None:
            stored = 32 if place == FLAGS else self.layout.slot(place).stored
            spread = self._spread(place)
            if spread is None:
                variable = self.out.variable(f"i{stored}")
            else:
                variable = self.out.variable(spread.type, ALIGN)
            self._variables[place] = variable
        return variable

    def _spread(self, place: Place) -> Spread | None:
        """How a variable holds a wide state that code may add to."""
        if not self.is_wide(place) or place.space != "state":
            return None
        return Spread.of(self.layout.machine.states[place.name])

    def _store_flags(self, value: str) -> None:
        """Put fflags (an i32) into its variable."""
        self.out.store("i32", value, self._variable(FLAGS), align=4)

    def _load(self, place: Place) -> str:
        """From the block."""
        slot, (pointer, offset) = self.layout.slot(place), self._where(place)
        value = self.out.load(f"i{slot.stored}", pointer, offset, align=8)
        return self.out.resize(value, slot.stored, slot.width)

    def _store(self, place: Place, value: str) -> None:
        """Into the block."""
        slot, (pointer, offset) = self.layout.slot(place), self._where(place)
        wide = self.out.resize(value, slot.width, slot.stored)
        self.out.store(f"i{slot.stored}", wide, pointer, offset, align=8)

    def _where(self, place: Place) -> tuple[str, int | str]:
        """Where the block has it: a pointer, and an offset in bytes."""
        return self.block, self.layout.slot(place).offset


def _align(slot: Slot) -> int:
    """Bytes at which a variable for it is aligned at least."""
    return min(slot.stored // 8, 8)
