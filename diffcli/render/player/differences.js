/* The gradient beside differences of the function itself, which know no rule: the check of a derivative, in the page. */
"use strict";

if (DiffcliDescent) {
  const { story, texts, get, element, filled } = DiffcliPlayer;
  const { number } = DiffcliNumbers;
  const { variables, inputs, elements, value, loss, told } = DiffcliDescent;
  const MOST = 12; // numbers that are compared
  const DIGITS = 8; // that a difference has
  const STEP = Math.cbrt(Number.EPSILON); // where rounding and curvature do the least harm together
  const AGREE = 1e-6; // relative: a difference has some ten digits

  /* (f(x + h) - f(x - h)) / 2h, null where the function cannot be computed on both sides. */
  function difference(node, index) {
    const x = inputs()[node][index];
    const h = STEP * Math.max(1, Math.abs(x));
    const sides = [x + h, x - h].map((there) => value({ ...inputs(), [node]: inputs()[node].map((old, k) => (k === index ? there : old)) }));
    return sides.some(({ failed, finite }) => failed || !finite) ? null : (loss(sides[0]) - loss(sides[1])) / (x + h - (x - h));
  }

  function compared() {
    const rows = [];
    for (const { name, node, gradient } of variables) {
      const slopes = elements()[gradient];
      for (let k = 0; k < slopes.length && rows.length < MOST; k += 1) {
        const found = difference(node, k);
        const apart = found === null ? Infinity : Math.abs(found - slopes[k]) / Math.max(Math.abs(slopes[k]), Math.abs(found), 1e-3);
        rows.push({ name: slopes.length > 1 ? `${name}[${k}]` : name, slope: slopes[k], found, apart });
      }
    }
    return rows;
  }

  function show() {
    if (!get("differences").open) return;
    const rows = compared();
    const heads = ["", texts.gradient, texts.difference, texts.apart].map((word) => element("th", { scope: "col" }, word));
    const cell = (text) => element("td", {}, element("span", { className: "value" }, text));
    const lines = rows.map(({ name, slope, found, apart }) => {
      const cells = found === null ? [texts.not_here, ""] : [number(found, DIGITS), number(apart, 2)];
      return element("tr", {}, element("th", { scope: "row" }, element("code", {}, `d/d${name}`)), ...[number(slope, DIGITS), ...cells].map(cell));
    });
    get("compared").replaceChildren(element("tr", {}, ...heads), ...lines);
    const wrong = rows.filter(({ apart }) => apart > AGREE).map(({ name }) => name);
    get("compared-verdict").textContent = wrong.length ? filled(texts.differences_differ, { names: wrong.join(", ") }) : texts.differences_agree;
  }

  get("differences").addEventListener("toggle", show);
  told(show);
}
