/** The options of `ewb watch` beside those of a run, from text. */
import { milliseconds, type PatienceText, patienceOf } from "./patienceFlags.ts";
import { type ServiceText, serviceOf } from "./serviceFlags.ts";
import type { WatchFlags } from "./watchCommand.ts";

export interface WatchText extends PatienceText, ServiceText {
  readonly json?: boolean;
  readonly every?: string;
  readonly once?: boolean;
  readonly keepHistory?: string;
  readonly onNewRows?: string;
}

/** @throws `Options` */
export const watchFlags = (text: WatchText): WatchFlags => ({
  json: text.json ?? false,
  once: text.once ?? false,
  patience: patienceOf(text),
  ...(text.every === undefined ? {} : { every: milliseconds("--every", text.every) }),
  ...(text.keepHistory === undefined
    ? {}
    : { keepHistory: milliseconds("--keep-history", text.keepHistory) }),
  ...(text.onNewRows === undefined ? {} : { onNewRows: text.onNewRows }),
  ...serviceOf(text),
});
