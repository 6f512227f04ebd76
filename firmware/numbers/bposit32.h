// Bounded posits of 32 bits throughout: products are exact sums in their quire.
#define BOUNDED
#include "posit.h"
#include "words.h"
