"""Start-up code, kernels and their contracts: sources for the assembler, no Python."""
