/* Copies its input to its output in capitals, and counts: every host call a filter needs. */

static long system_call(long number, long a0, long a1, long a2) {
  register long r0 __asm__("a0") = a0;
  register long r1 __asm__("a1") = a1;
  register long r2 __asm__("a2") = a2;
  register long r7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r7) : "memory");
  return r0;
}

int main(void) {
  char *heap = (char *)system_call(214, 0, 0, 0);
  if (system_call(214, (long)heap + 4096, 0, 0) != (long)heap + 4096) return 1;
  long total = 0, count;
  while ((count = system_call(63, 0, (long)heap, 10)) > 0) {
    for (long i = 0; i < count; i++)
      if (heap[i] >= 'a' && heap[i] <= 'z') heap[i] -= 'a' - 'A';
    system_call(64, 1, (long)heap, count);
    total += count;
  }
  if (system_call(56, -100, (long)"/etc/passwd", 0) >= 0) return 2;
  if (system_call(9999, 0, 0, 0) != -38) return 3;
  system_call(64, 2, (long)"done\n", 5);
  return (int)total;
}
