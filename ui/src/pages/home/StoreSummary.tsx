import { useTsdbStatus } from "../../api/useStatus";
import { useTexts } from "../../lib/i18n";
import { queryPageLink } from "../../lib/queryState";
import { Link } from "../../lib/router";
import { formatValue } from "../../lib/units";
import { Summary } from "./Summary";

/** How much is stored, and which metrics are most of it. */
export function StoreSummary() {
  const t = useTexts();
  const tsdb = useTsdbStatus(5);
  return (
    <Summary
      title={t.series}
      href="/cardinality"
      pending={tsdb.isPending}
      error={tsdb.error?.message}
      mood="quiet"
      figure={formatValue(tsdb.data?.headStats.numSeries, "short")}
    >
      {(tsdb.data?.seriesCountByMetricName ?? []).slice(0, 5).map(({ name, value }) => (
        <div key={name} className="summary-row">
          <Link href={queryPageLink([name], null)} style={{ minWidth: 0, overflow: "hidden", textOverflow: "ellipsis" }}>
            {name}
          </Link>
          <span className="summary-rest" />
          <span className="muted">{formatValue(value, "short")}</span>
        </div>
      ))}
    </Summary>
  );
}
