#!/usr/bin/env bash
# Exercise: climb instead of descending. Where is sin(x) + cos(y) largest near (1, 1)?
set -eu

diffcli ascend "sin(x) + cos(y)" --at x=1 --at y=1 --lr 0.5

echo
echo "Uphill of x^2 there is no top:"
diffcli ascend "x^2" --at 1 --lr 0.5 || echo "exit code $?"
