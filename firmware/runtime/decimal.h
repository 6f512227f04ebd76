// Numbers in decimal, exactly: 0.d1 d2 d3 ... times ten to the power of `point`.
#ifndef DECIMAL_H
#define DECIMAL_H

// The longest double has 767 digits that matter; behind 800 any digit only says "and more".
#define DECIMAL_DIGITS 800

struct decimal {
    int count, point;
    char digits[DECIMAL_DIGITS + 16]; // values, not characters; the first and the last not zero
};

// A finite number that is not negative.
void __to_decimal(struct decimal *to, double value);

// Keep that many digits, rounding to nearest, ties to even.
void __round_decimal(struct decimal *number, int digits);

// The nearest number with `fraction` bits behind its leading one, and an exponent of that many.
double __from_decimal(struct decimal *from, int fraction, int bias);

#endif
