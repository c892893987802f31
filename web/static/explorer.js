/* The convolution explorer of chapter 2: a small picture, a filter, and every product in sight.
 *
 * The page holds <div id="convolution-explorer"> with a sentence for readers without this script;
 * everything else is made here. Nothing is fetched, so the page also works from a folder.
 */
"use strict";
(() => {
  const root = document.getElementById("convolution-explorer");
  if (!root) return;

  // Every word the reader sees, in one place, for a translation.
  const TEXT = {
    explorer: "Convolution explorer", settings: "Settings", edited: "your own",
    input: "Input", output: "Output", filter: "Filter", position: "One position",
    picture: "Picture", weights: "Filter weights", size: "Filter size",
    padding: "Padding", stride: "Stride", dilation: "Dilation", bias: "Bias",
    turn: "Turn the filter by 180°", previous: "Previous", next: "Next", where: "Output position",
    inputHint: "Click a square to draw or rub out. With the keyboard: arrows move, 0 to 9 write.",
    outputHint: "Choose a square, or move with the arrow keys. Blue is positive, orange negative.",
    products: "Each number under the window, times its weight",
    misfit: "The filter does not fit into the picture. Add padding, or reduce dilation or size.",
    cell: (row, column) => `row ${row + 1}, column ${column + 1}`,
    weight: (row, column) => `weight in row ${row + 1}, column ${column + 1}`,
    padded: "padding, 0", inWindow: "under the window",
    sum: (where, count, sum, bias, total) =>
      `At ${where} the ${count} products add up to ${sum}. With bias ${bias}: ${total}.`,
    outputSize: (height, width) => `The output is ${height} × ${width}:`,
  };
  const PICTURES = {
    worked: ["4 × 4 example", "1201 0132 2011 1102"],
    digit: ["7 of MNIST, small", "0000257960 0168955980 0497103930 0661017610 0000078100 " +
      "0000394000 0002850000 0006600000 0038100000 0063000000"],
    backslash: ["falling diagonal", "9000000 0900000 0090000 0009000 0000900 0000090 0000009"],
    slash: ["rising diagonal", "0000009 0000090 0000900 0009000 0090000 0900000 9000000"],
    edge: ["upright edge", "00009999 00009999 00009999 00009999 00009999 00009999 00009999 00009999"],
    dot: ["one bright dot", "0000000 0000000 0000000 0009000 0000000 0000000 0000000"],
    blank: ["empty, to draw on", "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"],
  };
  const FILTERS = {
    worked: ["worked example", [[1, 0, -1], [2, 1, 0], [0, -1, 1]]],
    diagonals: ["two diagonals", [[1, 0, -1], [0, 0, 0], [-1, 0, 1]]],
    same: ["leave as it is", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]],
    blur: ["blur", Array(3).fill(Array(3).fill(1 / 9))],
    blur5: ["strong blur", Array(5).fill(Array(5).fill(1 / 25))],
    sharpen: ["sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]],
    sobelX: ["Sobel x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]],
    sobelY: ["Sobel y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]],
    emboss: ["emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]],
  };

  const state = { padding: 0, stride: 1, dilation: 1, bias: 0, at: 0 };
  const setPicture = (name) => { state.input = PICTURES[name][1].split(" ").map((row) => [...row].map(Number)); };
  const setFilter = (name) => { state.filter = FILTERS[name][1].map((row) => [...row]); };

  // The chapter's equations, term by term.
  const outputLength = (length) => Math.max(0, Math.floor(
    (length + 2 * state.padding - state.dilation * (state.filter.length - 1) - 1) / state.stride) + 1);
  const outputShape = () => [outputLength(state.input.length), outputLength(state.input[0].length)];
  const pixel = (row, column) => (state.input[row] || [])[column] || 0;
  const terms = (row, column) => state.filter.flatMap((weights, i) => weights.map((weight, j) => {
    const at = [row * state.stride + i * state.dilation, column * state.stride + j * state.dilation];
    return { at, weight, value: pixel(at[0] - state.padding, at[1] - state.padding) };
  }));
  const add = (list) => list.reduce((total, term) => total + term.weight * term.value, 0);
  const convolve = (height, width) => Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => add(terms(row, column)) + state.bias));

  const show = (number) => String(Math.round(number * 100) / 100).replace("-", "−");
  const grey = (value) => Array(3).fill(Math.round(value / 9 * 255));
  const signed = (value, largest) => {
    const share = largest ? Math.abs(value) / largest : 0;
    const end = value < 0 ? [190, 75, 0] : [20, 90, 170];
    return end.map((channel) => Math.round(244 + (channel - 244) * share));
  };
  const luminance = (colour) => colour.map((channel) => channel / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((total, part, i) => total + part * [0.2126, 0.7152, 0.0722][i], 0);
  const paint = (cell, colour) => {
    cell.style.background = `rgb(${colour})`;
    cell.style.color = luminance(colour) > 0.18 ? "#000" : "#fff"; // the one of higher contrast
  };
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // A grid of squares with one tab stop; arrow keys move inside it.
  const makeGrid = (label, onMove, onKey, onPress) => {
    const grid = make("div", { role: "grid", "aria-label": label, class: "explorer-grid" });
    const place = (cell) => [Number(cell.dataset.row), Number(cell.dataset.column)];
    grid.cellAt = (row, column) => (grid.children[row] || { children: [] }).children[column];
    grid.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const cell = event.target.closest("[role=gridcell]");
      if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
      const [row, column] = place(cell);
      const target = step && grid.cellAt(row + step[0], column + step[1]);
      if (target) {
        onMove(...place(target));
        target.focus();
      }
      if (step || onKey(event.key, row, column)) event.preventDefault();
    });
    // A mouse draws while it is held down; a finger scrolls the page, so it draws by tapping. The
    // click that ends a press of the mouse has nothing left to do.
    let drawn = false;
    for (const type of ["pointerdown", "pointerover", "click"]) {
      grid.addEventListener(type, (event) => {
        const cell = event.target.closest("[role=gridcell]");
        const byMouse = event.buttons === 1 && event.pointerType !== "touch";
        const press = type === "click" ? !drawn : byMouse;
        if (type !== "pointerover") drawn = type === "pointerdown" && byMouse;
        if (cell && press) onPress(...place(cell), type === "pointerover");
      });
    }
    return grid;
  };

  // Keeps the squares of an unchanged shape, so that the focus stays where the reader put it.
  const fill = (grid, height, width, tabStop, describe) => {
    if (grid.children.length !== height || (height && grid.children[0].children.length !== width)) {
      grid.replaceChildren(...Array.from({ length: height }, (_, row) => make("div", { role: "row" },
        ...Array.from({ length: width }, (_, column) =>
          make("div", { role: "gridcell", "data-row": row, "data-column": column })))));
    }
    let longest = 1;
    [...grid.children].forEach((line, row) => [...line.children].forEach((cell, column) => {
      const { text, label, colour, classes, value } = describe(row, column);
      if (cell.textContent !== text) cell.textContent = text;
      cell.className = classes;
      cell.dataset.value = value;
      cell.tabIndex = row === tabStop[0] && column === tabStop[1] ? 0 : -1;
      cell.setAttribute("aria-label", `${TEXT.cell(row, column)}: ${label}`);
      paint(cell, colour);
      longest = Math.max(longest, text.length);
    }));
    grid.style.setProperty("--columns", width);
    grid.style.setProperty("--glyph", Math.min(0.5, 1.5 / longest));
  };

  const labelled = (text, control) => make("label", {}, make("span", {}, text), control);
  const choice = (text, options, onChange) => {
    const select = make("select");
    for (const [value, name] of options) select.append(make("option", { value }, name));
    select.addEventListener("change", () => { onChange(select.value); render(); });
    return [labelled(text, select), select];
  };
  const names = (table) => [...Object.entries(table).map(([key, [name]]) => [key, name]), ["", TEXT.edited]];
  const numbers = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => [first + i, first + i]);
  const button = (text, onClick) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", () => { onClick(); render(); });
    return element;
  };
  const numberField = (label, get, set) => {
    const field = make("input", { type: "number", step: "any", "aria-label": label });
    field.refresh = () => {
      if (document.activeElement !== field) field.value = Math.round(get() * 100) / 100;
    };
    field.addEventListener("input", () => {
      if (Number.isFinite(field.valueAsNumber)) { set(field.valueAsNumber); render(); }
    });
    field.addEventListener("blur", () => field.refresh()); // an empty field gets its number back
    return field;
  };

  const [pictureLabel, pictureSelect] = choice(TEXT.picture, names(PICTURES), (name) => name && setPicture(name));
  const [filterLabel, filterSelect] = choice(TEXT.filter, names(FILTERS), (name) => name && setFilter(name));
  const [sizeLabel, sizeSelect] = choice(TEXT.size, [[3, "3 × 3"], [5, "5 × 5"]], (size) => {
    const shift = (Number(size) - state.filter.length) / 2; // the old weights stay in the middle
    state.filter = Array.from({ length: Number(size) }, (_, i) =>
      Array.from({ length: Number(size) }, (_, j) => (state.filter[i - shift] || [])[j - shift] || 0));
  });
  const [paddingLabel] = choice(TEXT.padding, numbers(0, 4), (value) => { state.padding = Number(value); });
  const [strideLabel] = choice(TEXT.stride, numbers(1, 3), (value) => { state.stride = Number(value); });
  const [dilationLabel] = choice(TEXT.dilation, numbers(1, 3), (value) => { state.dilation = Number(value); });
  const biasField = numberField(TEXT.bias, () => state.bias, (value) => { state.bias = value; });
  const turn = button(TEXT.turn, () => {
    state.filter = state.filter.map((row) => [...row].reverse()).reverse();
    filterSelect.value = "";
  });

  let pen = 9;
  let cursor = [0, 0]; // the tab stop of the input, padding included
  const write = (row, column, value) => {
    const line = state.input[row - state.padding];
    if (!line || line[column - state.padding] === undefined) return;
    line[column - state.padding] = value;
    pictureSelect.value = "";
    cursor = [row, column];
    render();
  };
  const press = (row, column, dragging) => {
    if (!dragging) pen = pixel(row - state.padding, column - state.padding) ? 0 : 9;
    write(row, column, pen);
  };
  const inputGrid = makeGrid(TEXT.input,
    (row, column) => { cursor = [row, column]; render(); },
    (key, row, column) => {
      if (/^[0-9]$/.test(key)) write(row, column, Number(key));
      else if (key === " " || key === "Enter") press(row, column, false);
      else return false;
      return true;
    }, press);
  const choose = (row, column) => { state.at = row * outputShape()[1] + column; render(); };
  const outputGrid = makeGrid(TEXT.output, choose, () => false, choose);
  const weights = make("div", { class: "explorer-weights", role: "group", "aria-label": TEXT.weights });
  const sizeLine = make("p", { class: "explorer-size", role: "status" });
  const products = make("table", {});
  const sumLine = make("p", { class: "explorer-sum", role: "status" });
  const previous = button(TEXT.previous, () => { state.at -= 1; });
  const next = button(TEXT.next, () => { state.at += 1; });
  const slider = make("input", { type: "range", min: 0, step: 1, "aria-label": TEXT.where });
  slider.addEventListener("input", () => { state.at = slider.valueAsNumber; render(); });

  // Writing the same words again would make a screen reader say them again.
  const say = (line, words) => { if (line.textContent !== words) line.textContent = words; };

  const renderFilter = () => {
    const size = state.filter.length;
    if (weights.children.length !== size * size) {
      weights.replaceChildren(...Array.from({ length: size * size }, (_, k) => {
        const [i, j] = [Math.floor(k / size), k % size];
        return numberField(TEXT.weight(i, j), () => state.filter[i][j], (value) => {
          state.filter[i][j] = value;
          filterSelect.value = "";
        });
      }));
    }
    for (const field of weights.children) field.refresh();
    weights.style.setProperty("--columns", size);
    sizeSelect.value = size;
  };

  const renderPosition = (list, row, column) => {
    const size = state.filter.length;
    products.replaceChildren(make("caption", {}, TEXT.products), make("tbody", {},
      ...state.filter.map((_, i) => make("tr", {}, ...list.slice(i * size, (i + 1) * size).map((term) =>
        make("td", {}, `${show(term.value)} × ${show(term.weight)}`,
          make("b", {}, ` = ${show(term.value * term.weight)}`)))))));
    say(sumLine, TEXT.sum(TEXT.cell(row, column), list.length, show(add(list)),
      show(state.bias), show(add(list) + state.bias)));
    slider.setAttribute("aria-valuetext", TEXT.cell(row, column));
  };

  function render() {
    const { input, filter, padding, stride, dilation } = state;
    const [height, width] = outputShape();
    const fits = height > 0 && width > 0;
    state.at = Math.max(0, Math.min(state.at, height * width - 1));
    const [row, column] = fits ? [Math.floor(state.at / width), state.at % width] : [0, 0];
    const list = fits ? terms(row, column) : [];
    const under = new Set(list.map((term) => term.at.join()));
    const [tall, wide] = [input.length + 2 * padding, input[0].length + 2 * padding];
    cursor = [Math.min(cursor[0], tall - 1), Math.min(cursor[1], wide - 1)];
    fill(inputGrid, tall, wide, cursor, (i, j) => {
      const inside = input[i - padding] !== undefined && input[i - padding][j - padding] !== undefined;
      const value = pixel(i - padding, j - padding);
      const isUnder = under.has([i, j].join());
      const label = (inside ? show(value) : TEXT.padded) + (isUnder ? `, ${TEXT.inWindow}` : "");
      return { text: show(value), label, colour: inside ? grey(value) : [225, 225, 225], value,
        classes: (inside ? "" : "is-padding ") + (isUnder ? "is-under" : "") };
    });
    const result = fits ? convolve(height, width) : [];
    const largest = Math.max(0, ...result.flat().map(Math.abs));
    fill(outputGrid, result.length, width, [row, column], (i, j) => ({
      text: show(result[i][j]), label: show(result[i][j]), colour: signed(result[i][j], largest),
      value: result[i][j], classes: i === row && j === column ? "is-chosen" : "" }));
    renderFilter();
    biasField.refresh();
    say(sizeLine, !fits ? TEXT.misfit : TEXT.outputSize(height, width) +
      ` ⌊(${input.length} + 2 · ${padding} − ${dilation} · (${filter.length} − 1) − 1) / ${stride}⌋ + 1 = ${height}`);
    positionPanel.hidden = outputPanel.hidden = !fits;
    if (fits) renderPosition(list, row, column);
    slider.max = Math.max(0, height * width - 1);
    slider.value = state.at;
    previous.setAttribute("aria-disabled", state.at === 0); // `disabled` would lose the focus
    next.setAttribute("aria-disabled", state.at >= height * width - 1);
  }

  const panel = (title, ...children) => make("div", { class: "explorer-panel" }, make("h3", {}, title), ...children);
  const outputPanel = panel(TEXT.output, make("p", {}, TEXT.outputHint), outputGrid);
  const positionPanel = panel(TEXT.position,
    make("div", { class: "explorer-steps" }, previous, slider, next), products, sumLine);
  setPicture("worked");
  setFilter("worked");
  root.replaceChildren(make("section", { "aria-label": TEXT.explorer, class: "explorer" },
    make("div", { class: "explorer-settings", role: "group", "aria-label": TEXT.settings },
      pictureLabel, filterLabel, sizeLabel, paddingLabel, strideLabel, dilationLabel),
    sizeLine,
    make("div", { class: "explorer-panels" },
      panel(TEXT.filter, weights, labelled(TEXT.bias, biasField), turn),
      panel(TEXT.input, make("p", {}, TEXT.inputHint), inputGrid),
      positionPanel, outputPanel)));
  render();
})();
