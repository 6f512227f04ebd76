"""The description language: what it means, what it refuses, and five sets of inventions."""
