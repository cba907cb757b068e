/** Watches how long the page's thread keeps the next frame waiting. */
export class FramePauses {
  /** The longest time between two frames since `start`, in milliseconds; a page in the background has no frames and is not counted. */
  longest = 0;
  #watching = false;
  #last: number | undefined;

  /** Begins anew. */
  start(): void {
    this.longest = 0;
    this.resume();
  }

  resume(): void {
    this.#last = undefined;
    if (this.#watching) return;
    this.#watching = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  stop(): void {
    this.#watching = false;
  }

  #frame(now: number): void {
    if (!this.#watching) return;
    if (this.#last !== undefined && !document.hidden) this.longest = Math.max(this.longest, now - this.#last);
    this.#last = document.hidden ? undefined : now;
    requestAnimationFrame((next) => this.#frame(next));
  }
}
