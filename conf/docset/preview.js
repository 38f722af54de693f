// Added to every page of a preview: loads the page again after a build, and shows what is wrong.
(() => {
  let shown = null;

  const show = (problems) => {
    document.getElementById("docset-problems")?.remove();
    if (!problems.length) return;
    const box = document.createElement("aside");
    box.id = "docset-problems";
    box.setAttribute("role", "alert");
    Object.assign(box.style, {
      position: "fixed",
      inset: "auto 0 0 0",
      zIndex: 999,
      maxHeight: "40vh",
      overflow: "auto",
      padding: "1rem",
      background: "#7f1d1d",
      color: "#fff",
      font: "14px/1.5 ui-monospace, monospace",
      whiteSpace: "pre-wrap",
      overflowWrap: "anywhere",
    });
    box.textContent = problems.join("\n");
    document.body.append(box);
  };

  // A small button in the corner that opens the list: it covers nothing until somebody asks.
  const list = (alerts) => {
    document.getElementById("docset-alerts")?.remove();
    if (!alerts.length) return;
    const host = document.createElement("aside");
    host.id = "docset-alerts";
    host.setAttribute("aria-label", "Alerts of the checks");
    // The theme's choice where it has made one, else the reader's.
    const theme = document.body.dataset.theme;
    host.style.colorScheme = theme === "light" || theme === "dark" ? theme : "light dark";
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = `<style>
      details { position: fixed; right: .5rem; bottom: .5rem; z-index: 998; max-width: min(40rem, calc(100vw - 1rem));
        box-sizing: border-box; border: 1px solid light-dark(#8a5a00, #e0b050); border-radius: .4rem;
        background: light-dark(#fff8e6, #2a2110); color: light-dark(#3d2800, #f5e3b8); font: 14px/1.5 system-ui, sans-serif; }
      summary { padding: .3rem .7rem; cursor: pointer; }
      ol { margin: 0; padding: 0 .7rem .5rem 2.2rem; max-height: 50vh; overflow: auto; overflow-wrap: anywhere; }
      @media print { details { display: none } }
    </style><details><summary></summary><ol></ol></details>`;
    root.querySelector("summary").textContent = alerts.length === 1 ? "1 alert" : `${alerts.length} alerts`;
    root.querySelector("ol").append(
      ...alerts.map((alert) => Object.assign(document.createElement("li"), { textContent: alert })),
    );
    const details = root.querySelector("details");
    details.open = sessionStorage.getItem("docset-alerts") === "open";
    details.addEventListener("toggle", () =>
      sessionStorage.setItem("docset-alerts", details.open ? "open" : "closed"),
    );
    document.body.append(host);
  };

  const ask = async () => {
    const answer = await fetch(`/-/docset/alerts?${encodeURIComponent(location.pathname)}`);
    if (answer.ok) list(await answer.json());
  };

  new EventSource("/-/docset/events").onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (shown !== null && shown !== state.build) {
      location.reload();
      return;
    }
    shown = state.build;
    show(state.problems);
    ask();
  };
})();
