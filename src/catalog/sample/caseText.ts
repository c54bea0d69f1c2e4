/** The sample's cases, in the layout of ExtremeWeatherBench's event files. */
export const caseText = `# Cases of the embedded sample: synthetic weather on made-up land, no real events.
- case_id_number: 1
  title: Sample heat wave, west
  start_date: 2024-07-08 00:00:00
  end_date: 2024-07-17 00:00:00
  location:
    type: bounded_region
    parameters:
      latitude_min: 42.0
      latitude_max: 52.0
      longitude_min: -8.0
      longitude_max: 8.0
  event_type: heat_wave
- case_id_number: 2
  title: Sample heat wave, centre
  start_date: 2024-07-09 00:00:00
  end_date: 2024-07-18 00:00:00
  location:
    type: bounded_region
    parameters:
      latitude_min: 45.0
      latitude_max: 55.0
      longitude_min: 6.0
      longitude_max: 20.0
  event_type: heat_wave
- case_id_number: 3
  title: Sample thunderstorms after the heat
  start_date: 2024-07-17 12:00:00
  end_date: 2024-07-18 12:00:00
  location:
    type: bounded_region
    parameters:
      latitude_min: 46.0
      latitude_max: 54.0
      longitude_min: 4.0
      longitude_max: 18.0
  event_type: severe_convection
`;
