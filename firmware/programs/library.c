// The rest of the library: strings, integers from text, jumps, ends, and mathematics to as many
// digits as every library has right.
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf again;

static void deep(int depth)
{
    volatile char room[100];
    room[0] = (char)depth;
    if (depth == 20)
        longjmp(again, 5);
    deep(depth + 1);
    room[1] = room[0];
}

static void jumps(void)
{
    volatile int count = 0;
    double kept = sqrt((double)count + 2);
    int value = setjmp(again);
    count++;
    if (count < 3)
        deep(value);
    printf("jumped %d times, %d, %.6f\n", count - 1, value, kept);
}

static void strings(void)
{
    char to[64] = "abc", words[] = "one, two;three ,four";
    strcat(to, "def");
    strncat(to, "ghijk", 2);
    printf("%s %zu %d %d\n", to, strlen(to), strcmp(to, "abd") < 0, strncmp(to, "abcx", 3));
    printf("%s %s %s\n", strchr(to, 'd'), strrchr("a/b/c", '/'), strstr("haystack with needle", "need"));
    printf("%zu %zu %s\n", strspn("aabbc", "ab"), strcspn("hello", "l"), strpbrk("hello", "xyzl"));
    for (char *word = strtok(words, ",; "); word; word = strtok(0, ",; "))
        printf("[%s]", word);
    memmove(to + 2, to, 6);
    printf(" %s %d\n", to, memcmp("abc", "abd", 3) < 0);
    for (int from = 0; from < 8; from++)
        for (int by = 0; by < 8; by++) {
            char buffer[48];
            for (int i = 0; i < 48; i++)
                buffer[i] = (char)('A' + i % 26);
            memmove(buffer + by, buffer + from, 33);
            memset(buffer + 40 - by, '.', (size_t)by);
            unsigned hash = 0;
            for (int i = 0; i < 48; i++)
                hash = hash * 131 + (unsigned char)buffer[i];
            if (from == by || from + by == 7)
                printf("%x ", hash);
        }
    printf("\n%d%d%d%d%d %c%c\n", !!isalpha('x'), !!isdigit('x'), !!isspace('\n'), !!ispunct('!'), !!isxdigit('F'),
           toupper('q'), tolower('Q'));
}

static void integers(void)
{
    char *end;
    errno = 0;
    long decimal = strtol("  -123abc", &end, 10);
    printf("%ld %ld %ld %lu\n", decimal, strtol("0x7fz", 0, 0), strtol("z", 0, 36), strtoul("777", 0, 8));
    printf("%s %d\n", end, atoi("99 bottles"));
    long long most = strtoll("99999999999999999999", 0, 10);
    printf("%lld %d\n", most, errno == ERANGE);
    printf("%llu\n", strtoull("18446744073709551615", 0, 10));
    volatile long long big = -1234567890123456789LL;
    volatile unsigned long long huge = 0xfedcba9876543210ULL;
    volatile int small = -37;
    printf("%lld %lld %llu %llu\n", big / small, big % small, huge / 1000000007u, huge % 123456789012345ULL);
    printf("%lld %llx %lld %d\n", big * small, huge >> 13 << 5, big >> 40, (int)(huge % 10));
    printf("%d %d %u\n", small / 5, small % 5, (unsigned)small / 10);
    div_t q = div(-37, 5);
    printf("%d %d %d\n", q.quot, q.rem, abs(small));
    printf("%d %d %d\n", __builtin_clz(40u), __builtin_ctzll(huge), __builtin_popcount(0xff0fu));
}

static void conversions(void)
{
    volatile double d = -1234567.875;
    volatile float f = 3.0e9f;
    volatile long long l = -9007199254740993LL;
    volatile unsigned u = 4000000000u;
    volatile unsigned long long h = 0xffffffffffffff00ULL;
    printf("%d %lld %u %llu\n", (int)d, (long long)d, (unsigned)f, (unsigned long long)f);
    printf("%.1f %.1f %.1f %.1f\n", (double)l, (double)u, (double)(float)l, (double)h);
    printf("%.9g %.9g %.9g\n", (float)d, (float)u, (float)h);
    printf("%d%d%d%d%d\n", d < 0, d == d, (float)d > f, d != (double)l, f >= 3e9f);
    volatile double tiny = 1e-310, large = 1e308;
    printf("%g %g %g %g\n", tiny * 3, large * 10, (float)1e-40 + tiny, 1 / (tiny * 0));
}

static void mathematics(void)
{
    for (double x = -1.75; x < 2; x += 0.5) {
        printf("%.10f %.10f %.10f %.10f %.10f\n", exp(x), sin(x), cos(x), tan(x), atan(x));
        printf("%.10f %.10f %.10f %.10f\n", tanh(x), sinh(x), cosh(x), erf(x));
        printf("%.10f %.10f %.10f %.10f\n", log(x + 2), log2(x + 2), log10(x + 2), pow(x + 2, x));
        printf("%.5f %.5f %.5f %.5f\n", expf((float)x), tanhf((float)x), erff((float)x), logf((float)x + 2));
        printf("%.5f %.5f %.5f %.5f\n", sinf((float)x), cosf((float)x), powf((float)x + 2, 1.5f), sqrtf((float)x + 2));
        printf("%.1f %.1f %.1f %.1f %.1f\n", floor(x), ceil(x), trunc(x), round(x), rint(x));
    }
    int exponent;
    double whole, part = modf(-3.625, &whole), mantissa = frexp(48.0, &exponent);
    printf("%g %g %g %d %g %g\n", part, whole, mantissa, exponent, ldexp(0.75, 4), fmod(10.5, 3));
    printf("%.10f %.10f %.10f %g\n", atan2(-1, -2), hypot(3, 4), cbrt(-27), copysign(2, -0.0));
}

static void said(void)
{
    printf("the end\n");
}

int main(int argc, char **argv)
{
    assert(argc > 0 && argv[0]);
    atexit(said);
    jumps();
    strings();
    integers();
    conversions();
    mathematics();
    fprintf(stderr, "to standard error\n");
    exit(11);
}
