// Pieces of a message, each made of elements and text nodes.

const LINK = /https?:\/\/[^\s，。；、！？）》」』<>"']+/g;
const ROW = /^[\s·•\-]*([^\s：:][^：:\n]{0,11})[：:](?!\/\/)\s*(\S.*)$/;
const ITEM = /^\s*(\d{1,2})[.．、]\s*(\S.*)$/;
const LONGEST_TITLE = 40;
const DAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
const DAY_MS = 24 * 3600_000;

const SVG = "http://www.w3.org/2000/svg";

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// One of the drawings in icons.svg; it says nothing that the words beside it do not.
export function drawing(name) {
  const made = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  made.setAttribute("class", "drawing");
  made.setAttribute("aria-hidden", "true");
  made.append(use);
  return made;
}

// Text with its web addresses as links.
export function prose(text) {
  const made = element("div", "prose");
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const anchor = element("a", "", found[0]);
    anchor.href = found[0];
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer nofollow";
    made.append(text.slice(at, found.index), anchor);
    at = found.index + found[0].length;
  }
  made.append(text.slice(at));
  return made;
}

// A short first line is the title, "1. …" begins an item, "Label: value" lines become rows.
export function card(text) {
  const made = element("div", "card");
  const lines = text.split("\n").filter((line) => line.trim());
  if (lines.length > 1 && lines[0].length <= LONGEST_TITLE) {
    made.append(element("p", "card-title", lines.shift().replace(/[：:]$/, "")));
  }
  let rows = null;
  for (const line of lines) {
    const item = ITEM.exec(line);
    const row = item ? null : ROW.exec(line);
    if (row) {
      rows ??= made.appendChild(element("dl", "rows"));
      rows.append(element("dt", "", row[1]), element("dd", "", prose(row[2])));
      continue;
    }
    rows = null;
    if (item) made.append(element("div", "item", element("span", "item-number", item[1]), prose(item[2])));
    else made.append(element("div", /^\s{2}/.test(line) ? "aside" : "plain", prose(line.trim())));
  }
  return made;
}

export function looksLikeCard(text) {
  return text.split("\n").filter((line) => ROW.test(line)).length > 1;
}

export function chips(buttons, onSay) {
  const made = element("div", "chips");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", "快捷回复");
  made.append(...buttons.map(({ title, payload }) => {
    const chip = element("button", "chip", title);
    chip.type = "button";
    chip.addEventListener("click", () => onSay(payload));
    return chip;
  }));
  return made;
}

export function sources(citations, onCite) {
  const list = element("ul", "sources");
  for (const [number, citation] of citations.entries()) {
    const section = citation.section.split(" > ").at(-1);
    const button = element(
      "button",
      "source",
      element("span", "source-number", String(number + 1)),
      element("span", "source-words", element("b", "", `《${citation.document}》`), ...(section ? [element("span", "", section)] : [])),
    );
    button.type = "button";
    button.title = citation.quote;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", "drawer");
    button.addEventListener("click", () => onCite(citation, button));
    list.append(element("li", "", button));
  }
  return element("div", "cited", element("p", "cited-label", "依据原文"), list);
}

export function timeOf(at) {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

export function dayName(at) {
  const today = new Date();
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate());
  const ago = Math.round((midnight(today) - midnight(at)) / DAY_MS);
  if (ago === 0) return "今天";
  if (ago === 1) return "昨天";
  const year = at.getFullYear() === today.getFullYear() ? "" : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${DAYS[at.getDay()]}`;
}
