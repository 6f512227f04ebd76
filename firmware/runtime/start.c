// From the stack that the loader made to main, and from main to the end.
#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>

#include "system.h"

char **environ;
// Set where the program uses files; without them nothing has to be flushed.
void (*__at_end)(void);

static struct {
    void (*functions[32])(void);
    int count;
} ends;

extern void (*const __init_array_start[])(void) __attribute__((__weak__, __visibility__("hidden")));
extern void (*const __init_array_end[])(void) __attribute__((__weak__, __visibility__("hidden")));
int main(int, char **, char **);

_Noreturn void __start_main(long *stack)
{
    int argc = (int)stack[0];
    char **argv = (char **)(stack + 1);
    environ = argv + argc + 1;
    for (void (*const *start)(void) = __init_array_start; start < __init_array_end; start++)
        (*start)();
    exit(main(argc, argv, environ));
}

int atexit(void (*function)(void))
{
    if (ends.count == sizeof ends.functions / sizeof *ends.functions)
        return -1;
    ends.functions[ends.count++] = function;
    return 0;
}

void exit(int status)
{
    while (ends.count)
        ends.functions[--ends.count]();
    if (__at_end)
        __at_end();
    _exit(status);
}

void _Exit(int status)
{
    _exit(status);
}

void abort(void)
{
    // As a process that SIGABRT ends, which a shell reports as status 134.
    __system_call(SYSTEM_TGKILL, __system_call(SYSTEM_GETPID), __system_call(SYSTEM_GETTID), 6);
    _exit(134);
}

char *getenv(const char *name)
{
    for (char **entry = environ; *entry; entry++) {
        const char *n = name, *e = *entry;
        while (*n && *n == *e)
            n++, e++;
        if (!*n && *e == '=')
            return (char *)e + 1;
    }
    return 0;
}
