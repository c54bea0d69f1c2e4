import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askRun } from "../../../src/runtime/control/controlClient.ts";
import {
  type ControlPlace,
  idOfSocket,
  socketAddress,
  socketFolders,
} from "../../../src/runtime/control/controlPlace.ts";
import { runId } from "../../../src/runtime/control/runId.ts";
import { runningRuns } from "../../../src/runtime/control/runningRuns.ts";
import { fakeRun, ownPlace, served, temporary } from "./fakeRun.ts";

const withMode = (folder: string, mode: number) => {
  mkdirSync(folder);
  chmodSync(folder, mode);
};

describe("a folder that is not the user's own", () => {
  const foreign: readonly [string, (folder: string) => void, Partial<ControlPlace>, RegExp][] = [
    [
      "another user's",
      (folder) => withMode(folder, 0o700),
      { uid: 4242 },
      /belongs to user \d+, not to 4242/,
    ],
    ["a link", (folder) => symlinkSync(temporary(), folder), {}, /it is a link/],
    ["a file", (folder) => writeFileSync(folder, "", { mode: 0o600 }), {}, /it is no folder/],
    ["writable by the group", (folder) => withMode(folder, 0o770), {}, /mode 0770, expected 0700/],
    ["readable by others", (folder) => withMode(folder, 0o704), {}, /mode 0704, expected 0700/],
  ];

  test.each(foreign)(
    "%s: refused by name, nothing is put there, said once",
    async (_, make, changed, why) => {
      const runtime = temporary();
      const nowhere = join(runtime, "missing");
      const place = ownPlace({ runtime, temporary: nowhere, short: nowhere, ...changed });
      const folder = join(runtime, "ewb");
      make(folder);
      const run = fakeRun();
      const { id, close } = await served(run, place);
      await close();
      expect(id).toBe("heatwave-4711");
      expect(run.said).toEqual([expect.stringMatching(why)]);
      expect(run.said[0]).toContain(`goes on without: ${folder} is refused`);
      expect(existsSync(join(folder, "heatwave-4711.sock"))).toBe(false);
    },
  );

  test.each(foreign)("%s: no run is looked for there", async (_, make, changed, why) => {
    const place = ownPlace(changed);
    const folder = join(place.runtime!, "ewb");
    make(folder);
    const { runs, problems } = await runningRuns(place);
    expect([runs, problems]).toEqual([[], [expect.stringMatching(why)]]);
    expect(problems[0]).toContain(folder);
  });

  test("the next one serves", async () => {
    const place = ownPlace({ temporary: temporary() });
    withMode(join(place.runtime!, "ewb"), 0o755);
    const run = fakeRun();
    await served(run, place);
    expect(run.said).toEqual([]);
    expect(readdirSync(join(place.temporary, `ewb-${place.uid}`))).toEqual(["heatwave-4711.sock"]);
    expect((await runningRuns(place)).runs.map(({ id }) => id)).toEqual(["heatwave-4711"]);
  });
});

describe("where a socket can be", () => {
  test("the session's folder, the temporary one, the short one; each once; only whole paths", () => {
    const place = ownPlace({ runtime: "/run/user/7", temporary: "/var/tmp", short: "/tmp", uid: 7 });
    expect(socketFolders(place)).toEqual(["/run/user/7/ewb", "/var/tmp/ewb-7", "/tmp/ewb-7"]);
    expect(socketFolders({ ...place, temporary: "/tmp", runtime: undefined })).toEqual(["/tmp/ewb-7"]);
    expect(socketFolders({ ...place, temporary: "/tmp", runtime: "run" })).toEqual(["/tmp/ewb-7"]);
  });

  test("nowhere: said once, the run goes on, asking it is in vain", async () => {
    const place = ownPlace();
    const file = join(place.temporary, "file");
    writeFileSync(file, "");
    const run = fakeRun();
    const server = await served(run, { ...place, runtime: file, temporary: file, short: "/nowhere" });
    expect(run.said).toHaveLength(1);
    expect(run.said[0]).toMatch(/^no "ewb control" for this run.*ENOTDIR.*ENOENT/);
    expect(server.id).toBe("heatwave-4711");
    await server.close();
  });

  test("a path of 107 bytes on Linux, 103 elsewhere; a longer one falls back to a shorter folder", async () => {
    const linux = ownPlace({ platform: "linux" });
    const folder = (bytes: number) => `/${"x".repeat(bytes - "/".length - "/é-1.sock".length - 1)}`;
    expect(Buffer.byteLength(socketAddress(folder(107), "é-1", linux))).toBe(107);
    expect(() => socketAddress(folder(108), "é-1", linux)).toThrow(
      /too long for a socket: at most 107 bytes/,
    );
    const mac = ownPlace({ platform: "darwin" });
    expect(Buffer.byteLength(socketAddress(folder(103), "é-1", mac))).toBe(103);
    expect(() => socketAddress(folder(104), "é-1", mac)).toThrow(/at most 103 bytes/);

    const long = join(temporary(), "x".repeat(100));
    mkdirSync(long, { mode: 0o700 });
    const place = ownPlace({ runtime: long, temporary: temporary() });
    const run = fakeRun();
    await served(run, place);
    expect(run.said).toEqual([]);
    expect((await runningRuns(place)).runs[0]!.address).toBe(
      join(place.temporary, `ewb-${place.uid}`, "heatwave-4711.sock"),
    );
  });

  test("the longest path there can be works", async () => {
    const base = temporary();
    const longest = process.platform === "linux" ? 107 : 103;
    const rest = longest - Buffer.byteLength(join(base, "ewb", "heatwave-4711.sock")) - 1;
    const runtime = join(base, "x".repeat(rest));
    mkdirSync(runtime);
    const { id } = await served(fakeRun(), ownPlace({ runtime }));
    const address = join(runtime, "ewb", "heatwave-4711.sock");
    expect(Buffer.byteLength(address)).toBe(longest);
    expect((await askRun({ id, address }, { do: "status" })).now.id).toBe(id);
  });

  test("on Windows a pipe with the user's name; those of others are not theirs", () => {
    const place = ownPlace({ platform: "win32", user: "ann" });
    const [folder] = socketFolders(place);
    expect(socketAddress(folder!, "heatwave-1", place)).toBe("\\\\.\\pipe\\ewb-ann-heatwave-1");
    expect(idOfSocket("ewb-ann-heatwave-1", place)).toBe("heatwave-1");
    expect(idOfSocket("ewb-bob-heatwave-1", place)).toBe(undefined);
    expect(idOfSocket("heatwave-1.sock", { ...place, platform: "linux" })).toBe("heatwave-1");
    expect(idOfSocket(".sock", { ...place, platform: "linux" })).toBe(undefined);
  });
});

test.each([
  ["pipelines/heatwave.ts", "heatwave-7"],
  ["/a/b/My question (2).mts", "My-question-2-7"],
  ["naïve", "na-ve-7"],
  ["", "run-7"],
  ["../..", "run-7"],
  ["a".repeat(99), `${"a".repeat(24)}-7`],
])("the id of %j is %j", (pipeline, id) => expect(runId(pipeline, 7)).toBe(id));
