/**
 * The index of a site's units, and its records: `site` (text, names of targets) and `rows`, one of all units that are
 * written at once, so that they are few and long and a million units are read in a second. Later rows of a unit count.
 */
import type { KeptUnit, UnitInputs, UnitName } from "../../model/finished.ts";
import { recordKey } from "./keys.ts";
import { UnitIndex } from "./unitIndex.ts";
import { inputsOfRow, inputsRow, nameRow, orderWord, rowWords, timesOfRow } from "./unitRow.ts";
import type { WriteBuffer } from "./writeBuffer.ts";

/** Rows of a record when they are packed. */
const packedRows = 65536;

export class SiteRows {
  readonly #id: Uint8Array;
  readonly #text: string;
  readonly #targets: string[];
  readonly #numbers: Map<string, number>;
  readonly #index = new UnitIndex();
  #order = 0;
  #records = 0;
  #nextRecord = 0;
  #loaded = 0;
  /** Places of the rows that the next flush writes. */
  #fresh: number[] = [];
  #asked: number;

  constructor(id: Uint8Array, { text, targets, asked = 0 }: SiteRecord) {
    this.#id = id;
    this.#text = text;
    this.#asked = asked;
    this.#targets = [...targets];
    this.#numbers = new Map(targets.map((name, number) => [name, number]));
  }

  get size(): number {
    return this.#index.size;
  }

  /** The last day on which it was asked for, from 1970 on. */
  get asked(): number {
    return this.#asked;
  }

  /** It is asked for on a day. */
  ask(day: number, buffer: WriteBuffer): void {
    if (day <= this.#asked) return;
    this.#asked = day;
    if (this.#targets.length > 0) this.#write(buffer);
  }

  /** Takes a record of rows, in the order of their numbers. Gives whether it can be one of this site. */
  load(number: number, bytes: Uint8Array): boolean {
    const rows = new Uint32Array(bytes.slice().buffer, 0, Math.floor(bytes.length / 4));
    if (rows.length % rowWords !== 0) return false;
    for (let from = 0; from < rows.length; from += rowWords) {
      if (rows[from]! >>> 2 >= this.#targets.length) return false;
      this.#order = Math.max(this.#order, this.#index.order(this.#index.put(rows, from)));
    }
    this.#nextRecord = number + 1;
    this.#records += 1;
    this.#loaded += rows.length / rowWords;
    return true;
  }

  /** Writes what was loaded anew, where it was in many small records or half of it is out of date. */
  pack(buffer: WriteBuffer): void {
    const isPacked = this.#records <= 32 + this.size / 1000 && this.#loaded <= 2 * this.size;
    if (isPacked) return;
    for (let number = 0; number < this.#nextRecord; number++) buffer.put(this.#rowsKey(number), undefined);
    for (let first = 0; first < this.size; first += packedRows) {
      const places = Array.from({ length: Math.min(packedRows, this.size - first) }, (_, i) => first + i);
      buffer.put(this.#rowsKey(this.#nextRecord++), this.bytesOf(places));
    }
  }

  /** The place of a unit; -1: it is not kept. */
  place(name: UnitName): number {
    const target = this.#numbers.get(name.target);
    return target === undefined ? -1 : this.#index.find(nameRow(target, name));
  }

  row(place: number): Uint32Array {
    return this.#index.row(place);
  }

  /** The number of a unit in the order of recording. */
  order(place: number): number {
    return this.#index.order(place);
  }

  unit(place: number): KeptUnit {
    const row = this.#index.row(place);
    return { target: this.#targets[row[0]! >>> 2]!, ...timesOfRow(row), inputs: inputsOfRow(row) };
  }

  inputs(place: number): UnitInputs {
    return inputsOfRow(this.#index.row(place));
  }

  /** The place of a unit that is kept with these inputs; -1: it is not. */
  placeOf(unit: KeptUnit): number {
    const place = this.place(unit);
    if (place === -1) return -1;
    const row = this.#index.row(place);
    return isSame(row, inputsRow(nameRow(row[0]! >>> 2, unit), unit.inputs, 0)) ? place : -1;
  }

  /** Adds a unit that is written with the next flush. Gives its place. */
  add(name: UnitName, inputs: UnitInputs, buffer: WriteBuffer): number {
    const target = this.#numbers.get(name.target) ?? this.#targets.length;
    const row = inputsRow(nameRow(target, name), inputs, this.#order + 1);
    if (target === this.#targets.length) {
      this.#targets.push(name.target);
      this.#numbers.set(name.target, target);
      this.#write(buffer);
    }
    this.#order += 1;
    const place = this.#index.put(row);
    if (this.#fresh.length === 0) buffer.put(this.#rowsKey(this.#nextRecord++), () => this.#takeFresh(), 0);
    this.#fresh.push(place);
    return place;
  }

  #write(buffer: WriteBuffer): void {
    const record: SiteRecord = { text: this.#text, targets: this.#targets, asked: this.#asked };
    buffer.put(recordKey("site", this.#id), Buffer.from(JSON.stringify(record)));
  }

  /** The places of units of a record that `bytesOf` gave; undefined: not all are what they were. */
  unchanged(bytes: Uint8Array): readonly number[] | undefined {
    const rows = new Uint32Array(bytes.slice().buffer, 0, Math.floor(bytes.length / 4));
    const places: number[] = [];
    for (let from = 0; from + rowWords <= rows.length; from += rowWords) {
      const row = rows.subarray(from, from + rowWords);
      const place = this.#index.find(row);
      if (place === -1 || !isSame(row, this.#index.row(place))) return undefined;
      places.push(place);
    }
    return places;
  }

  #takeFresh(): Uint8Array {
    const places = this.#fresh;
    this.#fresh = [];
    return this.bytesOf(places);
  }

  /** Units as a record has them. */
  bytesOf(places: readonly number[]): Uint8Array {
    const rows = new Uint32Array(places.length * rowWords);
    for (const [i, place] of places.entries()) rows.set(this.#index.row(place), i * rowWords);
    return new Uint8Array(rows.buffer);
  }

  #rowsKey(number: number): Uint8Array {
    return recordKey("rows", this.#id, number);
  }
}

/** Whether two rows are of one unit with the same inputs, whenever they were recorded. */
const isSame = (a: Uint32Array, b: Uint32Array): boolean => {
  for (let word = 0; word < rowWords; word++) if (word !== orderWord && a[word] !== b[word]) return false;
  return true;
};

/** What is said of a site in its record. */
export interface SiteRecord {
  readonly text: string;
  readonly targets: readonly string[];
  /** The day on which it was asked for last, from 1970 on. */
  readonly asked?: number;
}

export const siteOf = (bytes: Uint8Array): SiteRecord => JSON.parse(Buffer.from(bytes).toString());
