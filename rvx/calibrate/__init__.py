"""Finding a core's numbers: its declaration with free parameters against measured cycles."""
