// What the page asks of the server.

const STORE = "keqiao.unsent";
const TIMEOUT_MS = 15_000;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Posting the same id again is safe: the server knows the message by it.
export async function postMessage({ id, text }) {
  let response;
  try {
    response = await fetch("/web/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, text }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return { accepted: false, again: true, words: "没有送达" };
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return { accepted: true, inboxId: body.id };
  const again = response.status === 429 || response.status >= 500;
  return {
    accepted: false,
    again,
    words: body.message ?? "没有送达",
    retryAfter: response.status === 429 ? Number(response.headers.get("Retry-After")) || 5 : 0,
  };
}

export async function fetchHistory() {
  try {
    const response = await fetch("/web/messages?limit=100", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

// Messages not yet accepted survive a reload of the page.
export class Unsent {
  all() {
    try {
      return JSON.parse(sessionStorage.getItem(STORE)) ?? [];
    } catch {
      return [];
    }
  }

  has(id) {
    return this.all().some((one) => one.id === id);
  }

  put(message) {
    this.#store([...this.all(), message]);
  }

  remove(id) {
    this.#store(this.all().filter((one) => one.id !== id));
  }

  #store(messages) {
    try {
      sessionStorage.setItem(STORE, JSON.stringify(messages));
    } catch {
      // Without storage a reload forgets what was not sent; everything else works.
    }
  }
}
