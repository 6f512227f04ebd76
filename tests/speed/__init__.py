"""The host benchmark: `python -m tests.speed` runs the guests of `firmware/guests` on rvx and on
the engines that are installed, and natively."""
