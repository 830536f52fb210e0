// The chat page: joins what is drawn, what is sent and what arrives.
import { Drawer } from "./drawer.js";
import { hearHost, tellHost } from "./host.js";
import { Link } from "./link.js";
import { View } from "./view.js";
import { Unsent, fetchHistory, newId, postMessage } from "./api.js";

const LONGEST = 4000;
const COUNT_FROM = 3600;
const PATIENCE_MS = 60_000;
const LAST = "last";
const TITLE = document.title;
const $ = (id) => document.getElementById(id);

const EXAMPLES = [
  { icon: "hello", title: "打个招呼", text: "你好" },
  { icon: "policy", title: "查政策", text: "揭榜挂帅项目怎么申报？" },
  { icon: "need", title: "登记技术需求", text: "我们做注塑的，产品老是翘曲变形，想找专家" },
  { icon: "event", title: "看活动", text: "最近有什么路演？" },
];
const SHORTCUTS = [
  { title: "登记需求", text: "我要登记技术需求" },
  { title: "近期活动", text: "最近有什么活动？" },
  { title: "我的提醒", text: "我的提醒" },
  { title: "转人工", text: "转人工" },
  { title: "能做什么", text: "你能做什么？" },
];

const drawer = new Drawer();
const view = new View({ onSay: say, onRetry: deliver, onCite: (citation, from) => drawer.open(citation, from) });
const unsent = new Unsent();
const answered = new Set(); // inbox ids that have had a reply
const waiting = new Map(); // inbox id -> timer
const posting = new Map(); // message id -> promise of its being posted
let turn = Promise.resolve();
let cursor = 0;
let unread = 0;
let meanwhile = null; // messages that arrive while the history is loading

const link = new Link({
  cursor: () => cursor,
  onMessage: arrive,
  onState: showState,
  onBack: refresh,
});

function say(text) {
  const said = text.trim();
  if (!said || [...said].length > LONGEST) return;
  const message = { id: newId(), text: said, at: new Date().toISOString() };
  unsent.put(message);
  view.showWelcome(false);
  view.addMine(message);
  deliver(message);
}

// Posts and the history go one after another: nothing overtakes, and no line is in two places.
function inTurn(step) {
  const done = turn.then(step);
  turn = done.catch(() => {});
  return done;
}

function deliver(message) {
  if (!posting.has(message.id)) {
    view.mark(message.id, "sending");
    posting.set(message.id, inTurn(() => post(message)));
    showTyping();
  }
  return posting.get(message.id);
}

async function post(message) {
  const outcome = await postMessage(message);
  posting.delete(message.id);
  if (outcome.accepted) {
    unsent.remove(message.id);
    view.mark(message.id, "sent");
    expect(outcome.inboxId);
  } else {
    if (!outcome.again) unsent.remove(message.id);
    view.mark(message.id, outcome.again ? "failed" : "refused", outcome.words);
    if (outcome.retryAfter) setTimeout(() => unsent.has(message.id) && deliver(message), outcome.retryAfter * 1000);
  }
  showTyping();
}

function showTyping() {
  view.showTyping(waiting.size + posting.size > 0);
}

function expect(inboxId) {
  if (answered.has(inboxId)) return;
  const late = setTimeout(() => waiting.has(inboxId) && view.showTyping(true, true), PATIENCE_MS / 4);
  const over = setTimeout(() => settle(inboxId), PATIENCE_MS);
  waiting.set(inboxId, [late, over]);
}

// Said a moment ago, before the page was opened anew or in another window of this visitor.
function expectLast(message) {
  const age = Date.now() - new Date(message?.at ?? 0);
  if (message?.speaker === "user" && age < PATIENCE_MS) expect(LAST);
}

function settle(inboxId) {
  for (const timer of waiting.get(inboxId) ?? []) clearTimeout(timer);
  waiting.delete(inboxId);
  showTyping();
}

function arrive(message) {
  cursor = message.id;
  meanwhile?.push(message);
  if (!view.addTheirs(message)) return;
  view.showWelcome(false);
  tellHost("news");
  if (message.reply_to !== null) {
    const ours = waiting.has(message.reply_to) || answered.has(message.reply_to);
    answered.add(message.reply_to);
    settle(message.reply_to);
    settle(LAST);
    if (!ours && posting.size === 0) refresh(); // the question was asked in another window
  }
  if (document.hidden) {
    unread += 1;
    document.title = `（${unread}）${TITLE}`;
  }
}

// First what is not sent yet, then the history: so no line can be in both.
async function refresh() {
  await Promise.all(unsent.all().map(deliver));
  await inTurn(reload);
}

// What arrives while the history is on its way is drawn after it again.
async function reload() {
  meanwhile = [];
  const history = await fetchHistory();
  const arrived = meanwhile;
  meanwhile = null;
  if (!history) return;
  for (const one of [...history.messages, ...arrived]) {
    if (one.reply_to) answered.add(one.reply_to);
  }
  for (const inboxId of waiting.keys()) if (answered.has(inboxId)) settle(inboxId);
  view.showHistory(history.messages, unsent.all());
  for (const one of arrived) view.addTheirs(one);
  if (arrived.length === 0) cursor = history.cursor;
  expectLast(arrived.length ? null : history.messages.at(-1));
  showTyping();
  view.showWelcome(history.messages.length + unsent.all().length === 0);
}

function showState(state) {
  const words = { open: "在线", connecting: "连接中", lost: "重连中", offline: "离线" };
  $("link-state").dataset.state = state;
  $("link-words").textContent = words[state];
  $("banner").hidden = state !== "lost" && state !== "offline";
  $("banner-words").textContent = state === "offline"
    ? "网络断开了，恢复后会自动重连，消息不会丢。"
    : "连接中断，正在重新连接…";
}

function fit() {
  const input = $("input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 168)}px`;
  const size = [...input.value.trim()].length; // characters, as the server counts them
  $("send").disabled = size === 0 || size > LONGEST;
  $("count").hidden = size < COUNT_FROM;
  $("count").textContent = `${size} / ${LONGEST}`;
  $("count").classList.toggle("over", size > LONGEST);
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("send").disabled) return;
  say($("input").value);
  $("input").value = "";
  fit();
  $("input").focus();
});
$("input").addEventListener("input", fit);
$("input").addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses a word; Safari says so by key code 229 alone.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
$("banner-retry").addEventListener("click", () => link.now());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  document.title = TITLE;
});

view.offer($("examples"), EXAMPLES);
view.offer($("shortcuts"), SHORTCUTS);
hearHost(() => $("input").focus());
await refresh();
link.now();
