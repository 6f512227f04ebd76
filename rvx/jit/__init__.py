"""The JIT engine: regions of guest code as native code, from the same model as the reference.

It differs from the reference in nothing but time. What it cannot or need not translate (traps, host
calls, devices, writes to code) it leaves to the reference, before the instruction.
"""
