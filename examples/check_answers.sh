#!/usr/bin/env bash
# Exercise: answers held against the truth. Which are right, and what went wrong in the others?
set -eu

echo "== The product rule =="
for answer in "2x sin(x) + x^2 cos(x)" "x(2sin(x) + x cos(x))" "2x cos(x)" "2x sin(x)" "-2x sin(x) - x^2 cos(x)"; do
    diffcli check "x^2*sin(x)" --answer "$answer" --exit-zero
done

echo "== The gradient of a mean, in numbers =="
for answer in "2/3, 4/3, 2" "0.667, 1.333, 2" "2, 4, 6" "1, 2, 3"; do
    diffcli check "mean(x*x)" --at 1,2,3 --answer "$answer" --exit-zero
done

echo "== Backpropagation by hand =="
diffcli check "z = w*x + b; (z - y)^2" --at "w=2; x=3; b=1; y=5" --value --of z --answer 7
diffcli check "z = w*x + b; (z - y)^2" --at "w=2; x=3; b=1; y=5" --of z --answer 4
diffcli check "z = w*x + b; (z - y)^2" --at "w=2; x=3; b=1; y=5" --wrt w,b --answer "w=12; b=12" --exit-zero

echo "== A step of gradient descent =="
diffcli check "mean(x*x)" --at 3 --next --lr 0.1 --answer 2.4
diffcli check "mean(x*x)" --at 3 --next --lr 0.1 --answer 3.6 --exit-zero --feedback full

echo "== A matrix =="
diffcli check "sum((A@x - b)^2)" --wrt x --answer "2*A.T@(A@x - b)"
diffcli check "sum((A@x - b)^2)" --wrt x --answer "2*A@(A@x - b)" --exit-zero

echo "== A verdict for a script =="
diffcli check "x^3" --answer "3x^2" --terse
