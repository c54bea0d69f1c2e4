/**
 * Which units of a site have the merge of their states kept, so that a restart need not merge a million of them. A unit
 * is in one bundle at most. Where one is recorded anew its bundle is gone, and the others of it count one by one until
 * they are in another.
 */
import type { SiteRows } from "./siteRows.ts";

export class Bundles {
  readonly #rows: SiteRows;
  /** The number of the bundle of a unit, by its place. */
  #of = new Uint32Array(64);
  /** Units of each bundle that is there. */
  readonly #sizes = new Map<number, number>();
  #next = 1;

  constructor(rows: SiteRows) {
    this.#rows = rows;
  }

  /** Takes a record of the units of a bundle; gives whether all are as they were. */
  load(number: number, bytes: Uint8Array): boolean {
    this.#next = Math.max(this.#next, number + 1);
    const places = this.#rows.unchanged(bytes);
    if (places !== undefined) this.#put(number, places);
    return places !== undefined;
  }

  /** Gives the number of a new one, and of those that had some of its units and are gone. */
  add(places: readonly number[]): { readonly number: number; readonly gone: readonly number[] } {
    const gone = new Set(places.flatMap((place) => this.leave(place) ?? []));
    const number = this.#next++;
    this.#put(number, places);
    return { number, gone: [...gone] };
  }

  /** A unit is not what it was: gives the number of the bundle that is gone with it. */
  leave(place: number): number | undefined {
    const number = this.#of[place] ?? 0;
    return this.#sizes.delete(number) ? number : undefined;
  }

  /** Numbers (from 0 on) of `places` by bundles of which all units are among them, and the others. */
  cut(places: readonly number[]): {
    readonly whole: ReadonlyMap<number, Uint32Array>;
    readonly rest: Uint32Array;
  } {
    const counts = new Map<number, number>();
    for (const place of places) {
      const number = this.#of[place] ?? 0;
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    const found = new Map<number, number[]>();
    for (const [number, count] of counts) if (count === this.#sizes.get(number)) found.set(number, []);
    const rest: number[] = [];
    for (const [i, place] of places.entries()) (found.get(this.#of[place] ?? 0) ?? rest).push(i);
    const whole = new Map([...found].map(([number, which]) => [number, Uint32Array.from(which)]));
    return { whole, rest: Uint32Array.from(rest) };
  }

  #put(number: number, places: readonly number[]): void {
    this.#sizes.set(number, places.length);
    if (this.#rows.size > this.#of.length) {
      const wider = new Uint32Array(Math.max(this.#rows.size, 2 * this.#of.length));
      wider.set(this.#of);
      this.#of = wider;
    }
    for (const place of places) this.#of[place] = number;
  }
}
