#!/bin/bash
source ./lib.sh
# Says hello.
greet() { echo "hi $1"; helper; }
main() { for x in 1 2; do greet "$x"; done; if [ -n "$1" ]; then main; fi; }
main "$@"
