// The heap: blocks side by side, each with its own size and that of the one below, so that a free
// block joins its neighbours. Free blocks are kept in lists by size.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALIGN 16u
#define GROW (64u << 10)
#define LISTS 28

// In front of a block's bytes. A size counts the header, and is odd where the block is in use.
struct header {
    uint32_t below; // size of the block below, 0 at the start of a piece of memory
    uint32_t size;
};

struct block {
    struct header header;
    struct block *next, *previous; // in its list, while it is free
};

#define HEADER sizeof(struct header)

static struct block lists[LISTS];
static char *heap_end; // behind the last block, which is a header in use without bytes

static unsigned list_of(uint32_t size)
{
    return 31 - __builtin_clz(size) - 4; // the smallest block has 16 bytes
}

static struct block *above(struct block *block)
{
    return (struct block *)((char *)block + (block->header.size & ~1u));
}

static void insert(struct block *block)
{
    struct block *list = &lists[list_of(block->header.size)];
    if (!list->next)
        list->next = list->previous = list;
    block->next = list->next;
    block->previous = list;
    list->next->previous = block;
    list->next = block;
}

static void withdraw(struct block *block)
{
    block->next->previous = block->previous;
    block->previous->next = block->next;
}

// Make a block free, together with free neighbours.
static void release(struct block *block)
{
    block->header.size &= ~1u;
    struct block *next = above(block);
    if (!(next->header.size & 1)) {
        withdraw(next);
        block->header.size += next->header.size;
    }
    if (block->header.below) {
        struct block *before = (struct block *)((char *)block - block->header.below);
        if (!(before->header.size & 1)) {
            withdraw(before);
            before->header.size += block->header.size;
            block = before;
        }
    }
    above(block)->header.below = block->header.size;
    insert(block);
}

// More memory from the host, with a block at its end that is always in use.
static int grow(uint32_t size)
{
    uint32_t more = (size + ALIGN + GROW - 1) & -GROW;
    if (more < size || (intptr_t)more < 0)
        return 0;
    char *start = sbrk(0);
    uint32_t gap = 0;
    if (start != heap_end)
        gap = (-(uintptr_t)start + ALIGN - HEADER) & (ALIGN - 1);
    if (sbrk(gap + more) == (void *)-1)
        return 0;
    struct block *block;
    if (start == heap_end) {
        block = (struct block *)(start - ALIGN); // the old end, which goes on
        block->header.size = more | 1;
    } else {
        block = (struct block *)(start + gap);
        block->header = (struct header){0, (more - ALIGN) | 1};
    }
    heap_end = start + gap + more;
    struct block *last = above(block);
    last->header = (struct header){block->header.size & ~1u, ALIGN | 1};
    release(block);
    return 1;
}

static struct block *find(uint32_t size)
{
    for (unsigned i = list_of(size); i < LISTS; i++)
        for (struct block *b = lists[i].next; b && b != &lists[i]; b = b->next)
            if (b->header.size >= size)
                return b;
    return 0;
}

// Cut what a block in use does not need.
static void trim(struct block *block, uint32_t size)
{
    uint32_t rest = (block->header.size & ~1u) - size;
    if (rest < ALIGN)
        return;
    block->header.size = size | 1;
    struct block *tail = above(block);
    tail->header = (struct header){size, rest | 1};
    above(tail)->header.below = rest;
    release(tail);
}

static uint32_t whole(size_t size)
{
    return size > INT32_MAX ? 0 : (size + HEADER + ALIGN - 1) & -ALIGN;
}

void *malloc(size_t count)
{
    uint32_t size = whole(count);
    struct block *block = 0;
    if (size && !(block = find(size)) && grow(size))
        block = find(size);
    if (!block) {
        errno = ENOMEM;
        return 0;
    }
    withdraw(block);
    block->header.size |= 1;
    trim(block, size);
    return (char *)block + HEADER;
}

void free(void *bytes)
{
    if (bytes)
        release((struct block *)((char *)bytes - HEADER));
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return 0;
    }
    void *made = malloc(bytes);
    return made ? memset(made, 0, bytes) : 0;
}

void *realloc(void *bytes, size_t count)
{
    if (!bytes)
        return malloc(count);
    struct block *block = (struct block *)((char *)bytes - HEADER), *next = above(block);
    uint32_t size = whole(count), has = block->header.size & ~1u;
    if (size > has && !(next->header.size & 1) && has + next->header.size >= size) {
        withdraw(next);
        block->header.size += next->header.size;
        above(block)->header.below = has = block->header.size & ~1u;
    }
    if (size && size <= has) {
        trim(block, size);
        return bytes;
    }
    void *made = malloc(count);
    if (made) {
        memcpy(made, bytes, has - HEADER);
        free(bytes);
    }
    return made;
}

void *aligned_alloc(size_t alignment, size_t count)
{
    if (alignment <= ALIGN)
        return malloc(count);
    char *bytes = malloc(count + alignment + ALIGN);
    if (!bytes)
        return 0;
    char *aligned = (char *)(((uintptr_t)bytes + alignment - 1) & -alignment);
    uint32_t gap = aligned - bytes;
    if (gap) { // at least a smallest block, since both are aligned to one
        struct block *block = (struct block *)(bytes - HEADER);
        struct block *rest = (struct block *)(aligned - HEADER);
        rest->header = (struct header){gap, ((block->header.size & ~1u) - gap) | 1};
        above(rest)->header.below = rest->header.size & ~1u;
        block->header.size = gap | 1;
        release(block);
    }
    trim((struct block *)(aligned - HEADER), whole(count));
    return aligned;
}
