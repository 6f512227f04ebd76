_start:
    .error "this core has no multiplier"
