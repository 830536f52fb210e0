// 科桥 widget, version 1: a button in the corner of another site's page, and the chat in a frame.
// <script src="https://keqiao.example.org/widget.js" data-side="right" data-label="问科桥" defer></script>
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.keqiaoWidget) return;
  window.keqiaoWidget = 1;

  const site = new URL(script.src).origin;
  const here = location.origin;
  const label = script.dataset.label || "问科桥";
  const side = script.dataset.side === "left" ? "left" : "right";
  const color = /^#[0-9a-f]{6}$/i.test(script.dataset.color || "") ? script.dataset.color : "#0c5f73";
  const STORE = "keqiao.widget";

  const STYLE = `
    :host { all: initial; position: fixed; z-index: 2147483000; bottom: 20px; ${side}: 20px; color-scheme: light dark;
      font: 16px/1.4 "PingFang SC", "HarmonyOS Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; cursor: pointer; border: 0; }
    .launcher { display: flex; align-items: center; gap: 8px; min-height: 52px; padding: 0 20px; border-radius: 26px;
      background: ${color}; color: #fff; font-weight: 600; box-shadow: 0 4px 18px rgb(0 0 0 / 28%); }
    .launcher:focus-visible, .close:focus-visible { outline: 3px solid #ffb000; outline-offset: 3px; }
    .news { min-width: 22px; padding: 0 6px; border-radius: 11px; background: #b3261e; color: #fff; font-size: 13px; line-height: 22px; text-align: center; }
    .panel { position: fixed; bottom: 84px; ${side}: 20px; display: flex; flex-direction: column; overflow: hidden;
      width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100vh - 108px)); border-radius: 16px;
      background: Canvas; color: CanvasText; box-shadow: 0 10px 40px rgb(0 0 0 / 32%); }
    .bar { display: flex; align-items: center; justify-content: space-between; flex: none; min-height: 44px; padding-left: 16px;
      background: ${color}; color: #fff; font-weight: 600; }
    .close { width: 48px; height: 44px; background: none; color: #fff; font-size: 22px; line-height: 1; }
    .close:focus-visible { outline-offset: -5px; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; }
    @media (max-width: 520px) {
      .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; }
    }
    @media (forced-colors: active) { .launcher, .close, .panel { border: 1px solid; } }`;

  const make = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };

  // The browser gives the answer to listed sites alone: on any other page nothing appears.
  fetch(`${site}/widget/allowed`, { mode: "cors", credentials: "omit", cache: "no-cache" })
    .then((answer) => answer.ok && build(), () => {});

  function build() {
    const words = make("span", {}, label);
    const news = make("span", { class: "news" });
    const launcher = make("button", { type: "button", class: "launcher", "aria-expanded": "false", "aria-controls": "panel" }, words, news);
    const close = make("button", { type: "button", class: "close", "aria-label": "收起对话" }, "×");
    const bar = make("div", { class: "bar" }, make("span", { id: "title" }, label), close);
    const panel = make("div", { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title" }, bar);
    panel.hidden = true;

    const host = make("div", { "data-keqiao-widget": "1" });
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // a site's policy may forbid inline styles: this is none
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(panel, launcher);
    document.body.append(host);

    let frame = null;
    let waiting = 0;
    tell();

    function tell() {
      news.hidden = waiting === 0;
      news.textContent = waiting > 99 ? "99+" : String(waiting);
      launcher.setAttribute("aria-label", waiting ? `${label}，${waiting} 条新消息` : label);
    }

    function remember(open) {
      try { localStorage.setItem(STORE, open ? "open" : "closed"); } catch { /* a page without storage forgets */ }
    }

    function say(what) {
      frame.contentWindow.postMessage({ keqiao: what }, site);
    }

    function open({ focus }) {
      if (!frame) {
        frame = make("iframe", { title: label, src: `${site}/widget?origin=${encodeURIComponent(here)}` });
        panel.append(frame);
      }
      panel.hidden = false;
      waiting = 0;
      tell();
      launcher.setAttribute("aria-expanded", "true");
      remember(true);
      if (!focus) return;
      frame.focus();
      say("opened");
    }

    function shut() {
      if (panel.hidden) return;
      panel.hidden = true;
      launcher.setAttribute("aria-expanded", "false");
      remember(false);
      launcher.focus();
    }

    let wanted = false; // the person opened it, and the page in the frame is not there yet
    launcher.addEventListener("click", () => {
      if (!panel.hidden) return shut();
      wanted = !frame;
      open({ focus: true });
    });
    close.addEventListener("click", shut);
    shadow.addEventListener("keydown", (event) => event.key === "Escape" && shut());
    addEventListener("message", (event) => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== site) return;
      const what = event.data?.keqiao;
      if (what === "close") shut();
      if (what === "ready" && wanted) { wanted = false; say("opened"); }
      if (what === "news" && panel.hidden) { waiting += 1; tell(); }
    });

    let before = "";
    try { before = localStorage.getItem(STORE); } catch { /* see above */ }
    if (before === "open") open({ focus: false });
  }
})();
