import type { FunctionComponent } from "react";
import { BarGaugePanel } from "./BarGaugePanel";
import { GaugePanel } from "./GaugePanel";
import { HeatmapPanel } from "./HeatmapPanel";
import type { PanelProps } from "./PanelProps";
import { PiePanel } from "./PiePanel";
import { StatPanel } from "./StatPanel";
import { TablePanel } from "./TablePanel";
import { TimeSeriesPanel } from "./TimeSeriesPanel";

/** Panel types that are drawn from queries. A new one is a file here and a line in this list. */
export const panelTypes: Record<string, FunctionComponent<PanelProps>> = {
  timeseries: TimeSeriesPanel,
  stat: StatPanel,
  gauge: GaugePanel,
  bargauge: BarGaugePanel,
  barchart: BarGaugePanel,
  piechart: PiePanel,
  table: TablePanel,
  heatmap: HeatmapPanel,
};
