#!/usr/bin/env bash
# Exercise: how long may a step be? On mean(x*x) with three elements a step multiplies x by 1 - 2/3 * rate.
# 0.1 converges, 0.001 crawls, 3 jumps to and fro, 3.1 flies apart. The exit code tells scripts which.
set -u

for rate in 0.1 0.001 3 3.1; do
    diffcli descend "mean(x*x)" --at 1,2,3 --lr "$rate"
    echo "exit code $?"
    echo
done
