#!/usr/bin/env bash
# Exercise: polar coordinates. Which column of the matrix is the direction in which only the angle changes?
set -eu

diffcli jacobian "[r*cos(t), r*sin(t)]" --at r=2 --at t=pi/6

echo
echo "One number from many: one sweep back. Many numbers from one: one sweep forward."
diffcli jacobian "sum(x^2)" --at 1,2,3,4 --json | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["mode"], d["sweeps"])'
diffcli jacobian "[x, x^2, x^3, x^4]" --at 2 --json | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["mode"], d["sweeps"])'

echo
echo "The same by products: along a direction, forward; from weights of the results, back."
diffcli jvp "[r*cos(t), r*sin(t)]" --at r=2 --at t=0 --tangent t=1
echo
diffcli vjp "[r*cos(t), r*sin(t)]" --at r=2 --at t=0 --cotangent 1,2

echo
echo "Differences of neighbours: where the matrix is 0 whatever the values."
diffcli jacobian "x[1:] - x[:-1]" --at "x=linspace(0, 1, 11)" --pattern
