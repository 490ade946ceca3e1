/* The source with marks: the piece that is computed and, if that is in a function's body, the calls it is written out from. */
"use strict";

const DiffcliSource = (() => {
  const frame = document.getElementById("source");
  const source = frame.textContent;

  /* Marks spans; the first is the piece, which should be seen of what does not fit. */
  function show(spans) {
    const ends = [...new Set([0, source.length, ...spans.flat()])].sort((a, b) => a - b);
    const parts = ends.slice(1).map((end, k) => {
      const within = spans.findIndex(([first, last]) => first <= ends[k] && end <= last);
      const text = source.slice(ends[k], end);
      if (within < 0) return text;
      const mark = Object.assign(document.createElement("mark"), { className: within ? "call" : "piece" });
      mark.append(text);
      return mark;
    });
    frame.firstElementChild.replaceChildren(...parts);
    for (const kind of ["call", "piece"]) {
      frame.querySelectorAll(`mark.${kind}`).forEach((mark) => DiffcliFrame.intoView(frame, mark.getBoundingClientRect()));
    }
  }

  return { show };
})();
