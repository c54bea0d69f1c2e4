/**
 * Continuous evaluation: turn after turn, for as long as it is let. Between two turns it sleeps until something is
 * noticed (a folder that changes, a pushed notice) or until it is time to look, whichever is first. A turn that fails is
 * told and tried again, later and later; what was published stays. Sleeps are measured by a timer, never by the
 * clock, which may jump.
 */
import { Observable } from "rxjs";
import { isEwbError } from "../../model/errors.ts";
import { Remembered } from "../../sources/watch/seenStores.ts";
import type { RunOptions } from "../options.ts";
import type { Notices } from "./notices.ts";
import { runTurn, type TurnResult, type TurnSetting } from "./turn.ts";

export interface WatchEffects {
  /** Milliseconds UTC. */
  now(): number;
  /** 0 to 1. */
  random(): number;
}

export interface WatchSetting extends Omit<TurnSetting, "patience"> {
  readonly effects: WatchEffects;
  /** How long inputs are waited for, at a moment. */
  readonly patience: (now: number) => TurnSetting["patience"];
  /** Milliseconds until the next look, of a turn that went well. */
  readonly pause: (last: TurnResult) => number;
  /** End the pause. */
  readonly notices: Notices;
  /** Milliseconds a notice is let settle: what arrives together is one turn. */
  readonly settle: number;
  /** Ends the watch, and the turn that is going; nothing that it has finished is lost. */
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
/** Milliseconds of the shortest and of the longest pause, whatever was asked for: a timer cannot hold months. */
const [shortest, longest] = [100, 86_400_000];
/** A notice is let settle so often at most. */
const mostSettles = 10;

/**
 * @throws what its first turn throws where that is an error of use: the watch has never begun
 * @example watch("pipelines/heatwave.ts", { out: "results" }, setting).subscribe(({ state }) => console.log(state));
 */
export const watch = (file: string, options: RunOptions, setting: WatchSetting): Observable<TurnEvent> =>
  new Observable((subscriber) => {
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, setting.signal]);
    const { effects, notices } = setting;
    const remembered = new Remembered();
    const turns = async () => {
      let failed = 0;
      for (let number = 1; !signal.aborted; number++) {
        notices.take();
        const at = effects.now();
        subscriber.next({ state: "begun", number, at });
        let next: number;
        try {
          const patience = setting.patience(at);
          const result = await runTurn(file, { ...options, signal }, { ...setting, patience, remembered });
          failed = 0;
          next = bounded(setting.pause(result));
          subscriber.next({ state: "done", number, at, result, next });
        } catch (error) {
          if (signal.aborted) break;
          if (number === 1 && isEwbError(error, "Options", "DataSet", "Pipeline", "Cases", "Unit"))
            throw error;
          failed += 1;
          const most = Math.min(lastRetry, firstRetry * 2 ** Math.min(failed - 1, 20));
          next = bounded(most * (0.5 + effects.random() / 2));
          subscriber.next({ state: "failed", number, at, error, next });
        }
        await notices.sleep(next, signal);
        for (let n = 0; n < mostSettles && !signal.aborted && notices.take(); n++)
          await notices.sleep(setting.settle, signal);
      }
    };
    turns().then(
      () => subscriber.complete(),
      (error) => subscriber.error(error),
    );
    return () => controller.abort();
  });

const bounded = (pause: number): number =>
  Number.isNaN(pause) ? firstRetry : Math.min(longest, Math.max(shortest, pause));
