/* No start-up code and no linker script: the stack is the machine's, the address the linker's. */

static volatile int counted[100];

static long host(long number, long a0, long a1, long a2) {
  register long r0 __asm__("a0") = a0;
  register long r1 __asm__("a1") = a1;
  register long r2 __asm__("a2") = a2;
  register long r7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r7) : "memory");
  return r0;
}

static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

void _start(void) {
  for (int i = 0; i < 100; i++) counted[i] += i;
  int n = fibonacci(10) + counted[99];
  host(64, 1, (long)"bare\n", 5);
  host(93, n, 0, 0);
}
