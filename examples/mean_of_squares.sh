#!/usr/bin/env bash
# Exercise: f(x) = mean(x*x) at 1, 2, 3. Work out the value and the gradient by hand, then compare.
# x occurs twice in x*x: two contributions meet at x and are added up.
set -eu

diffcli grad "mean(x*x)" --at 1,2,3

echo
echo "The gradient alone, to all its digits:"
diffcli grad "mean(x*x)" --at 1,2,3 --terse
