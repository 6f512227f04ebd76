"""The machine: memory, programs and the host around the hart."""
