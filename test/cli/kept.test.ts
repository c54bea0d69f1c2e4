import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ewb, temporary } from "./ewb.ts";

const pipeline = resolve("pipelines/heatwave.ts");

describe("what an earlier run found", () => {
  test("stays where a run gives no row, and that is said", async () => {
    const out = temporary();
    const file = join(out, "heatwave.parquet");
    const few = ["stream", pipeline, "--out", out, "--cases", "1", "--metric", "rmse", "--limit", "5"];
    expect((await ewb(few)).code).toBe(0);
    const before = readFileSync(file);
    const none = await ewb(["stream", pipeline, "--out", out, "--leads", "7..11"]);
    expect(none.out).toMatch(/no rows: .*No table was written; one of an earlier run is unchanged/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("stays where a run is interrupted before anything is whole", async () => {
    const out = temporary();
    const file = join(out, "heatwave.parquet");
    writeFileSync(file, "an earlier result");
    const { code } = await ewb(["stream", pipeline, "--out", out, "--workers", "0", "--json"], {
      with: (child) => {
        let sent = false;
        child.stdout!.on("data", (part) => {
          if (sent || !String(part).includes('"state":"running"')) return;
          sent = true;
          child.kill("SIGINT");
        });
      },
    });
    expect(code).toBe(130);
    expect(readFileSync(file, "utf8")).toBe("an earlier result");
  });

  test("a variable that no source or pair has is named, at run time too", async () => {
    const out = temporary();
    const file = join(out, "typo.ts");
    const text = readFileSync(pipeline, "utf8");
    writeFileSync(
      file,
      text.replace('meanError("surface_air_temperature")', 'meanError("surface_air_temprature")'),
    );
    const typo = await ewb(["stream", file, "--out", out, "--cases", "1"]);
    expect(typo.code).toBe(1);
    expect(typo.err).toMatch(/meanError\("surface_air_temprature"\): the pairs have surface_air_temperature/);
    const other = join(out, "other.ts");
    writeFileSync(other, text.replaceAll("surface_air_temperature", "temp"));
    const none = await ewb(["stream", other, "--out", out, "--cases", "1"]);
    expect(none.err).toMatch(/no forecast gives temp \(K\); there are surface_air_temperature/);
    expect(existsSync(join(out, "heatwave.parquet"))).toBe(false);
  });

  test("tables of failures are shown as records", async () => {
    const out = temporary();
    const cases = join(out, "cases.yaml");
    writeFileSync(cases, "- case_id_number: 5\n  title: x\n");
    await ewb(["stream", pipeline, "--out", out, "--cases", cases]);
    const shown = await ewb(["show", join(out, "heatwave.failures.parquet")]);
    expect(shown.out).toMatch(/^case_id +5$/m);
    expect(shown.out).toMatch(/^message +.*line 1/m);
  });
});
