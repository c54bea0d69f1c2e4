/**
 * `npm run bench -- ledger [--units N]`: the ledger of 10^6 finished units of about 400 bytes of states each: how fast
 * they are written, size on disk, opening with the index of all units, finding, and the merge of all, from their
 * records and from the checkpoint. Each part in a process of its own, so that its peak is its own.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, publishFigures } from "./figures.ts";

type Seconds = Readonly<Record<string, number>>;

const part = (name: string, folder: string, units: number): Seconds => {
  const args = [
    "--expose-gc",
    "node_modules/jiti/lib/jiti-cli.mjs",
    "bench/ledgerPart.ts",
    name,
    folder,
    `${units}`,
  ];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`exit ${status}: ${args.join(" ")}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
};

const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

export const ledger = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { units: { type: "string", default: "1e6" } } });
  const units = Number(values.units);
  const folder = mkdtempSync(join(tmpdir(), `ewb-ledger-${hostname()}-`));
  const scale = Math.max(1, units / 1e6);
  try {
    const written = part("write", folder, units);
    const size = sizeOf(join(folder, "db"));
    const first = part("merge", folder, units);
    const second = part("merge", folder, units);
    const seconds = (what: string, measured: number, required?: number): Figure => {
      const text = `${measured.toFixed(2)} s`;
      if (required === undefined) return { what, measured: text };
      return { what, measured: text, required: `< ${required} s`, met: measured < required };
    };
    publishFigures("ledger", [
      seconds(`record and flush ${units} units`, written.write!),
      { what: "written", measured: `${(units / written.write! / 1e3).toFixed(0)} thousand units/s` },
      { what: "states of a unit", measured: `${written.stateBytes} bytes` },
      {
        what: "on disk",
        measured: `${(size / 1e6).toFixed(0)} MB, ${(size / units).toFixed(0)} bytes a unit`,
      },
      seconds("open, with the index of all units", first.open!, 1.5 * scale),
      {
        what: "memory of the index",
        measured: `${first.indexMb!.toFixed(0)} MB`,
        required: `< ${60 * scale} MB`,
        met: first.indexMb! < 60 * scale,
      },
      seconds("find each unit", first.find!),
      seconds("merge all, from their records", first.merge!),
      seconds("merge all, from the checkpoint", second.merge!),
      seconds("restart: open, find, merge", second.open! + second.find! + second.merge!, 10 * scale),
      { what: "peak of the process, written", measured: `${written.peakMb!.toFixed(0)} MB` },
      { what: "peak of the process, from records", measured: `${first.peakMb!.toFixed(0)} MB` },
      { what: "peak of the process, from the checkpoint", measured: `${second.peakMb!.toFixed(0)} MB` },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
