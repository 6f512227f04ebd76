// Code as compilers write it: tables, strings, calls, floats, common and weak symbols.
typedef unsigned char byte;
typedef unsigned int word;

static const char *names[] = {"alpha", "beta", "gamma\n\t\"quoted\"\\", "d\x01\xff"};
static int counter;
static byte buffer[1000];
int table[8] = {1, 2, 3, 4, 5, 6, 7, 8};
float weights[3] = {1.5f, -0.1f, 1e-40f};
struct record { char c; short h; int w; long long l; } record = {1, 2, 3, 4LL};

int fp(int n) { return n < 2 ? n : fp(n - 1) + fp(n - 2); }  // named like a register
int (*pointer)(int) = fp;

int select(int x) {
  switch (x) {
    case 0: return 5;
    case 1: return 17;
    case 2: return 99;
    case 3: return 4;
    case 4: return -7;
    case 5: return 12345678;
    case 6: return 0x7fffffff;
    default: return x * 3;
  }
}

float dot(const float *a, const float *b, int n) {
  float sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

__attribute__((weak)) int weakling(void) { return 1; }
__attribute__((section(".text.hot"))) int hot(int a) {
  counter++;
  return pointer(a) + table[a & 7] + (int)weights[0];
}
static word length(const char *s) { word n = 0; while (s[n]) n++; return n; }

void _start(void) {
  for (int i = 0; i < 4; i++) buffer[i] = length(names[i]);
  counter = hot(7) + select(buffer[1]) + (int)dot(weights, weights, 3) + weakling() + record.w;
  for (;;) { }
}
