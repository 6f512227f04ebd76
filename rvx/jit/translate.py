"""From guest code to a region: discovery, then blocks specialised by situation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rvx.jit.block_key import First
from rvx.jit.discover import Discovery
from rvx.jit.host import Host
from rvx.jit.layout import Layout
from rvx.jit.lowering import Untranslatable
from rvx.jit.region import Region
from rvx.jit.routine import Routines
from rvx.jit.situation import Pending, Situations
from rvx.jit.timing import Decoded, Timing
from rvx.jit.writer import RegionWriter
from rvx.model.decoder import Decoder, length_of
from rvx.model.machine import Instruction, Machine

__all__ = ["Translator", "Untranslatable"]

# Instructions of a region. Translation time is linear in it.
MOST_INSTRUCTIONS = 500
# First code goes on behind what is there already: it looks so many times further.
_REACH = 2
_MOST_WORDS = 1 << 14  # that are remembered as instructions


class Translator:
    """Makes the regions of one machine, core and program."""

    def __init__(
        self,
        machine: Machine,
        layout: Layout,
        situations: Situations,
        timing: Timing,
        fetch: Callable[[int], int | None],
        stops: frozenset[int],
        host: Host,
        *,
        observed: bool = False,
        ram: range | None = None,
    ) -> None:
        """`fetch(pc)` gives the word at pc, or None where there is none. An instruction at one of
        `stops` is never translated: the reference executes it. Observed regions note the pc and
        the cycle of each retired instruction, two i64, where the slot `log` points, and move it
        on; the limit is what keeps them from noting too many. `ram` is where RAM lies; None: the
        block says it."""
        self.machine = machine
        self.layout = layout
        self.situations = situations
        self.timing = timing
        self.host = host
        self.observed = observed
        self.ram = ram
        self._fetch = fetch
        self._stops = stops
        self._decoder = Decoder(machine)
        self._words: dict[int, tuple[Instruction, Mapping[str, int], int] | None] = {}
        self.routines = Routines(machine, layout, host, ram)

    def region(
        self,
        pc: int,
        situation: int,
        targets: Mapping[int, Sequence[int]],
        most: int = MOST_INSTRUCTIONS,
        serves: Callable[[int, int], bool] | None = None,
        is_done: Callable[[int], bool] | None = None,
    ) -> Region:
        """The region that is entered at pc in a situation (pending).

        `targets` are observed targets of indirect jumps, by the pc of the jump. Raises
        Untranslatable where not even the first instruction can be translated. With `serves`, which
        tells whether there is code for a pc and situation, it is first code (`writer.First`), and
        does not go on behind what `is_done`: where there is code for a pc in any situation.
        """
        entry = self.situations[situation]
        assert isinstance(entry.hazard, Pending)
        first = None if serves is None else First(serves, most)
        reach = most if first is None else _REACH * most
        found = Discovery(self.decode, self._stops, targets, reach, is_done).run(pc)
        if pc not in found.instructions:
            raise Untranslatable(f"no instruction at {pc:#x}")
        writer = RegionWriter(self, found, pc, entry, first)
        kind = "region" if first is None else "first"  # both may be linked together
        return writer.write(f"{kind}.{pc:x}.{situation:x}")

    def decode(self, pc: int) -> Decoded | None:
        """The instruction at pc, or None where there is none."""
        word = self._fetch(pc)
        return None if word is None else self.decoded(pc, word)

    def decoded(self, pc: int, word: int) -> Decoded | None:
        """The instruction that a word is at pc, or None."""
        try:
            found = self._words[word]
        except KeyError:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            found = self._words[word] = self._decoded(word)
        return None if found is None else Decoded(pc, word, *found)

    def _decoded(self, word: int) -> tuple[Instruction, Mapping[str, int], int] | None:
        """What a word is, its long form's fields, and its own length; None where it is nothing."""
        instruction = self._decoder.decode(word)
        if instruction is None:
            return None
        long, fields = instruction.expand(instruction.decode(word))
        if long.rm is not None and fields["rm"] not in self.machine.roundings:
            return None  # a rounding mode that there is not: the word is no instruction
        return long, fields, length_of(word)
