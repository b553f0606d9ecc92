#include "util.h"
static int helper(int x) { return x; }
/* Greatest common divisor. */
int gcd(int a, int b) { if (b == 0) return a; return gcd(b, a % b); }
char *dup(const char *s) { helper(1); return 0; }
