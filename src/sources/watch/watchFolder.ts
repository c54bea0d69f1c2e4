/**
 * Says when something may have changed in a folder. Events of the file system come at once where they come at all (not of
 * network file systems, not of folders below); so the folder is looked at from time to time besides, and what that finds
 * is the truth. Many events are one call.
 */

/** What watching needs of the world; tests have their own. */
export interface FolderEffects {
  /** Calls back at events; throws or calls `failed` where there are none to be had. */
  watch(path: string, happened: () => void, failed: () => void): () => void;
  /** A text that differs when the folder does; undefined: there is no such folder. */
  look(path: string): Promise<string | undefined>;
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  later(milliseconds: number, work: () => void): () => void;
}

export interface WatchFolderOptions {
  /** Milliseconds between two looks; default 30 s. */
  readonly interval?: number;
  /** Milliseconds without another event after which those before are told; default 0.2 s, at most ten times that. */
  readonly quiet?: number;
}

/** Until what it returns is called. `onChange` is never called twice at once, nor after that. */
export const watchFolder = (
  path: string,
  onChange: () => void | Promise<void>,
  effects: FolderEffects,
  { interval = 30_000, quiet = 200 }: WatchFolderOptions = {},
): (() => void) => {
  let isOver = false;
  let seen: { readonly text: string | undefined } | undefined;
  let ends: (() => void) | undefined;
  let calling = false;
  let again = false;
  /** Quiet times that events cut short. */
  let cut = 0;
  let waiting: (() => void) | undefined;
  let polling: (() => void) | undefined;

  const call = async () => {
    waiting = undefined;
    cut = 0;
    if (isOver) return;
    if (calling) {
      again = true;
      return;
    }
    calling = true;
    try {
      await onChange();
    } finally {
      calling = false;
      if (again) {
        again = false;
        happened();
      }
    }
  };
  const happened = () => {
    if (isOver || (waiting !== undefined && cut >= 10)) return;
    if (waiting !== undefined) cut += 1;
    waiting?.();
    waiting = effects.later(quiet, () => void call().catch(() => {}));
  };
  const listen = () => {
    if (ends !== undefined || isOver) return;
    try {
      ends = effects.watch(path, happened, () => {
        ends?.();
        ends = undefined;
      });
    } catch {
      // Looking is enough.
    }
  };
  const poll = async () => {
    // What cannot be looked at now is looked at again.
    const text = await effects.look(path).catch(() => seen?.text);
    if (isOver) return;
    if (seen !== undefined && seen.text !== text) happened();
    seen = { text };
    if (text !== undefined) listen();
    polling = effects.later(interval, () => void poll());
  };
  void poll();
  return () => {
    isOver = true;
    ends?.();
    waiting?.();
    polling?.();
  };
};
