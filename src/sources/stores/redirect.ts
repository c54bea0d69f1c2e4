export const mostRedirects = 5;

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/**
 * Where a redirect leads, or in words why it is not followed: never from https to http, never to another scheme.
 * Amazon answers without a location and names the region of the bucket instead.
 */
export function redirectTarget(
  from: URL,
  location: string | undefined,
  region: string | undefined,
): URL | string {
  if (location === undefined) {
    const host = /^(.+\.)?s3\.amazonaws\.com$/.exec(from.hostname);
    if (host === null || region === undefined || !/^[a-z0-9-]+$/.test(region)) {
      return "a redirect without a location";
    }
    const url = new URL(from);
    url.hostname = `${host[1] ?? ""}s3.${region}.amazonaws.com`;
    return url;
  }
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    return "a redirect to no valid address";
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") return `a redirect to ${to.protocol}`;
  if (from.protocol === "https:" && to.protocol === "http:") return "a redirect from https to http";
  return to;
}
