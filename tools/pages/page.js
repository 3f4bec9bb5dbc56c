// What is wider than its column scrolls sideways. It takes the focus while it does, so that it can
// be scrolled by keyboard, too.
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

// A formula within a line would lose its baseline as a scrolling box, so only a wide one is one.
function fitFormulas() {
  for (const formula of document.querySelectorAll("mjx-container:not([display])")) {
    formula.classList.remove("wide");
    const column = formula.parentElement.closest("p, li, td, th, summary, h1, h2, h3");
    formula.classList.toggle("wide", formula.offsetWidth > column?.clientWidth);
  }
}

function watchAll() {
  fitFormulas();
  for (const element of document.querySelectorAll("pre, .table, mjx-container")) {
    watch.observe(element);
  }
}

watchAll();
document.addEventListener("typeset", watchAll);
window.addEventListener("resize", fitFormulas);
