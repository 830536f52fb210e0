// The document page: shows the quoted passage at once, also inside the chat's panel.

const embedded = window.parent !== window;
document.documentElement.classList.toggle("embedded", embedded);
document.getElementById("quote")?.scrollIntoView({ block: "center" });
addEventListener("keydown", (event) => {
  if (embedded && event.key === "Escape") window.parent.postMessage("keqiao:close", location.origin);
});
