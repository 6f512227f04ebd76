"""What kernels must compute, in float64: one definition a kernel, outside the firmware."""
