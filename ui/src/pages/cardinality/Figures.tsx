import type { CardinalityReport } from "../../api/types/cardinality";
import { useLanguage } from "../../lib/i18n";
import { formatTime } from "../../lib/timeTicks";
import { formatValue } from "../../lib/units";

/** The sizes of the store, and the limits. */
export function Figures({ report }: { report: CardinalityReport }) {
  const { texts: t, language } = useLanguage();
  const moment = (ms: number) => (ms > 0 && ms < 8.64e15 ? formatTime(ms, language) : "–");
  const limit = (count: number) => (count > 0 ? formatValue(count, "short") : t.noLimit);
  const { series, seriesPerJob, seriesPerMetric, valuesPerLabel } = report.limits;
  const figures: [string, string][] = [
    [t.series, formatValue(report.series, "short")],
    [t.labelPairs, formatValue(report.labelPairs, "short")],
    [t.chunks, formatValue(report.chunks, "short")],
    [t.oldest, moment(report.minTime)],
    [t.newest, moment(report.maxTime)],
  ];
  return (
    <section className="card" style={{ marginBottom: 14 }}>
      <dl className="figures" style={{ marginBottom: 0 }}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="muted limits">{t.limitsAre(limit(series), limit(seriesPerJob), limit(seriesPerMetric), limit(valuesPerLabel))}</p>
    </section>
  );
}
