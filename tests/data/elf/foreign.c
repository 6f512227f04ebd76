/* A program as another toolchain makes it: host calls, integer division, single precision,
   initialised and zeroed data, 64-bit arithmetic from the compiler's own library. */

typedef unsigned int u32;
typedef unsigned long long u64;

static long system_call(long number, long a0, long a1, long a2) {
  register long r0 __asm__("a0") = a0;
  register long r1 __asm__("a1") = a1;
  register long r2 __asm__("a2") = a2;
  register long r7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r7) : "memory");
  return r0;
}

static void print(const char *text) {
  long length = 0;
  while (text[length]) length++;
  system_call(64, 1, (long)text, length);
}

static void print_number(const char *label, u64 value, u32 base) {
  char digits[24];
  char *p = digits + sizeof digits;
  *--p = 0;
  *--p = '\n';
  do *--p = "0123456789abcdef"[value % base];
  while (value /= base);
  print(label);
  print(p);
}

static void print_float(const char *label, float value) {
  union { float number; u32 bits; } u = {value};
  print_number(label, u.bits, 16);
}

volatile int seven = 7;
volatile int minus = -100;
volatile u32 big = 4000000000u;
volatile float third = 1.0f / 3.0f;
int zeroed[64];

int main(void) {
  print_number("quotient ", (u32)(minus / seven), 10);
  print_number("remainder ", (u32)(minus % seven), 10);
  print_number("unsigned ", big / (u32)seven, 10);
  int by_zero; /* undefined in C, defined by the M extension */
  __asm__("div %0, %1, zero" : "=r"(by_zero) : "r"(minus));
  print_number("by zero ", (u32)by_zero, 10);
  print_number("long ", (u64)big * big / (u32)seven, 10);

  float sum = 0;
  for (int i = 1; i <= 50; i++) sum = sum + third / (float)i;
  print_float("sum ", sum);
  float root = 2.0f;
  for (int i = 0; i < 5; i++) root = (root + 2.0f / root) * 0.5f;
  print_float("root ", root);
  print_float("fused ", __builtin_fmaf(third, 3.0f, -1.0f));
  print_number("truncated ", (u32)(int)(sum * -100.0f), 10);

  for (int i = 0; i < 64; i++) zeroed[i] += i * i;
  int total = 0;
  for (int i = 0; i < 64; i++) total += zeroed[i];
  print_number("squares ", (u32)total, 10);
  return (total + (int)sum) & 0x7f;
}
