/* Shows the paths up to a step: by slider, by arrow keys, or by itself. */
"use strict";

const frame = document.getElementById("frame"), play = document.getElementById("play"), theme = document.getElementById("theme");
let timer = null;

function show() {
  const at = Number(frame.value);
  document.getElementById("step").textContent = words.step.replace("{step}", steps[at]);
  frame.setAttribute("aria-valuetext", String(steps[at]));
  runs.forEach((run, index) => {
    const seen = run.points.slice(0, run.frames[at]);
    const points = seen.map((point) => point.join(",")).join(" ");
    for (const line of ["path", "halo"]) document.getElementById(line + index).setAttribute("points", points);
    const end = seen.length ? seen[seen.length - 1] : [-99, -99];
    const head = document.getElementById("head" + index);
    head.setAttribute("cx", end[0]);
    head.setAttribute("cy", end[1]);
    document.getElementById("value" + index).textContent = run.values[at];
  });
}

function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = words.play;
}

function toggle() {
  if (timer) return stop();
  if (Number(frame.value) === steps.length - 1) frame.value = 0;
  play.textContent = words.pause;
  timer = setInterval(() => {
    if (Number(frame.value) === steps.length - 1) stop();
    else move(1);
  }, pause);
  show();
}

function move(by) {
  frame.value = Number(frame.value) + by;
  show();
}

/* By hand means: not while it plays. Controls keep their own keys. */
const MOVES = { ArrowRight: () => move(1), ArrowLeft: () => move(-1), Home: () => move(-steps.length), End: () => move(steps.length) };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  if (event.key === " " && event.target !== play) toggle();
  else if (Object.hasOwn(MOVES, event.key)) {
    stop();
    MOVES[event.key]();
  } else return;
  event.preventDefault();
});
play.addEventListener("click", toggle);
frame.addEventListener("input", () => {
  stop();
  show();
});
theme.addEventListener("change", () => {
  if (theme.value) document.documentElement.dataset.theme = theme.value;
  else delete document.documentElement.dataset.theme;
});
show();
