// Merged strings, tables of pointers and a switch: what a compiler puts into .rodata.
extern int shared;
int common_words[4];
static const char *const names[] = {"one", "two", "three", "two"};
static int (*const operations[])(int, int);

__attribute__((weak)) int maybe(void);

static int add(int a, int b) { return a + b; }
static int scale(int a, int b) { return a * b + shared; }
static int (*const operations[])(int, int) = {add, scale};

int length(const char *text)
{
    int count = 0;
    while (text[count])
        count++;
    return count;
}

int choose(int which)
{
    switch (which % 7) {
    case 0: return 1;
    case 1: return 5;
    case 2: return -9;
    case 3: return 40;
    case 4: return 2;
    case 5: return 77;
    default: return 0;
    }
}

int work(int seed)
{
    int sum = seed;
    for (int i = 0; i < 4; i++) {
        sum = operations[i & 1](sum, length(names[i]));
        sum += choose(sum & 1023);
    }
    if (maybe)
        sum += maybe();
    common_words[2] = sum;
    return sum + common_words[2];
}
