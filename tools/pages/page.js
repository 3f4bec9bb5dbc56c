// What is wider than its column scrolls sideways. It takes the focus while it does, so that it can
// be scrolled by keyboard, too.
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    for (const plot of target.querySelectorAll(".liveplot")) watch.observe(plot); // it came later
    const cut = target.scrollWidth > target.clientWidth;
    const named = target.matches(".frame, .liveplot") && { role: "group", "aria-label": "Figure" };
    for (const [name, value] of Object.entries({ tabindex: 0, ...named })) {
      if (cut) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
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
  for (const element of document.querySelectorAll("pre, .table, .frame, .live, mjx-container")) {
    watch.observe(element);
  }
}

watchAll();
document.addEventListener("typeset", watchAll);
window.addEventListener("resize", fitFormulas);
