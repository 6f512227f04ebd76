"""The checked model of a machine: the one thing that every engine and tool reads."""
