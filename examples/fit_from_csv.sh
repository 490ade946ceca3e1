#!/usr/bin/env bash
# Exercise: fit a line to two columns of a file, and look at the minimum. How does the width of a petal follow from its length?
set -eu
cd "$(dirname "$0")"
data=(--data iris.csv --columns x=petal_length,y=petal_width)

echo "The slope and the intercept of petal_width = w*petal_length + b:"
mapfile -t fitted < <(diffcli descend "param w = 0; param b = 0; mean((w*x + b - y)^2)" "${data[@]}" --optimizer lbfgs --tol 1e-9 --terse)
printf '%.8f\n' "${fitted[@]}"

echo
echo "How sharp the minimum is there, by the second derivatives:"
diffcli hessian "mean((w*x + b - y)^2)" "${data[@]}" --wrt w,b --at "w=${fitted[0]}; b=${fitted[1]}" | tail -n 2
