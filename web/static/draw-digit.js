/* The demo of chapter 5: draw a digit, and the chapter's network reads it, here in the page.
 *
 * The page holds <div id="draw-digit"> with a sentence for readers without this script, and has loaded
 * demo.js before.
 */
"use strict";
(() => {
  const root = document.getElementById("draw-digit");
  if (!root) return;

  // Every word the reader sees, in one place, for a translation.
  const TEXT = {
    demo: "Draw a digit", load: "Load the model (0.4 MB)", loading: "Loading …",
    failed: "The model could not be loaded. Is the file mnist-best.js beside this page's scripts?",
    canvas: "Drawing area, 28 by 28 squares",
    hint: "Draw one digit, large, with mouse, finger or pen. With the keyboard: the arrow keys move, " +
      "the space bar paints, Shift and an arrow key draw a line, Delete clears.",
    clear: "Clear", sample: "Show a test digit", seen: "What the network sees",
    seenHint: "20 × 20 pixels at most, centre of mass in the middle of 28 × 28.",
    results: "Probabilities", empty: "Nothing is drawn yet.",
    answer: (digit, share) => `The network reads a ${digit}, with probability ${share}.`,
    answerSample: (digit, share, label) =>
      `The network reads a ${digit}, with probability ${share}. The test set says ${label}.`,
    at: (row, column, inked) => `row ${row + 1}, column ${column + 1}${inked ? ", painted" : ""}`,
    origin: (from) => `Network: run ${from.run}, seed ${from.seed}, ${local(from.parameters)} parameters, ` +
      `test accuracy ${from["test accuracy"].toFixed(4)}, exported ${from.exported}.`,
  };
  const NAME = "mnist-best";
  const SIDE = 28; // pixels of a MNIST picture
  const BOX = 20; // the longer side of a digit in it
  const ZOOM = 10; // pixels of the drawing area for each of its squares
  const PEN = 22; // width of a line: like MNIST's, when the digit fills most of the area

  const { bytes, decode, run, make, button, local, percent, begin } = window.courseDemo;

  // 784 numbers in [0, 1] to ten probabilities.
  const predict = (steps, pixels) => Array.from(
    run(steps, { height: SIDE, width: SIDE, depth: 1, values: Float32Array.from(pixels) }).at(-1).values);

  // Any square drawing to a picture as MNIST has them; null when there is no ink.
  const normalise = (ink, side) => {
    let [top, bottom, left, right] = [side, -1, side, -1];
    ink.forEach((value, i) => {
      if (value < 0.1) return;
      const [row, column] = [Math.floor(i / side), i % side];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
    });
    if (bottom < 0) return null;
    const length = Math.max(bottom - top, right - left) + 1;
    const step = length / BOX; // pixels of the drawing for one of the result
    const [tall, wide] = [Math.ceil((bottom - top + 1) / step), Math.ceil((right - left + 1) / step)];
    const mean = (row, column) => {
      const [y0, x0] = [top + row * step, left + column * step];
      let sum = 0;
      for (let y = Math.floor(y0); y < Math.min(side, y0 + step); y++) {
        const high = Math.min(y + 1, y0 + step) - Math.max(y, y0);
        for (let x = Math.floor(x0); x < Math.min(side, x0 + step); x++) {
          sum += ink[y * side + x] * high * (Math.min(x + 1, x0 + step) - Math.max(x, x0));
        }
      }
      return sum / step ** 2;
    };
    const small = Array.from({ length: tall }, (_, y) => Array.from({ length: wide }, (_, x) => mean(y, x)));
    let [mass, massY, massX] = [0, 0, 0];
    small.forEach((line, y) => line.forEach((value, x) => {
      mass += value;
      massY += value * (y + 0.5);
      massX += value * (x + 0.5);
    }));
    const offset = (centre, size) => Math.max(0, Math.min(SIDE - size, Math.round(SIDE / 2 - centre)));
    const [down, across] = [offset(massY / mass, tall), offset(massX / mass, wide)];
    const pixels = new Float32Array(SIDE * SIDE);
    small.forEach((line, y) => line.forEach((value, x) => { pixels[(y + down) * SIDE + x + across] = value; }));
    return pixels;
  };

  // The page.

  const paintPixels = (context, pixels, zoom) => pixels.forEach((value, i) => {
    const grey = Math.round(value * 255);
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect((i % SIDE) * zoom, Math.floor(i / SIDE) * zoom, zoom, zoom);
  });

  const start = (section, content) => {
    const steps = decode(content);
    const samples = { pixels: bytes(content.samples.pixels), labels: content.samples.labels, next: 0 };
    const length = SIDE * ZOOM;
    const canvas = make("canvas", { width: length, height: length, tabindex: 0, role: "application",
      "aria-label": TEXT.canvas, "aria-describedby": "draw-digit-hint" });
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    const square = make("span", { class: "draw-digit-square", "aria-hidden": "true" });
    const seen = make("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": TEXT.seen });
    const answer = make("p", { class: "draw-digit-answer", role: "status" }, TEXT.empty);
    const place = make("p", { class: "draw-digit-place", role: "status" });
    const rows = content.samples.probabilities[0].map((_, digit) => {
      const [bar, share] = [make("span", { class: "draw-digit-bar" }), make("span", { class: "draw-digit-share" })];
      return { bar, share, item: make("li", {}, make("span", { class: "draw-digit-digit" }, digit),
        make("span", { class: "draw-digit-track", "aria-hidden": "true" }, bar), share) };
    });

    const show = (probabilities) => {
      const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
      rows.forEach(({ bar, share, item }, digit) => {
        bar.style.width = probabilities ? `${100 * probabilities[digit]}%` : 0;
        share.textContent = probabilities ? percent(probabilities[digit]) : "–";
        item.classList.toggle("is-best", digit === best);
      });
      return best;
    };
    // Reads what is drawn; for a digit of the test set, its own pixels instead of their enlargement.
    const read = (sample = null) => {
      const image = drawing.getImageData(0, 0, length, length).data;
      const ink = () => Float32Array.from({ length: length * length }, (_, i) => image[4 * i] / 255);
      const pixels = sample ? sample.pixels : normalise(ink(), length);
      paintPixels(seen.getContext("2d"), pixels || new Float32Array(SIDE * SIDE), 1);
      const probabilities = pixels && predict(steps, pixels);
      const best = show(probabilities);
      const share = probabilities && percent(probabilities[best]);
      answer.textContent = !probabilities ? TEXT.empty
        : sample ? TEXT.answerSample(best, share, sample.label) : TEXT.answer(best, share);
    };

    const line = (from, to) => {
      Object.assign(drawing, { lineCap: "round", lineWidth: PEN, strokeStyle: "#fff", fillStyle: "#fff" });
      drawing.beginPath();
      drawing.moveTo(...from);
      drawing.lineTo(...to);
      drawing.stroke();
      drawing.beginPath(); // a line without length draws nothing
      drawing.arc(...to, PEN / 2, 0, 2 * Math.PI);
      drawing.fill();
    };
    const clear = () => {
      drawing.fillStyle = "#000";
      drawing.fillRect(0, 0, length, length);
      read();
    };
    const showSample = () => {
      const at = samples.next++ % samples.labels.length;
      const pixels = Float32Array.from(samples.pixels.slice(at * SIDE * SIDE, (at + 1) * SIDE * SIDE), (v) => v / 255);
      paintPixels(drawing, pixels, ZOOM);
      read({ pixels, label: samples.labels[at] });
    };

    let last = null; // where the pen is while it is down
    const position = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * length / box.width, (event.clientY - box.top) * length / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      canvas.setPointerCapture(event.pointerId);
      last = position(event);
      line(last, last);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last || !event.isPrimary) return;
      const between = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const point of between.length ? between : [event]) {
        const next = position(point);
        line(last, next);
        last = next;
      }
    });
    for (const type of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(type, (event) => {
        if (last && event.isPrimary) read();
        if (event.isPrimary) last = null;
      });
    }

    const cursor = { row: SIDE / 2, column: SIDE / 2 };
    const centre = () => [(cursor.column + 0.5) * ZOOM, (cursor.row + 0.5) * ZOOM];
    const moveSquare = () => {
      square.style.left = `${100 * cursor.column / SIDE}%`;
      square.style.top = `${100 * cursor.row / SIDE}%`;
    };
    canvas.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (move) {
        const from = centre();
        const inside = (value) => Math.max(0, Math.min(SIDE - 1, value));
        [cursor.row, cursor.column] = [inside(cursor.row + move[0]), inside(cursor.column + move[1])];
        moveSquare();
        if (event.shiftKey) line(from, centre());
      } else if (event.key === " ") {
        line(centre(), centre());
      } else if (event.key === "Delete" || event.key === "Backspace") {
        clear();
      } else {
        return;
      }
      event.preventDefault();
      const inked = drawing.getImageData(...centre(), 1, 1).data[0] > 127;
      place.textContent = TEXT.at(cursor.row, cursor.column, inked);
      if (!move || event.shiftKey) read();
    });

    moveSquare();
    const panel = (...children) => make("div", { class: "draw-digit-panel" }, ...children);
    section.replaceChildren(
      make("p", { id: "draw-digit-hint" }, TEXT.hint),
      make("div", { class: "draw-digit-panels" },
        panel(make("div", { class: "draw-digit-area" }, canvas, square), place,
          make("div", { class: "draw-digit-buttons" }, button(TEXT.clear, clear), button(TEXT.sample, showSample))),
        panel(answer, make("ul", { "aria-label": TEXT.results }, ...rows.map(({ item }) => item))),
        make("div", { class: "draw-digit-panel draw-digit-seen" }, seen,
          make("div", {}, make("p", { class: "draw-digit-title" }, TEXT.seen), make("p", {}, TEXT.seenHint)))),
      make("p", { class: "demo-origin" }, TEXT.origin(content.provenance)));
    clear();
    canvas.focus({ preventScroll: true });
  };

  begin(root, NAME, TEXT, start);

  window.courseDrawDigit = { decode, predict, normalise }; // for the tests, and for a curious console
})();
