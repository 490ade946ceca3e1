/* The point of the page: it moves by steps of gradient descent or by hand, and the recording of the graph's arithmetic
   is run again there. Null where the page has no recording. */
"use strict";

const DiffcliDescent = (() => {
  if (!DiffcliPlayer.story.descent) return null;
  const { story, texts, get, element, filled, renew, able, SVG } = DiffcliPlayer;
  const { number, shown, block, exact } = DiffcliNumbers;
  const { recording, inputs, variables, point, loss, expression, wrt } = story.descent;
  const precision = story.precision;

  const start = Object.fromEntries(Object.entries(inputs).map(([node, elements]) => [node, elements.map(parsed)]));
  let current = { inputs: start };
  let losses = [];
  const listeners = [];

  function parsed(element) {
    return typeof element === "number" ? element : Number({ inf: "Infinity", "-inf": "-Infinity" }[element] ?? NaN);
  }

  /* All numbers of the page at a point, and whether they can be trusted. */
  function computed(given) {
    const { scalars, failed } = DiffcliArithmetic.run(recording, given);
    const elements = [];
    for (const { node, terms, shape } of story.numbers) {
      if (node !== undefined) elements.push(recording.places[node].map((place) => scalars[place]));
      else if (terms) elements.push(sum(elements[terms[0]], elements[terms[1]]));
      else elements.push(Array(shape.reduce((product, length) => product * length, 1)).fill(0));
    }
    return { elements, failed: failed.length > 0, finite: elements.every((value) => value.every(Number.isFinite)) };
  }

  const sum = (first, second) => first.map((element, k) => element + second[k]);

  function texted(elements) {
    return story.numbers.map((known, k) => ({
      ...known,
      shown: shown(elements[k], known.shape, precision, texts.more),
      block: block(elements[k], known.shape, precision),
    }));
  }

  /* A step against the gradient. */
  function moved(elements, rate) {
    const next = { ...current.inputs };
    for (const { node, gradient } of variables) {
      next[node] = next[node].map((value, k) => value - rate * elements[gradient][k]);
    }
    return next;
  }

  const rateIsGood = () => Number(get("exact-rate").value) > 0;

  function descend() {
    if (!rateIsGood()) return say(texts.rate_above_zero);
    const here = elements();
    if (!stand(moved(here, Number(get("exact-rate").value)))) return;
    if (!losses.length) losses.push(here[loss][0]);
    losses.push(elements()[loss][0]);
    report();
  }

  /* The numbers of the page at its point. */
  const elements = () => (current.elements ??= computed(current.inputs).elements);

  /* Moves the page to a point; says why where it cannot. */
  function stand(next) {
    const there = computed(next);
    const trouble = there.failed ? texts.another_path : there.finite ? "" : texts.not_finite_there;
    if (trouble) say(filled(trouble, { command: "\u0000" }), command(next));
    else show({ inputs: next, elements: there.elements }, texted(there.elements));
    return !trouble;
  }

  function show(there, numbers) {
    current = there;
    renew(numbers);
  }

  /* A point chosen by hand is no step: the values so far are forgotten. */
  function place(next) {
    if (!stand(next)) return;
    losses = [];
    report();
  }

  function reset() {
    show({ inputs: start }, story.numbers);
    losses = [];
    report();
  }

  // ---- what is said of it

  function say(sentence, code = "") {
    const [before, after] = sentence.split("\u0000");
    get("outcome").replaceChildren(before, ...(code ? [element("code", {}, code), after] : []));
  }

  /* The command that computes at a point what the page cannot, for a POSIX shell. */
  function command(given) {
    const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
    const at = point.map(({ name, node, shape }) => ` --at ${quoted(`${name}=${exact(given[node], shape)}`)}`);
    const by = wrt.map((name) => ` --wrt ${name}`);
    return `diffcli grad ${quoted(expression)}${at.join("")}${by.join("")}`;
  }

  function report() {
    const [before, now] = losses.slice(-2);
    able(get("reset"), current.inputs !== start);
    get("taken").textContent = losses.length ? filled(texts.steps_taken, { count: losses.length - 1 }) : "";
    const verdict = now < before ? texts.went_down : now > before ? texts.went_up : texts.stayed;
    say(losses.length ? filled(verdict, { before: number(before, precision), now: number(now, precision) }) : "");
    get("where").replaceChildren(...(losses.length ? whereabouts() : []));
    plot();
    listeners.forEach((listener) => listener());
  }

  /* The value and the variables, where they were at the start and where they are now. */
  function whereabouts() {
    const head = element("tr", {}, element("td"), ...[texts.at_the_start, texts.now].map((word) => element("th", { scope: "col" }, word)));
    const row = (name, ...values) => {
      const cells = values.map((value) => element("td", {}, element("span", { className: "value" }, value)));
      return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
    };
    const moving = variables.map(({ name, node }) => {
      const { shape } = point.find((entry) => entry.name === name);
      return row(element("code", {}, name), ...[start, current.inputs].map((given) => shown(given[node], shape, precision, texts.more)));
    });
    return [head, row(texts.value, ...[losses[0], losses.at(-1)].map((value) => number(value, precision))), ...moving];
  }

  /* The losses as a line of dots, the last one marked. */
  function plot() {
    const chart = get("losses");
    chart.toggleAttribute("hidden", losses.length < 2);
    if (losses.length < 2) return;
    const recent = losses.slice(-60);
    const [low, high] = [Math.min(...recent), Math.max(...recent)];
    const x = (k) => 6 + (288 * k) / (recent.length - 1);
    const y = (value) => 54 - (48 * (value - low)) / (high - low || 1);
    const line = document.createElementNS(SVG, "polyline");
    line.setAttribute("points", recent.map((value, k) => `${x(k)},${y(value)}`).join(" "));
    const dots = recent.map((value, k) => {
      const dot = document.createElementNS(SVG, "circle");
      for (const [name, at] of [["cx", x(k)], ["cy", y(value)], ["r", k === recent.length - 1 ? 4 : 2.5]]) dot.setAttribute(name, at);
      return dot;
    });
    chart.replaceChildren(line, ...dots);
    chart.setAttribute("aria-label", `${texts.values_so_far}: ${recent.map((value) => number(value, precision)).join(", ")}`);
  }

  get("rate").addEventListener("input", (event) => {
    get("exact-rate").value = number(10 ** Number(event.target.value), 3);
    listeners.forEach((listener) => listener());
  });
  get("exact-rate").addEventListener("input", (event) => {
    const rate = Number(event.target.value);
    if (rate > 0) get("rate").value = Math.log10(rate);
    able(get("descend"), rateIsGood());
    if (rateIsGood()) report();
    else say(texts.rate_above_zero);
  });
  get("descend").addEventListener("click", descend);
  get("reset").addEventListener("click", reset);

  return {
    start, point, variables, elements, place, exact,
    inputs: () => current.inputs,
    value: (given) => computed(given),
    loss: (there) => there.elements[loss][0],
    told: (listener) => listeners.push(listener),
  };
})();
