/* The player: shows the story (story.py) up to one step. It computes nothing; numbers are texts by their places. */
"use strict";

const DiffcliPlayer = (() => {
  const story = JSON.parse(document.getElementById("story").textContent);
  const { texts, steps, placeholders } = story;
  const LAST = steps.length - 1;
  const PAUSE = 1800; // milliseconds for a step to be read in
  const SVG = "http://www.w3.org/2000/svg";
  const { intoView, centre, scaled } = DiffcliFrame;
  const get = (id) => document.getElementById(id);
  const drawing = document.querySelector("#graph svg");

  /* What is shown now: `node` is the one pointed at, else the history is that of the node where something
     happens. The rest of the page follows from this. */
  const state = { step: 0, timer: 0, node: null, zoom: "readable", scale: 1, numbers: story.numbers };

  // ---- phrases

  const filled = (template, slots) => template.replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);

  /* A piece of a sentence: [role, text, place of a number or null]. */
  function piece([role, text, place]) {
    const said = place === null ? text : state.numbers[place].shown;
    if (!role) return document.createTextNode(said);
    const span = element("span", { className: role }, said);
    if (place !== null) span.dataset.number = place;
    return span;
  }

  const plain = (phrase) => phrase.map(([, text, place]) => (place === null ? text : state.numbers[place].shown)).join("");

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // ---- the picture

  /* What a placeholder shows at a step: the last sighting up to it, if there is one. */
  function sighted([, , , , seen], step) {
    return seen.findLast(([since]) => since <= step);
  }

  function lines(placeholder, step) {
    const [, , prefix, fixed] = placeholder;
    const sighting = sighted(placeholder, step);
    if (!sighting) return [];
    if (fixed) return [prefix];
    const [, place, complete] = sighting;
    const block = [...(state.numbers[place].block ?? [state.numbers[place].shown])];
    if (!complete) block[block.length - 1] += story.to_come;
    return block.length === 1 ? [prefix + block[0]] : [prefix, ...block];
  }

  function shortened(text) {
    let width = 0;
    for (let k = 0; k < text.length; k += 1) {
      width += text.charCodeAt(k) > 0x2fff ? 2 : 1;
      if (width > story.most_columns) return `${text.slice(0, k)}…`;
    }
    return text;
  }

  function showSigns(step) {
    for (const placeholder of placeholders) {
      const part = get(placeholder[0]);
      const written = lines(placeholder, step);
      write(part, [...part.querySelectorAll(`text.${placeholder[1]}`)], written.map(shortened));
      const sighting = sighted(placeholder, step);
      part.classList.toggle(`has-${placeholder[1]}`, Boolean(sighting));
      if (placeholder[1] === "gradient") part.classList.toggle("partial", Boolean(sighting && !sighting[2]));
    }
    for (const id of Object.keys(story.nodes)) get(id).setAttribute("aria-label", described(id, step));
  }

  /* Lines that have become too long for their box are set smaller; rows of a matrix stay below each other, in the middle. */
  function write(part, rows, contents) {
    if (rows.every((row, k) => row.textContent === (contents[k] ?? ""))) return;
    rows.forEach((row, k) => {
      row.textContent = contents[k] ?? "";
      row.style.fontSize = "";
    });
    const room = part.querySelector(part.matches(".box") ? "path" : ".label, .inner").getBBox();
    const width = Math.max(1, ...rows.map((row) => row.getComputedTextLength()));
    const scale = Math.min(1, (room.width - (part.matches(".box") ? 16 : 4)) / width);
    for (const row of rows) {
      if (scale < 1) row.style.fontSize = `${Number(row.getAttribute("font-size")) * scale}px`;
      if (rows.length > 1) row.setAttribute("x", room.x + (room.width - width * scale) / 2);
    }
  }

  /* A node in words, as it is at a step: those that the eye sees, and what its outline says. */
  function described(id, step) {
    const node = story.nodes[id];
    const now = placeholders
      .filter((placeholder) => placeholder[0] === id)
      .map((placeholder) => lines(placeholder, step).map(shortened).join(" ") || `${texts[placeholder[1]]} ${texts.not_yet}`);
    if (!node.gradient) now.push(texts.no_gradient);
    if (node.output) now.push(texts.output);
    return [node.about, ...now].join(", ");
  }

  /* Marks where a step happens, on top of all else. Of a backward step both ends of the edge should be seen, of what does not fit the target. */
  function showPlace({ boxes, arrows }) {
    drawing.querySelectorAll(".current").forEach((part) => part.classList.remove("current"));
    for (const id of [...arrows, ...boxes]) get(id).classList.add("current");
    for (const id of drawing.matches(".compact") ? arrows : []) drawing.append(get(id)); // its label covers its neighbours
    const sources = arrows.map((arrow) => `n${arrow.match(/\d+/)[0]}`);
    for (const id of [...sources, ...arrows, ...boxes.slice(0, 1)]) intoView(get("graph"), get(id).getBoundingClientRect());
  }

  // ---- the step in words

  function showStatement(step) {
    const { direction, statement } = steps[step];
    const counted = filled(texts.step_of, { step, steps: LAST });
    const heading = direction ? `${counted} · ${texts[`direction_${direction}`]}` : counted;
    get("heading").textContent = heading;
    get("statement").replaceChildren(...statement.map(piece));
    get("equations").replaceChildren(...steps[step].equations.map((terms) => element("div", { className: "equation" }, ...terms.map(term))));
    get("remarks").replaceChildren(...steps[step].remarks.map(remark));
    get("told")?.replaceChildren(...story.notes[step].map((said) => element("p", {}, ...said.map(piece))));
    document.body.dataset.direction = direction;
    get("slider").value = step;
    get("slider").setAttribute("aria-valuetext", heading);
    get("count").textContent = `${step} / ${LAST}`;
  }

  /* A part of an equation: its sign, then what it is above its number. */
  function term([sign, caption, symbols, place, role]) {
    const parts = [element("span", { className: "caption" }, caption)];
    if (symbols) parts.push(element("code", {}, symbols));
    if (place !== null) parts.push(inRows(piece([`number ${role}`, "", place]), state.numbers[place]));
    return element("div", { className: "term" }, element("span", { className: "sign" }, sign), element("div", {}, ...parts));
  }

  /* A matrix in an equation stands as in the picture. */
  function inRows(span, { block, shape }) {
    if (shape.length !== 2 || !block) return span;
    span.textContent = block.join("\n");
    span.classList.add("rows");
    return span;
  }

  /* Some remarks are known for the start alone; after a step of descent they say so. */
  function remark([words, ofStart]) {
    const then = ofStart ? [element("span", { className: "then" }, texts.then), " "] : [];
    return element("p", { className: "note" }, ...then, ...words.map(piece));
  }

  // ---- the history of a node

  function showHistory() {
    const node = story.nodes[state.node ?? steps[state.step].boxes[0]];
    get("history-heading").textContent = node ? filled(texts.history, { node: node.title }) : texts.choose_a_node;
    const reached = node ? node.events.filter(([step]) => step <= state.step) : [];
    const events = reached.map(([step, said]) =>
      element("li", {}, element("span", { className: "step" }, `${texts.step} ${step}`), " ", element("span", {}, ...said.map(piece))),
    );
    if (node && !reached.length) events.push(element("li", {}, texts.not_yet));
    if (node && reached.length && !node.gradient && state.step === LAST) events.push(element("li", {}, texts.no_gradient));
    get("events").replaceChildren(...events);
  }

  function choose(id) {
    state.node = id;
    drawing.querySelectorAll(".chosen").forEach((part) => part.classList.remove("chosen"));
    if (id) get(id).classList.add("chosen");
    showHistory();
  }

  /* Nodes answer to the pointer and to the keyboard; what a label says need not be said twice by a title. */
  function wakeNodes() {
    drawing.setAttribute("role", "group");
    drawing.setAttribute("aria-label", texts.graph);
    drawing.querySelectorAll("title, desc").forEach((title) => title.remove());
    for (const [id, node] of Object.entries(story.nodes)) {
      const box = get(id);
      box.setAttribute("tabindex", "0");
      box.setAttribute("role", "button");
      box.setAttribute("aria-describedby", "events");
      const jump = () => node.events.length && go(node.events[0][0]);
      box.addEventListener("pointerenter", () => choose(id));
      box.addEventListener("focus", () => choose(id));
      box.addEventListener("click", jump);
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        jump();
      });
    }
  }

  // ---- going

  const listeners = []; // of whoever wants to know of a step

  function go(step) {
    state.step = Math.min(LAST, Math.max(0, step));
    if (state.node && !get(state.node).matches(":hover, :focus")) choose(null);
    if (state.step === LAST) pause();
    showSigns(state.step);
    showStatement(state.step);
    showPlace(steps[state.step]);
    DiffcliSource.show(steps[state.step].spans);
    showHistory();
    listeners.forEach((listener) => listener());
    for (const id of ["first", "previous"]) able(get(id), state.step > 0);
    for (const id of ["last", "next"]) able(get(id), state.step < LAST);
  }

  /* A button that does nothing now keeps the focus: whoever goes by keyboard would lose their place. */
  const able = (button, can) => button.setAttribute("aria-disabled", String(!can));

  function pause() {
    clearInterval(state.timer);
    state.timer = 0;
    showPlaying();
  }

  function play() {
    if (state.step === LAST) go(0);
    state.timer = setInterval(() => go(state.step + 1), PAUSE);
    showPlaying();
  }

  function showPlaying() {
    const playing = state.timer !== 0;
    get("play").setAttribute("aria-label", playing ? texts.pause : texts.play);
    get("play").title = playing ? texts.pause : texts.play;
    get("play").classList.toggle("on", playing);
  }

  const toggle = () => (state.timer ? pause() : play());

  /* By hand means: not while it plays. */
  function byHand(step) {
    if (state.timer) pause();
    go(step);
  }

  // ---- numbers that have become others

  function renew(numbers) {
    state.numbers = numbers;
    document.body.toggleAttribute("data-moved", numbers !== story.numbers);
    document.querySelectorAll("[data-number]").forEach((span) => {
      span.textContent = numbers[span.dataset.number].shown;
    });
    go(state.step || (numbers === story.numbers ? 0 : LAST)); // at the first step none of them can be seen
  }

  // ---- keys, sizes, colours

  const MOVES = {
    ArrowRight: () => byHand(state.step + 1),
    ArrowLeft: () => byHand(state.step - 1),
    Home: () => byHand(0),
    End: () => byHand(LAST),
    PageDown: () => byHand(state.step + 1), // what a presenter's remote control sends
    PageUp: () => byHand(state.step - 1),
    " ": toggle,
    n: notes,
  };

  /* Notes for who speaks, where the page has them. */
  function notes() {
    if (!get("notes")) return;
    const hidden = get("notes").toggleAttribute("hidden");
    get("note").setAttribute("aria-expanded", String(!hidden));
    resize(state.zoom);
  }

  function pressed(event) {
    if (event.key === "Escape") choose(null);
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const within = event.target.closest("input, select, textarea, button, summary, a, [role=button]");
    const own = event.key === " " ? within : event.target.closest("input, select, textarea");
    if (own || !Object.hasOwn(MOVES, event.key)) return;
    event.preventDefault();
    MOVES[event.key]();
  }

  /* Gives the picture a size (frame.js says what `zoom` means), with what happens now in sight. */
  function resize(zoom) {
    state.zoom = zoom;
    state.scale = scaled(get("graph"), drawing, zoom, document.getElementById("stage"));
    showPlace(steps[state.step]);
  }

  function listen() {
    document.addEventListener("keydown", pressed);
    for (const [id, key] of [["first", "Home"], ["previous", "ArrowLeft"], ["next", "ArrowRight"], ["last", "End"], ["play", " "]]) {
      get(id).addEventListener("click", MOVES[key]);
    }
    get("slider").addEventListener("input", (event) => byHand(Number(event.target.value)));
    get("smaller").addEventListener("click", () => resize(state.scale / 1.25));
    get("larger").addEventListener("click", () => resize(state.scale * 1.25));
    get("fit").addEventListener("click", () => resize("whole"));
    get("note")?.addEventListener("click", notes);
    window.addEventListener("resize", () => resize(state.zoom));
    get("theme").value = document.documentElement.dataset.theme ?? "";
    get("theme").addEventListener("change", (event) => {
      if (event.target.value) document.documentElement.dataset.theme = event.target.value;
      else delete document.documentElement.dataset.theme;
    });
    printing();
  }

  /* On paper the whole story is told: every number, every step. */
  function printing() {
    let before = 0;
    window.addEventListener("beforeprint", () => {
      before = state.step;
      go(LAST);
      showPlace({ boxes: [], arrows: [] });
      get("table").open = true;
    });
    window.addEventListener("afterprint", () => {
      get("table").open = false;
      go(before);
    });
  }

  function start() {
    document.documentElement.classList.add("scripted");
    get("table").open = false;
    wakeNodes();
    listen();
    resize(document.documentElement.matches(".slides") ? "whole" : "readable"); // a slide does not scroll
    go(0);
    centre(get("graph"), get(steps[1].boxes[0])); // a large picture is empty in its upper left corner
  }

  start();
  return { story, texts, get, element, filled, renew, able, SVG, state, go, steps, told: (listener) => listeners.push(listener) };
})();
