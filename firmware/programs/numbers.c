// Floating point in and out: every digit is known, so every library must print the same.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double values[] = {
    0.0, -0.0, 1.0, 0.5, 1.5, 2.5, 0.1, 2.0 / 3, 9.995, 99.95, 1e15, 123456789.125, 1e21, 1e-5, 1e-4,
    5e-324, DBL_MIN, DBL_MAX, 1e23, 8.5e-7, 999998.5, 0.000123456789, -12345.678, 1.7976931348623157e308,
};
static const char *const formats[] = {
    "%f", "%e", "%g", "%.0f", "%.0e", "%.0g", "%.3f", "%.17g", "%+.2e", "%12.4f", "%-12.3g|", "%012.2f",
    "%#.0f", "%#g", "% .1f", "%.10e", "%a", "%.3a", "%G", "%E", "%25.20f", "%.40g",
};
static const char *const texts[] = {
    "3.14159", "-1e-3xyz", "  +42.5e1 ", "0x1.8p3", "1e400", "-1e-400", "inf", "nan", ".5", "5.", "e5",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587"
    "207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711"
    "531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093"
    "042880",
    "2.2250738585072011e-308", "4.9406564584124654e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "9007199254740993", "9007199254740992.99999999999999999999", "1e23",
    "0.1e", "100000000000000016777215", "8.41e21", "5.0e-20", "6.7e-310",
};

static void print_all(void)
{
    char line[512];
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            snprintf(line, sizeof line, formats[f], values[v]);
            if (strlen(line) < 60)
                printf("%s %s\n", formats[f], line);
            else
                printf("%s %.20s...%s %d\n", formats[f], line, line + strlen(line) - 20, (int)strlen(line));
        }
}

int main(void)
{
    print_all();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        double value = strtod(texts[i], &end);
        printf("%.30s: %a, %d taken; float %a\n", texts[i], value, (int)(end - texts[i]),
               (double)strtof(texts[i], 0));
    }
    int a, b, taken = 0;
    unsigned c;
    float f;
    double d;
    char word[16], set[16];
    int matched = sscanf("12 -7 ff 2.5 1e-3 hello abc123,rest", "%d%i %x %f %lf %15s %15[a-z1-3]%n", &a, &b, &c,
                         &f, &d, word, set, &taken);
    printf("%d: %d %d %x %g %g %s %s %d\n", matched, a, b, c, f, d, word, set, taken);
    printf("[%5d|%-5d|%05d|%+d|% d|%.3d|%x|%#x|%#o|%X]\n", 42, 42, 42, 42, 42, 42, 0xbeef, 0xbeef, 8, 0xbeef);
    printf("[%lld|%llu|%hhd|%hd|%c|%5s|%-5s|%.2s|%%|%*d]\n", -9000000000000000000LL, 18000000000000000000ULL,
           300, 70000, 'x', "ab", "ab", "abcdef", 6, 7);
    printf("%.3f %.3f %.3f %d\n", sqrt(2.0), fabs(-2.25), floor(-2.5), (int)lround(2.5));
    printf("%Lf %.3Le\n", (long double)d, (long double)2.5);
    double sum = 0, product = 1;
    float single = 0;
    for (int i = 1; i <= 200; i++) {
        sum += 1.0 / i;
        product *= 1 + 1.0 / (i * i);
        single += 1.0f / (float)i;
    }
    printf("%.17g %.17g %.9g %a\n", sum, product, single, sum / product - single);
    return 7;
}
