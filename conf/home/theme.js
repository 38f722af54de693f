// The button for the theme, as on the pages that Furo makes: same order, same place of storage.
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function next(theme) {
  const order = prefersDark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
  return order[(order.indexOf(theme) + 1) % order.length];
}

document.querySelector(".theme-toggle").addEventListener("click", () => {
  const theme = next(document.body.dataset.theme);
  document.body.dataset.theme = theme;
  localStorage.setItem("theme", theme);
});
