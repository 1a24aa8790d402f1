import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import type { Thresholds } from "../../api/types/dashboard";
import { type Columns, stack } from "../../lib/columns";
import { useLanguage } from "../../lib/i18n";
import { useSize } from "../../lib/useSize";
import { ChartTooltip } from "./ChartTooltip";
import type { ChartAxis, ChartSeries } from "./chartSeries";
import { plotOptions } from "./plotOptions";

export interface ChartProps {
  times: number[];
  series: readonly ChartSeries[];
  axes: readonly ChartAxis[];
  percentStacks?: boolean;
  thresholds?: { values: Thresholds; style: string; scale: string };
  hidden: ReadonlySet<string>;
  fromMs: number;
  toMs: number;
  /** Charts with the same key share their cursor. */
  syncKey?: string;
  tooltip?: { mode?: string; sort?: string };
  onZoom?: (fromMs: number, toMs: number) => void;
  /** What the picture shows, for who cannot see it. */
  label: string;
}

/** Lines over time, filling the element they stand in. */
export function Chart(props: ChartProps) {
  const { times, series, axes, percentStacks = false, thresholds, hidden, fromMs, toMs, syncKey, tooltip, onZoom, label } = props;
  const { language } = useLanguage();
  const scheme = useComputedColorScheme("light");
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const [cursor, setCursor] = useState<{ index: number; x: number; y: number } | null>(null);
  const plot = useRef<uPlot | null>(null);

  const columns = useMemo(() => {
    const raw: Columns = [times, ...series.map((one) => (one.negative ? one.values.map((value) => (value ? -value : value)) : one.values))];
    const groups = series.map((one) => (hidden.has(one.name) ? null : one.group));
    return stack(raw, groups, percentStacks, axes[0]?.unit === "percentunit" ? 1 : 100);
  }, [times, series, hidden, percentStacks, axes]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme is read from the page's style while drawing
  useEffect(() => {
    const element = box.current;
    if (!element || width < 40 || height < 30) return;
    const options = plotOptions(
      {
        series,
        axes,
        thresholds,
        hidden,
        fromSeconds: fromMs / 1000,
        toSeconds: toMs / 1000,
        syncKey,
        locale: language === "fr" ? "fr-FR" : "en-GB",
        onZoom: (from, to) => zoom.current?.(from, to),
        onCursor: (index, x, y) => setCursor(index === null ? null : { index, x, y }),
      },
      width,
      height,
    );
    const drawn = new uPlot(options, columns as uPlot.AlignedData, element);
    plot.current = drawn;
    return () => {
      plot.current = null;
      drawn.destroy();
    };
  }, [series, axes, thresholds, hidden, fromMs, toMs, syncKey, language, width, height, columns, scheme]);

  return (
    <div className="chart">
      <div ref={box} className="chart-canvas" role="img" aria-label={label} onMouseLeave={() => setCursor(null)} />
      {cursor && plot.current && tooltip?.mode !== "none" && (
        <ChartTooltip
          plot={plot.current}
          times={times}
          series={series}
          hidden={hidden}
          cursor={cursor}
          sort={tooltip?.sort}
          single={tooltip?.mode === "single"}
          drawn={columns}
        />
      )}
    </div>
  );
}
