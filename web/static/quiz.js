/* The questions at the end of a chapter: checks an answer and says why it is right or wrong.
 *
 * The page holds questions, answers and explanations (course/site/quiz.py); without this script the
 * explanations are read by unfolding them. Nothing is fetched, so the page also works from a folder.
 */
"use strict";
(() => {
  // Every word the reader sees, in one place, for a translation.
  const TEXT = {
    choose: "Choose an answer first.",
    tick: "Tick at least one answer first.",
    type: "Type a number first, in digits.",
    other: (typed) => `${typed} is not right.`,
    missing: (count) => count === 1 ? "Another answer is right as well." :
      `${count} other answers are right as well.`,
    complete: "You have found all that are right.",
  };

  // "1,400", "1 400" and "1400" are one number, "0,5" and "0.5" another.
  const toNumber = (text) => {
    const plain = text.trim().replace(/[\s\u202f_]/g, "").replace(/^[−–]/, "-");
    const grouped = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(plain);
    const digits = grouped ? plain.replaceAll(",", "") : plain.replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(digits) ? Number(digits) : NaN;
  };

  for (const question of document.querySelectorAll(".quiz-question")) {
    const inputs = [...question.querySelectorAll("input")];
    const because = [...question.querySelectorAll(".quiz-because")];
    const verdict = question.querySelector(".quiz-verdict");
    const button = question.querySelector("button");
    const isRight = (explanation) => explanation.dataset.right === "true";

    const mark = (box, right) => {
      box.classList.toggle("is-right", right);
      box.classList.toggle("is-wrong", !right);
    };
    const unmark = (box) => box.classList.remove("is-right", "is-wrong");

    // Copies of explanations go into a region that screen readers read aloud when it changes.
    const say = (right, ...parts) => {
      unmark(verdict);
      if (right !== null) mark(verdict, right);
      verdict.replaceChildren(...parts.map((part) => {
        const box = document.createElement(typeof part === "string" ? "p" : "div");
        box.append(...(typeof part === "string" ? [part] : part.cloneNode(true).childNodes));
        for (const named of box.querySelectorAll("[id]")) named.removeAttribute("id");
        return box;
      }));
    };

    const checkNumber = () => {
      const number = toNumber(inputs[0].value);
      if (Number.isNaN(number)) {
        say(null, TEXT.type);
        return;
      }
      const near = ({ dataset }) => dataset.number === undefined ||
        Math.abs(number - Number(dataset.number)) <= Number(dataset.within) + 1e-9;
      const found = because.find(near); // the last one is for any other number
      mark(inputs[0], isRight(found));
      say(isRight(found), found);
      if (found.dataset.number === undefined) {
        verdict.querySelector("strong").textContent = TEXT.other(inputs[0].value.trim());
      }
    };

    const checkSeveral = () => {
      const chosen = because.filter((_, i) => inputs[i].checked);
      if (!chosen.length) {
        say(null, TEXT.tick);
        return;
      }
      inputs.forEach((input, i) => {
        unmark(input.parentElement);
        if (input.checked) mark(input.parentElement, isRight(because[i]));
      });
      const missing = because.filter(isRight).length - chosen.filter(isRight).length;
      const right = !missing && chosen.every(isRight);
      say(right, ...chosen, missing ? TEXT.missing(missing) : TEXT.complete);
    };

    // Wrong answers that were tried stay marked, so that the next try is another one.
    const checkOne = () => {
      const at = inputs.findIndex((input) => input.checked);
      if (at < 0) {
        say(null, TEXT.choose);
        return;
      }
      mark(inputs[at].parentElement, isRight(because[at]));
      say(isRight(because[at]), because[at]);
    };

    const check = { single: checkOne, multiple: checkSeveral, numeric: checkNumber };
    button.addEventListener("click", check[question.dataset.kind]);
    for (const input of inputs) {
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") button.click();
      });
      input.addEventListener("input", () => unmark(input)); // another number is not checked yet
    }
    button.hidden = false;
  }
})();
