// The parts of a message beside its text: lists, links, files and dates.
import { element, prose } from "./parts.js";

// What the text says already of a date is not drawn again.
export function extras(message, onSay) {
  return (message.parts ?? []).map((part) => DRAWN[part.part]?.(part, message.lead, onSay)).filter(Boolean);
}

const DRAWN = {
  words: (part) => prose(part.text),
  list: (part, _lead, onSay) => element("ul", "listing", ...part.entries.map((one) => entry(one, onSay))),
  link: (part) => element("p", "", away(part.title || part.url, part.url)),
  file: (part) => element("p", "", "附件 ", away(part.name || part.url, part.url)),
  image: (part) => element("p", "", "图片 ", away(part.title || part.url, part.url)),
  event: date,
};

function away(title, url) {
  const anchor = element("a", "", title);
  anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  return anchor;
}

function entry(one, onSay) {
  const made = element("li", "", one.url ? away(one.title, one.url) : element("b", "", one.title));
  if (one.line) made.append(prose(one.line));
  if (one.payload) {
    const chip = element("button", "chip", "选这个");
    chip.type = "button";
    chip.setAttribute("aria-label", `选 ${one.title}`);
    chip.addEventListener("click", () => onSay(one.payload));
    made.append(chip);
  }
  return made;
}

function date(part, lead) {
  const made = element("div", "date");
  const name = part.cancelled ? "已取消：" : part.deadline ? "截止事项：" : "日程：";
  const facts = [[part.title, name + part.title], [part.when, part.when], [part.place, `地点：${part.place}`]];
  for (const [fact, words] of facts) {
    if (fact && !lead.includes(fact.split("：").at(-1))) made.append(element("p", "", words));
  }
  if (part.url && !lead.includes(part.url)) made.append(element("p", "", away("链接", part.url)));
  if (part.file) {
    const anchor = element("a", "chip", part.cancelled ? "从日历移除" : "加入日历");
    anchor.href = part.file;
    made.append(anchor);
  }
  if (!part.cancelled) made.append(subscription());
  return made.childNodes.length ? made : null;
}

// Asks for the link to the visitor's own calendar, and shows it where the button was.
function subscription() {
  const button = element("button", "chip", "订阅我的日历");
  button.type = "button";
  button.addEventListener("click", async () => {
    const answer = await fetch("/web/calendar", { method: "POST" }).catch(() => null);
    if (!answer?.ok) {
      button.textContent = "暂时没有取到，点此再试";
      return;
    }
    const url = location.origin + (await answer.json()).path;
    const anchor = away("打开我的日历", url.replace(/^http/, "webcal"));
    button.replaceWith(anchor, element("p", "aside", `在日历应用里“添加订阅日历”，粘贴：${url} （链接只属于您，请勿转发）`));
  });
  return button;
}
