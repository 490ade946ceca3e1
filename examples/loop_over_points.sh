#!/usr/bin/env bash
# Exercise: tabulate a function's slope. --terse prints numbers only, so the shell can read them.
# From which side does the slope of x^3 - 3x change its sign, and what does that say of the point?
set -eu

echo "x slope"
for x in -2 -1 -0.5 0 0.5 1 2; do
    echo "$x $(diffcli grad "x^3 - 3x" --at "$x" --terse)"
done
