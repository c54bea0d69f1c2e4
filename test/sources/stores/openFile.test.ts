import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fileOpener } from "../../../src/sources/stores/openFile.ts";

const folder = mkdtempSync(join(tmpdir(), "ewb-open-"));
const path = join(folder, "a");
writeFileSync(path, "0123456789");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether the work was over when the call came back: nobody else was asked. */
const isAtOnce = async (work: Promise<unknown>): Promise<boolean> => {
  let over = false;
  work.then(() => {
    over = true;
  });
  for (let i = 0; i < 8; i++) await undefined;
  const found = over;
  await work;
  return found;
};

describe("files of a folder", () => {
  test.each([0, 10])("give their bytes, whoever reads them (%i ms an operation)", async (slow) => {
    let now = 0;
    const open = fileOpener(() => {
      now += slow;
      return now;
    });
    for (let i = 0; i < 3; i++) {
      const file = await open(path);
      expect([file.size, file.isFolder]).toEqual([10, false]);
      const into = new Uint8Array(4);
      expect(await file.read(into, 3)).toBe(4);
      expect(new TextDecoder().decode(into)).toBe("3456");
      expect(await file.read(into, 8)).toBe(2);
      expect(await file.read(into, 10)).toBe(0);
      await file.close();
      await expect(open(join(folder, "b"))).rejects.toMatchObject({ code: "ENOENT" });
    }
    expect((await open(folder)).isFolder).toBe(true);
  });

  test("are read at once as long as that is quick, and by others when it was not, until it is tried again", async () => {
    let now = 0;
    let took = 0.1;
    const open = fileOpener(() => {
      now += took;
      return now;
    });
    const file = await open(path);
    const into = new Uint8Array(4);
    const once = () => isAtOnce(file.read(into, 0));
    expect([await once(), await once()]).toEqual([true, true]);
    took = 5;
    // The slow one is still read here.
    expect(await once()).toBe(true);
    for (let i = 0; i < 32; i++) expect(await once(), `${i}`).toBe(false);
    expect(await once()).toBe(true);
    for (let i = 0; i < 128; i++) expect(await once(), `${i}`).toBe(false);
    took = 0.1;
    expect([await once(), await once()]).toEqual([true, true]);
    // What is large is never read here.
    expect(await isAtOnce(file.read(new Uint8Array(500_001), 0))).toBe(false);
    await file.close();
  });
});
