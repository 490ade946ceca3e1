#!/usr/bin/env bash
# Exercise: a network with one hidden layer learns the exclusive or. The program is in xor.expr.
set -eu
cd "$(dirname "$0")"

echo "Forward and backward through the network, before training:"
diffcli grad -f xor.expr --no-symbolic --precision 4

echo
echo "Training:"
diffcli descend -f xor.expr --lr 0.5 --steps 1000 --json | python3 -c '
import json, sys
run = json.load(sys.stdin)
for step in run["history"][::250]:
    print("step %4d  loss %.6f" % (step["iteration"], step["value"]))'
