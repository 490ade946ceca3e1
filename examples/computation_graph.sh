#!/usr/bin/env bash
# Exercise: which numbers meet at x, and why are they added? The graph of mean(x*x) shows it; then that of a network.
set -eu
cd "$(dirname "$0")"

echo "x is used twice: two edges, two contributions, one sum."
diffcli graph "mean(x*x)" --at 1,2,3

echo
echo "What PyTorch would record of it:"
diffcli graph "mean(x*x)" --at 1,2,3 --style torch

echo
echo "The network of xor.sh, each part in one node:"
diffcli graph -f xor.expr --collapse --precision 3

echo
echo "An order in which the nodes can be computed:"
diffcli graph "mean(x*x)" --at 1,2,3 --terse | tsort
