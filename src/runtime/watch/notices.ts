/** Says that something may have changed: ends the sleep between two turns. One that comes during a turn is kept. */
export class Notices {
  readonly #after: (milliseconds: number, work: () => void) => () => void;
  #isTold = false;
  #wake: (() => void) | undefined;

  /** @param after calls back once, unless what it gives is called before */
  constructor(after: (milliseconds: number, work: () => void) => () => void) {
    this.#after = after;
  }

  tell(): void {
    this.#isTold = true;
    this.#wake?.();
  }

  /** Whether something was told since it was asked last. */
  take(): boolean {
    const told = this.#isTold;
    this.#isTold = false;
    return told;
  }

  /** Resolves after so many milliseconds, at a notice or when the signal aborts; at once where a notice was not taken. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || this.#isTold) return resolve();
      const over = () => {
        cancel();
        signal.removeEventListener("abort", over);
        this.#wake = undefined;
        resolve();
      };
      const cancel = this.#after(milliseconds, over);
      signal.addEventListener("abort", over, { once: true });
      this.#wake = over;
    });
  }
}
