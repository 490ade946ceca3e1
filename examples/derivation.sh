#!/usr/bin/env bash
# Exercise: differentiate sin(x^2)*exp(3x) and mean(x*x) by hand, rule by rule. First the worksheet, then the solution.
# Each line names its rule; u1, u2, ... are the inner functions of the chain rule.
set -eu

echo "The worksheet:"
diffcli diff "sin(x^2)*exp(3x)" --blank

echo
echo "The solution:"
diffcli diff "sin(x^2)*exp(3x)" --steps

echo
echo "With a vector, a change dx takes the place of x':"
diffcli diff "mean(x*x)" --steps

echo
echo "Least squares, whose gradient is read off at the end:"
diffcli diff "sum((A@x - b)^2)" --wrt x --steps
