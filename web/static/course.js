// Mends what the theme leaves to be desired for readers with a keyboard or a screen reader.
"use strict";

(function () {
  // Boxes that scroll sideways on a narrow screen must be reachable with the keyboard.
  const SCROLLING =
    "mjx-container[display], .output, .highlight pre, .text_html, .pst-scrollable-table-container";

  function makeScrollable() {
    for (const box of document.querySelectorAll(SCROLLING)) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls && !box.hasAttribute("tabindex")) {
        box.tabIndex = 0;
        box.dataset.courseScrolls = "";
      } else if (!scrolls && "courseScrolls" in box.dataset) {
        box.removeAttribute("tabindex");
        delete box.dataset.courseScrolls;
      }
    }
  }

  // The label of a hidden cell replaces the words that stand on it.
  function removeLabels() {
    for (const summary of document.querySelectorAll("summary[aria-label]")) {
      summary.removeAttribute("aria-label");
    }
  }

  // A data frame's empty corner is no heading.
  function emptyHeadings() {
    for (const heading of document.querySelectorAll("table th:empty")) {
      const cell = document.createElement("td");
      for (const { name, value } of heading.attributes) cell.setAttribute(name, value);
      heading.replaceWith(cell);
    }
  }

  // A list of references needs list items; the role that docutils gives is no longer one.
  function bibliography() {
    for (const entry of document.querySelectorAll('[role="list"] > [role="doc-biblioentry"]')) {
      entry.setAttribute("role", "listitem");
    }
  }

  // This script is deferred: the page is there. Sizes are final only when fonts, images and
  // formulas are.
  removeLabels();
  bibliography();
  emptyHeadings();
  makeScrollable();
  addEventListener("resize", makeScrollable);
  addEventListener("load", function () {
    makeScrollable();
    const drawn = window.MathJax && window.MathJax.startup && window.MathJax.startup.promise;
    if (drawn) drawn.then(makeScrollable);
  });
})();
