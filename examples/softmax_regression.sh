#!/usr/bin/env bash
# Exercise: softmax regression with three classes. The program is in softmax_regression.expr.
set -eu
cd "$(dirname "$0")"

echo "By the bias nothing flows at the start: the classes are equally frequent."
diffcli grad -f softmax_regression.expr --wrt b --terse

echo
echo "The weights and biases after 300 steps, a row for each coordinate and one for the bias:"
diffcli descend -f softmax_regression.expr --lr 0.8 --steps 300 --json | python3 -c '
import json, sys
final = json.load(sys.stdin)["final"]
for row in [*final["W"], final["b"]]:
    print(*("%8.4f" % weight for weight in row))'
