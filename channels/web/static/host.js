// In a widget's frame: what is said to the page around it, and heard from it. Elsewhere, nothing.
const HOST = new URLSearchParams(location.search).get("origin");
const FRAMED = location.pathname === "/widget" && window.parent !== window && Boolean(HOST);

export function tellHost(what) {
  // To this origin alone: another page that framed us hears nothing.
  if (FRAMED) window.parent.postMessage({ keqiao: what }, HOST);
}

export function hearHost(onOpened) {
  if (!FRAMED) return;
  addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== HOST) return;
    if (event.data?.keqiao === "opened") onOpened();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.getElementById("drawer").hidden) tellHost("close");
  });
  tellHost("ready");
}
