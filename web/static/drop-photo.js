/* The demo of chapter 11: drop a photo, and the chapter's network says cat or dog and shows where it looks.
 *
 * The page holds <div id="drop-photo"> with a sentence for readers without this script, and has loaded
 * demo.js before. The photo is read by the browser and never leaves the page.
 */
"use strict";
(() => {
  const root = document.getElementById("drop-photo");
  if (!root) return;

  // Every word the reader sees, in one place, for a translation.
  const TEXT = {
    demo: "Drop your own photo", load: "Load the model (0.8 MB)", loading: "Loading …",
    failed: "The model could not be loaded. Is the file pets-eyes.js beside this page's scripts?",
    hint: "Drop a photo of a cat or a dog into this frame, or choose a file. It stays in your browser.",
    choose: "Choose a photo", sample: "Show a test photo", looking: "Looking …", empty: "No photo yet.",
    first: "Load the model first, then drop the photo again.",
    noFile: "That was no file. Save the picture, then choose it here.",
    noPicture: (name) => `${name} could not be read as a picture. JPEG, PNG and WebP files work.`,
    seen: "What the network sees", heat: "What speaks for which answer",
    seenHint: "The whole photo, 150 × 150 pixels, stretched if it was no square.",
    heatHint: "Blue speaks for cat, red for dog; the stronger, the more.",
    classes: ["cat", "dog"],
    answer: (name, share) => `The network says ${name}, with probability ${share}.`,
    answerSample: (name, share, label) =>
      `The network says ${name}, with probability ${share}. The test set says ${label}.`,
    where: (name, place) => `Most for ${name}: ${place}.`,
    nothing: (name) => `Nothing speaks for ${name}.`,
    places: [["top left", "top", "top right"], ["left", "middle", "right"],
      ["bottom left", "bottom", "bottom right"]],
    origin: (from) => `Network: run ${from.run}, seed ${from.seed}, ${local(from.parameters)} parameters, ` +
      `test accuracy ${from["test accuracy"].toFixed(3)}, exported ${from.exported}.`,
  };
  const NAME = "pets-eyes";
  const SIDE = 150; // pixels of a picture in chapter 11
  const CELL = 8; // of these for each place of the last convolution
  const COLOURS = [[33, 102, 172], [178, 24, 43]]; // for cat, for dog: far apart for every kind of eye

  const { bytes, decode, run, make, button, local, percent, begin } = window.courseDemo;

  // 150 × 150 × 3 numbers from 0 to 255 to the probability of a dog and the class activation map at the last
  // convolution: its maps, each times the weight that the last unit gives to its mean.
  const look = (steps, values) => {
    const maps = run(steps, { height: SIDE, width: SIDE, depth: 3, values: Float32Array.from(values) });
    const pool = steps.map((step) => step.kind).lastIndexOf("pool");
    const { height, width, depth, values: last } = maps[pool - 1];
    const [weights] = steps.find((step) => step.kind === "dense").arrays;
    const heat = new Float32Array(height * width);
    last.forEach((value, i) => { heat[Math.floor(i / depth)] += value * weights[i % depth]; });
    return { dog: maps.at(-1).values[0], heat, side: height };
  };

  // The map at a pixel of the picture: each place stands for the middle of what it sees.
  const at = (heat, side, row, column) => {
    const inside = (pixel) => {
      const place = (pixel + 0.5 - (SIDE - CELL * side) / 2) / CELL - 0.5;
      return Math.max(0, Math.min(side - 1, place));
    };
    const [y, x] = [inside(row), inside(column)];
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [bottom, right] = [Math.min(side - 1, top + 1), Math.min(side - 1, left + 1)];
    const mix = (a, b, share) => a + (b - a) * share;
    const line = (of) => mix(heat[of * side + left], heat[of * side + right], x - left);
    return mix(line(top), line(bottom), y - top);
  };

  // In which ninth of the picture the map is largest, as [row, column]; null where it is nowhere above 0.
  const strongest = (heat, side, sign) => {
    let best = -1;
    heat.forEach((value, i) => { if (sign * value > (best < 0 ? 0 : sign * heat[best])) best = i; });
    const third = (place) => Math.min(2, Math.floor(3 * (place + 0.5) / side));
    return best < 0 ? null : [third(Math.floor(best / side)), third(best % side)];
  };

  // Any picture to 150 × 150, as a context. Halved step by step, as a browser skips pixels otherwise.
  const small = (picture) => {
    let [from, width, height] = [picture, picture.width, picture.height];
    for (;;) {
      const next = [width, height].map((length) => (length > 2 * SIDE ? Math.ceil(length / 2) : SIDE));
      const canvas = make("canvas", { width: next[0], height: next[1] });
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.fillStyle = "#fff"; // behind what is transparent
      context.fillRect(0, 0, ...next);
      context.imageSmoothingQuality = "high";
      context.drawImage(from, 0, 0, ...next);
      if (next[0] === SIDE && next[1] === SIDE) return context;
      [from, width, height] = [canvas, ...next];
    }
  };
  const colours = (context) => {
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    return Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => data[4 * Math.floor(i / 3) + i % 3]);
  };

  // The photo in grey, and the map over it in two colours.
  const paint = (context, values, { heat, side }) => {
    const largest = heat.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const value = at(heat, side, Math.floor(i / SIDE), i % SIDE);
      const share = 0.75 * Math.min(1, Math.abs(value) / largest);
      const grey = 0.299 * values[3 * i] + 0.587 * values[3 * i + 1] + 0.114 * values[3 * i + 2];
      for (let c = 0; c < 3; c++) {
        image.data[4 * i + c] = grey * (1 - share) + COLOURS[value > 0 ? 1 : 0][c] * share;
      }
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  };

  let take = null; // what is done with a file, once the model is there

  const start = (section, content) => {
    const steps = decode(content);
    const samples = { ...content.samples, next: 0 };
    const view = (label) => make("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": label });
    const [seen, hot] = [view(TEXT.seen), view(TEXT.heat)];
    const answer = make("p", { class: "drop-photo-answer" }, TEXT.empty);
    const where = make("p", { class: "drop-photo-where" });
    let latest = 0; // of the photos: a slow one must not overtake the next

    // Nothing of the photo before stays beside what is said of the next.
    const say = (words) => {
      [answer.textContent, where.textContent] = [words, ""];
      for (const canvas of [seen, hot]) canvas.getContext("2d").clearRect(0, 0, SIDE, SIDE);
      hot.setAttribute("aria-label", TEXT.heat);
    };
    const read = async (file, name, label = null) => {
      const mine = ++latest;
      say(TEXT.looking);
      let context;
      try {
        const bitmap = await createImageBitmap(file);
        context = small(bitmap);
        bitmap.close();
      } catch {
        if (mine === latest) say(TEXT.noPicture(name));
        return;
      }
      await new Promise((done) => { setTimeout(done, 30); }); // lets the page show what was said
      if (mine !== latest) return;
      const values = colours(context);
      const found = look(steps, values);
      seen.getContext("2d").drawImage(context.canvas, 0, 0);
      paint(hot.getContext("2d"), values, found);
      const dog = Number(found.dog > 0.5);
      const share = percent(dog ? found.dog : 1 - found.dog);
      const kind = TEXT.classes[dog];
      answer.textContent = label === null ? TEXT.answer(kind, share)
        : TEXT.answerSample(kind, share, TEXT.classes[label]);
      where.textContent = TEXT.classes.map((of, place) => {
        const ninth = strongest(found.heat, found.side, place ? 1 : -1);
        return ninth ? TEXT.where(of, TEXT.places[ninth[0]][ninth[1]]) : TEXT.nothing(of);
      }).join(" ");
      hot.setAttribute("aria-label", `${TEXT.heat}. ${where.textContent}`);
    };
    take = (file) => (file ? read(file, file.name) : say(TEXT.noFile));
    const showSample = () => {
      const next = samples.next++ % samples.labels.length;
      const png = new Blob([bytes(samples.png[next])], { type: "image/png" });
      read(png, TEXT.sample, samples.labels[next]);
    };

    const input = make("input", { type: "file", accept: "image/*", "aria-label": TEXT.choose, hidden: "" });
    input.addEventListener("change", () => {
      if (input.files.length) take(input.files[0]);
      input.value = ""; // the same file can be chosen again
    });
    const choose = button(TEXT.choose, () => input.click());
    const figure = (canvas, title, hint) => make("figure", {}, canvas,
      make("figcaption", {}, make("strong", {}, title), make("br"), hint));
    section.replaceChildren(
      make("p", {}, TEXT.hint),
      make("div", { class: "drop-photo-buttons" }, choose, button(TEXT.sample, showSample), input),
      make("div", { role: "status" }, answer, where),
      make("div", { class: "drop-photo-views" },
        figure(seen, TEXT.seen, TEXT.seenHint), figure(hot, TEXT.heat, TEXT.heatHint)),
      make("p", { class: "demo-origin" }, TEXT.origin(content.provenance)));
    choose.focus({ preventScroll: true });
  };

  begin(root, NAME, TEXT, start);

  // A photo dropped beside the point would otherwise replace the page.
  const frame = root.firstElementChild;
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    frame.classList.add("is-over");
  });
  root.addEventListener("dragleave", () => frame.classList.remove("is-over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    frame.classList.remove("is-over");
    if (take) take(event.dataTransfer.files[0]);
    else frame.querySelector('[role="status"]').textContent = TEXT.first;
  });

  window.courseDropPhoto = { decode, look, at, strongest, small, colours }; // for the tests, and for a curious console
})();
