"""Self-tests of single instructions, derived from their descriptions: `rvx verify`."""
