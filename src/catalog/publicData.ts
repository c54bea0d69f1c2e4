/**
 * The data set `public`: stores in public clouds that need no account, and the packaged events.
 *
 * - ERA5 in ARCO-ERA5 (Google, hourly, 0.25 degree; Hersbach et al. 2020, doi:10.1002/qj.3803)
 * - HRES in WeatherBench 2 (ECMWF's deterministic forecasts 2016 to 2022 at 00 and 12 UTC; Rasp et al. 2024,
 *   doi:10.1029/2023MS004019)
 * - the 1990 to 2019 climatology of the 2 m temperature in ExtremeWeatherBench, seven quantiles by day of year and
 *   hour
 *
 * Variables on pressure levels carry their level: `geopotential_500`, `air_temperature_850`.
 */
import type { DataSet } from "./dataSet.ts";
import { storedOnLevels, unitsOnLevels } from "./levels.ts";
import { packagedCases } from "./packagedCases.ts";
import { climatology, forecast, target } from "./source.ts";

/** Pressure levels (hPa) that both ERA5 and HRES are described with: those of WeatherBench 2. */
export const publicLevels = [50, 100, 150, 200, 250, 300, 400, 500, 600, 700, 850, 925, 1000] as const;

const surface = {
  surface_air_temperature: "K",
  surface_eastward_wind: "m s-1",
  surface_northward_wind: "m s-1",
  air_pressure_at_mean_sea_level: "Pa",
} as const;

const surfaceNames = {
  surface_air_temperature: { name: "2m_temperature", unit: "K" },
  surface_eastward_wind: { name: "10m_u_component_of_wind", unit: "m s-1" },
  surface_northward_wind: { name: "10m_v_component_of_wind", unit: "m s-1" },
  air_pressure_at_mean_sea_level: { name: "mean_sea_level_pressure", unit: "Pa" },
} as const;

const upperAir = unitsOnLevels(
  {
    air_temperature: "K",
    eastward_wind: "m s-1",
    northward_wind: "m s-1",
    specific_humidity: "kg kg-1",
    geopotential: "m2 s-2",
  },
  publicLevels,
);

const upperAirNames = storedOnLevels(
  {
    air_temperature: "temperature",
    eastward_wind: "u_component_of_wind",
    northward_wind: "v_component_of_wind",
    specific_humidity: "specific_humidity",
    geopotential: "geopotential",
  },
  publicLevels,
);

/** The ERA5 reanalysis, hourly, 0.25 degree, from the public ARCO-ERA5 store. */
export const era5 = target({
  name: "ERA5",
  zarr: "gs://gcp-public-data-arco-era5/ar/full_37-1h-0p25deg-chunk-1.zarr-v3",
  variables: { ...surface, surface_dewpoint_temperature: "K", ...upperAir },
  mapping: {
    ...surfaceNames,
    surface_dewpoint_temperature: { name: "2m_dewpoint_temperature", unit: "K" },
    ...upperAirNames,
  },
});

/** ECMWF's high-resolution forecasts of 2016 to 2022, 0.25 degree, from the public WeatherBench 2 store. */
export const hres = forecast({
  name: "HRES",
  zarr: "gs://weatherbench2/datasets/hres/2016-2022-0012-1440x721.zarr",
  variables: { ...surface, surface_wind_speed: "m s-1", ...upperAir },
  mapping: {
    ...surfaceNames,
    surface_wind_speed: { name: "10m_wind_speed", unit: "m s-1" },
    ...upperAirNames,
  },
});

/** Quantiles of the 2 m temperature of 1990 to 2019 by day of year and hour: 0.1, 0.15, 0.25, 0.5, 0.75, 0.85, 0.9. */
export const era5Climatology = climatology({
  name: "era5-1990-2019",
  zarr: "gs://extremeweatherbench/datasets/surface_air_temperature_1990_2019_climatology.zarr",
  variables: { surface_air_temperature: "K" },
  mapping: { surface_air_temperature: { name: "2m_temperature", unit: "K" } },
});

/** What `--data public` evaluates: HRES against ERA5 for the packaged events. */
export const publicDataSet: DataSet = {
  name: "public",
  description: "public cloud stores: HRES of WeatherBench 2, ARCO-ERA5, 329 events of 2020 to 2024",
  get cases() {
    return packagedCases();
  },
  forecasts: [hres],
  targets: [era5],
  climatologies: [era5Climatology],
};
