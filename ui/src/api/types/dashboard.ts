/** A dashboard as the server gives it: migrated to Grafana's current shape. */

export interface DashboardListItem {
  uid: string;
  title: string;
  url: string;
  tags: string[];
  folderTitle?: string;
  description?: string;
}

export interface DashboardAnswer {
  meta: { slug: string; url: string; folderTitle: string; provisionedExternalId: string; problems: string[] };
  dashboard: Dashboard;
}

export interface Dashboard {
  uid: string;
  title: string;
  description?: string;
  tags: string[];
  timezone: string;
  refresh?: string;
  time: { from: string; to: string };
  graphTooltip: number;
  templating: { list: Variable[] };
  links: DashboardLink[];
  panels: Panel[];
}

export interface DashboardLink {
  title: string;
  url: string;
  type: string;
  targetBlank: boolean;
  tags: string[];
}

export interface Variable {
  name: string;
  label?: string;
  type: string;
  query: string;
  regex: string;
  multi: boolean;
  includeAll: boolean;
  allValue?: string;
  hide: number;
  sort: number;
  /** 2: asked anew when the range changes. */
  refresh?: number;
  options: { text: string; value: string }[];
  current: { text: string; value: string }[];
}

export interface GridPosition {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface DatasourceReference {
  type?: string;
  uid?: string;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: GridPosition;
  datasource?: DatasourceReference;
  targets: Target[];
  fieldConfig: FieldConfig;
  options: PanelOptions;
  transformations: { id: string; options?: Record<string, unknown> }[];
  repeat?: string;
  repeatDirection?: string;
  maxPerRow?: number;
  maxDataPoints?: number;
  interval?: string;
  timeFrom?: string;
  timeShift?: string;
  transparent: boolean;
  links: DashboardLink[];
  collapsed: boolean;
  panels?: Panel[];
}

export interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  instant: boolean;
  format: string;
  interval?: string;
  intervalFactor: number;
  hide: boolean;
  datasource?: DatasourceReference;
}

export interface FieldConfig {
  defaults: FieldDefaults;
  overrides: { matcher: { id: string; options?: unknown }; properties: { id: string; value?: unknown }[] }[];
}

export interface FieldDefaults {
  unit?: string;
  min?: number;
  max?: number;
  decimals?: number;
  displayName?: string;
  noValue?: string;
  color?: { mode: string; fixedColor?: string };
  thresholds?: Thresholds;
  mappings: ValueMapping[];
  custom: CustomStyle;
}

export interface Thresholds {
  mode: string;
  steps: { color: string; value?: number }[];
}

export interface MappingResult {
  text?: string;
  color?: string;
}

export interface ValueMapping {
  type: string;
  options: Record<string, unknown>;
}

/** The drawing style of time series; other panel types keep theirs here too. */
export interface CustomStyle {
  drawStyle?: string;
  lineWidth?: number;
  fillOpacity?: number;
  lineInterpolation?: string;
  lineStyle?: { fill?: string; dash?: number[] };
  showPoints?: string;
  pointSize?: number;
  spanNulls?: boolean | number;
  stacking?: { mode?: string; group?: string };
  axisLabel?: string;
  axisPlacement?: string;
  axisSoftMin?: number;
  axisSoftMax?: number;
  thresholdsStyle?: { mode?: string };
  scaleDistribution?: { type?: string; log?: number };
  hideFrom?: { legend?: boolean; tooltip?: boolean; viz?: boolean };
  transform?: string;
  hidden?: boolean;
  align?: string;
  [other: string]: unknown;
}

export interface PanelOptions {
  legend?: { showLegend?: boolean; displayMode?: string; placement?: string; calcs?: string[]; sortBy?: string; sortDesc?: boolean };
  tooltip?: { mode?: string; sort?: string };
  reduceOptions?: { calcs?: string[]; values?: boolean };
  colorMode?: string;
  graphMode?: string;
  textMode?: string;
  orientation?: string;
  displayMode?: string;
  showThresholdMarkers?: boolean;
  content?: string;
  mode?: string;
  pieType?: string;
  [other: string]: unknown;
}
