import { useMemo, useState } from "react";
import { Chart } from "../../../components/chart/Chart";
import { ChartLegend } from "../../../components/chart/ChartLegend";
import { useTexts } from "../../../lib/i18n";
import type { PanelProps } from "./PanelProps";
import { toChart } from "./timeSeriesModel";

export function TimeSeriesPanel({ panel, data, syncKey, onZoom }: PanelProps) {
  const t = useTexts();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const model = useMemo(() => toChart(panel, data.series, data.range), [panel, data.series, data.range]);
  const { legend = {}, tooltip } = panel.options;
  const beside = legend.placement === "right" && model.series.length > 0;
  const left = data.series.length - model.series.length;
  const drawing = (
    <Chart
      times={model.times}
      series={model.series}
      axes={model.axes}
      percentStacks={model.percent}
      thresholds={model.thresholds}
      hidden={hidden}
      fromMs={data.range.fromMs}
      toMs={data.range.toMs}
      syncKey={syncKey}
      tooltip={tooltip}
      onZoom={onZoom}
      label={panel.title}
    />
  );
  const names = legend.showLegend !== false && legend.displayMode !== "hidden" && (
    <ChartLegend
      series={model.series}
      hidden={hidden}
      onHidden={setHidden}
      calcs={legend.calcs ?? []}
      table={legend.displayMode === "table" || beside}
      sortBy={legend.sortBy}
      sortDesc={legend.sortDesc}
    />
  );
  return (
    <>
      {beside ? (
        <div className="beside">
          {drawing}
          {names}
        </div>
      ) : (
        <>
          {drawing}
          {names}
        </>
      )}
      {left > 0 && <div className="muted">{t.moreSeries(left)}</div>}
    </>
  );
}
