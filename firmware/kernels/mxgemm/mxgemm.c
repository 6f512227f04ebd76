#include "mxgemm.h"

void KERNEL(mxgemm)(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                    wide *c, wide *room)
{
#ifdef RVX_MX_SOFTWARE
    software_product(m, n, k, a, bt, c, room);
#else
    (void)room;
    product(m, n, k, a, bt, c);
#endif
}
