#!/usr/bin/env bash
# Exercise: logistic regression on real data. The program is in iris_logistic.expr; iris.csv says where its rows come from.
set -eu
cd "$(dirname "$0")"

echo "Fitted to all 150 rows, by Newton's method: the two weights and the bias"
diffcli descend -f iris_logistic.expr --data iris.csv --optimizer newton --tol 1e-9 --terse 2> /dev/null | xargs printf '%.6f\n'

echo
echo "In batches of 16, with one row in five held out:"
diffcli descend -f iris_logistic.expr --data iris.csv --batch-size 16 --epochs 40 --shuffle --holdout 0.2 --seed 3 --lr 1 --precision 4 --no-chart 2>&1
