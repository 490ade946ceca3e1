#!/usr/bin/env bash
# Exercise: fit y = w*x + b to four points on the line 2x + 1. The program is in line.expr.
set -eu
cd "$(dirname "$0")"

echo "The gradient where the fit starts:"
diffcli grad -f line.expr

echo
echo "The fitted w and b:"
diffcli descend -f line.expr --lr 0.1 --steps 2000 --tol 1e-10 --terse
