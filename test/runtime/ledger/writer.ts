/**
 * A process that owns a ledger and writes batch after batch until it is killed: `writer.ts FOLDER [FIRST]`. Batch N has
 * some records `b/N/I` of random sizes and `n` = N; N is said when the batch is on disk.
 */
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { openLedger } from "../../../src/runtime/ledger/openLedger.ts";
import { thisSystem } from "../../../src/runtime/machine/system.ts";
import { batchOf } from "./writerBatch.ts";

const [, , folder = "", first] = process.argv;
const ledger = await openLedger(folder, { system: thisSystem(), host: hostname(), now: Date.now });
if (first === undefined) {
  await ledger.batch([{ key: Buffer.from("xfirst"), value: Buffer.from("1") }]);
  process.stdout.write("open\n");
  await setTimeout(60_000);
} else {
  process.stdout.write("open\n");
  for (let number = Number(first); ; number++) {
    await ledger.batch(batchOf(number));
    process.stdout.write(`${number}\n`);
  }
}
