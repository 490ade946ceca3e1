#!/usr/bin/env bash
# Exercise: what kind of point is it? The gradient of each of these is 0. Say first what the eigenvalues will tell.
set -eu

diffcli hessian "(1 - x)^2 + 100*(y - x^2)^2" --at x=1 --at y=1

for expression in "x^2 - y^2" "-x^2 - y^2" "x^2 + y^4"; do
    echo
    diffcli hessian "$expression" --at x=0 --at y=0
done

echo
echo "A product with a vector needs one sweep, however many variables there are:"
diffcli hessian "sum(x^3)" --at 1,2,3 --hvp 1,0,1 --terse

echo
echo "A chain couples neighbours only:"
diffcli hessian "sum((x[1:] - x[:-1]^2)^2)" --at "x=zeros(12)" --hvp "ones(12)" --pattern
