/** One process at a time has a ledger; the second is told who has it; a dead one's is taken over. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Owner, startOf } from "../../../src/runtime/ledger/owner.ts";
import { thisSystem } from "../../../src/runtime/machine/system.ts";
import { bytes, effectsHere, ledgerAt, temporary, text } from "./here.ts";

const folder = temporary();
const jiti = join(import.meta.dirname, "..", "..", "..", "node_modules", "jiti", "lib", "jiti-cli.mjs");

/** Another process that has opened a ledger. */
const otherOwner = async (at: string) => {
  const child = spawn(process.execPath, [jiti, join(import.meta.dirname, "writer.ts"), at], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
};

const ownerFile = (at: string): Owner => JSON.parse(readFileSync(join(at, "owner.json"), "utf8"));
const writeOwnerFile = (at: string, owner: Owner): void =>
  writeFileSync(join(at, "owner.json"), JSON.stringify(owner));

describe("a second owner", () => {
  test("in another process is refused with the first's pid and time, and may have it when that is killed", async () => {
    const at = folder();
    const child = await otherOwner(at);
    const { pid, since } = ownerFile(at);
    expect(pid).toBe(child.pid);
    const refused = await ledgerAt(at).catch((error) => error);
    expect(refused).toMatchObject({ tag: "LedgerOwned", place: { source: at } });
    expect(refused.message).toContain(`process ${child.pid} on `);
    expect(refused.message).toContain(`since ${since}`);
    expect(ownerFile(at)).toMatchObject({ pid: child.pid });

    child.kill("SIGKILL");
    await once(child, "exit");
    expect(ownerFile(at)).toMatchObject({ pid: child.pid });
    const ledger = await ledgerAt(at);
    expect(ownerFile(at)).toMatchObject({ pid: process.pid });
    expect(text(await ledger.get(bytes("xfirst")))).toBe("1");
    await ledger.close();
    expect(() => ownerFile(at)).toThrow("ENOENT");
  });

  test("in this process is refused", async () => {
    const at = folder();
    const ledger = await ledgerAt(at);
    await expect(ledgerAt(at)).rejects.toMatchObject({
      tag: "LedgerOwned",
      message: expect.stringContaining(`process ${process.pid} on`),
    });
    await ledger.batch([{ key: bytes("xa"), value: bytes("still mine") }]);
    await ledger.close();
  });

  test("is not forgotten when the first is closed once more", async () => {
    const at = folder();
    const first = await ledgerAt(at);
    await first.close();
    const second = await ledgerAt(at);
    await first.close();
    expect(ownerFile(at)).toMatchObject({ pid: process.pid });
    await second.close();
  });

  test("is refused by the lock where no file says who the first is", async () => {
    const at = folder();
    const ledger = await ledgerAt(at);
    writeFileSync(join(at, "owner.json"), '{"pi');
    await expect(ledgerAt(at)).rejects.toMatchObject({
      tag: "LedgerOwned",
      message: expect.stringContaining("another process"),
    });
    await ledger.close();
  });
});

describe("an owner that only the file knows", () => {
  const living = async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log(1)"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    return child.pid!;
  };
  const { system, host } = effectsHere();

  test.runIf(process.platform === "linux")("is believed while it is the same process", async () => {
    const [at, pid] = [folder(), await living()];
    const started = startOf(system, pid);
    expect(started).toMatch(/^[0-9a-f-]{36} \d+$/);
    writeOwnerFile(at, { pid, host, since: "2026-01-01T00:00:00.000Z", started });
    await expect(ledgerAt(at)).rejects.toMatchObject({
      tag: "LedgerOwned",
      message: expect.stringContaining(`process ${pid} on ${host} since 2026-01-01T00:00:00.000Z`),
    });
  });

  test("is taken over where another process has its number now, on another host, or where nothing is said", async () => {
    const pid = await living();
    const since = "2026-01-01T00:00:00.000Z";
    const started = startOf(system, pid);
    for (const owner of [
      { pid, host, since, started: `${started}0` },
      { pid, host: `${host}2`, since, started },
      { pid, host, since, started: null },
    ]) {
      const at = folder();
      writeOwnerFile(at, owner);
      const ledger = await ledgerAt(at);
      expect(ownerFile(at)).toMatchObject({ pid: process.pid, host });
      await ledger.close();
    }
  });

  test("that ended is gone", () => {
    const gone = { ...thisSystem(), read: () => undefined };
    expect(startOf(gone, 1)).toBeNull();
  });

  test("has a name with blanks and brackets", () => {
    const after = Array.from({ length: 30 }, (_, i) => `${i + 3}`).join(" ");
    const read = (path: string) => (path.endsWith("stat") ? `7 (a) b (c) ${after}` : "boot\n");
    expect(startOf({ read }, 7)).toBe("boot 22");
  });
});
