#include <stdio.h>
#include "util.h"
#define SQ(x) ((x)*(x))
static int helper(int x) { return SQ(x); }
int main(int argc, char **argv) {
  for (int i = 0; i < 10; ++i) { while (i) { printf("%d", gcd(i, helper(i))); break; } }
  switch (argc) { case 1: helper(1); break; default: helper(2); }
  do { argc--; } while (argc > 0);
  return 0;
}
