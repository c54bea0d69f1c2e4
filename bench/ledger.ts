/**
 * `npm run bench -- ledger [--units N]`: the ledger of 10^6 finished units of about 400 bytes of states each: how fast
 * they are written, size on disk, and a restart: opening with the index of all units, finding, and taking all over, after
 * an end, after a kill without warning, and where none of them is in a bundle. Each part in a process of its own, so
 * that its peak is its own.
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
  const { stdout, status, signal } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0 && !(name === "kill" && signal === "SIGKILL"))
    throw new Error(`exit ${status}: ${args.join(" ")}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
};

const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

export const ledger = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { units: { type: "string", default: "1e6" } } });
  const units = Number(values.units);
  const root = mkdtempSync(join(tmpdir(), `ewb-ledger-${hostname()}-`));
  const scale = Math.max(1, units / 1e6);
  /** One that writes, and the restart after it. */
  const both = (name: string) => {
    const folder = join(root, name);
    const written = part(name, folder, units);
    const size = sizeOf(join(folder, "db"));
    const again = part("restart", folder, units);
    rmSync(folder, { recursive: true });
    return { written, size, again };
  };
  try {
    const { written, size, again } = both("write");
    const killed = both("kill").again;
    const alone = both("alone").again;
    const seconds = (what: string, measured: number, required?: number): Figure => {
      const text = `${measured.toFixed(2)} s`;
      if (required === undefined) return { what, measured: text };
      return { what, measured: text, required: `< ${required} s`, met: measured < required };
    };
    const restart = (what: string, { open, find, merge }: Seconds, required?: number): Figure =>
      seconds(`${what}: open, find, take over`, open! + find! + merge!, required);
    publishFigures("ledger", [
      seconds(`record and flush ${units} units`, written.write!),
      { what: "written", measured: `${(units / written.write! / 1e3).toFixed(0)} thousand units/s` },
      { what: "states of a unit", measured: `${written.stateBytes} bytes` },
      {
        what: "on disk",
        measured: `${(size / 1e6).toFixed(0)} MB, ${(size / units).toFixed(0)} bytes a unit`,
      },
      seconds("open, with the index of all units", again.open!),
      {
        what: "memory of the index",
        measured: `${again.indexMb!.toFixed(0)} MB`,
        required: `< ${64 * scale} MB`,
        met: again.indexMb! < 64 * scale,
      },
      seconds("find each unit", again.find!),
      seconds("take all over", again.merge!),
      restart("restart", again, 10 * scale),
      restart(`restart, killed without warning: ${killed.lost} units lost`, killed, 10 * scale),
      restart("restart, where each was revised alone and none is in a bundle", alone),
      { what: "peak of the process, written", measured: `${written.peakMb!.toFixed(0)} MB` },
      { what: "peak of the process, restarted", measured: `${again.peakMb!.toFixed(0)} MB` },
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
