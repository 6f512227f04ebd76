# A function whose whole body is one macro.
.macro kernel name, body
    .text
    .globl   \name
    .type    \name, @function
\name:
    \body
    .size    \name, . - \name
.endm
