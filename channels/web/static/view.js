// Draws the conversation. Whatever was written by anybody becomes text nodes, never markup.
import { extras } from "./extras.js";
import { card, chips, dayName, drawing, element, looksLikeCard, prose, sources, timeOf } from "./parts.js";

const $ = (id) => document.getElementById(id);
const GROUP_MS = 3 * 60_000;
const NEAR_END_PX = 120;
const STATES = { sending: "发送中", sent: "", failed: "没有送达", refused: "没有送达" };

export class View {
  #asks;
  #drawn = new Set();
  #mine = new Map();
  #last = null;
  #newer = 0;
  #quiet = false;

  constructor(asks) {
    this.#asks = asks;
    $("newer").addEventListener("click", () => this.#toEnd(true));
    $("scroll").addEventListener("scroll", () => this.#nearEnd() && this.#countNewer(0), { passive: true });
  }

  offer(place, offers) {
    place.replaceChildren(...offers.map(({ icon, title, text }) => {
      const parts = icon
        ? [drawing(icon), element("strong", "", title), element("span", "example-text", text)]
        : [title];
      const button = element("button", icon ? "example" : "shortcut", ...parts);
      button.type = "button";
      button.addEventListener("click", () => this.#asks.onSay(text));
      return icon ? element("li", "", button) : button;
    }));
  }

  showWelcome(shown) {
    $("welcome").hidden = !shown;
  }

  showTyping(shown, late = false) {
    const typing = $("typing");
    const follow = this.#nearEnd();
    typing.hidden = !shown;
    $("typing-words").textContent = late ? "还在查询，请再等一下…" : "正在查询…";
    if (shown && follow) this.#toEnd();
  }

  showHistory(messages, unsent) {
    const log = $("log");
    const stay = this.#drawn.size > 0 && !this.#nearEnd();
    const height = $("scroll").scrollTop;
    this.#quiet = true;
    log.setAttribute("aria-busy", "true");
    log.replaceChildren();
    this.#drawn.clear();
    this.#mine.clear();
    this.#last = null;
    for (const one of messages) {
      if (one.speaker === "user") this.addMine(one);
      else this.addTheirs(one);
    }
    for (const one of unsent) this.addMine(one);
    log.removeAttribute("aria-busy");
    this.#quiet = false;
    if (stay) $("scroll").scrollTop = height;
    else this.#toEnd();
  }

  addMine(message) {
    if (message.kind === "other") return this.#addNote(message, "您发来一条非文字消息");
    this.#retireChips();
    const bubble = element("div", "bubble", prose(message.text));
    const state = element("span", "state");
    const item = this.#item(message, "mine", [bubble], state);
    if (message.id) this.#mine.set(message.id, { item, state, message });
    this.#append(item);
    if (!this.#quiet) this.#toEnd(true);
  }

  #addNote(message, words) {
    const at = new Date(message.at);
    this.#divide(at);
    const item = element("li", "note", words);
    this.#last = { side: "note", at, item };
    this.#append(item);
  }

  // False when it was there already.
  addTheirs(message) {
    if (this.#drawn.has(message.id)) return false;
    this.#drawn.add(message.id);
    const follow = this.#nearEnd();
    const lead = message.lead ?? message.text;
    const pushed = message.reply_to === null && looksLikeCard(lead);
    const carded = pushed || message.kind === "card" || message.kind === "confirm";
    const bubble = element("div", `bubble kind-${pushed ? "pushed" : message.kind}`);
    bubble.append(carded ? card(lead) : prose(lead), ...extras(message, this.#asks.onSay));
    const parts = [bubble];
    if (message.citations.length) bubble.append(sources(message.citations, this.#asks.onCite));
    if (message.buttons.length) parts.push(chips(message.buttons, this.#asks.onSay));
    this.#append(this.#item(message, "theirs", parts));
    if (this.#quiet) return true;
    if (follow) this.#toEnd();
    else this.#countNewer(this.#newer + 1);
    return true;
  }

  mark(id, state, words = "") {
    const mine = this.#mine.get(id);
    if (!mine) return;
    mine.item.dataset.state = state;
    mine.state.replaceChildren(words || STATES[state]);
    if (state !== "failed") return;
    const retry = element("button", "retry", "重新发送");
    retry.type = "button";
    retry.addEventListener("click", () => this.#asks.onRetry(mine.message));
    mine.state.append(" ", retry);
  }

  #item(message, side, parts, state = null) {
    const at = new Date(message.at);
    this.#divide(at);
    const joined = this.#last?.side === side && at - this.#last.at < GROUP_MS;
    const time = element("time", "", timeOf(at));
    time.dateTime = message.at;
    const speaker = element("span", "hidden", side === "mine" ? "我说：" : "科桥说：");
    const foot = element("div", "foot", time, ...(state ? [state] : []));
    const item = element("li", `message ${side}${joined ? " joined" : ""}`, speaker, ...parts, foot);
    if (joined) this.#last.item.classList.add("followed");
    this.#last = { side, at, item };
    return item;
  }

  #divide(at) {
    if (this.#last && this.#last.at.toDateString() === at.toDateString()) return;
    this.#last = null;
    const day = element("li", "day", element("span", "", dayName(at)));
    $("log").append(day);
  }

  #append(item) {
    $("log").append(item);
  }

  // Quick replies belong to the newest question; older ones would answer something else.
  #retireChips() {
    for (const old of document.querySelectorAll("#log .chips")) old.remove();
  }

  #nearEnd() {
    const scroll = $("scroll");
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
  }

  #toEnd(smooth = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const scroll = $("scroll");
    scroll.scrollTo({ top: scroll.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    this.#countNewer(0);
  }

  #countNewer(count) {
    this.#newer = count;
    $("newer").hidden = count === 0;
    $("newer").textContent = `↓ ${count} 条新消息`;
  }
}
