import type { NameCount } from "../../api/types/prometheus";
import { useTsdbStatus } from "../../api/useStatus";
import { Busy, Message } from "../../components/Message";
import { useLanguage } from "../../lib/i18n";
import { queryPageLink } from "../../lib/queryState";
import { Link } from "../../lib/router";
import { formatTime } from "../../lib/timeTicks";
import { formatValue } from "../../lib/units";

const rows = 15;

/** What the store holds, and which names and labels are most of it. */
export function Cardinality() {
  const { texts: t, language } = useLanguage();
  const tsdb = useTsdbStatus(rows);
  if (tsdb.isPending) return <Busy />;
  if (tsdb.isError) return <Message title={t.panelError} text={tsdb.error.message} />;
  const { headStats: head, ...lists } = tsdb.data;
  const moment = (ms: number) => (ms > 0 && ms < 8.64e15 ? formatTime(ms, language) : "–");
  const figures: [string, string][] = [
    [t.series, formatValue(head.numSeries, "short")],
    [t.labelPairs, formatValue(head.numLabelPairs, "short")],
    [t.chunks, formatValue(head.chunkCount, "short")],
    [t.oldest, moment(head.minTime)],
    [t.newest, moment(head.maxTime)],
  ];
  return (
    <>
      <dl className="card figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="two">
        <Ranking title={t.seriesByMetric} items={lists.seriesCountByMetricName} unit="short" link={(name) => queryPageLink([name], null)} />
        <Ranking title={t.valuesByLabel} items={lists.labelValueCountByLabelName} unit="short" />
        <Ranking title={t.memoryByLabel} items={lists.memoryInBytesByLabelName} unit="bytes" />
        <Ranking
          title={t.seriesByPair}
          items={lists.seriesCountByLabelValuePair}
          unit="short"
          link={(pair) => queryPageLink([selectorOf(pair)], null, "table")}
        />
      </div>
    </>
  );
}

/** `job=api` as a query that counts its series. */
function selectorOf(pair: string): string {
  const equals = pair.indexOf("=");
  return `count by (__name__) ({${pair.slice(0, equals)}=${JSON.stringify(pair.slice(equals + 1))}})`;
}

function Ranking({
  title,
  items,
  unit,
  link,
}: {
  title: string;
  items: NameCount[] | null;
  unit: string;
  link?: (name: string) => string;
}) {
  const most = Math.max(1, ...(items ?? []).map((item) => item.value));
  return (
    <section className="card" aria-label={title} style={{ padding: "12px 14px", minWidth: 0 }}>
      <h2 style={{ margin: "0 0 8px", fontSize: "0.98rem" }}>{title}</h2>
      {(items ?? []).map(({ name, value }) => (
        <div key={name} className="ranked">
          <div style={{ width: `${(value / most) * 100}%` }} />
          <span className="mono">{link ? <Link href={link(name)}>{name}</Link> : name}</span>
          <span>{formatValue(value, unit)}</span>
        </div>
      ))}
    </section>
  );
}
