"""Agreement of the instructions with sources that share no code with rvx.

`test_encodings`: LLVM's assembler, capstone, riscv-model. `test_lockstep_unicorn`: QEMU (where it
is wrong: `deviation`). `test_softfloat`: Berkeley SoftFloat. `test_xdotp` and `test_xposit`:
recordings of cvfpu and PERCIVAL. `test_pitfalls`, `test_csrs` and `test_traps`: the manuals, case
by case.
"""
