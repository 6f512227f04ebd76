"""Networks trained on the simulated machine: what a number system does to accuracy and cycles."""
