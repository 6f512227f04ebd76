"""Why a run takes the cycles that it takes: stalls by reason and place, and pipeline diagrams."""
