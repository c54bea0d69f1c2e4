import { describe, expect, it } from "vitest";
import { redirectTarget } from "../../../src/sources/stores/redirect.ts";

const from = new URL("https://bucket.s3.amazonaws.com/a/b?x=1");

describe("redirectTarget", () => {
  it("follows to https, relative or not", () => {
    expect(String(redirectTarget(from, "/c", undefined))).toBe("https://bucket.s3.amazonaws.com/c");
    expect(String(redirectTarget(from, "https://other/c", undefined))).toBe("https://other/c");
  });
  it("never goes from https to http or elsewhere", () => {
    expect(redirectTarget(from, "http://other/c", undefined)).toBe("a redirect from https to http");
    expect(redirectTarget(from, "file:///etc/passwd", undefined)).toBe("a redirect to file:");
    expect(redirectTarget(from, "https://:x/", undefined)).toBe("a redirect to no valid address");
  });
  it("learns the region of a bucket", () => {
    expect(String(redirectTarget(from, undefined, "eu-west-2"))).toBe(
      "https://bucket.s3.eu-west-2.amazonaws.com/a/b?x=1",
    );
    expect(redirectTarget(from, undefined, "evil.com/")).toBe("a redirect without a location");
    expect(redirectTarget(new URL("https://host/a"), undefined, "eu-west-2")).toBe(
      "a redirect without a location",
    );
  });
});
