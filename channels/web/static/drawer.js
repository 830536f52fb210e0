// The panel that shows a cited passage in its document: beside the chat, or over it on a phone.

const $ = (id) => document.getElementById(id);
const NARROW = matchMedia("(max-width: 899px)");

export class Drawer {
  #from = null;
  #pushed = false;

  constructor() {
    $("drawer-close").addEventListener("click", () => this.#leave());
    addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
    addEventListener("message", (event) => {
      if (event.origin === location.origin && event.data === "keqiao:close") this.#leave();
    });
    addEventListener("popstate", () => this.#close());
  }

  open(citation, from) {
    const range = `start=${Number(citation.start)}&end=${Number(citation.end)}`;
    const url = `/documents/${encodeURIComponent(citation.document_id)}?${range}`;
    const drawer = $("drawer");
    $("drawer-title").textContent = citation.document;
    $("drawer-out").href = `${url}#quote`;
    // Replacing keeps the frame's pages out of the browser's history.
    $("drawer-page").contentWindow.location.replace(url);
    document.querySelector(".source[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
    from.setAttribute("aria-expanded", "true");
    this.#from = from;
    drawer.setAttribute("aria-modal", String(NARROW.matches));
    if (!drawer.hidden) return;
    drawer.hidden = false;
    $("shell").classList.add("with-drawer");
    document.querySelector(".chat").inert = NARROW.matches;
    if (NARROW.matches) {
      history.pushState({ drawer: true }, "");
      this.#pushed = true;
    }
    $("drawer-close").focus({ preventScroll: true });
  }

  #leave() {
    if ($("drawer").hidden) return;
    if (this.#pushed) history.back();
    else this.#close();
  }

  #close() {
    if ($("drawer").hidden) return;
    this.#pushed = false;
    $("drawer").hidden = true;
    $("shell").classList.remove("with-drawer");
    document.querySelector(".chat").inert = false;
    this.#from?.setAttribute("aria-expanded", "false");
    this.#from?.focus({ preventScroll: true });
  }
}
