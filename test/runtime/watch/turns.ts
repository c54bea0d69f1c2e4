/** A watch of a small feed, turn by turn, at moments of one's own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom } from "rxjs";
import { onTestFinished } from "vitest";
import type { Row } from "../../../src/model/row.ts";
import { stream } from "../../../src/runtime/stream.ts";
import { openWatch } from "../../../src/runtime/watch/openWatch.ts";
import { usualPatience, type WatchTurn } from "../../../src/runtime/watch/patience.ts";
import { runTurn, type TurnResult } from "../../../src/runtime/watch/turn.ts";
import { readRows } from "../../../src/sinks/parquet/readRows.ts";
import { type SmallFeed, smallFeed } from "./smallFeed.ts";

export interface Turns {
  readonly feed: SmallFeed;
  readonly folder: string;
  turn(now: number, patience?: Partial<WatchTurn>): Promise<TurnResult>;
  /** As they are published. */
  rows(): Promise<readonly Row[]>;
  /** Of one `stream` over what is there. */
  streamed(): Promise<readonly Row[]>;
}

export const turns = async (): Promise<Turns> => {
  const folder = mkdtempSync(join(tmpdir(), "ewb-turns-"));
  const feed = smallFeed(folder);
  const options = { data: feed.data, cache: join(folder, "cache"), workers: 0, memory: "512MB" };
  const [out, once] = [join(folder, "out"), join(folder, "once")];
  const opened = await openWatch(feed.pipeline, out, (error) => {
    throw error;
  });
  onTestFinished(async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const rowsIn = async (where: string) => (await readRows(join(where, "rows.parquet"))).rows;
  return {
    feed,
    folder,
    turn: (now, patience = {}) =>
      runTurn(
        feed.pipeline,
        { ...options, out },
        { ...opened, patience: { now, ...usualPatience, ...patience } },
      ),
    rows: () => rowsIn(out),
    async streamed() {
      await lastValueFrom(stream(feed.pipeline, { ...options, out: once }), { defaultValue: undefined });
      return rowsIn(once);
    },
  };
};
