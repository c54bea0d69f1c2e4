/**
 * The metadata and coordinates of a store of 4 TB as forecasts and reanalyses are laid out in the cloud, without its
 * data: chunks that are absent are missing values, which an opening never reads.
 */

export interface LargeOptions {
  readonly version: 2 | 3;
  readonly consolidated: boolean;
  /** Analyses hour by hour, or inits and leads. */
  readonly role: "target" | "forecast";
  /** Times a chunk of the time axis holds; default: all of them. */
  readonly timesAChunk?: number;
}

interface Made {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly type: "float32" | "int64";
  readonly attributes: Readonly<Record<string, unknown>>;
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const range = (count: number, value: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => value(i));
const levels = [50, 100, 150, 200, 250, 300, 400, 500, 600, 700, 850, 925, 1000];

/** Names of the data variables, each with a standard name, units and the levels it may have. */
const variables = {
  "2m_temperature": [false, "air_temperature", "K"],
  "2m_dewpoint_temperature": [false, "dew_point_temperature", "K"],
  "10m_u_component_of_wind": [false, "eastward_wind", "m s-1"],
  temperature: [true, "air_temperature", "K"],
  geopotential: [true, "geopotential", "m2 s-2"],
  specific_humidity: [true, "specific_humidity", "1"],
} as const;

/** Key -> object of the store. */
export const largeStore = ({
  version,
  consolidated,
  role,
  timesAChunk,
}: LargeOptions): Map<string, Uint8Array> => {
  const objects = new Map<string, Uint8Array>();
  const gathered: Record<string, unknown> = {};
  const isForecast = role === "forecast";
  const times = isForecast ? 2280 : 93_504;
  const leads = isForecast ? 41 : 0;
  const put = (key: string, document: unknown) => {
    objects.set(key, json(document));
    gathered[key] = document;
  };
  const array = (name: string, { dims, shape, chunks, type, attributes }: Made) => {
    if (version === 2) {
      put(`${name}/.zarray`, {
        ...{ zarr_format: 2, shape, chunks, dtype: type === "int64" ? "<i8" : "<f4" },
        ...{ fill_value: type === "int64" ? null : "NaN", order: "C", filters: null, compressor: null },
      });
      put(`${name}/.zattrs`, { ...attributes, _ARRAY_DIMENSIONS: dims });
      return;
    }
    put(`${name}/zarr.json`, {
      ...{ zarr_format: 3, node_type: "array", shape, data_type: type, dimension_names: dims, attributes },
      chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      codecs: [{ name: "bytes", configuration: { endian: "little" } }],
      fill_value: type === "int64" ? 0 : "NaN",
    });
  };
  const coordinate = (name: string, values: readonly number[], attributes: object, step = values.length) => {
    const type = name.includes("time") ? "int64" : "float32";
    array(name, {
      ...{ dims: [name], shape: [values.length], chunks: [step], type, attributes: { ...attributes } },
    });
    for (let from = 0; from < values.length; from += step) {
      const part = range(step, (i) => values[from + i] ?? 0);
      const stored = type === "int64" ? BigInt64Array.from(part, BigInt) : Float32Array.from(part);
      const key = version === 2 ? `${from / step}` : `c/${from / step}`;
      objects.set(`${name}/${key}`, new Uint8Array(stored.buffer));
    }
  };
  const attributes = { Conventions: "CF-1.8" };
  if (version === 2) {
    put(".zgroup", { zarr_format: 2 });
    put(".zattrs", attributes);
  }
  const every = isForecast ? 12 : 1;
  const since = { units: "hours since 2010-01-01", calendar: "proleptic_gregorian" };
  coordinate(
    "time",
    range(times, (i) => i * every),
    since,
    timesAChunk,
  );
  if (isForecast)
    coordinate(
      "prediction_timedelta",
      range(leads, (i) => i * 6),
      { units: "hours" },
    );
  coordinate("level", levels, { units: "hPa", standard_name: "air_pressure" });
  coordinate(
    "latitude",
    range(721, (i) => -90 + i / 4),
    { units: "degrees_north" },
  );
  coordinate(
    "longitude",
    range(1440, (i) => i / 4),
    { units: "degrees_east" },
  );
  for (const [name, [hasLevels, standard_name, units]] of Object.entries(variables)) {
    const axes: readonly (readonly [string, number])[] = [
      ["time", times],
      ...(isForecast ? ([["prediction_timedelta", leads]] as const) : []),
      ...(hasLevels ? ([["level", levels.length]] as const) : []),
      ["latitude", 721],
      ["longitude", 1440],
    ];
    array(name, {
      dims: axes.map(([dim]) => dim),
      shape: axes.map(([, length]) => length),
      chunks: axes.map(([dim, length]) => (dim.startsWith("l") ? length : 1)),
      type: "float32",
      attributes: { standard_name, units },
    });
  }
  if (version === 2) {
    if (consolidated) objects.set(".zmetadata", json({ zarr_consolidated_format: 1, metadata: gathered }));
    return objects;
  }
  const below = Object.entries(gathered).map(([key, document]) => [
    key.slice(0, -"/zarr.json".length),
    document,
  ]);
  const inline = { kind: "inline", must_understand: false, metadata: Object.fromEntries(below) };
  const group = { zarr_format: 3, node_type: "group", attributes };
  objects.set("zarr.json", json(consolidated ? { ...group, consolidated_metadata: inline } : group));
  return objects;
};
