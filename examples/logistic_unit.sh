#!/usr/bin/env bash
# Exercise: a logistic unit, 1/(exp(-(w*x + b)) + 1), at x = 1, w = 0, b = 0.
# Why is the gradient of x zero here, and those of w and b are not?
set -eu

diffcli grad "1/(exp(-(w*x+b))+1)" --at x=1 --at w=0 --at b=0

echo
echo "Once more with w = 2: now x matters."
diffcli grad "1/(exp(-(w*x+b))+1)" --at x=1 --at w=2 --at b=0 --terse
