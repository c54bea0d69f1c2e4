/**
 * Continuous evaluation: turn after turn, for as long as it is let. Between two turns it sleeps until something is
 * noticed (a folder that changes, a pushed notice) or until it is time to look, whichever is first. A turn that fails is
 * told and tried again, later and later; what was published stays.
 */
import { Observable } from "rxjs";
import type { RunOptions } from "../options.ts";
import { runTurn, type TurnResult, type TurnSetting } from "./turn.ts";

export interface WatchEffects {
  /** Milliseconds UTC. */
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Resolves after so many milliseconds, or when `noticed` is called or the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface WatchSetting extends Omit<TurnSetting, "patience"> {
  readonly effects: WatchEffects;
  /** How long inputs are waited for, at a moment. */
  readonly patience: (now: number) => TurnSetting["patience"];
  /** Milliseconds until the next look, of a turn that went well. */
  readonly pause: (last: TurnResult) => number;
  /** Milliseconds a notice is let settle: what arrives together is one turn. */
  readonly settle: number;
  /** Ends the watch after the turn that is going; nothing of it is lost. */
  readonly signal: AbortSignal;
}

/** What is said of a turn. */
export type TurnEvent =
  | { readonly state: "begun"; readonly number: number; readonly at: number }
  | {
      readonly state: "done";
      readonly number: number;
      readonly at: number;
      readonly result: TurnResult;
      readonly next: number;
    }
  | {
      readonly state: "failed";
      readonly number: number;
      readonly at: number;
      readonly error: unknown;
      readonly next: number;
    };

/** Milliseconds before the second try, and at most between two tries. */
const [firstRetry, lastRetry] = [5_000, 900_000];

/**
 * @example watch("pipelines/heatwave.ts", { out: "results" }, setting).subscribe(({ state }) => console.log(state));
 */
export const watch = (file: string, options: RunOptions, setting: WatchSetting): Observable<TurnEvent> =>
  new Observable((subscriber) => {
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, setting.signal]);
    const { effects } = setting;
    const turns = async () => {
      let failed = 0;
      for (let number = 1; !signal.aborted; number++) {
        const at = effects.now();
        subscriber.next({ state: "begun", number, at });
        let next: number;
        try {
          const patience = setting.patience(at);
          const result = await runTurn(file, { ...options, signal }, { ...setting, patience });
          failed = 0;
          next = setting.pause(result);
          subscriber.next({ state: "done", number, at, result, next });
        } catch (error) {
          if (signal.aborted) break;
          failed += 1;
          const most = Math.min(lastRetry, firstRetry * 2 ** Math.min(failed - 1, 20));
          next = most * (0.5 + effects.random() / 2);
          subscriber.next({ state: "failed", number, at, error, next });
        }
        await effects.sleep(next, signal);
        if (!signal.aborted && setting.settle > 0) await effects.sleep(setting.settle, signal);
      }
    };
    turns().then(
      () => subscriber.complete(),
      (error) => subscriber.error(error),
    );
    return () => controller.abort();
  });
