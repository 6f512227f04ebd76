// posit32 throughout: products are exact sums in its quire.
#include "posit.h"
#include "words.h"
