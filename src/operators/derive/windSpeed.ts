import { vectorLength } from "../../kernels/vectorLength.ts";
import type { Derivation } from "../../model/derivation.ts";

/**
 * Wind speed at the surface from its two components: sqrt(u^2 + v^2), place by place; m s-1; missing where either
 * component is.
 *
 *     derive(forecast, windSpeed) // adds `surface_wind_speed`
 *
 * WMO 2023, Guide to Instruments and Methods of Observation (WMO-No. 8), vol. I, chapter 5.
 */
export const windSpeed = {
  name: "windSpeed",
  needs: { surface_eastward_wind: "m s-1", surface_northward_wind: "m s-1" },
  gives: { surface_wind_speed: "m s-1" },
  compute: ({ surface_eastward_wind: { values: u }, surface_northward_wind: { values: v } }) => ({
    surface_wind_speed: { unit: "m s-1", values: vectorLength(u, v) },
  }),
} satisfies Derivation<
  { surface_eastward_wind: "m s-1"; surface_northward_wind: "m s-1" },
  { surface_wind_speed: "m s-1" }
>;
