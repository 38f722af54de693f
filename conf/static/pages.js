// What is wider than the page can be scrolled with a keyboard, but only while there is a part to scroll to.
function reachScrollable() {
  for (const wide of document.querySelectorAll("pre, .table-wrapper")) {
    if (wide.scrollWidth > wide.clientWidth) {
      wide.tabIndex = 0;
    } else {
      wide.removeAttribute("tabindex");
    }
  }
}

window.addEventListener("load", reachScrollable);
window.addEventListener("resize", reachScrollable);
