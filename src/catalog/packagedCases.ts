/** The 329 events of 2020 to 2024 that ExtremeWeatherBench evaluates, as cases. */
import type { Case } from "../model/case.ts";
import { defineCase } from "./defineCase.ts";
import { events } from "./events.ts";

/**
 * Heat waves, freezes, severe convection, atmospheric rivers and tropical cyclones of 2020 to 2024: 329 cases with
 * ids up to 337, as packaged with ExtremeWeatherBench 1.1.0. Titles are no keys: some occur more than once.
 *
 * @example packagedCases().filter(({ type }) => type === "heat_wave") // 46 cases
 */
export const packagedCases = (): Case[] =>
  events.map(([id, type, title, start, end, south, north, west, east]) =>
    defineCase({ id, title, type, start, end, region: { south, north, west, east } }),
  );
