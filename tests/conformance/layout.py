"""Where things lie in the memory of the two machines that are compared."""

CODE = range(0x8000_0000, 0x8040_0000)
SLOT_BYTES = 8  # an instruction and the jump behind it
# Far enough from the ends of CODE for the longest jump.
SLOTS = range(CODE.start + 0x10_0000, CODE.start + 0x12_0000, SLOT_BYTES)
DUMP_CODE = SLOTS.start - 0x1000  # where unicorn's registers are stored from
DATA = range(0x9000_0000, 0x9000_1000)
TOP = range(0xFFFF_F000, 0x1_0000_0000)  # what x0 reaches with a negative offset
