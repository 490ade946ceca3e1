/* The state of the page in its address: the step, the point and the rate, so that a link shows what its sender saw. */
"use strict";

(() => {
  const { texts, get, state, go, steps, told } = DiffcliPlayer;
  const descent = DiffcliDescent;
  const USUAL_RATE = get("exact-rate")?.value;
  const POINT = "at."; // before a variable's name
  const DELAY = 150; // milliseconds: browsers let the address change only so often

  function written() {
    const said = new URLSearchParams();
    if (state.step) said.set("step", state.step);
    if (descent) {
      const rate = get("exact-rate").value;
      if (rate !== USUAL_RATE) said.set("rate", rate);
      for (const { name, node } of descent.point) {
        const here = descent.inputs()[node];
        if (here !== descent.start[node]) said.set(POINT + name, here.join(","));
      }
    }
    return said.toString();
  }

  /* What the address says, as far as it fits this page. */
  function read() {
    const said = new URLSearchParams(location.hash.slice(1));
    if (descent) {
      const rate = Number(said.get("rate"));
      if (rate > 0 && Number.isFinite(rate)) {
        get("exact-rate").value = rate;
        get("exact-rate").dispatchEvent(new Event("input"));
      }
      const next = { ...descent.start };
      for (const { name, node } of descent.point) {
        const values = said.get(POINT + name)?.split(",").map((text) => (text.trim() ? Number(text) : NaN));
        if (values?.length === next[node].length && values.every(Number.isFinite)) next[node] = values;
      }
      if (descent.point.some(({ node }) => next[node] !== descent.start[node])) descent.place(next);
    }
    const step = Number(said.get("step"));
    if (Number.isInteger(step) && step >= 0 && step < steps.length) go(step);
  }

  let waiting = 0;
  function keep() {
    clearTimeout(waiting);
    waiting = setTimeout(() => history.replaceState(null, "", `#${written()}`), DELAY);
  }

  /* The address, copied where the browser lets a page do that, and shown in any case. */
  async function share() {
    history.replaceState(null, "", `#${written()}`);
    const field = get("address");
    Object.assign(field, { hidden: false, value: location.href });
    field.focus();
    field.select();
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    get("shared").textContent = copied ? texts.link_copied : texts.link_to_copy;
  }

  read();
  told(keep);
  descent?.told(keep);
  get("share").addEventListener("click", share);
  window.addEventListener("hashchange", read);
})();
