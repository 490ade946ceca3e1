/* Sliders for the values of the variables: the numbers of the page follow the hand. */
"use strict";

if (DiffcliDescent) {
  const { get, element } = DiffcliPlayer;
  const { start, point, inputs, place, told } = DiffcliDescent;
  const MOST = 12; // numbers that have sliders
  const STEPS = 100; // of a slider, on each side of where its number stood at the start

  /* The name of each number, and its place: [name, node, index]. */
  function numbers() {
    const found = [];
    for (const { name, node, shape } of point) {
      const count = start[node].length;
      if (found.length + count > MOST) continue;
      for (let index = 0; index < count; index += 1) found.push([`${name}${subscript(index, shape)}`, node, index]);
    }
    return found;
  }

  function subscript(index, shape) {
    const places = [];
    for (const length of [...shape].reverse()) {
      places.unshift(index % length);
      index = Math.floor(index / length);
    }
    return places.length ? `[${places.join(", ")}]` : "";
  }

  function row([name, node, index], number) {
    const middle = start[node][index];
    const reach = 2 * Math.max(1, Math.abs(middle));
    const [slider, exact] = [`slider${number}`, `value${number}`].map((id) => element("input", { id }));
    Object.assign(slider, { type: "range", min: middle - reach, max: middle + reach, step: reach / STEPS, value: middle });
    Object.assign(exact, { type: "number", step: "any", value: middle, ariaLabel: name });
    const move = (text) => {
      const value = Number(text);
      if (text === "" || !Number.isFinite(value)) return;
      place({ ...inputs(), [node]: inputs()[node].map((old, k) => (k === index ? value : old)) });
    };
    slider.addEventListener("input", () => move(slider.value));
    exact.addEventListener("input", () => move(exact.value));
    told(() => {
      const value = inputs()[node][index];
      if (document.activeElement !== exact) exact.value = Number(value.toPrecision(6));
      if (document.activeElement !== slider) slider.value = value;
    });
    return [element("label", { htmlFor: slider.id }, element("code", {}, name)), slider, exact];
  }

  const rows = numbers();
  get("sliders")?.replaceChildren(...rows.flatMap(row));
  const moved = new Set(rows.map(([, node]) => node)); // their values need not be said a second time
  document.querySelectorAll(".given").forEach((said, k) => {
    said.hidden = moved.has(point[k]?.node);
  });
}
