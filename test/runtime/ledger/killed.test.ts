/** A process is killed while it writes: what it said is on disk is there, each batch is whole or not there at all. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Ledger } from "../../../src/model/ledger.ts";
import { bytes, ledgerAt, temporary, text } from "./here.ts";
import { batchOf } from "./writerBatch.ts";

const folder = temporary();
const jiti = join(import.meta.dirname, "..", "..", "..", "node_modules", "jiti", "lib", "jiti-cli.mjs");
const times = process.env.EWB_SOAK ? 100 : 10;

/** Writes from batch `first` on and is killed after a while. Gives the last batch that it said is on disk. */
const writeAndDie = async (at: string, first: number): Promise<number> => {
  const child = spawn(process.execPath, [jiti, join(import.meta.dirname, "writer.ts"), at, `${first}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (some: string) => {
    said += some;
  });
  await once(child.stdout, "data");
  await setTimeout(Math.random() * 400);
  child.kill("SIGKILL");
  await once(child, "close");
  const whole = said.slice(0, said.lastIndexOf("\n")).split("\n").slice(1);
  return whole.length === 0 ? first - 1 : Number(whole.at(-1));
};

/** What batches up to `last` leave. */
const modelOf = (last: number): Map<string, Buffer> => {
  const model = new Map<string, Buffer>();
  for (let number = 0; number <= last; number++)
    for (const { key, value } of batchOf(number)) {
      if (value === undefined) model.delete(Buffer.from(key).toString());
      else model.set(Buffer.from(key).toString(), Buffer.from(value));
    }
  return model;
};

const check = async (ledger: Ledger, last: number): Promise<void> => {
  const model = modelOf(last);
  const found: string[] = [];
  for await (const [key, value] of ledger.iterate(bytes("b/"))) {
    const name = text(key)!;
    found.push(name);
    expect(model.get(name)?.equals(value), `${name} of ${last} batches`).toBe(true);
  }
  expect(found).toEqual([...model.keys()].filter((name) => name !== "n").sort());
};

test(`killed ${times} times, it never has a part of a batch, or a batch without those before`, async () => {
  const at = folder();
  let next = 0;
  for (let time = 0; time < times; time++) {
    const said = await writeAndDie(at, next);
    const ledger = await ledgerAt(at);
    const last = Number(text(await ledger.get(bytes("n"))) ?? -1);
    expect(last).toBeGreaterThanOrEqual(said);
    await check(ledger, last);
    await ledger.close();
    next = last + 1;
  }
  expect(next).toBeGreaterThan(times);
}, 600_000);
