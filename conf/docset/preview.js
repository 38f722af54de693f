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

  new EventSource("/-/docset/events").onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (shown !== null && shown !== state.build) {
      location.reload();
      return;
    }
    shown = state.build;
    show(state.problems);
  };
})();
