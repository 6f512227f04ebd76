// What a guest calls.
#include <unistd.h>

#include "guest.h"

void host_write(const void *bytes, uint32_t count)
{
    if (write(STDOUT_FILENO, bytes, count) < 0)
        _exit(1);
}
