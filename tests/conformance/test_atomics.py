"""What A does beside what random operands show: reservations, ordering bits, aliased registers
(unprivileged manual 14)."""

from random import Random

import pytest

from .single import RAM, Single
from .values import corner_words

SINGLE = Single("rv32ima")
WORD, OTHER = RAM.start + 0x100, RAM.start + 0x104
SUCCESS, FAILURE = 0, 1
ORDERS = ("w", "w.aq", "w.rl", "w.aqrl")


@pytest.fixture
def single():
    SINGLE.states["reserved"][0] = 0
    SINGLE.x[1:8] = [WORD, OTHER, 0, 0, 77, 88, 99]
    SINGLE.memory.store(WORD, 8, 0x22222222_11111111)
    return SINGLE


def lr(single, address=1, rd=3):
    single.run("lr.w", rd=rd, rs1=address)
    return single.x[rd]


def sc(single, address=1, value=5):
    single.run("sc.w", rd=4, rs1=address, rs2=value)
    return single.x[4]


def word(single, address=WORD):
    return single.memory.load(address, 4)


def test_a_reserved_word_is_stored_to(single):
    assert lr(single) == 0x11111111
    assert sc(single) == SUCCESS
    assert word(single) == 77


def test_without_a_reservation_nothing_is_stored(single):
    assert sc(single) == FAILURE
    assert word(single) == 0x11111111


def test_another_word_is_not_reserved(single):
    lr(single)
    assert sc(single, address=2) == FAILURE
    assert word(single, OTHER) == 0x22222222


@pytest.mark.parametrize("first", [1, 2])
def test_any_store_conditional_ends_the_reservation(single, first):
    lr(single)
    sc(single, address=first)
    assert sc(single) == FAILURE


def test_the_last_load_reserved_counts(single):
    lr(single)
    lr(single, address=2)
    assert sc(single) == FAILURE
    lr(single)
    lr(single, address=2)
    assert sc(single, address=2) == SUCCESS


def test_a_store_of_this_hart_does_not_end_the_reservation(single):
    """14.2 lets an implementation choose; Spike does the same, QEMU compares the word."""
    lr(single)
    single.run("sw", rs1=1, rs2=6, imm=0)
    single.run("amoadd.w", rd=0, rs1=1, rs2=6)
    assert sc(single) == SUCCESS
    assert word(single) == 77


def test_a_trap_does_not_end_the_reservation(single):
    """Privileged manual 3.3.2: handlers end it by an sc.w of their own where they need to."""
    lr(single)
    single.hart.trap(3, 0)
    single.run("mret")
    assert sc(single) == SUCCESS


def test_the_address_of_the_destination_may_be_overwritten(single):
    assert lr(single, rd=1) == 0x11111111
    single.x[1] = WORD
    single.run("sc.w", rd=1, rs1=1, rs2=5)
    assert (single.x[1], word(single)) == (SUCCESS, 77)


OPERATIONS = {
    "swap": lambda old, new: new,
    "add": lambda old, new: old + new,
    "xor": lambda old, new: old ^ new,
    "and": lambda old, new: old & new,
    "or": lambda old, new: old | new,
    "min": lambda old, new: min(old, new, key=signed),
    "max": lambda old, new: max(old, new, key=signed),
    "minu": min,
    "maxu": max,
}


def signed(value):
    return (value ^ 1 << 31) - (1 << 31)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations(single, operation, order):
    random, corners = Random(1), corner_words(32)
    bound = single.bind(f"amo{operation}.{order}", rd=3, rs1=1, rs2=5)
    for _ in range(300):
        old, new = random.choice(corners), random.choice(corners)
        single.memory.store(WORD, 4, old)
        single.x[5] = new
        single.execute(bound)
        assert (single.x[3], word(single)) == (old, OPERATIONS[operation](old, new) & 0xFFFFFFFF)


def test_one_register_for_all_operands(single):
    single.run("amoadd.w", rd=1, rs1=1, rs2=1)
    assert (single.x[1], word(single)) == (0x11111111, 0x11111111 + WORD & 0xFFFFFFFF)


@pytest.mark.parametrize("order", ORDERS)
def test_ordering_bits(order):
    """aq is bit 26, rl bit 25; a hart alone need not do anything for them."""
    instructions = SINGLE.machine.instructions
    bits = ("aq" in order) << 1 | ("rl" in order)
    for name in ("lr", "sc", *(f"amo{operation}" for operation in OPERATIONS)):
        assert instructions[f"{name}.{order}"].match >> 25 & 3 == bits
