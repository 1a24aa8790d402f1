import { useMemo, useState } from "react";
import type { QueryResult } from "../../api/types/prometheus";
import { Chart } from "../../components/chart/Chart";
import { ChartLegend } from "../../components/chart/ChartLegend";
import type { ChartAxis, ChartSeries } from "../../components/chart/chartSeries";
import { seriesColor } from "../../lib/colors";
import { toColumns } from "../../lib/columns";
import { useTexts } from "../../lib/i18n";
import { toSeries } from "../../lib/results";
import type { AbsoluteRange } from "../../lib/timeRange";

interface QueryGraphProps {
  expr: string;
  result: QueryResult;
  range: AbsoluteRange;
  step: number;
  stacked: boolean;
  onZoom: (fromMs: number, toMs: number) => void;
}

const seriesMax = 300;
const legendMax = 60;
const axes: ChartAxis[] = [{ scale: "short", unit: "short", label: undefined, side: "left", hidden: false }];

export function QueryGraph({ expr, result, range, step, stacked, onZoom }: QueryGraphProps) {
  const t = useTexts();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const model = useMemo(() => {
    const all = toSeries(result, { refId: "A", expr, legendFormat: "", step });
    const [times, ...columns] = toColumns(all.slice(0, seriesMax), range.fromMs / 1000, range.toMs / 1000);
    const series = all.slice(0, seriesMax).map(
      (one, i): ChartSeries => ({
        name: one.name,
        labels: one.labels,
        color: seriesColor(i),
        look: {
          unit: "short",
          mappings: [],
          custom: { lineWidth: 1.5, fillOpacity: stacked ? 35 : 0, showPoints: all.length < 5 ? "auto" : "never" },
        },
        scale: "short",
        group: stacked ? "A" : null,
        negative: false,
        values: columns[i] ?? [],
        inLegend: i < legendMax,
      }),
    );
    return { times, series, left: all.length - Math.min(legendMax, all.length) };
  }, [result, expr, step, range, stacked]);
  return (
    <>
      <div style={{ display: "flex", height: "clamp(240px, 42vh, 460px)" }}>
        <Chart
          times={model.times}
          series={model.series}
          axes={axes}
          hidden={hidden}
          fromMs={range.fromMs}
          toMs={range.toMs}
          onZoom={onZoom}
          label={expr}
        />
      </div>
      <div style={{ maxHeight: 240, overflow: "auto" }}>
        <ChartLegend series={model.series} hidden={hidden} onHidden={setHidden} calcs={["lastNotNull", "min", "mean", "max"]} table />
        {model.left > 0 && (
          <div className="muted" style={{ fontSize: "0.78rem" }}>
            {t.moreSeries(model.left)}
          </div>
        )}
      </div>
    </>
  );
}
