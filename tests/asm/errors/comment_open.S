_start:
    /* no end
