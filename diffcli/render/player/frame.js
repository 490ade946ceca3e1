/* The frame around the picture: how large the picture is in it, and which part of it is seen. */
"use strict";

const DiffcliFrame = (() => {
  /* Scrolls inside a frame only: the page itself must not jump. */
  function intoView(frame, place) {
    const room = frame.getBoundingClientRect();
    const margin = Math.min(24, 0.03 * frame.clientWidth);
    const shift = (low, high, start, end) => (low < start + margin ? low - start - margin : Math.max(0, high - end + margin));
    frame.scrollBy(shift(place.left, place.right, room.left, room.right), shift(place.top, place.bottom, room.top, room.bottom));
  }

  /* Scrolls a frame sideways until a part is in its middle. */
  function centre(frame, part) {
    const [place, room] = [part, frame].map((each) => each.getBoundingClientRect());
    frame.scrollBy((place.left + place.right - room.left - room.right) / 2, 0);
  }

  /* The share of the stage's height that a wide picture takes at most. */
  const SHARE = 0.56;
  /* Pixels to a point of usual letters with which a whole picture can still be read. */
  const LEGIBLE = 1.05;

  /* The size of the picture: a number; "whole" shows all of it, however small; "readable" is never smaller
     than can be read, and as wide as the frame where that makes it no larger than the window deserves. A wide picture
     stands above what is said of it, in a frame as high as it needs. */
  function scaled(frame, drawing, zoom, stage) {
    const { width, height } = drawing.viewBox.baseVal;
    const above = stage.matches(".above") && getComputedStyle(stage).display === "grid";
    const room = above ? SHARE * stage.clientHeight : frame.clientHeight;
    const [across, down] = [(frame.clientWidth - 2) / width, (room - 2) / height];
    const letters = Number(frame.dataset.letters);
    const least = (frame.clientWidth < 500 ? 1.2 : Math.max(1.4, window.innerWidth / 1100)) / letters;
    const wished = Math.max(least, (1.4 * window.innerWidth) / 1280 / letters);
    const whole = Math.min(across, down, 2.4);
    const readable = whole * letters >= LEGIBLE ? whole : Math.max(least, Math.min(across, wished), whole);
    const scale = { whole, readable }[zoom] ?? zoom;
    drawing.style.width = `${scale * width}px`;
    drawing.style.height = `${scale * height}px`;
    frame.style.height = above ? `${Math.min(room, scale * height + 2)}px` : "";
    return scale;
  }

  return { intoView, centre, scaled };
})();
