/* Words of at most 64 bits, and integers. */
RVXE_FUNCTION uint64_t rvxe_divide(uint64_t a, uint64_t b, uint64_t ones)
{
    return b ? a / b : ones;
}
RVXE_FUNCTION uint64_t rvxe_remainder(uint64_t a, uint64_t b)
{
    return b ? a % b : a;
}
RVXE_FUNCTION uint64_t rvxe_left(uint64_t a, uint64_t by)
{
    return by < 64 ? a << by : 0;
}
RVXE_FUNCTION uint64_t rvxe_right(uint64_t a, uint64_t by)
{
    return by < 64 ? a >> by : 0;
}
RVXE_FUNCTION int64_t rvxe_signed(uint64_t word, int bits)
{
    const uint64_t top = (uint64_t)1 << (bits - 1);
    return (int64_t)((word ^ top) - top);
}
RVXE_FUNCTION int64_t rvxe_clz(uint64_t word, int bits)
{
    int64_t found = bits;
    for (; word; word >>= 1)
        found--;
    return found;
}
RVXE_FUNCTION int64_t rvxe_ctz(uint64_t word, int bits)
{
    int64_t found = 0;
    while (found < bits && !(word >> found & 1))
        found++;
    return found;
}
RVXE_FUNCTION int64_t rvxe_popcount(uint64_t word, int bits)
{
    int64_t found = 0;
    (void)bits;
    for (; word; word &= word - 1)
        found++;
    return found;
}
RVXE_FUNCTION int64_t rvxe_floor_shift(int64_t a, uint64_t by)
{
    if (by > 63)
        return a < 0 ? -1 : 0;
    return a < 0 ? ~(~a >> by) : a >> by;
}
RVXE_FUNCTION int64_t rvxe_lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
RVXE_FUNCTION int64_t rvxe_greater(int64_t a, int64_t b)
{
    return a < b ? b : a;
}
RVXE_FUNCTION int64_t rvxe_clamp(int64_t a, int64_t low, int64_t high)
{
    return a < low ? low : a > high ? high : a;
}
RVXE_FUNCTION int64_t rvxe_integer_abs(int64_t a)
{
    return a < 0 ? -a : a;
}
RVXE_FUNCTION int64_t rvxe_integer_sign(int64_t a)
{
    return (a > 0) - (a < 0);
}
/* The host's memory. */
RVXE_FUNCTION uint64_t rvxe_load(uint64_t address, int size)
{
    const void *const at = (const void *)(uintptr_t)address;
    uint64_t found = 0;
    __builtin_memcpy(&found, at, (size_t)size);
    return found;
}
RVXE_FUNCTION void rvxe_store(uint64_t address, int size, uint64_t value)
{
    void *const at = (void *)(uintptr_t)address;
    __builtin_memcpy(at, &value, (size_t)size);
}
/* The bits of C's floating-point types. */
RVXE_FUNCTION uint64_t rvxe_float_bits(float value)
{
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
RVXE_FUNCTION float rvxe_bits_float(uint64_t word)
{
    const uint32_t bits = (uint32_t)word;
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}
RVXE_FUNCTION uint64_t rvxe_double_bits(double value)
{
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
RVXE_FUNCTION double rvxe_bits_double(uint64_t bits)
{
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}
