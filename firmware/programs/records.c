// Records, strings, enumerations, pointers and many small calls: the statements that Dhrystone
// counted typical of programs, in a program of our own.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 200, TEXT = 31 };
enum colour { RED, GREEN, BLUE, WHITE, BLACK };

struct record {
    struct record *next;
    enum colour colour, other;
    int count;
    union {
        char text[TEXT];
        int numbers[4];
    } body;
};

static struct record *front, *spare;
static int total, is_even;
static char last_letter;
static int row[50], table[50][50];

static enum colour successor(enum colour c)
{
    switch (c) {
    case RED: return BLUE;
    case GREEN: return total > 100 ? RED : BLACK;
    case BLUE: return GREEN;
    case WHITE: return WHITE;
    default: return BLUE;
    }
}

static int differ(const char *a, const char *b)
{
    int at = 2;
    char letter = 'A';
    while (at <= 2)
        if (a[at] != b[at + 1])
            letter = a[at], at++;
        else
            return 0;
    if (letter >= 'W' && letter < 'Z')
        at = 7;
    if (strcmp(a, b) > 0)
        total = at + 7;
    return strcmp(a, b) > 0;
}

static void fill(int *line, int grid[50][50], int from, int by)
{
    int at = from + 5;
    line[at] = by;
    line[at + 1] = line[at];
    line[at + 30] = at;
    for (int i = at; i <= at + 1; i++)
        grid[at][i] = at;
    grid[at][at - 1] += 1;
    grid[at + 20][at] = line[at];
    total = 5;
}

static void renew(struct record *r)
{
    struct record *next = r->next;
    *next = *front;
    r->count = 5;
    next->count = r->count;
    next->next = r->next;
    if (next->colour == RED) {
        next->count = 6;
        next->other = successor(r->other);
        next->next = front->next;
        next->count += 10;
    } else {
        *r = *r->next;
    }
}

int main(void)
{
    char first[TEXT], second[TEXT];
    int one, two = 0, three = 0;
    spare = malloc(sizeof *spare);
    front = malloc(sizeof *front);
    if (!spare || !front)
        return 2;
    memset(spare, 0, sizeof *spare);
    memset(front, 0, sizeof *front);
    front->next = spare;
    front->other = BLUE;
    front->count = 40;
    strcpy(front->body.text, "A PROGRAM OF OUR OWN, AND TEXT");
    strcpy(first, "A PROGRAM OF OUR OWN, 1ST TEXT");
    for (int run = 1; run <= RUNS; run++) {
        is_even = run % 2 == 0;
        last_letter = is_even ? 'B' : 'A';
        one = 2;
        strcpy(second, "A PROGRAM OF OUR OWN, 2ND TEXT");
        is_even = !differ(first, second);
        while (one < 3) {
            three = 5 * one - 3 + one;
            one++;
        }
        fill(row, table, one, three);
        renew(front);
        for (char letter = 'A'; letter <= last_letter; letter++)
            if (successor(letter == 'C' ? GREEN : RED) == BLUE)
                two += run;
        two = two * one;
        one = two / three;
        two = 7 * (two - three) - one;
        two %= 10007;
    }
    printf("total %d, even %d, letter %c\n", total, is_even, last_letter);
    printf("row %d, table %d\n", row[8], table[8][7]);
    printf("front %d %d %d %s\n", front->colour, front->other, front->count, front->body.text);
    printf("spare %d %d %d %s\n", spare->colour, spare->other, spare->count, spare->body.text);
    printf("one %d, two %d, three %d\n", one, two, three);
    return (one + two + three) & 0x7f;
}
