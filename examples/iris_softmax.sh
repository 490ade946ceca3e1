#!/usr/bin/env bash
# Exercise: softmax regression with three classes on real data. The program is in iris_softmax.expr.
set -eu
cd "$(dirname "$0")"
X="X=[sepal_length, sepal_width, petal_length, petal_width]"

echo "The loss while it learns, on the rows trained on and on those held out:"
diffcli descend -f iris_softmax.expr --data iris.csv --columns "$X" --optimizer adam --lr 0.05 --batch-size 32 --epochs 60 \
    --shuffle --holdout 0.2 --json 2> /dev/null | python3 -c '
import json, sys
run = json.load(sys.stdin)
for point in run["history"]:
    if "train_value" in point and point["epoch"] % 15 == 0:
        print("epoch %2d  trained on %.4f  held out %.4f" % (point["epoch"], point["train_value"], point["holdout_value"]))'
