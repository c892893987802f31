/* What the demos with a trained network share: to load it after a click, and to run it in the page.
 *
 * A page loads this script before the demo's own. The network is one more script, which `course export`
 * writes beside this one. Nothing is fetched and nothing leaves the page, so it also works from a folder.
 */
"use strict";
(() => {
  const HERE = document.currentScript.src;

  // The network. Pictures and maps are flat arrays, row by row, the channels of a pixel together.

  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  // IEEE 754 half precision: 1 bit sign, 5 bits exponent, 10 bits fraction.
  const half = (bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024);
    return bits >> 15 ? -size : size;
  };

  const decode = (content) => {
    const view = new DataView(bytes(content.weights).buffer);
    let start = 0;
    return content.steps.map((step) => ({ ...step, arrays: (step.shapes || []).map((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const array = Float32Array.from({ length: size }, (_, i) => half(view.getUint16(2 * (start + i), true)));
      start += size;
      return array;
    }) }));
  };

  const convolve = (map, { shapes: [[height, width, depth, filters]], arrays: [kernel, bias], padding }) => {
    const [top, left] = padding === "same" ? [(height - 1) >> 1, (width - 1) >> 1] : [0, 0];
    const [outHeight, outWidth] = padding === "same" ? [map.height, map.width]
      : [map.height - height + 1, map.width - width + 1];
    const values = new Float32Array(outHeight * outWidth * filters);
    for (let row = 0; row < outHeight; row++) for (let column = 0; column < outWidth; column++) {
      const to = (row * outWidth + column) * filters;
      values.set(bias, to);
      for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) {
        const [y, x] = [row + i - top, column + j - left];
        if (y < 0 || x < 0 || y >= map.height || x >= map.width) continue;
        for (let channel = 0; channel < depth; channel++) {
          const value = map.values[(y * map.width + x) * depth + channel];
          if (value === 0) continue; // after a ReLU about half of them
          const from = ((i * width + j) * depth + channel) * filters;
          for (let filter = 0; filter < filters; filter++) values[to + filter] += value * kernel[from + filter];
        }
      }
    }
    return { height: outHeight, width: outWidth, depth: filters, values };
  };

  // The largest value of each channel in every window of size × size, or of the whole map.
  const pool = ({ height, width, depth, values }, tall, wide) => {
    const [outHeight, outWidth] = [Math.floor(height / tall), Math.floor(width / wide)];
    const largest = new Float32Array(outHeight * outWidth * depth).fill(-Infinity);
    for (let row = 0; row < outHeight * tall; row++) for (let column = 0; column < outWidth * wide; column++) {
      const to = (Math.floor(row / tall) * outWidth + Math.floor(column / wide)) * depth;
      const from = (row * width + column) * depth;
      for (let c = 0; c < depth; c++) if (values[from + c] > largest[to + c]) largest[to + c] = values[from + c];
    }
    return { height: outHeight, width: outWidth, depth, values: largest };
  };

  // The mean of each channel over all places.
  const mean = ({ height, width, depth, values }) => {
    const sums = new Float32Array(depth);
    values.forEach((value, i) => { sums[i % depth] += value; });
    return { height: 1, width: 1, depth, values: sums.map((sum) => sum / (height * width)) };
  };

  const dense = (map, { shapes: [[, units]], arrays: [weights, bias] }) => {
    const values = Float32Array.from(bias);
    map.values.forEach((value, i) => {
      for (let unit = 0; unit < units; unit++) values[unit] += value * weights[i * units + unit];
    });
    return { height: 1, width: 1, depth: units, values };
  };

  const softmax = (map) => {
    const largest = Math.max(...map.values);
    const powers = map.values.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return { ...map, values: powers.map((power) => power / sum) };
  };

  const STEPS = {
    conv: convolve, dense, softmax,
    pool: (map) => pool(map, 2, 2),
    "global-pool": (map) => pool(map, map.height, map.width),
    "global-mean": mean,
    flatten: (map) => map, // a flat array already
    sigmoid: (map) => ({ ...map, values: map.values.map((value) => 1 / (1 + Math.exp(-value))) }),
    relu: (map) => ({ ...map, values: map.values.map((value) => Math.max(0, value)) }),
    scale: (map, { arrays: [factor, shift] }) => ({ ...map,
      values: map.values.map((value, i) => value * factor[i % map.depth] + shift[i % map.depth]) }),
  };

  // What each step makes of a picture, { height, width, depth, values }; the last one is the answer.
  const run = (steps, picture) => {
    const maps = [];
    for (const step of steps) maps.push(STEPS[step.kind](maps.at(-1) || picture, step));
    return maps;
  };

  // The page.

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const button = (text, onClick) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", onClick);
    return element;
  };
  const local = (number, options) => number.toLocaleString(document.documentElement.lang || "en", options);
  const percent = (share) => local(share,
    { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

  // Fills `root` with a section that has a button; after a click, and with the model, `start(section, model)`.
  const begin = (root, name, text, start) => {
    const message = make("p", { role: "status" });
    const failed = (script) => {
      script.remove();
      load.removeAttribute("aria-disabled");
      message.textContent = text.failed;
    };
    const load = button(text.load, () => {
      if (load.hasAttribute("aria-disabled")) return;
      load.setAttribute("aria-disabled", "true"); // `disabled` would lose the focus
      message.textContent = text.loading;
      const script = make("script", { src: new URL(`${name}.js`, HERE).href });
      script.addEventListener("load", () => {
        try {
          start(section, window.courseModels[name]);
        } catch (error) {
          failed(script);
          throw error;
        }
      });
      script.addEventListener("error", () => failed(script));
      document.head.append(script);
    });
    const section = make("section", { "aria-label": text.demo, class: `demo ${root.id}` }, load, message);
    root.replaceChildren(section);
  };

  window.courseDemo = { bytes, decode, run, make, button, local, percent, begin };
})();
