// The event stream, opened again whenever it ends, always after the last message that came.

const STEPS_MS = [500, 1000, 2000, 4000, 8000, 15_000];
const SAY_SO_AFTER_MS = 1200;

export class Link {
  #source = null;
  #failures = 0;
  #timer = 0;
  #sayso = 0;
  #wasOpen = false;
  #asks;

  constructor(asks) {
    this.#asks = asks;
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.#lost());
    addEventListener("pageshow", (event) => event.persisted && this.now());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#source === null) this.now();
    });
  }

  now() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const source = new EventSource(`/web/events?after=${this.#asks.cursor()}`);
    this.#source = source;
    source.onopen = () => this.#opened(source);
    source.onmessage = (event) => this.#asks.onMessage(JSON.parse(event.data));
    source.onerror = () => source === this.#source && this.#lost();
  }

  async #opened(source) {
    if (source !== this.#source) return;
    const back = this.#wasOpen && this.#failures > 0;
    this.#failures = 0;
    this.#wasOpen = true;
    clearTimeout(this.#sayso);
    this.#sayso = 0;
    this.#asks.onState("open");
    if (back) await this.#asks.onBack();
  }

  #lost() {
    this.#source?.close();
    this.#source = null;
    const wait = STEPS_MS[Math.min(this.#failures, STEPS_MS.length - 1)];
    this.#failures += 1;
    this.#sayso ||= setTimeout(() => {
      this.#asks.onState(navigator.onLine ? "lost" : "offline");
    }, SAY_SO_AFTER_MS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), wait * (0.8 + Math.random() * 0.4));
  }
}
