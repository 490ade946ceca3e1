/* Numbers and arrays as text, to the character as diffcli/render/value_text.py writes them. */
"use strict";

const DiffcliNumbers = (() => {
  const ENDS = 3; // elements shown at each end of a long axis,
  const IN_A_BOX = 2; // and of one in a box

  /* Whether the digits after the first `precision` are exactly a half of the last: a double needs at
     most 100 digits to show that it is not. */
  function isTie(value, precision) {
    const digits = value.toExponential(Math.min(100, precision + 40)).replace(/e.*|[-.]/g, "");
    return /^50*$/.test(digits.slice(precision));
  }

  /* JavaScript rounds a tie up, Python to the even digit. */
  function rounded(value, precision) {
    if (isTie(value, precision)) {
      const [mantissa, exponent] = value.toExponential(precision).split("e");
      const below = mantissa.slice(0, -1).replace(/\.$/, "");
      if (Number(below.at(-1)) % 2 === 0) return [below, Number(exponent)];
    }
    const [mantissa, exponent] = value.toExponential(precision - 1).split("e");
    return [mantissa, Number(exponent)];
  }

  /* A number to some significant digits: Python's format "g", never -0. */
  function number(value, precision) {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    if (value === 0) return "0";
    const [mantissa, exponent] = rounded(value, precision);
    const sign = value < 0 ? "-" : "";
    const digits = mantissa.replace(/[-.]/g, "");
    if (exponent < -4 || exponent >= precision) {
      const size = String(Math.abs(exponent)).padStart(2, "0");
      return `${sign}${point(digits, 1)}e${exponent < 0 ? "-" : "+"}${size}`;
    }
    if (exponent < 0) return sign + point("0".repeat(-exponent) + digits, 1);
    return sign + point(digits, exponent + 1);
  }

  /* Digits with the decimal point at a place, without the zeros that say nothing. */
  function point(digits, place) {
    const fraction = digits.slice(place).replace(/0+$/, "");
    return fraction ? `${digits.slice(0, place)}.${fraction}` : digits.slice(0, place);
  }

  /* The flat elements of an array as nested lists; `leaf` makes a text of an element. */
  function nested(elements, shape, leaf) {
    if (shape.length === 0) return leaf(elements[0]);
    const [count, ...rest] = shape;
    const size = rest.reduce((product, length) => product * length, 1);
    return Array.from({ length: count }, (_, k) => nested(elements.slice(k * size, (k + 1) * size), rest, leaf));
  }

  /* A value on one line, long axes shortened; `more` says of how many elements. */
  function shown(elements, shape, precision, more) {
    const line = (value) => {
      if (!Array.isArray(value)) return value;
      const parts = value.map(line);
      if (parts.length > 2 * ENDS) {
        const left = (parts.length - 2 * ENDS).toLocaleString("en-US");
        parts.splice(ENDS, parts.length - 2 * ENDS, `... ${more.replace("{count}", left)}`);
      }
      return `[${parts.join(", ")}]`;
    };
    return line(nested(elements, shape, (element) => number(element, precision)));
  }

  /* A value in lines for a box: a matrix in rows, all else on one line. */
  function block(elements, shape, precision) {
    const texts = Array.from(elements, (element) => number(element, precision));
    if (shape.length === 0) return texts;
    if (shape.length !== 2) {
      return ["[".repeat(shape.length) + narrowed(texts, "...").join(", ") + "]".repeat(shape.length)];
    }
    let rows = nested(texts, shape, (text) => text).map((row) => narrowed(row, "..."));
    rows = narrowed(rows, rows.length ? rows[0].map(() => "...") : []);
    const widths = (rows[0] || []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column], "\u00a0")).join("\u00a0\u00a0"));
  }

  function narrowed(elements, between) {
    if (elements.length <= 2 * ENDS) return elements;
    return [...elements.slice(0, IN_A_BOX), between, ...elements.slice(-IN_A_BOX)];
  }

  /* A value to all its digits, as `--at` takes it. */
  function exact(elements, shape) {
    const listed = nested(Array.from(elements), shape, String);
    const whole = (value) => (Array.isArray(value) ? `[${value.map(whole).join(",")}]` : value);
    return shape.length === 1 && shape[0] > 0 ? listed.join(",") + (shape[0] === 1 ? "," : "") : whole(listed);
  }

  return { number, shown, block, exact };
})();

if (typeof module !== "undefined") module.exports = DiffcliNumbers;
