/** `ewb watch`: turn after turn, a line each, until it is told to end; what is beside the turns hears of them. */
import { hostname } from "node:os";
import { join } from "node:path";
import type { RunEvent } from "../model/event.ts";
import { cacheFolder } from "../runtime/folders.ts";
import { leftovers, leftText } from "../runtime/leftovers.ts";
import { thisSystem } from "../runtime/machine/system.ts";
import type { RunOptions } from "../runtime/options.ts";
import { shortened } from "../runtime/watch/about.ts";
import { Alerts, type Published } from "../runtime/watch/alerts.ts";
import { folderNotices } from "../runtime/watch/folderNotices.ts";
import { Notices } from "../runtime/watch/notices.ts";
import { openWatch } from "../runtime/watch/openWatch.ts";
import type { WatchTurn } from "../runtime/watch/patience.ts";
import { retention } from "../runtime/watch/retention.ts";
import { pauseByRhythm } from "../runtime/watch/rhythm.ts";
import { serviceBeside } from "../runtime/watch/serviceBeside.ts";
import { shellAlert } from "../runtime/watch/shellAlert.ts";
import { newestOf } from "../runtime/watch/turn.ts";
import { type TurnEvent, type WatchSetting, watch } from "../runtime/watch/watch.ts";
import { webhook } from "../runtime/watch/webhook.ts";
import type { ServiceFlags } from "./serviceFlags.ts";
import { watchLog } from "./watchLog.ts";
import { isoTime, messageOf } from "./watchText.ts";

export interface WatchFlags extends ServiceFlags {
  readonly json: boolean;
  /** Milliseconds between two looks; absent: by the rhythm of the inits. */
  readonly every?: number;
  /** Ends after one turn. */
  readonly once: boolean;
  readonly patience: Omit<WatchTurn, "now">;
  /** Milliseconds for which the history is kept; absent: for ever. */
  readonly keepHistory?: number;
  readonly onNewRows?: string;
}

interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/** Milliseconds: what arrives together is one turn; for alerts when the watch ends. */
const [settle, farewell] = [1_000, 10_000];

const after = (milliseconds: number, work: () => void) => {
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
};
const elapsed = () => performance.now();
const effects = { now: Date.now, random: Math.random, elapsed, resident: () => process.memoryUsage.rss() };

/** Exit code: 0 it was told to end, or its one turn went well; 1 its one turn failed, in whole or in part. */
export const watchCommand = async (
  file: string,
  options: RunOptions,
  flags: WatchFlags,
  streams: Streams,
): Promise<number> => {
  const log = watchLog({ json: flags.json, now: effects.now, ...streams });
  const warn = (source: string) => (error: unknown) => log.warning(source, messageOf(error));
  const notices = new Notices(after);
  const alerts = alertsOf(flags, warn("alert"));
  const opened = await openWatch(file, options.out ?? ".", warn("ledger"));
  if (opened.renewed !== undefined) log.note(`${opened.renewed}: all units are computed anew`);
  const { unfollowed } = opened;
  if (unfollowed.length > 0)
    log.note(`a change is not noticed behind imports that cannot be followed: ${shortened(unfollowed)}`);
  const left = leftovers(options.out ?? ".", options.cache ?? cacheFolder(), thisSystem(), hostname());
  if (left.removed.length > 0) log.note(leftText(left.removed));
  const folders = flags.once ? undefined : folderNotices(options, notices);
  const keep = flags.keepHistory;
  const prune = retention(opened.records, keep, effects);
  const ending = new AbortController();
  const end = () => {
    // Asked twice: what is finished is kept all the same.
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  };
  const look = () => notices.tell();
  let service: Awaited<ReturnType<typeof serviceBeside>> | undefined;
  let code = 0;
  try {
    const failed = warn("ewb history cannot ask this watch");
    service = await serviceBeside({ listen: flags.listen, failed, opened, notices, effects });
    if (service.url !== undefined) log.note(`listening at ${service.url}`);
    process.on("SIGINT", end).on("SIGTERM", end).on("SIGHUP", look);
    const setting: WatchSetting = {
      ...opened,
      effects,
      notices,
      settle,
      patience: (now) => ({ now, ...flags.patience }),
      pause: pauseByRhythm(join(opened.folder, "rhythm.json"), effects, flags.every),
      signal: ending.signal,
      begun: (started) => service?.begun(started),
    };
    const met = new Set<string>();
    const onEvent = (event: RunEvent) => {
      if (event.event === "waiting") met.add(event.forecast).add(event.target);
      log.run(event);
    };
    const heard = (event: TurnEvent) => {
      log.turn(event);
      service?.event(event);
      if (event.state === "begun") {
        folders?.renew().catch(() => {}); // the turn says it
        if (opened.isChanged())
          log.note(
            "the pipeline on disk has changed: this watch goes on as it was, restart it to use the change",
          );
        return;
      }
      if (event.state === "done") {
        for (const one of publishedBy(event)) for (const to of alerts) to.tell(one);
        for (const name of Object.keys(flags.patience.sources ?? {}))
          if (!met.has(name)) log.warning("--wait", `no source ${name}: there are ${[...met].join(", ")}`);
      }
      prune().then((said) => said !== undefined && log.note(said), warn("ledger"));
      if (!flags.once) return;
      code = event.state === "failed" || event.result.failures.length > 0 ? 1 : 0;
      ending.abort();
    };
    await new Promise<void>((resolve, reject) => {
      watch(file, { ...options, onEvent }, setting).subscribe({
        next: heard,
        error: reject,
        complete: resolve,
      });
    });
  } finally {
    folders?.close();
    await service?.close();
    await Promise.all(alerts.map((one) => one.close(flags.once ? 6 * farewell : farewell)));
    process.off("SIGINT", end).off("SIGTERM", end).off("SIGHUP", look);
    left.end();
    await opened.close();
  }
  return code;
};

const alertsOf = (flags: WatchFlags, failed: (message: string) => void): readonly Alerts[] => {
  const sleep = (milliseconds: number, signal: AbortSignal) => new Notices(after).sleep(milliseconds, signal);
  const { onNewRows, webhook: hook } = flags;
  return [
    ...(onNewRows === undefined ? [] : [shellAlert(onNewRows)]),
    ...(hook === undefined ? [] : [webhook(hook.address, hook.secret, { ...effects, sleep })]),
  ].map((alert) => new Alerts(alert, failed));
};

const publishedBy = ({ result }: Extract<TurnEvent, { state: "done" }>): readonly Published[] => {
  const newest = newestOf(result);
  return [...result.published].map(([table, { added, changed, same, gone }]) => ({
    event: "published",
    table,
    rows: added + changed + same,
    ...{ added, changed, gone },
    at: isoTime(effects.now()),
    newest_init: newest === undefined ? null : isoTime(newest),
  }));
};
