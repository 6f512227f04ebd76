_start:
    .include "nowhere.inc"
